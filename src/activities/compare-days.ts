// Holds both sides of each day together: what is the same, what is explained, and what is to be read again.
import { hash } from 'node:crypto';
import { add, signOf, subtract } from '../core/decimal.ts';
import {
  type CampaignDay,
  dayOf,
  type Figures,
  isLatest,
  keyOf,
  NO_FIGURES,
  RECONCILED_COLUMNS,
  type ReconciledColumn,
  rangeOfDay,
  tolerancesOf,
} from '../core/reconciliation.ts';
import { explainUnplaced } from '../core/reconciliation-unplaced.ts';
import { judge, type Served } from '../core/reconciliation-verdicts.ts';
import type { WantedReread } from '../store/plan-rereads.ts';
import type { ComparedDay, DayRecord } from '../store/reconciliation.ts';
import type { OurFigures } from '../store/reconciliation-ours.ts';
import type { CheckPlan } from './plan-check.ts';

export interface Sides {
  plan: CheckPlan;
  ours: Map<string, OurFigures>;
  theirs: Map<string, CampaignDay & { figures: Figures }>;
  /** False where rows of the report could not be read: a campaign that is not in it is then not known to be 0. */
  isWhole: boolean;
  /** The account's, which its totals are in. */
  currency: string;
  before: Map<string, ComparedDay>;
  records: Map<string, DayRecord>;
  hasRecentClicksOnly: boolean;
  withoutClicks: { hasUnbooked: boolean } | null;
  /** Why days differ whose clicks are all there, though at other hours; null where that is not so. */
  zone: string | null;
  /** Null where the conversion log cannot be read now. */
  late: Map<string, Figures> | null;
  /** What the re-read that has ended brought of each day. */
  served: ((day: string, to: Date) => Pick<Served, 'clicks' | 'conversions'>) | null;
}

export interface Comparison {
  changed: ComparedDay[];
  vanished: CampaignDay[];
  days: DayRecord[];
  wanted: WantedReread[];
  /** Conversions or revenue differ somewhere, for no reason known yet. */
  hasOtherConversions: boolean;
}

const MOST_REREADS_A_DAY = 4;
const OF_CLICKS: readonly ReconciledColumn[] = ['clicks', 'cost'];
const OF_CONVERSIONS: readonly ReconciledColumn[] = ['conversions', 'revenue'];

export function compareDays(sides: Sides): Comparison {
  const tolerances = tolerancesOf([...sides.theirs.values()].map(({ figures }) => figures));
  const places = Map.groupBy(placesOf(sides), ({ day }) => day);
  const comparison: Comparison = { changed: [], vanished: [], days: [], wanted: [], hasOtherConversions: false };
  for (const day of sides.plan.days) {
    const served = servedOf(sides, day, places.get(day) ?? []);
    const lateOf = (place: CampaignDay): Figures | null =>
      sides.late === null ? null : (sides.late.get(keyOf(place)) ?? NO_FIGURES);
    const judged = (places.get(day) ?? []).map((place): ComparedDay => {
      const key = keyOf(place);
      const ours = sides.ours.get(key)?.figures ?? NO_FIGURES;
      const theirs = sides.theirs.get(key)?.figures ?? NO_FIGURES;
      const before = sides.before.get(key) ?? null;
      const hasCost = sides.ours.get(key)?.hasCost ?? false;
      const currencies = sides.ours.get(key)?.currencies ?? { cost: sides.currency, revenue: sides.currency };
      const mixed = sides.ours.get(key)?.mixed ?? [];
      const { hasRecentClicksOnly, withoutClicks, currency: account } = sides;
      const late = lateOf(place);
      const evidence = {
        ...{ tolerances, before, late, served, hasCost, hasRecentClicksOnly, withoutClicks, mixed },
        ...{ account, currencies },
      };
      return { ...place, ours, theirs, currencies, verdicts: judge(ours, theirs, evidence) };
    });
    const rows = explainUnplaced(judged, lateOf, tolerances).map((row) => ofZone(row, sides.zone));
    comparison.changed.push(...rows.filter((row) => isChanged(row, sides.before.get(keyOf(row)))));
    comparison.hasOtherConversions ||= rows.some((row) => differsIn(row, OF_CONVERSIONS));
    const record = recordOf(sides, day, rows, served);
    comparison.days.push(record);
    if (wantsReread(record, rows, sides.plan.at)) comparison.wanted.push(...wantedOf(sides, day, rows));
  }
  const known = new Set([...places.values()].flat().map(keyOf));
  comparison.vanished = [...sides.before.values()].filter((row) => sides.isWhole && !known.has(keyOf(row)));
  return comparison;
}

/** It stays a difference: only a person can set the zone right. */
function ofZone(row: ComparedDay, reason: string | null): ComparedDay {
  if (reason === null) return row;
  const told = Object.entries(row.verdicts).map(([column, verdict]) => [
    column,
    verdict.state === 'differs' ? { ...verdict, reason } : verdict,
  ]);
  return { ...row, verdicts: Object.fromEntries(told) };
}

