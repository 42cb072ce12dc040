// A login for people who write SQL: reads the views of one organisation and nothing else.
import { createHash, randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from './db.ts';

const STATEMENT_TIMEOUT = '5min';
const MOST_CONNECTIONS = 10;

export interface NamedOrganization {
  id: string;
  name: string;
}

/**
 * @param ended those that have ended too
 * @returns the one of this id or slug, else all of this name: owners choose names, and may choose another's
 */
export async function findOrganizations(db: Db, named: string, { ended }: { ended: boolean }) {
  const { rows } = await sql<NamedOrganization>`
    select "id", "name" from (
      select *, rank() over (order by "id"::text <> ${named}, "slug" <> ${named}) as place from auth."organization"
      where ${named} in ("id"::text, "slug", "name") and (${ended} or ended_at is null)
    ) found where place = 1 order by "id"`.execute(db);
  return rows;
}

/**
 * Makes the organisation's login, or gives it a new password.
 * @returns the password, which is kept nowhere else
 * @throws where the organisation has ended
 */
export async function openAnalystLogin(db: Db, organizationId: string): Promise<{ user: string; password: string }> {
  const user = loginOf(organizationId);
  const password = randomBytes(24).toString('base64url');
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${user}))`.execute(tx);
    // Held: one that ends at this moment waits, and finds the login.
    const { rows: living } = await sql`
      select from auth."organization" where "id" = ${organizationId}::uuid and ended_at is null for share`.execute(tx);
    if (living.length === 0) throw new Error('The organisation has ended.');
    const { rows } = await sql`select from pg_roles where rolname = ${user}`.execute(tx);
    const role = sql.id(user);
    // Statements about roles take no parameters; both are letters of ours.
    await sql`${sql.raw(rows.length === 0 ? 'create' : 'alter')} role ${role} login password ${sql.lit(password)}
      connection limit ${sql.lit(MOST_CONNECTIONS)}`.execute(tx);
    await sql`grant hub_analysts to ${role}`.execute(tx);
    await set(role, 'default_transaction_read_only', 'on').execute(tx);
    await set(role, 'statement_timeout', STATEMENT_TIMEOUT).execute(tx);
    await set(role, 'search_path', 'analytics').execute(tx);
    await sql`insert into auth.analyst_login (role_name, organization_id) values (${user}, ${organizationId}::uuid)
      on conflict do nothing`.execute(tx);
  });
  return { user, password };
}

/** @returns false where there was none */
export async function closeAnalystLogin(db: Db, organizationId: string): Promise<boolean> {
  const user = loginOf(organizationId);
  return db.transaction().execute(async (tx) => {
    await sql`delete from auth.analyst_login where role_name = ${user}`.execute(tx);
    const { rows } = await sql`select from pg_roles where rolname = ${user}`.execute(tx);
    if (rows.length === 0) return false;
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${user}`.execute(tx);
    await sql`drop role ${sql.id(user)}`.execute(tx);
    return true;
  });
}

const set = (role: RawBuilder<unknown>, name: string, value: string) =>
  sql`alter role ${role} set ${sql.id(name)} to ${sql.lit(value)}`;

/** Every login sees the names of all roles: from this one nobody reads an organisation's id. */
const loginOf = (organizationId: string): string =>
  `hub_analyst_${createHash('sha256').update(organizationId.toLowerCase()).digest('hex').slice(0, 32)}`;
