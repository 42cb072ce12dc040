// The loader: one row a key, unchanged rows cost nothing, what the database cannot hold is set aside and never stops a page.
import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ClickRecord, ConversionRecord, LogResource } from '../../src/core/resources.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import { isOfSomeRow, type Loaded, loadPage, type Way } from '../../src/store/loader.ts';
import { createLoaderConnections, type LoaderConnections } from '../../src/store/loader-connection.ts';
import { UPSERT } from '../../src/store/loader-sql.ts';
import { beginPage } from '../../src/store/page-format.ts';
import { freshDatabase } from '../setup/database.ts';

let db: Db;
let loaders: LoaderConnections;
let drop: () => Promise<void>;
let owner = { configId: randomUUID(), organizationId: randomUUID() };

beforeAll(async () => {
  const database = await freshDatabase();
  db = createDb(database.url);
  loaders = createLoaderConnections(database.url);
  drop = database.drop;
});
afterEach(() => {
  owner = { configId: randomUUID(), organizationId: owner.organizationId };
});
afterAll(async () => {
  await Promise.all([db.destroy(), loaders.close()]);
  await drop();
});

const route = {
  ...{ campaignExternalId: '1', offerExternalId: null, landingPageExternalId: null, flowExternalId: null },
  ...{ trafficSourceExternalId: null, affiliateNetworkExternalId: null },
};
const click = (externalId: string, more: Partial<ClickRecord> = {}): ClickRecord => ({
  ...{ externalId, clickedAt: new Date('2026-11-01T10:00:00Z'), ...route, cost: '0.01', revenue: '0', currency: 'USD' },
  ...{ country: 'DE', region: null, city: null, deviceType: null, os: null, browser: null, ip: null },
  ...{ isBot: false, isUnique: true, landingClicked: null, referrer: null, subIds: {}, isDerived: false, ...more },
});
const conversion = (externalId: string, more: Partial<ConversionRecord> = {}): ConversionRecord => ({
  ...{ externalId, clickExternalId: externalId, transactionId: null, convertedAt: new Date('2026-11-01T11:00:00Z') },
  ...{
    clickedAt: null,
    rawStatus: 'lead',
    type: null,
    isReversal: false,
    revenue: '1.50',
    payout: null,
    currency: 'USD',
  },
  ...{ ...route, country: null, subIds: {}, raw: {}, ...more },
});

async function load<R extends LogResource>(
  resource: R,
  records: (R extends 'clicks' ? ClickRecord : ConversionRecord)[],
  isFresh = false,
): Promise<Loaded> {
  const format = beginPage(resource, owner);
  format.add(records as never);
  const page = format.end();
  const write = (way: Way) =>
    loaders.use((connection) =>
      connection.db.transaction().execute(() => loadPage(connection.client, owner, page, way)),
    );
  const loaded = await write(isFresh ? 'straight' : 'staged').catch((error: unknown) => {
    if (!isOfSomeRow(error)) throw error;
    return write('careful');
  });
  return { ...loaded, refused: [...page.unreadable, ...loaded.refused] };
}

const clicks = () =>
  db.selectFrom('click').selectAll().where('tracker_config_id', '=', owner.configId).orderBy('external_id').execute();
const conversions = () =>
  db
    .selectFrom('conversion')
    .selectAll()
    .where('tracker_config_id', '=', owner.configId)
    .orderBy('external_id')
    .execute();

describe.each([
  ['straight', true],
  ['staged', false],
])('clicks, the %s path', (_, isFresh) => {
  test('every value comes back as it was', async () => {
    const nasty = 'tab\t newline\n return\r backslash \\ \\N quote " 🎈 ünïcode';
    const record = click('a', {
      clickedAt: new Date('2026-11-01T10:00:00.123Z'),
      cost: '0.1234567890123456789',
      revenue: '900719925474.5',
      referrer: nasty,
      subIds: { '1': nasty, '30': '{{ad.id}}' },
      ip: '2001:db8::1',
      landingClicked: true,
    });
    const loaded = await load('clicks', [record, click('b', { cost: null })], isFresh);
    expect(loaded).toMatchObject({ inserted: 2, updated: 0, unchanged: 0, refused: [] });
    const [row] = await clicks();
    expect(row).toMatchObject({
      ...{ cost: '0.1234567890123456789', revenue: '900719925474.5', referrer: nasty, ip: '2001:db8::1' },
      ...{ sub_ids: { '1': nasty, '30': '{{ad.id}}' }, landing_clicked: true, is_bot: false },
      clicked_at: new Date('2026-11-01T10:00:00.123Z'),
    });
  });
});

