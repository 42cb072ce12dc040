// The state of a config, computed from facts in one expression: nobody stores it, so that it cannot be wrong.
import { sql } from 'kysely';
import type { ConfigState } from '../core/sync.ts';

const DEFAULT_INTERVAL_MINUTES = 15;
const STALE_AFTER_INTERVALS = 3;

/** For a query from `tracker_config` under its own name. */
export const configState = sql<ConfigState>`(case
  when tracker_config.desired_state = 'deleting' then 'deleting'
  when tracker_config.desired_state = 'paused' then
    case when exists (select from sync_lease where sync_lease.tracker_config_id = tracker_config.id and sync_lease.until > now())
      then 'pausing' else 'paused' end
  when tracker_config.blocked_kind is not null then 'needs_attention'
  when tracker_config.first_synced_at is null then
    case when exists (select from run where run.tracker_config_id = tracker_config.id and run.started_at is not null)
      then 'syncing' else 'pending' end
  when exists (select from run where run.tracker_config_id = tracker_config.id and run.kind = 'resync'
      and run.state in ('queued', 'running')) then 'syncing'
  else 'synced' end)`;

/** Three sync intervals without a finished cycle. */
export const configIsStale = sql<boolean>`(
  coalesce(tracker_config.last_synced_at, tracker_config.created_at) < now() - ${STALE_AFTER_INTERVALS}::int
    * make_interval(mins => coalesce((tracker_config.settings ->> 'syncIntervalMinutes')::int, ${DEFAULT_INTERVAL_MINUTES}::int)))`;

/** When it is read next by itself; null where nothing is due: paused, blocked, deleting, or not begun. */
export const configNextSyncAt = sql<Date | null>`(case
  when tracker_config.desired_state = 'active' and tracker_config.blocked_kind is null
    then greatest(tracker_config.retry_at, tracker_config.next_sync_at) end)`;
