// Configs that should be at work and are not: their wake was lost, or their workflow is missing.
import { sql } from 'kysely';
import type { Db } from './db.ts';

/** Time that a wake may take before it counts as lost. */
const GRACE_SECONDS = 30;

/**
 * Safe to wake at any time: a config that is at work holds a lease and is not among them.
 * @returns their ids, the latest first
 */
export async function overdueConfigs(db: Db): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select c.id from tracker_config c
    cross join (select now() - make_interval(secs => ${GRACE_SECONDS}) as at) late
    -- No rest and no wait of our own choice is longer than an interval: later ones come from a clock that was wrong.
    cross join lateral (select now() + make_interval(secs => ${GRACE_SECONDS},
      mins => coalesce((c.settings ->> 'syncIntervalMinutes')::int, 15)) as at) farthest
    where not exists (select from sync_lease l where l.tracker_config_id = c.id and l.until > now())
      and (
        (c.desired_state = 'deleting' and c.updated_at < late.at)
        or (c.desired_state = 'active' and c.blocked_kind is null and coalesce(
            c.retry_at < late.at or (c.retry_kind = 'backoff' and c.retry_at > farthest.at), true) and (
          c.next_sync_at < late.at or c.next_sync_at > farthest.at
          or ((c.catalog_read_at is null or c.backfill_from is null) and c.created_at < late.at)
          or exists (select from run r where r.tracker_config_id = c.id and r.state in ('queued', 'running')
            and greatest(r.queued_at, r.worked_at) < late.at)
        ))
      )
    order by coalesce(c.retry_at, c.next_sync_at, c.created_at), c.id`.execute(db);
  return found.rows.map((row) => row.id);
}
