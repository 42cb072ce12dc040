// Organisations: made by a super_admin, renamed and ended by their owners. One that has ended is a row with a date, and nothing else of it is found.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Tx } from './db.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';

export interface Organization {
  id: string;
  name: string;
  createdAt: Date;
}

const organizations = sql`(
  select "id", "name", date_trunc('milliseconds', "createdAt") as "createdAt" from auth."organization" where ended_at is null
) as organization`;

/** Newest first: all of them, or those of these ids. */
export async function listOrganizations(
  db: Db,
  ids: readonly string[] | 'all',
  { limit, after }: PageAsk,
): Promise<Page<Organization>> {
  const own = ids === 'all' ? sql`true` : sql`"id" = any(${[...ids]}::uuid[])`;
  const from = after === null ? sql`true` : behind({ at: 'createdAt', id: 'id' }, after);
  const { rows } = await sql<Organization>`
    select * from ${organizations} where ${own} and ${from}
    order by "createdAt" desc, "id" desc limit ${limit + 1}`.execute(db);
  return pageOf(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
}

export async function findOrganization(db: Db | Tx, id: string): Promise<Organization | null> {
  const { rows } = await sql<Organization>`select * from ${organizations} where "id" = ${id}::uuid`.execute(db);
  return rows[0] ?? null;
}

export async function createOrganization(db: Db, name: string): Promise<Organization> {
  const id = randomUUID();
  const { rows } = await sql<Organization>`
    insert into auth."organization" ("id", "name", "slug", "createdAt")
    values (${id}::uuid, ${name}, ${id}, date_trunc('milliseconds', now()))
    returning "id", "name", "createdAt"`.execute(db);
  return rows[0]!;
}

export async function renameOrganization(tx: Tx, id: string, name: string): Promise<void> {
  await sql`update auth."organization" set "name" = ${name} where "id" = ${id}::uuid`.execute(tx);
}

/**
 * At once nobody belongs to it, no key and no link opens it, its analysts see nothing, and its trackers are being deleted.
 * @returns the configs whose workflows are to be woken; null where it had ended already
 */
export async function endOrganization(db: Db, id: string): Promise<string[] | null> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql`
      update auth."organization" set ended_at = now() where "id" = ${id}::uuid and ended_at is null returning "id"`.execute(
      tx,
    );
    if (rows.length === 0) return null;
    await sql`delete from auth."member" where "organizationId" = ${id}::uuid`.execute(tx);
    await sql`delete from auth."invitation" where "organizationId" = ${id}::uuid`.execute(tx);
    await sql`delete from auth.api_key where organization_id = ${id}::uuid`.execute(tx);
    await sql`delete from auth.analyst_login where organization_id = ${id}::uuid`.execute(tx);
    const deleted = await tx
      .updateTable('tracker_config')
      .set({ desired_state: 'deleting' })
      .where('organization_id', '=', id)
      .returning('id')
      .execute();
    return deleted.map((config) => config.id);
  });
}
