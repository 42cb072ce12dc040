// Progress of a config, exact and never falling: seconds of the range done of seconds planned.
import { sql } from 'kysely';
import type { RunKind } from '../core/sync.ts';
import type { Tx } from './db.ts';

export interface ProgressFacts {
  /** The run that was worked on last and is not finished. */
  workKind: RunKind | null;
  isWaiting: boolean;
  hasSynced: boolean;
  /** Of the open backfill, else of the open re-sync; null where neither is open. */
  range: { doneSeconds: number; plannedSeconds: number; pace: Pace; left: Left } | null;
  windows: { done: number; running: number; planned: number };
  rows: { clicks: number; conversions: number };
  oldestReadAt: Date | null;
  newestReadAt: Date | null;
}

/** What the last minutes of work brought. */
export interface Pace {
  ms: number;
  rows: number;
  windows: number;
}

/** What is still to be read: rows as far as totals tell, else by how close rows lay so far; null where neither is known. */
export interface Left {
  rows: number | null;
  windows: number;
}

interface Row {
  work_kind: RunKind | null;
  is_waiting: boolean;
  has_synced: boolean;
  has_range: boolean;
  done_seconds: number;
  planned_seconds: number;
  pace_ms: number;
  pace_rows: number;
  pace_windows: number;
  rows_left: number | null;
  windows_done: number;
  windows_running: number;
  windows_planned: number;
  clicks: number;
  conversions: number;
  oldest_read_at: Date | null;
  newest_read_at: Date | null;
}

/** Null where there is no such config. */
export async function progressFacts(tx: Tx, configId: string): Promise<ProgressFacts | null> {
  const { rows } = await sql<Row>`
    with ranged as (
      select id, pace_ms, pace_rows, pace_windows from run
      where tracker_config_id = ${configId}::uuid and kind in ('backfill', 'resync') and state in ('queued', 'running')
      order by kind, queued_at limit 1
    ), parts as (
      select coalesce(sum(extract(epoch from to_at - from_at)), 0) as planned,
        coalesce(sum(case state when 'done' then extract(epoch from to_at - from_at)
          when 'running' then greatest(0, extract(epoch from least(coalesce(covered_to, from_at), to_at) - from_at))
          else 0 end), 0) as done,
        count(*) filter (where state = 'done')::int as windows_done,
        count(*) filter (where state = 'running')::int as windows_running,
        count(*) filter (where state = 'planned')::int as windows_planned
      from sync_window where run_id = (select id from ranged)
    ), lying as (
      select resource, sum(rows)::float8 / nullif(sum(extract(epoch from to_at - from_at)), 0)::float8 as rows_a_second
      from sync_window where run_id = (select id from ranged) and state = 'done' group by 1
    ), to_come as (
      select case when count(*) = count(coalesce(expected_rows, rows_a_second)) then coalesce(sum(
        case when expected_rows is not null then greatest(expected_rows - rows, 0)
          else rows_a_second * extract(epoch from to_at - greatest(from_at, least(coalesce(covered_to, from_at), to_at)))
        end), 0)::float8 end as rows_left
      from sync_window left join lying using (resource)
      where run_id = (select id from ranged) and state <> 'done'
    ), read as (
      select min(from_at) filter (where state = 'done') as oldest, max(to_at) filter (where state = 'done') as newest
      from sync_window where tracker_config_id = ${configId}::uuid
    ), resources as (
      select coalesce(sum(rows) filter (where resource = 'clicks'), 0)::float8 as clicks,
        coalesce(sum(rows) filter (where resource = 'conversions'), 0)::float8 as conversions,
        max(read_to) filter (where resource in ('clicks', 'conversions')) as newest
      from tracker_resource where tracker_config_id = ${configId}::uuid
    )
    select
      (select kind from run where tracker_config_id = t.id and state = 'running'
        order by coalesce(worked_at, started_at) desc nulls last limit 1) as work_kind,
      (t.desired_state <> 'active' or t.blocked_kind is not null or t.retry_at > now()) is true
        and not exists (select from sync_lease l where l.tracker_config_id = t.id and l.until > now()) as is_waiting,
      t.first_synced_at is not null as has_synced,
      exists (select from ranged) as has_range,
      parts.done::float8 as done_seconds, parts.planned::float8 as planned_seconds,
      coalesce((select pace_ms from ranged), 0) as pace_ms, coalesce((select pace_rows from ranged), 0) as pace_rows,
      coalesce((select pace_windows from ranged), 0) as pace_windows, to_come.rows_left,
      windows_done, windows_running, windows_planned, clicks, conversions,
      least(read.oldest, case when t.first_synced_at is not null then t.backfill_from end) as oldest_read_at,
      greatest(read.newest, resources.newest) as newest_read_at
    from tracker_config t, parts, to_come, read, resources
    where t.id = ${configId}::uuid and t.desired_state <> 'deleting'`.execute(tx);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    workKind: row.work_kind,
    isWaiting: row.is_waiting,
    hasSynced: row.has_synced,
    range: row.has_range
      ? {
          doneSeconds: row.done_seconds,
          plannedSeconds: row.planned_seconds,
          pace: { ms: row.pace_ms, rows: row.pace_rows, windows: row.pace_windows },
          left: { rows: row.rows_left, windows: row.windows_planned },
        }
      : null,
    windows: { done: row.windows_done, running: row.windows_running, planned: row.windows_planned },
    rows: { clicks: row.clicks, conversions: row.conversions },
    oldestReadAt: row.oldest_read_at,
    newestReadAt: row.newest_read_at,
  };
}
