// Invitations to an organisation: made, listed and revoked under row-level security; the link's secret is kept as a hash.
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from './db.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';
import { highestRole, type MemberRole } from './sign-in-roles.ts';

export const INVITATION_DAYS = 7;

export interface Invitation {
  id: string;
  email: string;
  role: MemberRole;
  state: 'pending' | 'accepted' | 'revoked' | 'expired';
  createdAt: Date;
  expiresAt: Date;
  /** The inviter's address; null for a key that belongs to nobody, and for who has left. */
  invitedBy: string | null;
}

export const makeInvitationToken = (): string => randomBytes(32).toString('base64url');

export const hashInvitationToken = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest();

const invitations = sql`(
  select i."id", i."email", i."role", date_trunc('milliseconds', i."createdAt") as "createdAt", i."expiresAt",
    case when i."status" = 'pending' and i."expiresAt" <= now() then 'expired' else i."status" end as "state",
    (select u."email" from auth."user" u where u."id" = i."inviterId") as "invitedBy"
  from auth."invitation" i
) as invitation`;

type Row = Omit<Invitation, 'role'> & { role: string };
const toInvitation = (row: Row): Invitation => ({ ...row, role: highestRole(row.role) });

/** Newest first, whatever became of them. */
export async function listInvitations(tx: Tx, { limit, after }: PageAsk): Promise<Page<Invitation>> {
  const from = after === null ? sql`true` : behind({ at: 'createdAt', id: 'id' }, after);
  const { rows } = await sql<Row>`
    select * from ${invitations} where ${from} order by "createdAt" desc, "id" desc limit ${limit + 1}`.execute(tx);
  return pageOf(rows.map(toInvitation), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
}

export async function findInvitation(tx: Tx, id: string): Promise<Invitation | null> {
  const { rows } = await sql<Row>`select * from ${invitations} where "id" = ${id}::uuid`.execute(tx);
  return rows[0] === undefined ? null : toInvitation(rows[0]);
}

export interface NewInvitation {
  organizationId: string;
  inviterId: string | null;
  email: string;
  role: MemberRole;
  token: string;
}

/** An open one for the same address is replaced: only the newest link opens. */
export async function createInvitation(tx: Tx, given: NewInvitation): Promise<Invitation> {
  const { organizationId, inviterId, email, role, token } = given;
  await sql`update auth."invitation" set "status" = 'revoked'
    where lower("email") = ${email} and "status" = 'pending'`.execute(tx);
  const { rows } = await sql<{ id: string }>`
    insert into auth."invitation" ("organizationId", "email", "role", "status", "expiresAt", "inviterId", token_hash)
    values (${organizationId}::uuid, ${email}, ${role}, 'pending', now() + make_interval(days => ${INVITATION_DAYS}),
      ${inviterId}::uuid, ${hashInvitationToken(token)}) returning "id"`.execute(tx);
  const made = await findInvitation(tx, rows[0]!.id);
  if (made === null) throw new Error('the invitation that was made is not there');
  return made;
}

/** @returns whether it was open */
export async function revokeInvitation(tx: Tx, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update auth."invitation" set "status" = 'revoked' where "id" = ${id}::uuid and "status" = 'pending'`.execute(tx);
  return numAffectedRows === 1n;
}
