// The journal of calls to trackers: partitions made ahead, a row a call.

import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Database, Db } from './db.ts';

/** A call as it is written down: nothing secret in it. */
export interface RequestEntry {
  at: Date;
  method: string;
  url: string;
  status: number | null;
  durationMs: number;
  bytes: number;
  error: string | null;
  /** What was asked for; null for a test of the connection. */
  resource: string | null;
}

export interface RequestOwner {
  organizationId: string;
  configId: string | null;
  runId: string | null;
}

const DAYS_AHEAD = 14;
const DAY_MS = 86_400_000;
const dayText = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Makes the days' partitions that are missing; LIKE and ATTACH do not block who writes. Safe when several do it. */
export async function ensureRequestPartitions(db: Db, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('tracker_request partitions'))`.execute(tx);
    for (let day = -1; day <= DAYS_AHEAD; day++) {
      const from = dayText(now.getTime() + day * DAY_MS);
      const to = dayText(now.getTime() + (day + 1) * DAY_MS);
      const name = `tracker_request_${from.replaceAll('-', '_')}`;
      const found = await sql`select 1 from pg_class where relname = ${name}`.execute(tx);
      if (found.rows.length > 0) continue;
      await sql
        .raw(`create table ${name} (like tracker_request including defaults including constraints);
          alter table tracker_request attach partition ${name} for values from ('${from}T00:00:00Z') to ('${to}T00:00:00Z')`)
        .execute(tx);
    }
  });
}

/** Drops the days that are older than what is kept. */
export async function dropOldRequestPartitions(db: Db, now: Date, keepDays: number): Promise<string[]> {
  const oldest = `tracker_request_${dayText(now.getTime() - keepDays * DAY_MS).replaceAll('-', '_')}`;
  const old = await sql<{ relname: string }>`
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'tracker_request'::regclass and c.relname < ${oldest}`.execute(db);
  for (const { relname } of old.rows) await sql`drop table ${sql.table(relname)}`.execute(db);
  return old.rows.map(({ relname }) => relname);
}

export async function recordRequests(
  db: Kysely<Database>,
  owner: RequestOwner,
  calls: readonly RequestEntry[],
): Promise<void> {
  if (calls.length > 0) await requestsMade(db, owner, calls).execute();
}

/** @param calls one at least */
export function requestsMade(db: Kysely<Database>, owner: RequestOwner, calls: readonly RequestEntry[]) {
  const rows = calls.map(({ durationMs, ...call }) => ({
    ...call,
    duration_ms: durationMs,
    organization_id: owner.organizationId,
    tracker_config_id: owner.configId,
    run_id: owner.runId,
  }));
  return db.insertInto('tracker_request').values(rows);
}
