// Trackers that do not answer: after a few failures in a row, whoever connects to them, one call a minute finds out.
import { sql } from 'kysely';
import type { LastError } from '../core/errors.ts';
import type { Db } from './db.ts';

const FAILURES = 3;
const PROBE_EVERY_SECONDS = 60;
/** Longer than any call takes. */
const PROBE_SECONDS = 100;

const at = (now: Date) => sql`${now}::timestamptz`;

/** @returns whether the one call that may be made now is ours */
export async function takeProbe(db: Db, key: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update outage set probe_until = ${at(now)} + make_interval(secs => ${PROBE_SECONDS})
    where key = ${key} and open_until <= ${at(now)} and coalesce(probe_until <= ${at(now)}, true)
    returning 1`.execute(db);
  return rows.length > 0;
}

/** The call was not made after all. */
export async function giveUpProbe(db: Db, key: string): Promise<void> {
  await sql`update outage set probe_until = null where key = ${key}`.execute(db);
}

/** A call that brought no answer. */
export async function noteFailure(db: Db, key: string, error: LastError, now: Date): Promise<void> {
  const given = JSON.stringify(error);
  await sql`
    insert into outage as o (key, failures, error, failed_at) values (${key}, 1, ${given}, ${at(now)})
    on conflict (key) do update set failures = o.failures + 1, error = excluded.error, failed_at = excluded.failed_at,
      probe_until = null,
      open_until = case when o.failures + 1 >= ${FAILURES} then ${at(now)} + make_interval(secs => ${PROBE_EVERY_SECONDS}) end`.execute(
    db,
  );
}

/** It answered, whatever it said. */
export async function endOutage(db: Db, key: string): Promise<void> {
  await sql`delete from outage where key = ${key}`.execute(db);
}
