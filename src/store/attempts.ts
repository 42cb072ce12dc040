// Attempts that are counted for all processes together: so many in a time, then none until that time is over.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from './db.ts';

export interface AttemptLimit {
  most: number;
  windowSeconds: number;
}

/** What was typed may be a password in the wrong field: only its hash is kept. */
const hashOf = (subject: string): Buffer => createHash('sha256').update(subject).digest();

/**
 * Counts an attempt before it is made, so that a thousand at once are no more than one after another.
 * @returns seconds to wait where there were too many; null where it may be made
 */
export async function countAttempt(db: Db, subject: string, limit: AttemptLimit): Promise<number | null> {
  const { rows } = await sql<{ count: number; seconds: number }>`
    insert into auth.attempt as a (subject, count, ends_at)
    values (${hashOf(subject)}, 1, now() + make_interval(secs => ${limit.windowSeconds}))
    on conflict (subject) do update set
      count = case when a.ends_at <= now() then 1 else least(a.count + 1, 1000000) end,
      ends_at = case when a.ends_at <= now() then excluded.ends_at else a.ends_at end
    returning count, ceil(extract(epoch from ends_at - now()))::int as seconds`.execute(db);
  const { count, seconds } = rows[0]!;
  return count > limit.most ? Math.max(seconds, 1) : null;
}

/** What went well does not count. */
export async function forgetAttempt(db: Db, subject: string): Promise<void> {
  await sql`update auth.attempt set count = greatest(count - 1, 0) where subject = ${hashOf(subject)}`.execute(db);
}

/** Forgets counts, sessions and codes whose time is over. */
export async function dropExpiredSignIns(db: Db): Promise<void> {
  await sql`delete from auth.attempt where ends_at < now()`.execute(db);
  await sql`delete from auth."session" where "expiresAt" < now()`.execute(db);
  await sql`delete from auth."verification" where "expiresAt" < now()`.execute(db);
}
