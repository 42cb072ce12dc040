// A person's own sessions: where they are signed in, and how each is ended.
import { sql } from 'kysely';
import type { Db } from './db.ts';

export interface SessionRecord {
  id: string;
  createdAt: Date;
  /** Last prolonged. */
  updatedAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
}

/** Latest first; those that have not ended. */
export async function listSessions(db: Db, userId: string): Promise<SessionRecord[]> {
  const { rows } = await sql<SessionRecord>`
    select "id", "createdAt", "updatedAt", "expiresAt", nullif("ipAddress", '') as ip, nullif("userAgent", '') as "userAgent"
    from auth."session" where "userId" = ${userId}::uuid and "expiresAt" > now() order by "createdAt" desc, "id"`.execute(
    db,
  );
  return rows;
}

/** @returns whether it was there, and theirs */
export async function endSession(db: Db, userId: string, sessionId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from auth."session" where "userId" = ${userId}::uuid and "id" = ${sessionId}::uuid`.execute(db);
  return numAffectedRows === 1n;
}

/** @returns how many were ended */
export async function endOtherSessions(db: Db, userId: string, keptSessionId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from auth."session" where "userId" = ${userId}::uuid and "id" <> ${keptSessionId}::uuid`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

export async function isSessionOpen(db: Db, sessionId: string): Promise<boolean> {
  const { rows } = await sql`
    select from auth."session" where "id" = ${sessionId}::uuid and "expiresAt" > now()`.execute(db);
  return rows.length > 0;
}
