// The engine for daily totals: a report for a range, in a way of asking that works, as sums per day and campaign.
import type { Json, UnreadableRow } from '../core/resources.ts';
import { type Range, widened } from '../core/windows.ts';
import type { DayTotal } from './adapter.ts';
import { ask, askFor, contextOf, mapRows, markOf } from './asking.ts';
import { type Cursor, firstCursor, nextCursor, type Paging } from './paging.ts';
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
  const source = session.adapter.totals;
  if (source === undefined) throw new Error(`${session.adapter.title} has no daily totals`);
  const paging: Paging = source.paging ?? { style: 'whole' };
  const asked = source.grainMs === undefined ? range : widened(range, source.grainMs, 0);
  const rows: Json[] = [];
  let working = variant;
  for (let at: Cursor | null = firstCursor(paging); at !== null; ) {
    const page = askFor(paging, at);
    const answer = await askVariants(session, source.variants, working, (way) =>
      ask(session, way.request(asked, page), source.items),
    );
    const { body, items } = answer;
    rows.push(...items);
    working = answer.variant;
    at = nextCursor(paging, at, {
      body,
      received: items.length,
      total: source.total?.(body) ?? null,
      mark: markOf(items),
    });
  }
  const context = contextOf(session);
  const { records, unreadable } = mapRows(session, rows, (item) => source.map(item, context));
  return { totals: records, unreadable, variant: working ?? '' };
}
