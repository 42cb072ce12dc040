// A Binom from its backfill on: one conversion a click, what changes late, whole days beside its report, a log that is refused.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BinomOptionsInput } from '../../simulator/faces/binom/options.ts';
import { statusWord } from '../../simulator/faces/binom/values.ts';
import type { TruthConversion } from '../../simulator/ledger/truth-rows.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { fold } from '../adapters/binom-faces.ts';
import { canaryKey } from '../leaks/canary.ts';
import { freshDatabase } from '../setup/database.ts';
import { collect, sumMicros } from '../simulator/panel.ts';
import { type Ground, openGround } from './ground.ts';
import { type Life, openLife } from './life.ts';
import { reconciled } from './reconcile-ground.ts';
import { hubTotals, ledgerTotals } from './totals.ts';

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

const life = (seed: number, binom: BinomOptionsInput = {}, more: object = {}) =>
  openLife(ground, 'binom_v2', {
    ledger: { seed, binom_v2: { planted: canaryKey(), ...binom }, ...more },
  });

const folded = async ({ ledger }: Pick<Life, 'ledger'>): Promise<TruthConversion[]> =>
  fold(await collect(ledger.truthConversions()));

/** Clicks with a second postback that no cycle need have read by now: 3 days are read again hourly, the rest daily. */
async function unread({ ledger, now }: Life): Promise<Set<string>> {
  const clicks = Map.groupBy(await collect(ledger.truthConversions()), ({ subId }) => subId);
  const sinceOf = (first: number) => now() - (first > now() - 2 * DAY_MS ? HOUR_MS : DAY_MS) - 17 * MINUTE_MS;
  const late = [...clicks].filter(([, [first, ...more]]) => {
    const since = sinceOf(Date.parse(first!.at));
    return more.some(({ at }) => Date.parse(at) >= since);
  });
  return new Set(late.map(([subId]) => subId));
}

/** From history's beginning to the end of what a cycle has read by now. */
async function expectEqual(life: Life, lag = 17 * MINUTE_MS): Promise<number> {
  const { backfill_from } = await life.config();
  const range = { from: backfill_from!, to: new Date(life.now() - lag) };
  const hub = await hubTotals(ground.db, life.configId, range);
  const truth = await ledgerTotals(life.ledger, range);
  expect([hub.clicks, hub.cost]).toEqual([truth.clicks, truth.cost]);
  const left = await unread(life);
  const ours = await ground.db
    .selectFrom('conversion')
    .select(['external_id', 'raw_status', 'revenue'])
    .where('tracker_config_id', '=', life.configId)
    .where('converted_at', '>=', range.from)
    .where('converted_at', '<', range.to)
    .execute();
  const within = (await folded(life)).filter(({ at }) => new Date(at) >= range.from && new Date(at) < range.to);
  const rows = (all: { id: string; word: string; revenue: string }[]) =>
    Object.fromEntries(
      all.filter(({ id }) => !left.has(id)).map(({ id, word, revenue }) => [id, `${word} ${sumMicros([revenue])}`]),
    );
  expect(rows(ours.map((row) => ({ id: row.external_id, word: row.raw_status, revenue: row.revenue ?? '0' })))).toEqual(
    rows(within.map(({ subId, status, revenue }) => ({ id: subId, word: statusWord(status), revenue }))),
  );
  return hub.clicks;
}

describe.each<[string, BinomOptionsInput]>([
  ['as it comes', {}],
  ['short pages, names with ids, ids as text', { maxRows: 150, names: 'withIds', ids: 'text', money: 'number' }],
])('%s', (_, binom) => {
  test('history, what is new, and a payout and a status that change late: equal to the ledger each time', async () => {
    const account = await life(2, binom);
    await account.live(20 * MINUTE_MS);
    const before = await expectEqual(account);
    expect(before).toBeGreaterThan(1_000);
    await account.live(2 * HOUR_MS);
    expect(await expectEqual(account)).toBeGreaterThan(before);

    const { configId, ledger, now, live } = account;
    const old = (await folded(account)).filter(({ at }) => Date.parse(at) < now() - 26 * HOUR_MS).slice(0, 5);
    const ids = old.map(({ id }) => id);
    await ledger.overlay({ kind: 'setConversions', ids, status: 'chargeback', revenue: '0.123456' });
    const [upsold] = (await folded(account))
      .filter(({ at, subId }) => Date.parse(at) < now() - 5 * HOUR_MS && !old.some((row) => row.subId === subId))
      .slice(-1);
    const upsell = { subId: upsold!.subId, status: 'qualified', revenue: '7.5', tid: 'second' };
    await ledger.overlay({ kind: 'addConversions', conversions: [upsell] });
    await live(2 * HOUR_MS);
    await expectEqual(account);
    const { rows } = await sql<{ status: string; reversed: boolean; raw_status: string; revenue: string }>`
      select status, reversed, raw_status, revenue::text from conversion_with_status
      where tracker_config_id = ${configId} and external_id = any(${[...old.map((row) => row.subId), upsold!.subId]}::text[])
      order by raw_status`.execute(ground.db);
    const chargeback = { status: 'rejected', reversed: true, raw_status: 'chargeback', revenue: '0.123456' };
    const changed = { status: 'pending', reversed: false, raw_status: 'qualified' };
    expect(rows).toMatchObject([...Array(5).fill(chargeback), changed]);
    expect(sumMicros([rows.at(-1)!.revenue])).toBe(sumMicros([upsold!.revenue, '7.5']));
    expect(await account.config()).toMatchObject({ state: 'synced', last_error: null });
    const unreadable = ground.db.selectFrom('unreadable_row').selectAll().where('tracker_config_id', '=', configId);
    expect(await unreadable.execute()).toEqual([]);
  });
});