describe.each([
  ['straight', true],
  ['staged', false],
])('what cannot be held, the %s path', (_, isFresh) => {
  test.each<[string, Partial<ClickRecord>, string]>([
    ['NUL', { referrer: 'a\0b' }, 'NUL'],
    ['NUL in a sub-id', { subIds: { 3: 'a\0b' } }, 'NUL'],
    ['half a character', { city: 'a\ud800' }, 'half of a character'],
    ['half a character in a sub-id', { subIds: { 3: '\udc00a' } }, 'half of a character'],
    ['an impossible date', { clickedAt: new Date(Number.NaN) }, 'time outside'],
    ['the year 20260', { clickedAt: new Date('+020260-01-01T00:00:00Z') }, 'time outside'],
    ['the year 1970', { clickedAt: new Date(0) }, 'time outside'],
    ['money beyond bounds', { cost: '1000000000000.00000001' }, 'check constraint'],
    ['money that is not a number', { cost: 'NaN' }, 'check constraint'],
    ['infinite money', { revenue: 'Infinity' }, 'check constraint'],
    ['money that is a word', { revenue: 'free' }, 'invalid input syntax'],
    ['money of more digits than there are', { revenue: `0.${'1'.repeat(20_000)}` }, 'refuses it'],
    ['a key that no index holds', { externalId: randomBytes(1_000).toString('hex') }, 'longer than 1000 bytes'],
    ['a key of few but wide characters', { externalId: '🎈'.repeat(251) }, 'longer than 1000 bytes'],
  ])('%s is set aside with its reason, the rest of the page is kept', async (_, bad, reason) => {
    const page = [...Array.from({ length: 20 }, (_, i) => click(`k${i}`)), click('k5b', bad)];
    const loaded = await load('clicks', page, isFresh);
    expect(loaded).toMatchObject({ inserted: 20, refused: [{ reason: expect.stringContaining(reason) }] });
    expect((await clicks()).map((row) => row.external_id)).toEqual(
      page
        .slice(0, 20)
        .map((r) => r.externalId)
        .sort(),
    );
  });

  test('what only looks like it goes through', async () => {
    const subIds = { 1: '\\u0000', 2: '\\ud800', 3: '🎈', 4: '\\\\u0000' };
    const externalId = '🎈'.repeat(250);
    await expect(load('clicks', [click(externalId, { subIds })], isFresh)).resolves.toMatchObject({ inserted: 1 });
    expect(await clicks()).toMatchObject([{ external_id: externalId, sub_ids: subIds }]);
  });
});

