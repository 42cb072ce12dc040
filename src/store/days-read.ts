// How much of each of the last days is in, whether it is being read, and how it compared with the tracker's own totals.
import { sql } from 'kysely';
import type { ReconciliationState } from '../core/reconciliation.ts';
import type { Tx } from './db.ts';

export interface DayRecord {
  configId: string;
  /** In UTC, `2026-11-01`. */
  day: string;
  /** From 0 to 1; null for a day that was never asked for. */
  filled: number | null;
  isRunning: boolean;
  /** Null where it was not compared yet. */
  state: ReconciliationState | null;
  ourClicks: number | null;
  theirClicks: number | null;
  ourConversions: number | null;
  theirConversions: number | null;
}

/**
 * Oldest first. While the first sync is open, its windows tell what is in; once it is over, all of its range is, and what
 * the cycles have added since.
 */
export async function readDays(tx: Tx, days: number, configId: string | null): Promise<DayRecord[]> {
  const { rows } = await sql<DayRecord>`
    with shown as (
      select t.id, t.first_synced_at is not null as is_whole, t.backfill_from,
        (select id from run where run.tracker_config_id = t.id and run.kind = 'backfill'
          order by queued_at desc limit 1) as backfill_id
      from tracker_config t
      where t.desired_state <> 'deleting' and (${configId}::uuid is null or t.id = ${configId}::uuid)
    ), days as (
      select at as from_at, least(at + interval '1 day', now()) as to_at, (at at time zone 'UTC')::date as day
      from generate_series(date_trunc('day', now(), 'UTC') - make_interval(days => ${days - 1}),
        date_trunc('day', now(), 'UTC'), interval '1 day') as at
    ), parts as (
      select s.id, d.day, s.is_whole, s.backfill_from is not null and s.backfill_from < d.to_at as is_asked,
        w.planned, w.done, coalesce(w.is_running, false) as is_running
      from shown s cross join days d
      left join lateral (
        select
          sum(extract(epoch from least(w.to_at, d.to_at) - greatest(w.from_at, d.from_at)))
            filter (where w.run_id = s.backfill_id)::float8 as planned,
          sum(greatest(0, extract(epoch from least(d.to_at, case w.state when 'done' then w.to_at
            else least(coalesce(w.covered_to, w.from_at), w.to_at) end) - greatest(w.from_at, d.from_at))))
            filter (where w.run_id = s.backfill_id and w.state <> 'planned')::float8 as done,
          bool_or(w.state = 'running' and r.kind in ('backfill', 'resync') and r.state = 'running') as is_running
        from sync_window w join run r on r.id = w.run_id
        where w.tracker_config_id = s.id and w.from_at < d.to_at and w.to_at > d.from_at
      ) w on true
    )
    select p.id as "configId", p.day::text as day, p.is_running as "isRunning",
      case when not p.is_asked then null when p.is_whole then 1
        else coalesce(least(1, coalesce(p.done, 0) / nullif(p.planned, 0)), 0) end::float8 as filled,
      case when r.state = 'differs' and rr.state in ('queued', 'running') then 'rereading' else r.state end as state,
      f.our_clicks as "ourClicks", f.their_clicks as "theirClicks",
      f.our_conversions as "ourConversions", f.their_conversions as "theirConversions"
    from parts p
    left join reconciliation_day r on r.tracker_config_id = p.id and r.day = p.day
    left join run rr on rr.id = r.reread_run_id
    left join lateral (
      select sum(our_clicks)::float8 as our_clicks, sum(their_clicks)::float8 as their_clicks,
        sum(our_conversions)::float8 as our_conversions, sum(their_conversions)::float8 as their_conversions
      from reconciliation_figure f where f.tracker_config_id = p.id and f.day = p.day
    ) f on r.day is not null
    order by p.id, p.day`.execute(tx);
  return rows;
}
