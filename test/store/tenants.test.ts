// Row-level security alone keeps organisations apart: every relation of the catalog, tried as the API's role.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/store/db.ts';
import { withOrganization } from '../../src/store/tenancy.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const OURS = '00000000-0000-7000-8000-00000000000a';
const THEIRS = '00000000-0000-7000-8000-00000000000b';

const PARTITION = /^(click_p\d+|(click|conversion)_(hour|day)_[a-z]+)$/;

let database: FreshDatabase;
let db: Db;

interface Relation {
  name: string;
  kind: string;
  hasOrganization: boolean;
}

async function relations(): Promise<Relation[]> {
  const { rows } = await sql<Relation>`
    select c.oid::regclass::text as name, c.relkind as kind,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname in ('organization_id', 'organizationId')) as "hasOrganization"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'v', 'm', 'f')
    order by 1`.execute(db);
  return rows;
}

const countAsOwner = async (relation: string): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.raw(relation)}`.execute(db)).rows[0]!.n;

/** What the API's role finds there: a number of rows, or that it may not look. */
async function countAs(organizationId: string, relation: string): Promise<number | 'denied'> {
  try {
    return await withOrganization(db, organizationId, async (tx) => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.raw(relation)}`.execute(tx);
      return rows[0]!.n;
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42501') return 'denied';
    throw error;
  }
}

/** Puts a row of THEIRS into every table, whatever its rules: this database serves no other purpose. */
async function fillEveryTable(): Promise<void> {
  await sql
    .raw(`
    do $$
    declare it record; columns text; vals text;
    begin
      for it in select conrelid::regclass as t, conname from pg_constraint where contype = 'f' and conparentid = 0 loop
        execute format('alter table %s drop constraint %I', it.t, it.conname);
      end loop;
      for it in select conrelid::regclass as t, conname from pg_constraint where contype = 'c' and conislocal and connamespace <> 'pg_catalog'::regnamespace
          and connamespace <> 'information_schema'::regnamespace and conrelid <> 0 loop
        execute format('alter table %s drop constraint %I', it.t, it.conname);
      end loop;
      for it in select partrelid::regclass as t from pg_partitioned_table where partstrat in ('r', 'l') and partdefid = 0 loop
        execute format('create table %s partition of %s default', it.t || '_rest', it.t);
      end loop;
      for it in select c.oid, c.oid::regclass as t from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p') and not c.relispartition
            and c.relname !~ '^kysely_' loop
        select string_agg(quote_ident(a.attname), ', '), string_agg(case
            when a.attname in ('organization_id', 'organizationId') then quote_literal('${THEIRS}')
            when a.atttypid = 'uuid'::regtype then 'gen_random_uuid()'
            when a.atttypid = 'jsonb'::regtype then '''{}'''
            when a.atttypid in ('timestamptz'::regtype, 'date'::regtype) then 'now()'
            when a.atttypid = 'bytea'::regtype then '''x'''
            when a.atttypid = 'boolean'::regtype then 'false'
            when a.atttypid in ('int'::regtype, 'bigint'::regtype, 'smallint'::regtype, 'numeric'::regtype) then '1'
            when a.attndims > 0 then '''{}'''
            else '''x''' end, ', ') into columns, vals
          from pg_attribute a where a.attrelid = it.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
            and (a.attnotnull and not a.atthasdef or a.attname = 'organization_id');
        execute format('insert into %s (%s) values (%s)', it.t, columns, vals);
      end loop;
    end $$`)
    .execute(db);
}

beforeAll(async () => {
  database = await freshDatabase();
  db = createDb(database.url, { max: 3 });
  await fillEveryTable();
});

afterAll(async () => {
  await db.destroy();
  await database.drop();
});

