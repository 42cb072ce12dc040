// What moved in days that were over: statuses that turned, money that was restated, conversions that came late.
import { type RawBuilder, sql } from 'kysely';
import type { ConversionStatus } from '../core/statuses.ts';
import type { Tx } from './db.ts';
import { notDeleting } from './lists-entities.ts';

export const MOVES = ['turned', 'restated', 'late'] as const;
export type Move = (typeof MOVES)[number];

export interface ChangesAsk {
  since: Date;
  now: Date;
  /** In which days begin. */
  zone: string;
  /** Whose day a conversion is booked on. */
  by: 'click' | 'conversion';
  configIds: readonly string[] | null;
}

export interface StatusThen {
  rawStatus: string;
  status: ConversionStatus;
  reversed: boolean;
}

export interface MovedItem {
  day: string;
  configId: string;
  move: Move;
  /** As it was; null for what came late. */
  before: StatusThen | null;
  now: StatusThen;
  currency: string;
  /** How many conversions moved so. */
  moved: number;
  /** By how much the report's `conversions`, `revenue` and `approvedRevenue` of that day moved with it. */
  conversions: number;
  revenue: string;
  approvedRevenue: string;
  /** The latest few. */
  examples: string[];
}

const EXAMPLES = 20;

/**
 * A conversion that moved several times is told once, from how it was to how it is; in a day that was not over then, from
 * how it was when that day was. Meanings are today's: what a changed
 * mapping moved is no conversion's doing. What a backfill brought in is no news, nor what came on its own day; how the
 * backfill found a conversion is how it was before.
 */
export async function readChanges(tx: Tx, ask: ChangesAsk): Promise<MovedItem[]> {
  const { since, zone } = ask;
  const bookedAt = ask.by === 'click' ? sql`coalesce(c.clicked_at, k.clicked_at, c.converted_at)` : sql`c.converted_at`;
  const dayOf = (at: RawBuilder<unknown>) => sql`(${at} at time zone ${zone}::text)::date`;
  const inConfigs = ask.configIds === null ? sql`true` : sql`h.tracker_config_id = any(${[...ask.configIds]}::uuid[])`;
  const { rows } = await sql<MovedItem>`
    with touched as (
      select distinct h.conversion_id from conversion_change h
      where h.seen_at >= ${since} and ${inConfigs} and ${notDeleting('h')}
    ), moved as (
      select c.id, c.tracker_config_id, c.updated_at, ${bookedAt} as booked_at, c.first_seen_at,
        c.raw_status, c.is_reversal, coalesce(c.revenue, 0) as revenue,
        coalesce(c.currency, t.settings ->> 'currency', 'USD') as currency,
        b.id is not null as was_there, b.raw_status as raw_status_before, b.is_reversal as is_reversal_before,
        coalesce(b.revenue, 0) as revenue_before, coalesce(b.currency, t.settings ->> 'currency', 'USD') as currency_before
      from touched m
      join conversion c on c.id = m.conversion_id
      join tracker_config t on t.id = c.tracker_config_id
      left join lateral (
        select clicked_at from click where tracker_config_id = c.tracker_config_id and external_id = c.click_external_id
          and c.clicked_at is null limit 1
      ) k on true
      left join lateral (
        select h.* from conversion_change h where h.conversion_id = c.id
          and (h.seen_at < greatest(${since}::timestamptz, (${dayOf(bookedAt)} + 1)::timestamp at time zone ${zone}::text)
            or (c.first_seen_at <= t.first_synced_at and h.seen_at <= c.first_seen_at))
        order by h.seen_at desc, h.id desc limit 1
      ) b on true
      where b.id is not null or c.first_seen_at > coalesce(t.first_synced_at, 'infinity')
    ), meant as (
      select m.*, ${dayOf(sql`m.booked_at`)} as day,
        coalesce(n.status, 'pending') as status, coalesce(n.reversed, false) or m.is_reversal as reversed,
        coalesce(p.status, 'pending') as status_before, coalesce(p.reversed, false) or m.is_reversal_before as reversed_before
      from moved m
      left join status_map n on n.tracker_config_id = m.tracker_config_id and n.raw_status = lower(m.raw_status)
      left join status_map p on p.tracker_config_id = m.tracker_config_id and p.raw_status = lower(m.raw_status_before)
    ), told as (
      select *, case when not was_there then 'late'
          when lower(raw_status) <> lower(raw_status_before) or reversed <> reversed_before then 'turned' else 'restated' end as move,
        case when status = 'rejected' then 0 else 1 end as counts,
        case when was_there and status_before <> 'rejected' then 1 else 0 end as counted,
        case when status = 'approved' then 1 else 0 end as pays,
        case when was_there and status_before = 'approved' then 1 else 0 end as paid
      from meant
      where day < ${dayOf(sql`${ask.now}::timestamptz`)}
        and (was_there or day < ${dayOf(sql`first_seen_at`)})
        and (not was_there or (lower(raw_status), reversed, revenue, currency)
          is distinct from (lower(raw_status_before), reversed_before, revenue_before, currency_before))
    ), sides as (
      -- Money that changed its currency left the one and came into the other.
      select *, currency as in_currency, counts - case when currency_before = currency then counted else 0 end as conversions_by,
        counts * revenue - case when currency_before = currency then counted * revenue_before else 0 end as revenue_by,
        pays * revenue - case when currency_before = currency then paid * revenue_before else 0 end as approved_by
      from told
      union all
      select *, currency_before, -counted, -counted * revenue_before, -paid * revenue_before
      from told where was_there and currency_before <> currency
    )
    select day::text as day, tracker_config_id as "configId", move,
      case when move <> 'late' then jsonb_build_object('rawStatus', max(raw_status_before), 'status', status_before,
        'reversed', reversed_before) end as before,
      jsonb_build_object('rawStatus', max(raw_status), 'status', status, 'reversed', reversed) as now,
      in_currency as currency, count(*)::int as moved, sum(conversions_by)::int as conversions,
      trim_scale(sum(revenue_by))::text as revenue, trim_scale(sum(approved_by))::text as "approvedRevenue",
      (array_agg(id order by updated_at desc, id))[1:${EXAMPLES}] as examples
    from sides
    group by day, tracker_config_id, move, lower(raw_status_before), status_before, reversed_before, lower(raw_status), status,
      reversed, in_currency
    order by day desc, tracker_config_id, move, count(*) desc, lower(max(raw_status)), in_currency`.execute(tx);
  return rows;
}