test('the catalog has every entry, deleted ones as such, and its figures of the hour cost no write', async () => {
  const { configId, live } = await life(3);
  await live(MINUTE_MS);
  const read = async () => {
    const tables = ['campaign', 'offer', 'landing_page', 'flow', 'traffic_source', 'affiliate_network'] as const;
    const entries = await Promise.all(
      tables.map((table) =>
        ground.db
          .selectFrom(table)
          .select(['external_id', 'state', 'updated_at', 'gone_at'])
          .where('tracker_config_id', '=', configId)
          .orderBy('external_id')
          .execute(),
      ),
    );
    return entries;
  };
  const entries = await read();
  for (const table of entries) expect(table.length).toBeGreaterThan(3);
  expect(entries[0]!.filter(({ state }) => state === 'deleted').length).toBeGreaterThan(0);
  expect(entries.flat().every(({ gone_at }) => gone_at === null)).toBe(true);
  await live(3 * HOUR_MS);
  expect(await read()).toEqual(entries);
});

test('a log that is refused is unavailable in the tracker’s words; the others sync, and it is read whole when it is given', async () => {
  const account = await life(4, { deny: { clicks: 403 } });
  const { live, config, resource, ledger, change } = account;
  await live(3 * HOUR_MS);
  const reason = 'Binom v2 answered 403: Access to clicks is denied';
  expect(await resource('clicks')).toMatchObject({ state: 'unavailable', reason });
  for (const name of ['conversions', 'campaigns', 'offers', 'flows'])
    expect(await resource(name)).toMatchObject({ state: 'ok' });
  expect(await config()).toMatchObject({ state: 'synced', blocked_kind: null });
  const asked = async () => (await ledger.requests()).filter(({ path }) => path.endsWith('/clicklog')).length;
  await ledger.clearRequests();
  await live(12 * HOUR_MS);
  expect(await asked()).toBe(0);
  await live(15 * HOUR_MS);
  expect(await asked()).toBeGreaterThan(0);
  await ledger.change({ binom_v2: { deny: {} } });
  await change({ currency: 'EUR' });
  await live(20 * MINUTE_MS);
  expect(await resource('clicks')).toMatchObject({ state: 'ok', reason: null });
  await expectEqual(account);
});

test('clicks that lie elsewhere are found there as soon as the settings say where', async () => {
  const account = await openLife(ground, 'binom_v2', {
    ledger: { seed: 5 },
    settings: { paths: { clicks: 'click/log', conversions: 'of-no-use' } },
  });
  await account.live(3 * HOUR_MS);
  expect(await account.resource('clicks')).toMatchObject({ state: 'unavailable' });
  await account.change({ paths: { clicks: 'clicklog' } });
  await account.live(20 * MINUTE_MS);
  await expectEqual(account);
});

test('a day with more clicks than a window may hold, and a second with more than a page has, is read whole', async () => {
  const account = await openLife(ground, 'binom_v2', {
    ledger: {
      ...{ seed: 7, clicks: 500, conversions: 50, binom_v2: { maxRows: 5_000 } },
      heavyDay: { daysAgo: 1, clicks: 52_000 },
      bursts: [{ daysAgo: 1.2, clicks: 2_300 }],
    },
  });
  await account.live(20 * MINUTE_MS);
  expect(await expectEqual(account)).toBeGreaterThan(54_000);
  const { rows } = await sql<{ rows: number }>`
    select count(*)::int as rows from click where tracker_config_id = ${account.configId}`.execute(ground.db);
  const asked = (await account.ledger.requests()).filter(({ path }) => path.endsWith('/clicklog'));
  expect(Math.max(...asked.map(({ limit }) => limit ?? 0))).toBeGreaterThan(2_300);
  // A page begins with the second that the one before left, and no window is read twice.
  const served = asked.reduce((all, { rows }) => all + (rows ?? 0), 0);
  expect(served).toBeLessThan(rows[0]!.rows * 1.2);
});

