// The lease of a config's one active slice: who may call the tracker now. Pausing waits for its end.
import { type Kysely, sql } from 'kysely';
import type { Database, Db } from './db.ts';

/** Longer than the time between two renewals by far; a killed worker's slice is over after this. */
export const LEASE_SECONDS = 20;

export interface LeaseHolder {
  configId: string;
  organizationId: string;
  /** Unique to one attempt of one slice. */
  token: string;
  /** A change by a person ends the slices that still carry the old address or credentials. */
  changedAt: Date;
}

/** @returns null where it is ours now, else when the holder's time is over */
export async function acquireLease(db: Db, holder: LeaseHolder): Promise<Date | null> {
  const taken = await sql`
    insert into sync_lease (tracker_config_id, organization_id, token, until)
    values (${holder.configId}, ${holder.organizationId}, ${holder.token}, now() + make_interval(secs => ${LEASE_SECONDS}))
    on conflict (tracker_config_id) do update set token = excluded.token, until = excluded.until
    where sync_lease.until <= now()
    returning token`.execute(db);
  if (taken.rows.length > 0) return null;
  const held = await db
    .selectFrom('sync_lease')
    .select('until')
    .where('tracker_config_id', '=', holder.configId)
    .executeTakeFirst();
  return held?.until ?? new Date();
}

/**
 * Renews the lease and answers whether the next call may be made: still ours, still wanted, still the same connection.
 * Asked before every call, so that none follows an acknowledged pause, not even from an attempt that slept.
 */
export async function mayCall(db: Db, holder: LeaseHolder): Promise<boolean> {
  const renewed = await sql`
    update sync_lease l set until = now() + make_interval(secs => ${LEASE_SECONDS})
    from tracker_config c
    where l.tracker_config_id = ${holder.configId} and l.token = ${holder.token}
      and c.id = l.tracker_config_id and c.desired_state = 'active'
      and c.updated_at = ${holder.changedAt}
    returning 1`.execute(db);
  return renewed.rows.length > 0;
}

export async function releaseLease(db: Kysely<Database>, holder: LeaseHolder): Promise<void> {
  await db
    .deleteFrom('sync_lease')
    .where('tracker_config_id', '=', holder.configId)
    .where('token', '=', holder.token)
    .execute();
}
