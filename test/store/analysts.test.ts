// Logins for SQL: the views of one organisation, statuses already mapped; nothing else, whatever is set, asked or put on.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runAnalyst } from '../../src/analyst.ts';
import { closeAnalystLogin, openAnalystLogin } from '../../src/store/analysts.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import { endOrganization } from '../../src/store/organizations.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from '../api/seed.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
let db: Db;
let ours: string;
let theirs: string;
let analyst: pg.Client;
let user: string;

async function organization(name: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`insert into auth."organization" ("name", "slug", "createdAt")
    values (${name}, ${name.toLowerCase()}, now()) returning "id"`.execute(db);
  const organizationId = rows[0]!.id;
  const configId = await seedConfig(db, organizationId, { name: `${name} panel` });
  const owner = { configId, organizationId };
  await seedCampaign(db, owner, '1', { name: `${name} campaign` });
  await seedClicks(db, owner, [
    {
      ...{
        external_id: 'k1',
        clicked_at: '2026-11-01T10:00:00Z',
        cost: '0.1',
        campaign_external_id: '1',
        currency: null,
      },
      ...{ country: 'DE', sub_ids: '{"1":"a","2":"b"}' },
    },
    { clicked_at: '2026-11-01T11:00:00Z', cost: '0.2', campaign_external_id: '9' },
    { clicked_at: '2026-11-01T11:00:00Z', is_derived: true },
  ]);
  await seedConversions(db, owner, [
    {
      converted_at: '2026-11-01T12:00:00Z',
      raw_status: 'Sale',
      revenue: '12345678901.123456789',
      campaign_external_id: '1',
    },
    { converted_at: '2026-11-01T13:00:00Z', raw_status: 'chargeback', revenue: '-1' },
    {
      ...{ converted_at: '2026-11-01T14:00:00Z', raw_status: 'Trial Won', revenue: '2', click_external_id: 'k1' },
      sub_ids: '{"2":"c"}',
    },
  ]);
  for (const table of ['offer', 'landing_page', 'flow', 'traffic_source', 'affiliate_network'])
    await sql`insert into ${sql.table(table)} (tracker_config_id, organization_id, external_id, name, raw, row_hash)
      values (${configId}, ${organizationId}, '1', ${`${name} ${table}`}, '{}', gen_random_uuid())`.execute(db);
  await sql`insert into conversion_change (tracker_config_id, organization_id, conversion_id, seen_at, raw_status)
    select tracker_config_id, organization_id, id, now(), 'lead' from conversion
    where organization_id = ${organizationId} and raw_status = 'Sale'`.execute(db);
  await sql`insert into reconciliation_figure (tracker_config_id, day, campaign_external_id, organization_id, our_clicks, their_clicks,
      our_cost, their_cost, our_conversions, their_conversions, our_revenue, their_revenue)
    values (${configId}, '2026-11-01', '1', ${organizationId}, 1, 2, 0, 0, 0, 0, 0, 0)`.execute(db);
  await sql`insert into ad (organization_id, level, external_id, platform, ad_campaign_external_id) values
    (${organizationId}, 'ad_campaign', 'c', 'fb', null), (${organizationId}, 'ad', 'a', 'fb', 'c')`.execute(db);
  await sql`insert into ad_spend (organization_id, level, external_id, day, amount, currency)
    select organization_id, level, external_id, '2026-11-01', 5, 'USD' from ad where organization_id = ${organizationId}`.execute(
    db,
  );
  return organizationId;
}

/** How many rows of an organisation each view holds; one where nothing is said. */
const ROWS: Readonly<Record<string, number>> = { click: 2, conversion: 3, ad: 2, ad_spend: 2 };

async function connect(password: string): Promise<pg.Client> {
  const url = new URL(database.url);
  url.username = user;
  url.password = password;
  const client = new pg.Client({ connectionString: url.href });
  client.on('error', () => {});
  await client.connect();
  return client;
}

const ask = async (text: string) => (await analyst.query(text)).rows;

beforeAll(async () => {
  database = await freshDatabase();
  db = createDb(database.url, { max: 2 });
  ours = await organization('Ours');
  theirs = await organization('Theirs');
  const login = await openAnalystLogin(db, ours);
  user = login.user;
  analyst = await connect(login.password);
});
afterAll(async () => {
  await analyst.end();
  for (const id of [ours, theirs]) await closeAnalystLogin(db, id);
  await db.destroy();
  await database.drop();
});