describe('a foreign organisation', () => {
  test('sees nothing in any relation, although each holds a row', async () => {
    const found = await relations();
    expect(found.length).toBeGreaterThan(40);
    for (const { name, kind } of found) {
      expect(await countAs(OURS, name), name).toBeOneOf([0, 'denied']);
      // Some partitions stay empty; what is partitioned holds its row.
      const isPartition = PARTITION.test(name);
      const isJoined = kind === 'v';
      if (!isPartition && !isJoined) expect(await countAsOwner(name), `${name} holds a row`).toBeGreaterThan(0);
    }
  });

  test('would be seen by this very test where a policy is missing', async () => {
    await db.transaction().execute(async (tx) => {
      await sql`alter table campaign disable row level security`.execute(tx);
      await sql`select set_config('role', 'hub_api', true), set_config('app.organization', ${OURS}, true)`.execute(tx);
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from campaign`.execute(tx);
      expect(rows[0]?.n).toBe(1);
      await sql`reset role`.execute(tx);
      await sql`alter table campaign enable row level security`.execute(tx);
    });
  });

  test('changes, deletes and plants nothing', async () => {
    const config = (await db.selectFrom('tracker_config').select(['id']).executeTakeFirstOrThrow()).id;
    await withOrganization(db, OURS, async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('tracker_config')
        .set({ name: 'mine' })
        .where('id', '=', config)
        .executeTakeFirst();
      expect(numUpdatedRows).toBe(0n);
      expect((await tx.deleteFrom('status_map').executeTakeFirst()).numDeletedRows).toBe(0n);
    });
    const planted = withOrganization(db, OURS, (tx) =>
      tx.insertInto('run').values({ organization_id: THEIRS, tracker_config_id: config, kind: 'cycle' }).execute(),
    );
    await expect(planted).rejects.toThrow(/row-level security/);
  });
});

test('the organisation itself sees its row in every table that the API may read', async () => {
  const found = (await relations()).filter(({ hasOrganization, kind }) => hasOrganization && kind !== 'v');
  const seen = await Promise.all(found.map(async ({ name }) => [name, await countAs(THEIRS, name)] as const));
  const readable = seen.filter(([, count]) => count !== 'denied');
  expect(readable.map(([name]) => name)).toEqual(expect.arrayContaining(['click', 'auth.member', 'auth.invitation']));
  expect(readable.length).toBeGreaterThan(15);
  // Triggers add marks to the one that is put there.
  for (const [name, count] of readable)
    expect(name === 'spend_mark' ? Math.min(Number(count), 1) : count, name).toBe(1);
  // Partitions are reached through their table only.
  expect(
    seen
      .filter(([name]) => PARTITION.test(name) || name === 'tracker_request_rest')
      .every(([, count]) => count === 'denied'),
  ).toBe(true);
});

test('passwords, sessions, codes, and the hashes of keys and links are out of sight', async () => {
  const hidden = ['auth.account', 'auth.session', 'auth.verification', 'auth."twoFactor"', 'auth.attempt'];
  for (const name of hidden) expect(await countAs(THEIRS, name), name).toBe('denied');
  for (const column of ['key_hash from auth.api_key', 'token_hash from auth.invitation', '"image" from auth."user"']) {
    const read = withOrganization(db, THEIRS, (tx) => sql.raw(`select ${column}`).execute(tx));
    await expect(read, column).rejects.toThrow(/permission denied/);
  }
});

test('without an organisation there is nothing, and no error', async () => {
  await db.transaction().execute(async (tx) => {
    await sql`set local role hub_api`.execute(tx);
    expect((await sql`select from tracker_config`.execute(tx)).rows).toHaveLength(0);
  });
});

test('role and organisation end with the transaction, also where it fails', async () => {
  await expect(withOrganization(db, OURS, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await withOrganization(db, OURS, async () => {});
  await Promise.all(
    [1, 2, 3].map(async () => {
      const { rows } = await sql<{ role: string; organization: string | null }>`
        select current_user::text as role, nullif(current_setting('app.organization', true), '') as organization,
          pg_sleep(0.01)::text`.execute(db);
      expect(rows[0]).toMatchObject({ organization: null });
      expect(rows[0]?.role).not.toBe('hub_api');
    }),
  );
});
