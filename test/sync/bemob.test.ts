// A BeMob account from its backfill on: visits as clicks, what changes late, whole days beside its report, a log that is refused.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BemobOptionsInput } from '../../simulator/faces/bemob/options.ts';
import { statusWord } from '../../simulator/faces/bemob/values.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { conversionKey } from '../adapters/bemob-faces.ts';
import { canaryKey } from '../leaks/canary.ts';
import { freshDatabase } from '../setup/database.ts';
import { collect, sumMicros } from '../simulator/panel.ts';
import { type Ground, openGround } from './ground.ts';
import { type Life, openLife } from './life.ts';
import { hubTotals, ledgerTotals, type Totals } from './totals.ts';

let ground: Ground;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  ground = await openGround(database.url);
});

afterAll(async () => {
  await ground.stop();
  await drop();
});

function life(seed: number, bemob: BemobOptionsInput = {}, settings: object = {}): Promise<Life> {
  const accessKey = canaryKey();
  return openLife(ground, 'bemob', {
    ledger: { seed, bemob: { planted: canaryKey(), accessKey, ...bemob } },
    settings,
    credentials: (secretKey) => ({ accessKey, secretKey }),
  });
}

/** Statuses in BeMob's words; amounts in micros, since several of the ledger's words may be one. */
function inWords({ clicks, cost, conversions }: Totals, wordOf: (status: string) => string) {
  const sums: Record<string, { count: number; revenue: bigint }> = {};
  for (const [status, { count, revenue }] of Object.entries(conversions)) {
    const before = sums[wordOf(status)] ?? { count: 0, revenue: 0n };
    sums[wordOf(status)] = { count: before.count + count, revenue: before.revenue + sumMicros([revenue]) };
  }
  return { clicks, cost, conversions: sums };
}

/** From history's beginning to the end of what a cycle has read by now. */
async function expectEqual(life: Life, lag = 17 * MINUTE_MS): Promise<number> {
  const { backfill_from } = await life.config();
  const range = { from: backfill_from!, to: new Date(life.now() - lag) };
  const hub = await hubTotals(ground.db, life.configId, range);
  expect(inWords(hub, (word) => word)).toEqual(inWords(await ledgerTotals(life.ledger, range), statusWord));
  return hub.clicks;
}

describe.each<[string, BemobOptionsInput]>([
  ['as it comes', {}],
  [
    'short pages, keys without a prefix, columns that it does not know',
    { maxRows: 150, isPrefixed: false, columns: 'refused' },
  ],
])('%s', (_, bemob) => {
  test('history, what is new, and a chargeback that comes late: equal to the ledger each time', async () => {
    const account = await life(2, bemob);
    const { configId, ledger, live, now } = account;
    await live(20 * MINUTE_MS);
    const before = await expectEqual(account);
    expect(before).toBeGreaterThan(1_000);
    await live(2 * HOUR_MS);
    expect(await expectEqual(account)).toBeGreaterThan(before);

    const postbacks = await collect(ledger.truthConversions({ to: new Date(now() - 26 * HOUR_MS).toISOString() }));
    const old = postbacks.slice(0, 5);
    const ids = old.map(({ id }) => id);
    await ledger.overlay({ kind: 'setConversions', ids, status: 'chargeback', revenue: '0.123456' });
    await live(2 * HOUR_MS);
    await expectEqual(account);
    const { rows } = await sql`
      select status, reversed, raw_status, revenue::text from conversion_with_status
      where tracker_config_id = ${configId} and external_id = any(${old.map(conversionKey)}::text[])`.execute(
      ground.db,
    );
    expect(rows).toEqual(
      Array(5).fill({ status: 'rejected', reversed: true, raw_status: 'chargeback', revenue: '0.123456' }),
    );
    expect(await account.config()).toMatchObject({ state: 'synced', last_error: null });
    const unreadable = ground.db.selectFrom('unreadable_row').selectAll().where('tracker_config_id', '=', configId);
    expect(await unreadable.execute()).toEqual([]);
  });
});

test('several postbacks of a click without event and transaction are each counted, and one that changes stays one', async () => {
  const account = await life(7);
  const { ledger, live, now, configId } = account;
  await live(20 * MINUTE_MS);
  const [click] = await collect(ledger.truthClicks({ from: new Date(now() - 9 * HOUR_MS).toISOString() }));
  const at = (hoursAgo: number) => new Date(now() - hoursAgo * HOUR_MS).toISOString();
  const conversions = [5, 4].map((hoursAgo) => ({
    ...{ subId: click!.subId, at: at(hoursAgo), status: 'lead', revenue: '1.25', tid: '' },
  }));
  const { conversionIds } = await ledger.overlay({ kind: 'addConversions', conversions });
  await live(2 * HOUR_MS);
  await expectEqual(account);
  await ledger.overlay({ kind: 'setConversions', ids: conversionIds!.slice(0, 1), status: 'sale' });
  await live(2 * HOUR_MS);
  await expectEqual(account);
  const { rows } = await sql<{ rows: number }>`
    select count(*)::int as rows from conversion
    where tracker_config_id = ${configId} and click_external_id = ${click!.subId} and transaction_id is null`.execute(
    ground.db,
  );
  expect(rows).toEqual([{ rows: 2 }]);
});

