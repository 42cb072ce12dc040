// Asks once a run how many rows its days have, by the tracker's own totals: days differ, and an estimate must know it.
import { pullTotals } from '../adapters/pull-totals.ts';
import { TrackerError } from '../core/errors.ts';
import { type RowsOfDay, setExpectedRows } from '../store/expected-rows.ts';
import type { OpenRun } from '../store/runs.ts';
import { TurnAway } from './call-turns.ts';
import { othersMayGoOn } from './outcome.ts';
import type { Slice } from './slice.ts';

/**
 * Not in a run's first slice: most runs are over with it. Totals that are refused are no trouble: the estimate goes by
 * what was read so far, then.
 */
export async function expectRows(slice: Slice, run: OpenRun): Promise<void> {
  if (slice.adapter.totals === undefined || run.range === null || run.isExpected || run.state === 'queued') return;
  slice.about.runId = run.id;
  slice.about.resource = 'totals';
  const days = new Map<string, RowsOfDay>();
  try {
    const { totals } = await pullTotals(slice.session, run.range, null);
    for (const { day, clicks, conversions } of totals) {
      const sum = days.get(day) ?? { day, clicks: 0, conversions: 0 };
      // Of a log that reaches back but a little, a day's sum says nothing.
      const readable = slice.adapter.logs.clicks?.reachMs === undefined ? clicks : 0;
      days.set(day, { day, clicks: sum.clicks + readable, conversions: sum.conversions + conversions });
    }
  } catch (error) {
    // A report longer than its limit allows would run into it again and again: the wait is kept, the report let be.
    const isLimited = error instanceof TrackerError && error.kind === 'rate_limited';
    if (isLimited) await setExpectedRows(slice.deps.db, run.id, []);
    if (!othersMayGoOn(error) && !(error instanceof TurnAway)) throw error;
  }
  slice.about.resource = null;
  await setExpectedRows(slice.deps.db, run.id, [...days.values()]);
}