describe('clicks', () => {
  test('loaded twice are there once, and the second time costs no write', async () => {
    const page = [click('a'), click('b'), click('c')];
    await load('clicks', page);
    const places = () =>
      sql`select ctid, xmin from click where tracker_config_id = ${owner.configId} order by 1`.execute(db);
    const before = await places();
    await expect(load('clicks', page)).resolves.toMatchObject({ inserted: 0, updated: 0, unchanged: 3 });
    expect((await places()).rows).toEqual(before.rows);
  });

  test('only what differs is written', async () => {
    await load('clicks', [click('a'), click('b')]);
    const loaded = await load('clicks', [click('a'), click('b', { revenue: '7' }), click('c')]);
    expect(loaded).toMatchObject({ inserted: 1, updated: 1, unchanged: 1 });
    expect((await clicks()).map((row) => row.revenue)).toEqual(['0', '7', '0']);
  });

  test('what a smaller set of columns does not tell stays as it was', async () => {
    await load('clicks', [click('a', { cost: '1.25', city: 'Berlin', subIds: { '1': 'x', '20': 'y' } })]);
    const silent = { cost: null, country: null, city: null, campaignExternalId: null, subIds: { '1': 'z' } };
    await load('clicks', [click('a', { ...silent, revenue: '5' })]);
    expect((await clicks())[0]).toMatchObject({
      ...{ cost: '1.25', revenue: '5', city: 'Berlin', country: 'DE', campaign_external_id: '1' },
      sub_ids: { '1': 'z', '20': 'y' },
    });
  });

  test('a key twice in one page is one row, the last one', async () => {
    await load('clicks', [click('a', { revenue: '1' }), click('a', { revenue: '2' })]);
    expect((await clicks()).map((row) => row.revenue)).toEqual(['2']);
  });

  test('the straight path falls back where a row is there already, and says that it did', async () => {
    await load('clicks', [click('b')], true);
    const loaded = await load('clicks', [click('a'), click('b', { revenue: '3' })], true);
    expect(loaded).toMatchObject({ inserted: 1, updated: 1 });
    expect((await clicks()).map((row) => row.external_id)).toEqual(['a', 'b']);
  });

  test('a derived click never replaces a real one, a real one replaces a derived one', async () => {
    await load('clicks', [click('a', { isDerived: true, city: 'derived' }), click('b', { city: 'real' })]);
    await load('clicks', [click('a', { city: 'real' }), click('b', { isDerived: true, city: 'derived' })]);
    expect((await clicks()).map((row) => [row.city, row.is_derived])).toEqual([
      ['real', false],
      ['real', false],
    ]);
  });

  test('a row of ten megabytes goes through', async () => {
    const referrer = 'x'.repeat(10 * 1024 * 1024);
    await load('clicks', [click('big', { referrer })]);
    expect((await clicks())[0]?.referrer?.length).toBe(referrer.length);
  });

  test('more rows than a statement has parameters', async () => {
    const page = Array.from({ length: 70_000 }, (_, i) => click(`n${i}`));
    await expect(load('clicks', page, true)).resolves.toMatchObject({ inserted: 70_000 });
  });

  test('the same rows from four sides at once: each once, and nobody waits for ever', async () => {
    const page = Array.from({ length: 500 }, (_, i) => click(`p${i}`));
    const shuffled = (n: number) =>
      [...page].sort((a, b) => ((a.externalId.charCodeAt(1) * n) % 7) - ((b.externalId.charCodeAt(1) * n) % 7));
    await Promise.all([1, 2, 3, 4].map((n) => load('clicks', shuffled(n), n % 2 === 0)));
    expect((await clicks()).length).toBe(500);
  });
});

