// What a check compares: which days, which span of time both sides have, and how far our conversions are read.
import { daysOf, dueCheck, rangeOfDay, startOfDay } from '../core/reconciliation.ts';
import { DAY_MS, type Range } from '../core/windows.ts';
import { checkFactsOf } from '../store/plan.ts';
import type { DayRecord } from '../store/reconciliation.ts';
import type { Counting } from '../store/reconciliation-ours.ts';
import { isAsked, type ResourceState } from '../store/resource-state.ts';
import type { Slice } from './slice.ts';

export interface CheckPlan {
  at: Date;
  isOfAllDays: boolean;
  /** Newest first; of each, both sides have something. */
  days: string[];
  /** From the first moment to be compared to the last. */
  range: Range;
  /** All that we have of the log. */
  kept: Range;
  /** The tracker gives no click log: what it reports of clicks has nothing of ours beside it. */
  hasNoClicks: boolean;
  /** The logs that can be asked for now, with their ways of asking. */
  logs: { clicks: ResourceState | null; conversions: ResourceState | null };
  counting: Counting;
  /** A re-read that has ended, whose days are looked at now. */
  rereadId: string | null;
}

/** Null where there is nothing to compare: no totals, no logs, or no such days. */
export function planCheck(
  { deps, config, adapter }: Slice,
  states: Map<string, ResourceState>,
  records: Map<string, DayRecord>,
): CheckPlan | null {
  const at = deps.clock();
  const clicks = states.get('clicks');
  const due = dueCheck(checkFactsOf(config));
  if (adapter.totals === undefined || config.backfill_from === null || due === null) return null;
  const hasNoClicks = clicks === undefined || clicks.state === 'unavailable';
  const readTo = (hasNoClicks ? states.get('conversions') : clicks)?.readTo ?? null;
  if (readTo === null || (!hasNoClicks && clicks.state !== 'ok')) return null;
  const rereadId = config.totals_reread_id;
  const read = [...records.values()].filter(({ rereadRunId }) => rereadId !== null && rereadRunId === rereadId);
  const wanted = new Set([...(due === 'reread' ? [] : daysOf(due, at)), ...read.map(({ day }) => day)]);
  const kept: Range = { from: keptFrom(config.backfill_from, deps.retention.clickDays, at), to: readTo };
  const { uncounted, withoutRevenue, wholeDays, bookedBy = 'click' } = adapter.totals;
  const isCompared = (day: string): boolean => {
    const range = rangeOfDay(day, kept);
    return range !== null && (!wholeDays || range.to.getTime() - range.from.getTime() === DAY_MS);
  };
  const days = [...wanted].filter(isCompared).sort((a, b) => (a < b ? 1 : -1));
  const [newest, oldest] = [days[0], days.at(-1)];
  if (newest === undefined || oldest === undefined) return null;
  const asked = (state: ResourceState | undefined): ResourceState | null =>
    state?.state === 'ok' && state.readTo !== null && isAsked(state, at) ? state : null;
  const conversions = asked(states.get('conversions'));
  return {
    ...{ at, days, kept, rereadId, hasNoClicks, isOfAllDays: due === 'all' },
    range: { from: rangeOfDay(oldest, kept)!.from, to: rangeOfDay(newest, kept)!.to },
    logs: { clicks: asked(clicks), conversions },
    counting: { uncounted, withoutRevenue, bookedBy, conversionsTo: conversions?.readTo ?? readTo },
  };
}

/** Where history begins; a day that retention has begun to eat is left out. */
function keptFrom(historyFrom: Date, clickDays: number | null, now: Date): Date {
  if (clickDays === null) return historyFrom;
  const day = startOfDay(new Date(now.getTime() - (clickDays - 1) * DAY_MS).toISOString().slice(0, 10));
  return day > historyFrom ? day : historyFrom;
}
