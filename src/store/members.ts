// The people of an organisation, as the API's role sees them: no condition names the organisation, row-level security does.
import { sql } from 'kysely';
import type { Tx } from './db.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';
import { highestRole, isAtLeast, MEMBER_ROLES, type MemberRole, type Role } from './sign-in-roles.ts';

export interface Member {
  /** The user's id. */
  id: string;
  email: string;
  name: string;
  role: Role;
  isTwoFactorOn: boolean;
  joinedAt: Date;
}

interface MemberRow extends Omit<Member, 'role'> {
  memberRole: string;
  isSuperAdmin: boolean;
}

// To the millisecond, as cursors are.
const members = sql`(
  select u."id", u."email", u."name", u."isSuperAdmin", coalesce(u."twoFactorEnabled", false) as "isTwoFactorOn",
    m."role" as "memberRole", date_trunc('milliseconds', m."createdAt") as "joinedAt"
  from auth."member" m join auth."user" u on u."id" = m."userId"
) as member`;

const toMember = ({ memberRole, isSuperAdmin, ...rest }: MemberRow): Member => ({
  ...rest,
  role: isSuperAdmin ? 'super_admin' : highestRole(memberRole),
});

/** Who joined last comes first. */
export async function listMembers(tx: Tx, { limit, after }: PageAsk): Promise<Page<Member>> {
  const from = after === null ? sql`true` : behind({ at: 'joinedAt', id: 'id' }, after);
  const { rows } = await sql<MemberRow>`
    select * from ${members} where ${from} order by "joinedAt" desc, "id" desc limit ${limit + 1}`.execute(tx);
  return pageOf(rows.map(toMember), limit, ({ joinedAt, id }) => ({ at: joinedAt, id }));
}

export async function findMember(tx: Tx, userId: string): Promise<Member | null> {
  const { rows } = await sql<MemberRow>`select * from ${members} where "id" = ${userId}::uuid`.execute(tx);
  return rows[0] === undefined ? null : toMember(rows[0]);
}

export async function isMember(tx: Tx, email: string): Promise<boolean> {
  const { rows } = await sql`select from ${members} where lower("email") = ${email.toLowerCase()}`.execute(tx);
  return rows.length > 0;
}

/** Changes of members come one after another: two owners who remove each other must not both succeed. */
export async function lockMembers(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('members'), hashtext(${organizationId}))`.execute(tx);
}

/** Whether nobody but this member owns the organisation. */
export async function isLastOwner(tx: Tx, userId: string): Promise<boolean> {
  const { rows } = await sql<{ userId: string; role: string }>`
    select "userId", "role" from auth."member"`.execute(tx);
  const owners = rows.filter(({ role }) => highestRole(role) === 'owner');
  return owners.length === 1 && owners[0]?.userId === userId;
}

/** Invitations of theirs to roles that are above theirs now are gone. */
export async function setMemberRole(tx: Tx, userId: string, role: MemberRole): Promise<void> {
  await sql`update auth."member" set "role" = ${role} where "userId" = ${userId}::uuid`.execute(tx);
  await revokeInvitations(
    tx,
    userId,
    MEMBER_ROLES.filter((other) => !isAtLeast(role, other)),
  );
}

/** Their keys and invitations in this organisation end with the membership, and do not come back with it. */
export async function removeMember(tx: Tx, userId: string): Promise<void> {
  await sql`delete from auth."member" where "userId" = ${userId}::uuid`.execute(tx);
  await sql`update auth.api_key set revoked_at = now() where user_id = ${userId}::uuid and revoked_at is null`.execute(
    tx,
  );
  await revokeInvitations(tx, userId, MEMBER_ROLES);
}

async function revokeInvitations(tx: Tx, inviterId: string, roles: readonly MemberRole[]): Promise<void> {
  await sql`update auth."invitation" set "status" = 'revoked'
    where "inviterId" = ${inviterId}::uuid and "status" = 'pending' and "role" = any(${[...roles]})`.execute(tx);
}