test('clicks and conversions, with names, currencies and statuses', async () => {
  expect(await ask('select tracker_config, campaign, cost, currency from click order by clicked_at')).toEqual([
    { tracker_config: 'Ours panel', campaign: 'Ours campaign', cost: '0.1', currency: 'USD' },
    { tracker_config: 'Ours panel', campaign: null, cost: '0.2', currency: 'USD' },
  ]);
  const conversions = 'select raw_status, status, reversed, is_mapped, revenue from conversion order by converted_at';
  expect(await ask(conversions)).toEqual([
    { raw_status: 'Sale', status: 'approved', reversed: false, is_mapped: true, revenue: '12345678901.123456789' },
    { raw_status: 'chargeback', status: 'rejected', reversed: true, is_mapped: true, revenue: '-1' },
    { raw_status: 'Trial Won', status: 'pending', reversed: false, is_mapped: false, revenue: '2' },
  ]);
});

test('what a conversion leaves out its click tells', async () => {
  const told = 'select campaign_external_id as id, campaign, country, sub_ids, clicked_at from conversion';
  expect(await ask(`${told} where raw_status = 'Trial Won'`)).toEqual([
    {
      ...{ id: '1', campaign: 'Ours campaign', country: 'DE', sub_ids: { '1': 'a', '2': 'c' } },
      clicked_at: new Date('2026-11-01T10:00:00Z'),
    },
  ]);
  expect(await ask(`${told} where raw_status = 'chargeback'`)).toEqual([
    { id: null, campaign: null, country: null, sub_ids: {}, clicked_at: null },
  ]);
});

test('spend that is known more finely is told, and counts once', async () => {
  expect(await ask('select level, amount, is_counted from ad_spend order by level')).toEqual([
    { level: 'ad', amount: '5', is_counted: true },
    { level: 'ad_campaign', amount: '5', is_counted: false },
  ]);
});

describe('of another organisation nothing is seen', () => {
  test('in any view', async () => {
    const views = await ask(
      `select table_name from information_schema.views where table_schema = 'analytics' order by 1`,
    );
    expect(views.length).toBeGreaterThan(10);
    for (const { table_name } of views) {
      const rows = await ask(`select * from analytics.${table_name}`);
      expect(rows.length, table_name).toBe(ROWS[table_name] ?? 1);
      const text = JSON.stringify(rows);
      expect(text, table_name).not.toContain('Theirs');
      expect(text, table_name).not.toContain(theirs);
    }
  });

  test('would be seen by this very test in each view that forgets its condition', async () => {
    const { rows: views } = await sql<{ name: string; definition: string }>`
      select viewname as name, definition from pg_views where schemaname = 'analytics'`.execute(db);
    const write = (name: string, definition: string) =>
      sql.raw(`create or replace view analytics.${name} with (security_barrier = true) as ${definition}`).execute(db);
    for (const { name, definition } of views) {
      const condition =
        /\(?(\w+\.)?organization_id = \( SELECT analytics\.own_organization\(\) AS own_organization\)\)?/g;
      const forgetful = definition.replaceAll(condition, '(true)');
      expect(forgetful, name).not.toBe(definition);
      try {
        await write(name, forgetful);
        expect((await ask(`select from analytics.${name}`)).length, name).toBe(2 * (ROWS[name] ?? 1));
      } finally {
        await write(name, definition);
      }
    }
  });

  test.each([
    ['a setting', () => `set app.organization = '${theirs}'; select name from tracker`],
    [
      'a function that tells what it sees',
      () =>
        `create function pg_temp.told(t text) returns bool language plpgsql cost 0.0001 as $$ begin raise notice '%', t; return true; end $$;
       select name from tracker where pg_temp.told(name)`,
    ],
  ])('by %s', async (_, text) => {
    const notices: string[] = [];
    const hear = (notice: { message?: string | undefined }) => notices.push(notice.message ?? '');
    analyst.on('notice', hear);
    await analyst.query('begin read write');
    const results = (await analyst.query(text())) as unknown as pg.QueryResult[];
    await analyst.query('rollback');
    analyst.off('notice', hear);
    expect(results.at(-1)?.rows).toEqual([{ name: 'Ours panel' }]);
    expect(notices.join()).not.toContain('Theirs');
  });
});