test('a wrong key asks for a person', async () => {
  const { live, ledger, config } = await life(6);
  await live(20 * MINUTE_MS);
  await ledger.change({ apiKey: canaryKey() });
  await live(HOUR_MS);
  expect(await config()).toMatchObject({ blocked_kind: 'auth', last_error: { kind: 'auth' } });
});

describe('days beside the tracker’s own', () => {
  const of = (binom: BinomOptionsInput, seed: number) =>
    reconciled(ground, { seed, binom_v2: binom }, {}, {}, 'binom_v2');

  test('are equal to the cent, today among them', async () => {
    const { days, figures, day, rereads } = await of({}, 20);
    const states = await days();
    expect(Object.keys(states)).toEqual(Array.from({ length: 21 }, (_, i) => day(20 - i)));
    expect(new Set(Object.values(states))).toEqual(new Set(['equal']));
    const rows = await figures();
    expect(rows.some((row) => Number(row.their_revenue) > 0 && row.our_conversions > 0)).toBe(true);
    expect(await rereads()).toEqual([]);
  });

  test('count every conversion, whatever its status', async () => {
    const { ledger, days, day, pass, figures } = await of({}, 22);
    const old = (await collect(ledger.truthConversions())).filter(({ at }) => at.startsWith(day(1)));
    const ids = old.map(({ id }) => id);
    await ledger.overlay({ kind: 'setConversions', ids, status: 'rejected' });
    await ledger.overlay({ kind: 'setConversions', ids: ids.slice(0, 3), status: 'trash' });
    await pass(2 * HOUR_MS);
    expect((await days())[day(1)]).toBe('equal');
    const rows = await figures(day(1));
    const rejected = rows.reduce((sum, row) => sum + row.our_conversions, 0);
    expect([rejected > 10, rejected]).toEqual([true, rows.reduce((sum, row) => sum + row.their_conversions, 0)]);
  });

  test('of a user who sees two campaigns are those of the two, and equal', async () => {
    const { configId, ledger, days, figures } = await of({ sees: 2 }, 23);
    expect(new Set(Object.values(await days()))).toEqual(new Set(['equal']));
    const named = new Set((await figures()).map(({ campaign }) => campaign));
    expect(named.size).toBe(2);
    const campaigns = ground.db.selectFrom('campaign').select('external_id').where('tracker_config_id', '=', configId);
    expect(new Set((await campaigns.execute()).map(({ external_id }) => external_id))).toEqual(named);
    const clicks = await collect(ledger.truthClicks());
    const seen = clicks.filter(({ campaignId }) => named.has(String(campaignId)));
    expect(seen.length).toBeLessThan(clicks.length);
    const { rows } = await sql<{ clicks: number }>`
      select count(*)::int as clicks from click where tracker_config_id = ${configId}`.execute(ground.db);
    expect(rows[0]!.clicks).toBeGreaterThan(seen.length * 0.9);
    expect(rows[0]!.clicks).toBeLessThanOrEqual(seen.length);
  });

  test('of campaigns with one name are equal: what a conversion’s name leaves open, its click tells', async () => {
    const { configId, days, figures } = await of({ sameNames: true }, 24);
    const { rows } = await sql<{ conversions: number }>`
      select count(*)::int as conversions from conversion
      where tracker_config_id = ${configId} and campaign_external_id is null`.execute(ground.db);
    expect(rows[0]!.conversions).toBeGreaterThan(50);
    expect(new Set(Object.values(await days()))).toEqual(new Set(['equal']));
    expect((await figures()).filter(({ campaign }) => campaign === '')).toEqual([]);
  });

  test('an old day whose cost was restated is found at night and mended', async () => {
    const { configId, ledger, days, day, pass } = await of({ maxRows: 400 }, 21);
    const old = day(14);
    await ledger.overlay({ kind: 'restateCost', day: old, factor: 1.37 });
    await pass(DAY_MS);
    expect((await days())[old]).toBe('equal');
    const from = new Date(`${old}T00:00:00Z`);
    const span = { from, to: new Date(from.getTime() + DAY_MS) };
    const [ours, theirs] = [await hubTotals(ground.db, configId, span), await ledgerTotals(ledger, span)];
    expect([ours.clicks, ours.cost]).toEqual([theirs.clicks, theirs.cost]);
  });
});
