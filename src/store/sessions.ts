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

/** Whether a session is open, and its person still belongs to the organisation. */
export async function isSignedIn(db: Db, sessionId: string, organizationId: string): Promise<boolean> {
  const { rows } = await sql`
    select from auth."session" s join auth."user" u on u."id" = s."userId"
      join auth."organization" o on o."id" = ${organizationId}::uuid and o.ended_at is null
    where s."id" = ${sessionId}::uuid and s."expiresAt" > now() and (u."isSuperAdmin" or exists (
      select from auth."member" m where m."userId" = u."id" and m."organizationId" = o."id"))`.execute(db);
  return rows.length > 0;
}