describe('conversions', () => {
  const changes = async (id: string) =>
    (
      await db.selectFrom('conversion_change').selectAll().where('conversion_id', '=', id).orderBy('seen_at').execute()
    ).map((change) => [change.raw_status, change.revenue]);

  test('every change of status or money is kept, going back and forth too', async () => {
    const states = [
      ['lead', '1.5'],
      ['sale', '1.5'],
      ['rejected', '1.5'],
      ['sale', '2'],
    ] as const;
    for (const [rawStatus, revenue] of states) await load('conversions', [conversion('c', { rawStatus, revenue })]);
    const [row] = await conversions();
    expect(row).toMatchObject({ raw_status: 'sale', revenue: '2' });
    expect(await changes(row!.id)).toEqual(states.map((state) => [...state]));
  });

  test('what is not status or money changes the row and not the timeline', async () => {
    await load('conversions', [conversion('c')]);
    await load('conversions', [conversion('c', { country: 'FR' })]);
    const [row] = await conversions();
    expect(row?.country).toBe('FR');
    expect(await changes(row!.id)).toHaveLength(1);
  });

  test('the same amount written in another way is no change', async () => {
    await load('conversions', [conversion('c', { revenue: '1.50' })]);
    await load('conversions', [conversion('c', { revenue: '1.5' })]);
    expect(await changes((await conversions())[0]!.id)).toHaveLength(1);
  });

  test('a currency that comes later is a change, with what was there before it kept', async () => {
    await load('conversions', [conversion('c', { currency: null }), conversion('d')]);
    const changed = [conversion('c', { currency: 'EUR', revenue: null }), conversion('d'), conversion('e')];
    await expect(load('conversions', changed)).resolves.toMatchObject({ inserted: 1, updated: 1, unchanged: 1 });
    const rows = await conversions();
    expect(await changes(rows[0]!.id)).toEqual([
      ['lead', '1.50'],
      ['lead', '1.50'],
    ]);
    expect(await changes(rows[1]!.id)).toHaveLength(1);
    expect(await changes(rows[2]!.id)).toHaveLength(1);
  });

  test('what was there before is never looked for row by row among the written ones', async () => {
    const plan = await loaders.use(async ({ client }) => {
      const { rows } = await client.query(
        `explain ${UPSERT.conversions.upsert.replaceAll('$1', `'${owner.configId}'`)}`,
      );
      return rows.map((row) => row['QUERY PLAN'] as string);
    });
    const begin = plan.findIndex((line) => line.includes('CTE noted'));
    const noted = plan.slice(
      begin,
      plan.findIndex((line) => line.includes('CTE marked')),
    );
    expect(noted.filter((line) => line.includes('CTE Scan on written')).length).toBeGreaterThan(0);
    expect(noted.filter((line) => /Nested Loop|Join/.test(line))).toEqual([]);
  });

  test.each([
    ['1970', new Date(0)],
    ['no date at all', new Date(Number.NaN)],
  ])('an optional time that cannot be meant (%s) is none', async (_, clickedAt) => {
    await expect(load('conversions', [conversion('c', { clickedAt })])).resolves.toMatchObject({ refused: [] });
    expect(await conversions()).toMatchObject([{ clicked_at: null }]);
  });

  test.each<[string, Partial<ConversionRecord>, string]>([
    ['a required time of 1970', { convertedAt: new Date(0) }, 'time outside'],
    ['NUL deep in the raw row', { raw: { a: [{ b: 'x\0' }] } }, 'NUL'],
    ['half a character in a name of the raw row', { raw: { 'a\ud800': 1 } }, 'half of a character'],
    ['a click id that no index holds', { clickExternalId: randomBytes(4_000).toString('hex') }, 'refuses it'],
  ])('%s is set aside, the rest of the page is kept', async (_, bad, reason) => {
    const loaded = await load('conversions', [conversion('a'), conversion('b', bad), conversion('c')]);
    expect(loaded).toMatchObject({ inserted: 2, refused: [{ reason: expect.stringContaining(reason) }] });
    expect((await conversions()).map((row) => row.external_id)).toEqual(['a', 'c']);
  });

  test('unchanged ones cost no write', async () => {
    await load('conversions', [conversion('c'), conversion('d')]);
    await expect(load('conversions', [conversion('c'), conversion('d')])).resolves.toMatchObject({
      inserted: 0,
      updated: 0,
      unchanged: 2,
    });
  });

  test('a status is looked up at read: a changed mapping is true at once', async () => {
    await db
      .insertInto('tracker_config')
      .values({
        ...{
          id: owner.configId,
          organization_id: await organization(),
          type: 'keitaro',
          name: owner.configId,
          url: 'https://x',
        },
        ...{ credentials_sealed: 'x', credentials_key_id: 'x' },
      })
      .execute();
    await load('conversions', [conversion('c', { rawStatus: 'VIP' })]);
    const status = async () => {
      const row = await db
        .selectFrom('conversion_with_status')
        .selectAll()
        .where('tracker_config_id', '=', owner.configId)
        .executeTakeFirstOrThrow();
      return [row.status, row.reversed, row.is_mapped];
    };
    expect(await status()).toEqual(['pending', false, false]);
    const place = { tracker_config_id: owner.configId, organization_id: owner.organizationId, raw_status: 'vip' };
    await db
      .insertInto('status_map')
      .values({ ...place, status: 'rejected', reversed: true })
      .execute();
    expect(await status()).toEqual(['rejected', true, true]);
  });
});

async function organization(): Promise<string> {
  const { organizationId: id } = owner;
  await sql`insert into auth.organization (id, name, slug, "createdAt") values (${id}, ${id}, ${id}, now())
    on conflict do nothing`.execute(db);
  return id;
}
