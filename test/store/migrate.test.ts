// Migrating: once, by whoever comes first, with the failing migration named; and the committed picture of the schema.
import { randomBytes, randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { up as oneRoleASubId } from '../../migrations/0025-one-role-a-sub-id.ts';
import { up as apart } from '../../migrations/0027-apart.ts';
import { closeAnalystLogin } from '../../src/store/analysts.ts';
import { createDb } from '../../src/store/db.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { dumpSchema } from '../../src/store/schema-dump.ts';
import { withOrganization } from '../../src/store/tenancy.ts';
import { seedConfig } from '../api/seed.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let migrated: FreshDatabase;
let emptyUrl: string;
const empty = `empty_${randomBytes(4).toString('hex')}`;

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('databaseUrl') });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

beforeAll(async () => {
  migrated = await freshDatabase();
  await administer(`create database ${empty}`);
  emptyUrl = new URL(`/${empty}`, inject('databaseUrl')).href;
});

afterAll(async () => {
  await migrated.drop();
  await administer(`drop database if exists ${empty} with (force)`);
});

test('three processes at once apply every migration once', async () => {
  const results = await Promise.all([1, 2, 3].map(() => migrateToLatest(emptyUrl)));
  const applied = results.flatMap((result) => result.applied);
  expect(applied[0]).toBe('0001-sign-in');
  expect(new Set(applied).size).toBe(applied.length);
  expect(results.filter((result) => result.applied.length > 0)).toHaveLength(1);
  expect(await migrateToLatest(emptyUrl)).toEqual({ applied: [] });
});

test('a failing migration is named and leaves nothing behind', async () => {
  const before = await dumpSchema(migrated.url);
  const history = async () => {
    const client = new pg.Client({ connectionString: migrated.url });
    await client.connect();
    const { rows } = await client.query('select name from kysely_migration order by name').finally(() => client.end());
    return rows.map(({ name }) => name as string);
  };
  const names = await history();
  const idle = { up: async () => {} };
  const provider = {
    getMigrations: async () => ({
      ...Object.fromEntries(names.map((name) => [name, idle])),
      '9998-half': {
        up: async (db: Kysely<unknown>) => {
          await sql`create table half_done (id int)`.execute(db);
        },
      },
      '9999-broken': {
        up: async (db: Kysely<unknown>) => {
          await sql`select no_such_column`.execute(db);
        },
      },
    }),
  };
  await expect(migrateToLatest(migrated.url, provider)).rejects.toThrow(
    /Migration 9999-broken failed: .*no_such_column/,
  );
  expect(await dumpSchema(migrated.url)).toBe(before);
  expect(await history()).toEqual(names);
});

test('an owner that is no superuser migrates, and may become the role of the API', async () => {
  const owner = `owner_${randomBytes(4).toString('hex')}`;
  const url = new URL(`/${owner}`, inject('databaseUrl'));
  url.username = owner;
  url.password = 'a-password-of-the-tests';
  await administer(`create role ${owner} login password '${url.password}'`);
  await administer(`grant hub_api to ${owner} with inherit false, set true`);
  await administer(`create database ${owner} owner ${owner}`);
  try {
    expect((await migrateToLatest(url.href)).applied.length).toBeGreaterThan(5);
    const db = createDb(url.href, { max: 1 });
    const { rows } = await withOrganization(db, randomUUID(), (tx) =>
      sql<{ role: string }>`select current_user::text as role, (select count(*) from click)::int as clicks`.execute(tx),
    );
    expect(rows).toEqual([{ role: 'hub_api', clicks: 0 }]);
    await db.destroy();
  } finally {
    await administer(`drop database ${owner} with (force)`);
    await administer(`drop role ${owner}`);
  }
});

test('of two roles that one sub-id had, the one confirmed last stays', async () => {
  const { url, drop } = await freshDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const db = createDb(url, { max: 1 });
  try {
    const [config, other, organization] = [randomUUID(), randomUUID(), randomUUID()];
    await client.query('alter table sub_id_map drop constraint sub_id_map_one_role');
    await client.query(
      `insert into auth."organization" ("id", "name", "slug", "createdAt") values ($1, 'o', 'o', now())`,
      [organization],
    );
    for (const id of [config, other]) await seedConfig(db, organization, { id });
    const row = (id: string, role: string, subId: number, at: string) =>
      client.query('insert into sub_id_map values ($1, $2, $3, $4, $5)', [id, organization, role, subId, at]);
    await row(config, 'ad_set', 4, '2026-11-03');
    await row(config, 'ad', 4, '2026-11-02');
    await row(config, 'placement', 5, '2026-11-01');
    await row(other, 'ad', 4, '2026-11-01');
    await oneRoleASubId(db as Kysely<unknown>);
    const { rows } = await client.query('select role, sub_id from sub_id_map order by tracker_config_id = $1, role', [
      config,
    ]);
    expect(rows).toEqual([
      { role: 'ad', sub_id: 4 },
      { role: 'ad_set', sub_id: 4 },
      { role: 'placement', sub_id: 5 },
    ]);
  } finally {
    await db.destroy();
    await client.end();
    await drop();
  }
});

test('of a rate told both ways round the later stays; a login gets a name that tells no organisation, and still comes in', async () => {
  const { url, drop } = await freshDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const db = createDb(url, { max: 1 });
  const id = randomUUID();
  const old = `hub_analyst_${id.replaceAll('-', '')}`;
  try {
    await client.query('drop index currency_rate_pair_key');
    await client.query(
      `insert into currency_rate values ($1, 'EUR', 'USD', '2026-11-01', 1.1, '2026-11-02'), ($1, 'USD', 'EUR', '2026-11-01', 0.5, '2026-11-03'),
        ($1, 'EUR', 'USD', '2026-11-02', 1.2, '2026-11-02')`,
      [id],
    );
    await client.query(
      `insert into auth."organization" ("id", "name", "slug", "createdAt") values ($1, 'o', 'o', now())`,
      [id],
    );
    await client.query(`create role ${old} login`);
    await client.query('insert into auth.analyst_login (role_name, organization_id) values ($1, $2)', [old, id]);
    await apart(db as Kysely<unknown>);
    const { rows } = await client.query('select base, trim_scale(rate)::text as rate from currency_rate order by day');
    expect(rows).toEqual([
      { base: 'USD', rate: '0.5' },
      { base: 'EUR', rate: '1.2' },
    ]);
    // The command finds the renamed one.
    expect(await closeAnalystLogin(db, id)).toBe(true);
    expect((await client.query('select from pg_roles where rolname = $1', [old])).rows).toEqual([]);
  } finally {
    await client.query(`drop role if exists ${old}`);
    await db.destroy();
    await client.end();
    await drop();
  }
});

test('a database that cannot be reached is told without its password', async () => {
  const error = await migrateToLatest('postgres://hub:s3cr3t-pw@127.0.0.1:1/hub').catch((reason: Error) => reason);
  expect(String(error)).toMatch(/could not be migrated: .*ECONNREFUSED/);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cr3t-pw');
});

test('the committed schema is what the migrations make (write it anew with vitest --update)', async () => {
  await expect(await dumpSchema(migrated.url)).toMatchFileSnapshot('../../migrations/schema.sql');
});
