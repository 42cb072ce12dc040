// All that moves about an organisation's trackers, in one cheap look: their state, and how far an open backfill or re-sync is.
import { sql } from 'kysely';
import type { ConfigState } from '../core/sync.ts';
import { configIsStale, configNextSyncAt, configState } from './config-state.ts';
import type { Tx } from './db.ts';

export interface ConfigPulse {
  configId: string;
  name: string;
  state: ConfigState;
  isStale: boolean;
  lastErrorKind: string | null;
  lastSyncedAt: Date | null;
  nextSyncAt: Date | null;
  /** When a mapping was last changed or taken back. */
  mappedAt: Date | null;
  clicks: number;
  conversions: number;
  /** Of the open backfill or re-sync; null where neither is open. */
  doneSeconds: number | null;
  plannedSeconds: number | null;
}

export async function readPulse(tx: Tx): Promise<ConfigPulse[]> {
  const { rows } = await sql<ConfigPulse>`
    select tracker_config.id as "configId", tracker_config.name, ${configState} as state, ${configIsStale} as "isStale",
      tracker_config.last_error ->> 'kind' as "lastErrorKind", tracker_config.last_synced_at as "lastSyncedAt",
      ${configNextSyncAt} as "nextSyncAt",
      (select max(greatest(at, undone_at)) from mapping_change c where c.tracker_config_id = tracker_config.id) as "mappedAt",
      coalesce(r.clicks, 0)::float8 as clicks,
      coalesce(r.conversions, 0)::float8 as conversions,
      w.done::float8 as "doneSeconds", w.planned::float8 as "plannedSeconds"
    from tracker_config
    left join (
      select tracker_config_id, sum(rows) filter (where resource = 'clicks') as clicks,
        sum(rows) filter (where resource = 'conversions') as conversions
      from tracker_resource group by 1
    ) r on r.tracker_config_id = tracker_config.id
    left join lateral (
      select coalesce(sum(extract(epoch from to_at - from_at)), 0) as planned,
        coalesce(sum(case sync_window.state when 'done' then extract(epoch from to_at - from_at)
          when 'running' then greatest(0, extract(epoch from least(coalesce(covered_to, from_at), to_at) - from_at))
          else 0 end), 0) as done
      from sync_window where run_id = (
        select id from run where run.tracker_config_id = tracker_config.id and run.kind in ('backfill', 'resync')
          and run.state in ('queued', 'running') order by kind, queued_at limit 1
      ) having count(*) > 0
    ) w on true
    where tracker_config.desired_state <> 'deleting' order by tracker_config.id`.execute(tx);
  return rows;
}
