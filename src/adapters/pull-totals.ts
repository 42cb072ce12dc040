// The engine for daily totals: one report for a range, in a way of asking that works, as sums per day and campaign.
import type { UnreadableRow } from '../core/resources.ts';
import type { Range } from '../core/windows.ts';
import type { DayTotal } from './adapter.ts';
import { ask, mapRows } from './asking.ts';
import type { Session } from './session.ts';
import { askVariants } from './variants.ts';

export interface TotalsAnswer {
  totals: DayTotal[];
  unreadable: UnreadableRow[];
  /** The way of asking that worked, to be remembered. */
  variant: string;
}

/**
 * @param variant the way of asking that worked before, null to find out
 * @throws TrackerError
 */
export async function pullTotals(session: Session, range: Range, variant: string | null): Promise<TotalsAnswer> {
  const { adapter, connection } = session;
  const source = adapter.totals;
  if (source === undefined) throw new Error(`${adapter.title} has no daily totals`);
  const answer = await askVariants(session, source.variants, variant, (way) =>
    ask(session, way.request(range), source.items),
  );
  const context = { currency: connection.settings.currency };
  const { records, unreadable } = mapRows(session, answer.items, (item) => source.map(item, context));
  return { totals: records, unreadable, variant: answer.variant };
}