/** Where a report is not whole, only what it tells is compared. */
function placesOf({ plan, ours, theirs, isWhole }: Sides): CampaignDay[] {
  const days = new Set(plan.days);
  const all = new Map<string, CampaignDay>(isWhole ? [...theirs, ...ours] : theirs);
  return [...all.values()].filter(({ day }) => days.has(day)).map(({ day, campaign }) => ({ day, campaign }));
}

function servedOf({ plan, records, served, ours, theirs }: Sides, day: string, places: CampaignDay[]): Served | null {
  if (served === null || records.get(day)?.rereadRunId !== plan.rereadId) return null;
  const clicksOf = (side: Map<string, { figures: Figures }>): number =>
    places.reduce((sum, place) => sum + Number(side.get(keyOf(place))?.figures.clicks ?? 0), 0);
  return {
    ...served(day, rangeOfDay(day, plan.range)?.to ?? plan.range.to),
    ours: clicksOf(ours),
    theirs: clicksOf(theirs),
  };
}

const differsIn = ({ verdicts }: ComparedDay, columns: readonly ReconciledColumn[]): boolean =>
  columns.some((column) => verdicts[column]?.state === 'differs');

function isChanged(row: ComparedDay, before: ComparedDay | undefined): boolean {
  const told = ({ ours, theirs, currencies, verdicts }: ComparedDay): string =>
    JSON.stringify([
      ...[currencies.cost, currencies.revenue],
      ...RECONCILED_COLUMNS.map((column) => {
        const { state, reason } = verdicts[column] ?? { state: 'equal', reason: null };
        return [ours[column], theirs[column], state, reason];
      }),
    ]);
  return before === undefined || told(row) !== told(before);
}

function recordOf({ records }: Sides, day: string, rows: readonly ComparedDay[], served: Served | null): DayRecord {
  const none = { rereadRunId: null, rereadOn: null, rereadsOnDay: 0, rereadLeft: null };
  const record: DayRecord = { ...none, ...records.get(day), day, state: stateOf(rows) };
  const logs = [
    ...(rows.some((row) => differsIn(row, OF_CLICKS)) ? [served?.clicks] : []),
    ...(rows.some((row) => differsIn(row, OF_CONVERSIONS)) ? [served?.conversions] : []),
  ];
  // A re-read whose windows were dropped, since its log was refused, has shown nothing.
  const isReread = served !== null && logs.every((log) => log !== null && log !== undefined);
  return isReread ? { ...record, rereadLeft: leftOf(rows) } : record;
}

function stateOf(rows: readonly ComparedDay[]): DayRecord['state'] {
  if (rows.some((row) => differsIn(row, RECONCILED_COLUMNS))) return 'differs';
  return rows.some(({ verdicts }) => Object.keys(verdicts).length > 0) ? 'explained' : 'equal';
}

/** Of what differs, and by how much: the same while both sides grow alike. */
function leftOf(rows: readonly ComparedDay[]): string {
  const parts = rows.flatMap((row) =>
    RECONCILED_COLUMNS.filter((column) => differsIn(row, [column])).map(
      (column) => `${row.campaign} ${column} ${subtract(row.ours[column], row.theirs[column])}`,
    ),
  );
  return hash('md5', parts.sort().join('\n'));
}

/**
 * What a re-read could not mend is not read again, unless it changes; a late day once a day all the same. A difference
 * that stays must not hammer a tracker.
 */
function wantsReread(record: DayRecord, rows: readonly ComparedDay[], now: Date): boolean {
  if (record.state !== 'differs') return false;
  const isToday = record.rereadOn === dayOf(now);
  if (isToday && record.rereadsOnDay >= MOST_REREADS_A_DAY) return false;
  return record.rereadLeft !== leftOf(rows) || (isLatest(record.day, now) && !isToday);
}

function wantedOf({ plan, late }: Sides, day: string, rows: readonly ComparedDay[]): WantedReread[] {
  const hasClicks = plan.logs.clicks !== null && rows.some((row) => differsIn(row, OF_CLICKS));
  const differing = plan.logs.conversions === null ? [] : rows.filter((row) => differsIn(row, OF_CONVERSIONS));
  const isLacking = (row: ComparedDay): boolean => {
    const known = add(row.ours.conversions, late?.get(keyOf(row))?.conversions ?? '0');
    return signOf(subtract(row.theirs.conversions, known)) > 0;
  };
  const conversionsOf = differing
    .filter((row) => !isLacking(row))
    .map(({ campaign }): CampaignDay => ({ day, campaign }));
  if (!hasClicks && differing.length === 0) return [];
  return [{ day, hasClicks, conversionsOf, lacksConversions: differing.some(isLacking) }];
}