test.each([
  ['select * from public.click', /permission denied/],
  ['select pg_advisory_lock(1)', /permission denied/],
  ['select pg_try_advisory_xact_lock_shared(1, 2)', /permission denied/],
  ['select credentials_sealed from public.tracker_config', /permission denied/],
  ['select * from auth.analyst_login', /permission denied/],
  ['select * from auth."user"', /permission denied/],
  ['set role hub_api', /permission denied/],
  ['set role postgres', /permission denied/],
  ['begin read write; delete from analytics.click', /permission denied|cannot delete/],
  ['begin read write; update analytics.tracker set name = $$x$$', /permission denied|cannot update/],
  ['begin read write; create table public.mine (x int)', /permission denied/],
])('%s is refused', async (text, message) => {
  try {
    await expect(analyst.query(text)).rejects.toThrow(message);
  } finally {
    await analyst.query('rollback');
  }
});

test('no name of a role tells which organisations there are', async () => {
  const rest = await openAnalystLogin(db, theirs);
  const names = (await ask('select rolname from pg_roles')).map(({ rolname }) => rolname as string);
  expect(names).toEqual(expect.arrayContaining([user, rest.user]));
  for (const id of [ours, theirs]) expect(names.join()).not.toContain(id.replaceAll('-', ''));
});

test('a new password ends the old one; closed, nobody comes in', async () => {
  const { password } = await openAnalystLogin(db, ours);
  const fresh = await connect(password);
  expect((await fresh.query('select count(*)::int as n from tracker')).rows).toEqual([{ n: 1 }]);
  expect(await closeAnalystLogin(db, ours)).toBe(true);
  await expect(connect(password)).rejects.toThrow(/authentication failed|does not exist/);
  await fresh.end().catch(() => {});
  expect(await closeAnalystLogin(db, ours)).toBe(false);
});

describe('the command', () => {
  async function run(...argv: string[]): Promise<string> {
    const said = vi.spyOn(console, 'log').mockImplementation(() => {});
    try {
      await runAnalyst(database.url, argv);
      return said.mock.calls.join();
    } finally {
      said.mockRestore();
    }
  }

  test('finds an organisation by id, slug and name, and says which one it is', async () => {
    for (const named of [ours, 'ours', 'Ours']) expect(await run(named), named).toContain(`Ours (${ours})`);
    expect(await run(ours, '--close')).toContain(`Ours (${ours})`);
    await expect(run(randomUUID())).rejects.toThrow('There is no organisation');
  });

  test('takes no other’s login because of a name that two have, or that is another’s id or slug', async () => {
    const rename = (name: string) =>
      sql`update auth."organization" set "name" = ${name} where "id" = ${theirs}::uuid`.execute(db);
    await rename('Ours');
    await expect(run('Ours')).rejects.toThrow(new RegExp(`${ours}|${theirs}`));
    await expect(run('Ours', '--close')).rejects.toThrow('Several');
    for (const name of [ours, 'ours']) {
      await rename(name);
      expect(await run(name), name).toContain(`Ours (${ours})`);
    }
    await rename('Theirs');
  });
});

test('of an organisation that has ended nothing is seen, and no login is opened; the one it had can go', async () => {
  const ended = await organization('Ended');
  const login = await openAnalystLogin(db, ended);
  user = login.user;
  const open = await connect(login.password);
  const trackers = async () => (await open.query('select name from tracker')).rows;
  expect(await trackers()).toEqual([{ name: 'Ended panel' }]);
  await endOrganization(db, ended);
  // Its trackers are deleted in the background: they are seen no more before that, too.
  await sql`update tracker_config set desired_state = 'active' where organization_id = ${ended}::uuid`.execute(db);
  expect(await trackers()).toEqual([]);
  await expect(openAnalystLogin(db, ended)).rejects.toThrow('ended');
  await expect(runAnalyst(database.url, [ended])).rejects.toThrow('There is no organisation');
  expect(await runAnalyst(database.url, [ended, '--close'])).toBe(0);
  await expect(connect(login.password)).rejects.toThrow(/authentication failed|does not exist/);
  await open.end().catch(() => {});
});
