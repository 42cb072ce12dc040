// Links for a new password: an hour long, once; known to better-auth, which keeps no more than their hash.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Auth } from './auth.ts';
import type { Db } from './db.ts';

const identifierOf = (token: string): string => `reset-password:${token}`;

export async function makePasswordToken(auth: Auth, userId: string, expiresAt: Date): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const { internalAdapter } = await auth.$context;
  await internalAdapter.createVerificationValue({ identifier: identifierOf(token), value: userId, expiresAt });
  return token;
}

/** Whose password it would change; null where it was used, is over, or nobody made it. */
export async function ownerOfPasswordToken(auth: Auth, token: string, now: Date): Promise<string | null> {
  const { internalAdapter } = await auth.$context;
  const found = await internalAdapter.findVerificationValue(identifierOf(token));
  return found !== null && found.expiresAt > now ? found.value : null;
}

/** Other links of theirs, codes under way and trusted browsers: with another password none of them holds. */
export async function dropVerifications(db: Db, userId: string): Promise<void> {
  await sql`delete from auth."verification" where "value" = ${userId}`.execute(db);
}

export async function findUserId(db: Db, email: string): Promise<string | null> {
  const { rows } = await sql<{
    id: string;
  }>`select "id" from auth."user" where "email" = ${email.toLowerCase()}`.execute(db);
  return rows[0]?.id ?? null;
}

/** Whether an account is more than this organisation's: a super_admin's, or a member of another one too. */
export async function belongsElsewhere(db: Db, userId: string, organizationId: string): Promise<boolean> {
  const { rows } = await sql`
    select from auth."user" u where u."id" = ${userId}::uuid and (u."isSuperAdmin" or exists (
      select from auth."member" m where m."userId" = u."id" and m."organizationId" <> ${organizationId}::uuid))`.execute(
    db,
  );
  return rows.length > 0;
}
