// The engine for daily totals: a report for a range, in a way of asking that works, as sums per day and campaign.
import type { Json, UnreadableRow } from '../core/resources.ts';
import { planBackfill, type Range, widened } from '../core/windows.ts';
import { ask, askFor, contextOf, mapRows } from './asking.ts';
import { markOf } from './page-mark.ts';
import { type Cursor, firstCursor, isHeldBack, nextCursor, type Paging } from './paging.ts';
import { pullCatalog } from './pull-catalog.ts';
import type { Session } from './session.ts';
import type { DayTotal, TotalsSource } from './sources.ts';
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
  const whole: TotalsAnswer = { totals: [], unreadable: [], variant: variant ?? '' };
  const campaigns = await campaignsOf(session, source);
  // Days come newest first.
  for (const span of source.perDay ? planBackfill(range).reverse() : [range]) {
    const day = source.perDay ? span.from.toISOString().slice(0, 10) : null;
    for (const campaignIds of campaigns) {
      const { rows, variant: working } = await reportRows(session, source, span, campaignIds, whole.variant || null);
      const context = contextOf(session, { day });
      const { records, unreadable } = mapRows(session, rows, (item) => source.map(item, context));
      whole.totals.push(...records);
      whole.unreadable.push(...unreadable);
      whole.variant = working;
    }
  }
  return whole;
}

async function reportRows(
  session: Session,
  source: TotalsSource,
  range: Range,
  campaignIds: readonly string[],
  variant: string | null,
): Promise<{ rows: Json[]; variant: string }> {
  const paging: Paging = source.paging ?? { style: 'whole' };
  const asked = source.grainMs === undefined ? range : widened(range, source.grainMs, 0);
  const rows: Json[] = [];
  let working = variant;
  for (let at: Cursor | null = firstCursor(paging); at !== null; ) {
    const page = askFor(paging, at);
    const answer = await askVariants(session, source.variants, working, (way) =>
      ask(session, way.request(asked, page, campaignIds), source.items),
    );
    const { body, items } = answer;
    working = answer.variant;
    const next: Cursor | null = nextCursor(paging, at, {
      body,
      received: items.length,
      total: source.total?.(body) ?? null,
      mark: markOf(items),
    });
    if (!isHeldBack(paging, next)) rows.push(...items);
    at = next;
  }
  return { rows, variant: working ?? '' };
}

/** Those of the catalog, so many at a time; without campaigns there is nothing to ask for. */
async function campaignsOf(session: Session, { campaignsAtOnce }: TotalsSource): Promise<string[][]> {
  if (campaignsAtOnce === undefined) return [[]];
  const ids = (session.known.get('campaigns') as string[] | undefined) ?? (await campaignIds(session));
  session.known.set('campaigns', ids);
  const pieces = Math.ceil(ids.length / campaignsAtOnce);
  return Array.from({ length: pieces }, (_, i) => ids.slice(i * campaignsAtOnce, (i + 1) * campaignsAtOnce));
}

async function campaignIds(session: Session): Promise<string[]> {
  const ids = new Set<string>();
  for await (const { records } of pullCatalog(session, 'campaigns', [])) {
    for (const { externalId } of records) ids.add(externalId);
  }
  return [...ids];
}
