// Reconciliation: what of a day is compared with the tracker's own totals, when that is due, and when two figures are the same.
import { decimalsOf, isWithin, roundTo } from './decimal.ts';
import type { Decimal } from './resources.ts';
import { DAY_MS, HOUR_MS, type Range } from './windows.ts';

export const RECONCILED_COLUMNS = ['clicks', 'cost', 'conversions', 'revenue'] as const;
export type ReconciledColumn = (typeof RECONCILED_COLUMNS)[number];
export type MoneyColumn = 'cost' | 'revenue';
/** In which one each is. */
export type Currencies = Record<MoneyColumn, string>;
export const RECONCILIATION_STATES = ['equal', 'differs', 'rereading', 'explained'] as const;
export type ReconciliationState = (typeof RECONCILIATION_STATES)[number];

/** Counts are whole decimals too: one arithmetic for all four. */
export type Figures = Record<ReconciledColumn, Decimal>;
export const NO_FIGURES: Readonly<Figures> = { clicks: '0', cost: '0', conversions: '0', revenue: '0' };

/** A campaign on a UTC day, `2026-11-01`; a campaign of `''` is none. */
export interface CampaignDay {
  day: string;
  campaign: string;
}

export const keyOf = ({ day, campaign }: CampaignDay): string => `${day} ${campaign}`;

export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
export const startOfDay = (day: string): Date => new Date(`${day}T00:00:00Z`);

const HOURLY_DAYS = 3;
/** Today and the thirty before: all of the usual history, whatever the hour in which it begins. */
const NIGHTLY_DAYS = 31;

export interface CheckFacts {
  /** How fresh ours is: the slot of the latest cycle, before the first one the end of the backfill. */
  freshAt: Date | null;
  /** As it was at the latest check, and at the latest one of all days. */
  checkedFreshAt: Date | null;
  allCheckedFreshAt: Date | null;
  /** A re-read that a check asked for and that is not looked at yet. */
  rereadId: string | null;
  /** By how much later the config's hours and days begin (`slots.ts`). */
  shiftMs: number;
}

/**
 * Which check is due. The hours are those of the cycle's slots: right after the cycle that has read three days of
 * conversions again, and after the one that has opened the re-read of thirty.
 */
export function dueCheck(facts: CheckFacts): 'all' | 'latest' | 'reread' | null {
  const { freshAt } = facts;
  if (freshAt === null) return null;
  const indexOf = (at: Date, grainMs: number): number => Math.floor((at.getTime() - facts.shiftMs) / grainMs);
  const isOver = (grainMs: number, checked: Date | null): boolean =>
    checked === null || indexOf(checked, grainMs) < indexOf(freshAt, grainMs);
  if (isOver(DAY_MS, facts.allCheckedFreshAt)) return 'all';
  if (isOver(HOUR_MS, facts.checkedFreshAt)) return 'latest';
  return facts.rereadId === null ? null : 'reread';
}

/** The UTC days of a check, newest first. */
export function daysOf(check: 'all' | 'latest', now: Date): string[] {
  const count = check === 'all' ? NIGHTLY_DAYS : HOURLY_DAYS;
  return Array.from({ length: count }, (_, i) => dayOf(new Date(now.getTime() - i * DAY_MS)));
}

export const isLatest = (day: string, now: Date): boolean => daysOf('latest', now).includes(day);

/** What of a day both sides have; null where that is nothing. */
export function rangeOfDay(day: string, { from, to }: Range): Range | null {
  const start = startOfDay(day);
  const end = new Date(start.getTime() + DAY_MS);
  const range = { from: start > from ? start : from, to: end < to ? end : to };
  return range.from < range.to ? range : null;
}

export type Tolerances = Record<ReconciledColumn, Decimal>;

const FEWEST_DECIMALS = 2;
const MOST_DECIMALS = 6;

/**
 * How far apart two figures may be: counts not at all, money half a unit of the report's own last decimal. Reports round,
 * and what they summed as floats ends in noise (`12.340000000000002`), which is no decimal of theirs.
 */
export function tolerancesOf(reported: Iterable<Figures>): Tolerances {
  const most = { cost: FEWEST_DECIMALS, revenue: FEWEST_DECIMALS };
  for (const figures of reported) {
    for (const column of ['cost', 'revenue'] as const) {
      most[column] = Math.max(most[column], decimalsOf(roundTo(figures[column], MOST_DECIMALS)));
    }
  }
  const half = (decimals: number): Decimal => `0.${'0'.repeat(decimals)}5`;
  return { clicks: '0', conversions: '0', cost: half(most.cost), revenue: half(most.revenue) };
}

export const isSame = (column: ReconciledColumn, ours: Figures, theirs: Figures, tolerances: Tolerances): boolean =>
  isWithin(ours[column], theirs[column], tolerances[column]);
