// Which organisations a person belongs to, and with which role: read anew for every request, so that a change is true at once.
import { sql } from 'kysely';
import type { Db } from './db.ts';
import { highestRole, type Role } from './sign-in-roles.ts';

export interface Membership {
  organizationId: string;
  name: string;
  role: Role;
}

/** Oldest first; of organisations that have not ended. */
export async function membershipsOf(db: Db, userId: string): Promise<Membership[]> {
  const { rows } = await sql<{ id: string; name: string; role: string }>`
    select o."id", o."name", m."role" from auth."member" m join auth."organization" o on o."id" = m."organizationId"
    where m."userId" = ${userId}::uuid and o.ended_at is null order by m."createdAt", m."id"`.execute(db);
  return rows.map(({ id, name, role }) => ({ organizationId: id, name, role: highestRole(role) }));
}

export async function renamePerson(db: Db, userId: string, name: string): Promise<void> {
  await sql`update auth."user" set "name" = ${name}, "updatedAt" = now() where "id" = ${userId}::uuid`.execute(db);
}

export async function findOrganizationName(db: Db, organizationId: string): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    select "name" from auth."organization" where "id" = ${organizationId}::uuid and ended_at is null`.execute(db);
  return rows[0]?.name ?? null;
}
