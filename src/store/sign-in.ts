// The first user: made on an empty database, so that somebody can sign in and invite the others.
import { hashPassword } from 'better-auth/crypto';
import { sql } from 'kysely';
import { saveApiKey } from './api-keys.ts';
import type { Db } from './db.ts';

export interface FirstUser {
  email: string;
  password: string;
  apiKey: string;
}

/** Any number that all of our processes agree on. */
const LOCK = 4_021_771;

/**
 * Makes the first user (`isSuperAdmin`), the organisation "Default" owned by them, and their API key, unless there is
 * any user. Two processes may start at once: one of them makes it.
 */
export async function ensureFirstUser(db: Db, { email, password, apiKey }: FirstUser): Promise<{ made: boolean }> {
  if (await hasUser(db)) return { made: false };
  // Outside of the transaction: it takes a tenth of a second on purpose.
  const passwordHash = await hashPassword(password);
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(tx);
    if (await hasUser(tx)) return { made: false };
    // better-auth looks an address up in lower case.
    const address = email.toLowerCase();
    const { rows } = await sql<{ user_id: string; organization_id: string }>`
      with made as (
        insert into auth."user" ("name", "email", "emailVerified", "isSuperAdmin")
        values (${address.split('@')[0]}, ${address}, true, true) returning "id"
      ), account as (
        insert into auth."account" ("accountId", "providerId", "userId", "password", "updatedAt")
        select "id"::text, 'credential', "id", ${passwordHash}, now() from made
      ), home as (
        insert into auth."organization" ("name", "slug", "createdAt") values ('Default', 'default', now()) returning "id"
      ), membership as (
        insert into auth."member" ("organizationId", "userId", "role", "createdAt")
        select home."id", made."id", 'owner', now() from home, made
      )
      select made."id" as user_id, home."id" as organization_id from made, home
    `.execute(tx);
    const { user_id: userId, organization_id: organizationId } = rows[0]!;
    await saveApiKey(tx, apiKey, { organizationId, userId, name: 'First key', role: 'super_admin', expiresAt: null });
    return { made: true };
  });
}

/** Whether anybody can sign in yet. */
export async function hasUser(db: Db): Promise<boolean> {
  const { rows } = await sql`select from auth."user" limit 1`.execute(db);
  return rows.length > 0;
}