test('the catalog has every entry, and days are equal to the report to the cent, today among them', async () => {
  const { configId, ledger, live, now } = await life(3);
  await live(2 * HOUR_MS);
  for (const table of ['campaign', 'offer', 'landing_page', 'flow', 'traffic_source', 'affiliate_network'] as const) {
    const entries = await ground.db.selectFrom(table).select('id').where('tracker_config_id', '=', configId).execute();
    expect(entries.length, table).toBeGreaterThan(3);
  }
  const days = async () => {
    const { rows } = await sql<{ day: string; state: string }>`
      select day::text as day, state from reconciliation_day where tracker_config_id = ${configId} order by day`.execute(
      ground.db,
    );
    return rows;
  };
  // Of today there may be conversions that came in since the latest cycle.
  const isOpen = (day: string) => day === new Date(now()).toISOString().slice(0, 10);
  for (const { day, state } of await days()) expect(isOpen(day) ? ['equal', 'explained'] : ['equal']).toContain(state);
  expect((await days()).length).toBeGreaterThanOrEqual(3);

  // Costs are told anew for three days, at midnight.
  const yesterday = new Date(now() - DAY_MS).toISOString().slice(0, 10);
  await ledger.overlay({ kind: 'restateCost', day: yesterday, factor: 1.37 });
  await live(2 * HOUR_MS);
  expect((await days()).find(({ day }) => day === yesterday)).toEqual({ day: yesterday, state: 'equal' });
  const from = new Date(`${yesterday}T00:00:00Z`);
  const span = { from, to: new Date(from.getTime() + DAY_MS) };
  expect((await hubTotals(ground.db, configId, span)).cost).toBe((await ledgerTotals(ledger, span)).cost);
});

test.each([200, 404])(
  'a log that is refused with %i is unavailable in its words; the others sync, and it is read whole when it is given',
  async (status) => {
    const account = await life(4, { deny: { conversions: status, landing_pages: status } });
    const { live, config, resource, ledger, change } = account;
    await live(3 * HOUR_MS);
    expect(await resource('conversions')).toMatchObject({
      ...{ state: 'unavailable', reason: `BeMob answered ${status}: No such report: conversions` },
    });
    expect(await resource('landing_pages')).toMatchObject({ state: 'unavailable' });
    for (const name of ['clicks', 'campaigns', 'offers', 'flows'])
      expect(await resource(name)).toMatchObject({ state: 'ok' });
    expect(await config()).toMatchObject({ state: 'synced', blocked_kind: null });
    const asked = async () => (await ledger.requests()).filter(({ path }) => path.endsWith('/live-conversions')).length;
    await ledger.clearRequests();
    await live(12 * HOUR_MS);
    expect(await asked()).toBe(0);
    await live(15 * HOUR_MS);
    expect(await asked()).toBeGreaterThan(0);
    await ledger.change({ bemob: { deny: {} } });
    await change({ currency: 'EUR' });
    await live(20 * MINUTE_MS);
    for (const name of ['conversions', 'landing_pages'])
      expect(await resource(name)).toMatchObject({ state: 'ok', reason: null });
    await expectEqual(account);
  },
);

test('logs that lie elsewhere are found there as soon as the settings say where', async () => {
  const account = await life(5, {}, { paths: { clicks: 'report/visits', conversions: '/v1/report/conversions' } });
  await account.live(3 * HOUR_MS);
  // With both logs refused, nothing but lists answers.
  for (const name of ['clicks', 'conversions'])
    expect(await account.resource(name)).toMatchObject({ state: 'unavailable' });
  await account.change({ paths: { clicks: 'report/live-visits', conversions: '/v1/report/live-conversions' } });
  await account.live(20 * MINUTE_MS);
  await expectEqual(account);
});

test.each<[string, BemobOptionsInput, string]>([
  ['a key that is revoked, told with a 200', { accessKey: 'another-access-key-now' }, 'auth'],
  ['an account over its quota', { isLocked: true }, 'plan'],
])('%s needs a person, and goes on when it is mended', async (_, broken, kind) => {
  const account = await life(6);
  await account.live(20 * MINUTE_MS);
  const { accessKey } = (await control(account)).bemob;
  await account.ledger.change({ bemob: broken });
  await account.live(HOUR_MS);
  expect(await account.config()).toMatchObject({ blocked_kind: kind, last_error: { kind } });
  await account.ledger.change({ bemob: { isLocked: false, accessKey } });
  await account.change({ currency: 'EUR' });
  await account.live(20 * MINUTE_MS);
  expect(await account.config()).toMatchObject({ blocked_kind: null, state: 'synced' });
  await expectEqual(account);
});

/** The options that a ledger's faces have now. */
const control = async ({ ledger }: Life): Promise<{ bemob: { accessKey: string } }> =>
  ((await ledger.change({})) as unknown as { options: { bemob: { accessKey: string } } }).options;
