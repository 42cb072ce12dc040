// Accepting an invitation: whoever holds the link, before they belong anywhere; a new person's account is made in the same transaction.
import { sql } from 'kysely';
import type { Db, Tx } from './db.ts';
import { hashInvitationToken } from './invitations.ts';
import { highestRole, type MemberRole } from './sign-in-roles.ts';

export interface OpenInvitation {
  id: string;
  organizationId: string;
  organizationName: string;
  email: string;
  role: MemberRole;
  expiresAt: Date;
  /** The account of this address, where there is one. */
  userId: string | null;
}

/** Null where it was used, revoked, or is over, and for a link that nobody made. */
export async function findOpenInvitation(db: Db | Tx, token: string): Promise<OpenInvitation | null> {
  const { rows } = await sql<Omit<OpenInvitation, 'role'> & { role: string }>`
    select i."id", i."organizationId", o."name" as "organizationName", i."email", i."role", i."expiresAt",
      (select u."id" from auth."user" u where u."email" = lower(i."email")) as "userId"
    from auth."invitation" i join auth."organization" o on o."id" = i."organizationId" and o.ended_at is null
    where i.token_hash = ${hashInvitationToken(token)} and i."status" = 'pending' and i."expiresAt" > now()`.execute(
    db,
  );
  return rows[0] === undefined ? null : { ...rows[0], role: highestRole(rows[0].role) };
}

const UNIQUE_VIOLATION = '23505';

export type Acceptance = { userId: string } | { name: string; passwordHash: string };

/**
 * Exactly once: of two at the same moment the second waits for the first, and finds it used.
 * @param who the account of the invited address, or what makes one
 * @returns the member's id; null where it is not open any more, or the address has got an account meanwhile
 */
export async function acceptInvitation(
  db: Db,
  token: string,
  who: Acceptance,
  ip: string | null,
): Promise<string | null> {
  try {
    return await db.transaction().execute((tx) => acceptIn(tx, token, who, ip));
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
    if (isTaken) return null;
    throw error;
  }
}

async function acceptIn(tx: Tx, token: string, who: Acceptance, ip: string | null): Promise<string | null> {
  const { rows } = await sql`
      update auth."invitation" set "status" = 'accepted'
      where token_hash = ${hashInvitationToken(token)} and "status" = 'pending' and "expiresAt" > now()
      returning "id"`.execute(tx);
  if (rows.length === 0) return null;
  const { rows: open } = await sql<{ id: string; organizationId: string; email: string; role: string }>`
      select "id", "organizationId", lower("email") as email, "role" from auth."invitation"
      where token_hash = ${hashInvitationToken(token)}`.execute(tx);
  const { id, organizationId, email, role } = open[0]!;
  const userId = 'userId' in who ? who.userId : await makeUser(tx, email, who);
  await sql`
      insert into auth."member" ("organizationId", "userId", "role", "createdAt")
      values (${organizationId}::uuid, ${userId}::uuid, ${role}, now())
      on conflict ("organizationId", "userId") do nothing`.execute(tx);
  const after = JSON.stringify({ email, role });
  await sql`
      insert into audit_log (organization_id, actor_type, actor_id, actor_name, action, target_type, target_id, after, ip)
      values (${organizationId}::uuid, 'user', ${userId}, ${email}, 'invitation.accept', 'invitation', ${id}, ${after}, ${ip})`.execute(
    tx,
  );
  return userId;
}

async function makeUser(
  tx: Tx,
  email: string,
  { name, passwordHash }: { name: string; passwordHash: string },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with made as (
      insert into auth."user" ("name", "email", "emailVerified") values (${name}, ${email}, true) returning "id"
    ), account as (
      insert into auth."account" ("accountId", "providerId", "userId", "password", "updatedAt")
      select "id"::text, 'credential', "id", ${passwordHash}, now() from made
    ) select "id" from made`.execute(tx);
  return rows[0]!.id;
}
