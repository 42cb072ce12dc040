// The conversions as a list, newest first, with their canonical status; and what became of one of them.
import { sql } from 'kysely';
import type { SubIds } from '../core/resources.ts';
import type { ConversionStatus } from '../core/statuses.ts';
import type { Tx } from './db.ts';
import { entityColumns, entityJoins, notDeleting, type RouteRefs } from './lists-entities.ts';
import { type LogFilter, logConditions, orByClick } from './lists-filters.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';
import { PLACES } from './rollup-places.ts';

export interface ConversionItem extends RouteRefs {
  id: string;
  configId: string;
  externalId: string;
  clickExternalId: string | null;
  convertedAt: Date;
  clickedAt: Date | null;
  status: ConversionStatus;
  rawStatus: string;
  reversed: boolean;
  revenue: string | null;
  payout: string | null;
  currency: string | null;
  type: string | null;
  transactionId: string | null;
  country: string | null;
  subIds: SubIds;
  updatedAt: Date;
}

/** What a conversion does not tell itself, its click tells. */
const PLACED = sql.raw(PLACES.map((name) => `coalesce(p.${name}, k.${name}) as ${name}`).join(', '));

export async function listConversions(
  tx: Tx,
  filter: LogFilter,
  { limit, after }: PageAsk,
): Promise<Page<ConversionItem>> {
  const ids = ['l.external_id', 'l.click_external_id', 'l.transaction_id'];
  const conditions = logConditions(filter, 'l.converted_at', ids, orByClick);
  const { status, rawStatus } = filter;
  if (status !== undefined) conditions.push(sql`l.status = ${status}`);
  if (rawStatus !== undefined) conditions.push(sql`lower(l.raw_status) = lower(${rawStatus})`);
  if (after !== null) conditions.push(behind({ at: 'l.converted_at', id: 'l.id' }, after));
  const { rows } = await sql<ConversionItem>`
    with page as materialized (
      select l.* from conversion_with_status l where ${sql.join(conditions, sql` and `)}
      order by l.converted_at desc, l.id desc limit ${limit + 1}
    )
    select p.id, p.tracker_config_id as "configId", p.external_id as "externalId", p.click_external_id as "clickExternalId",
      p.converted_at as "convertedAt", coalesce(p.clicked_at, k.clicked_at) as "clickedAt", p.status, p.raw_status as "rawStatus",
      p.reversed, p.revenue, p.payout, p.currency, p.type, p.transaction_id as "transactionId", ${entityColumns('r')},
      coalesce(p.country, k.country) as country, coalesce(k.sub_ids, '{}') || jsonb_strip_nulls(coalesce(p.sub_ids, '{}')) as "subIds",
      p.updated_at as "updatedAt"
    from page p
    left join lateral (
      select * from click c where c.tracker_config_id = p.tracker_config_id and c.external_id = p.click_external_id limit 1
    ) k on true
    cross join lateral (select p.tracker_config_id, ${PLACED}) r ${entityJoins('r')}
    order by p.converted_at desc, p.id desc`.execute(tx);
  return pageOf(rows, limit, ({ convertedAt, id }) => ({ at: convertedAt, id }));
}

export interface ConversionMoment {
  seenAt: Date;
  rawStatus: string;
  status: ConversionStatus;
  reversed: boolean;
  revenue: string | null;
  payout: string | null;
  currency: string | null;
}

/**
 * Every state that was seen of a conversion, oldest first, the present one last. A changed status map speaks for the
 * past too. Null where there is no such conversion.
 */
export async function conversionTimeline(tx: Tx, conversionId: string): Promise<ConversionMoment[] | null> {
  const { rows } = await sql<ConversionMoment & { is_now: boolean }>`
    with one as (
      select l.* from conversion_with_status l where l.id = ${conversionId}::uuid and ${notDeleting('l')}
    ), moments as (
      select h.seen_at, h.raw_status, coalesce(m.status, 'pending') as status,
        coalesce(m.reversed, false) or h.is_reversal as reversed, h.revenue, h.payout, h.currency, false as is_now, h.id
      from conversion_change h
      join one on one.id = h.conversion_id
      left join status_map m on m.tracker_config_id = h.tracker_config_id and m.raw_status = lower(h.raw_status)
      union all
      select updated_at, raw_status, status, reversed, revenue, payout, currency, true, id from one
    )
    select seen_at as "seenAt", raw_status as "rawStatus", status, reversed, revenue, payout, currency, is_now
    from moments order by is_now, seen_at, id`.execute(tx);
  if (rows.length === 0) return null;
  const moments = rows.map(({ is_now: _, ...moment }) => moment);
  const [last, present] = moments.slice(-2);
  // Where the newest change is the present state, it is told once, by the moment it was seen.
  const isTold = last !== undefined && present !== undefined && isSame(last, present);
  return isTold ? moments.slice(0, -1) : moments;
}

const isSame = (a: ConversionMoment, b: ConversionMoment): boolean =>
  a.rawStatus === b.rawStatus && a.reversed === b.reversed && a.revenue === b.revenue && a.payout === b.payout;
