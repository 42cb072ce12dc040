// Reconciliation within bounds: what is not read again, what costs no write, what a report may look like and what it may refuse.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../src/core/windows.ts';
import { freshDatabase } from '../setup/database.ts';
import { type Ground, openGround } from './ground.ts';
import { reconciled, rewriting } from './reconcile-ground.ts';
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

const HOUR = 61 * 60_000;
const SHORT = { days: 5, clicks: 1_500, conversions: 200 };
const FIVE = { backfillDays: 5 };

describe('conversions', () => {
  test('turned in silence since they were read: mended, and the click log is not touched', async () => {
    const { configId, ledger, days, day, passWith, oldDaysAsked, rereads } = await reconciled(ground, { seed: 11 });
    const old = day(14);
    const { rows } = await sql<{ id: string; shown: number }>`
      select id, (raw ->> 'conversion_id')::int as shown from conversion where tracker_config_id = ${configId}
        and clicked_at::date = ${old}::date and raw_status = 'sale' order by converted_at limit 3`.execute(ground.db);
    expect(rows).toHaveLength(3);
    await ledger.clearRequests();
    await passWith(DAY_MS, () =>
      ledger.overlay({ kind: 'setConversions', ids: rows.map(({ shown }) => shown), status: 'rejected' }),
    );
    expect((await days())[old]).toBe('equal');
    expect(await oldDaysAsked('clicks')).toEqual([]);
    expect(await rereads()).toMatchObject([{ resources: ['conversions'] }]);
    const statuses = await ground.db
      .selectFrom('conversion')
      .select('raw_status')
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      )
      .execute();
    expect(statuses.map((row) => row.raw_status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  test('that we never got are looked for from the day of their click on', async () => {
    const { configId, ledger, days, day, passWith, oldDaysAsked, now } = await reconciled(ground, { seed: 12 });
    const old = day(10);
    await ledger.clearRequests();
    await passWith(DAY_MS, () =>
      sql`delete from conversion where tracker_config_id = ${configId} and clicked_at::date = ${old}::date`.execute(
        ground.db,
      ),
    );
    expect((await days())[old]).toBe('equal');
    expect(await oldDaysAsked('clicks')).toEqual([]);
    const row = await ground.db
      .selectFrom('tracker_config')
      .select('backfill_from')
      .where('id', '=', configId)
      .executeTakeFirstOrThrow();
    const range = { from: row.backfill_from!, to: new Date(now().getTime() - HOUR) };
    expect(await hubTotals(ground.db, configId, range)).toEqual(await ledgerTotals(ledger, range));
  });
});

test('a day is read again four times a day at most, however it goes on changing', async () => {
  const { configId, ledger, day, pass, days } = await reconciled(ground, { seed: 13, ...SHORT }, FIVE);
  const yesterday = day(1);
  for (let hour = 0; hour < 6; hour++) {
    const from = new Date(Date.parse(`${yesterday}T00:00:00Z`) + hour * 3_600_000).toISOString();
    await ledger.overlay({ kind: 'removeClicks', from, to: `${yesterday}T23:59:59Z`, count: 3 });
    await pass(HOUR);
  }
  const { rows } = await sql<{ count: number }>`
    select rereads_on_day as count from reconciliation_day where tracker_config_id = ${configId}
      and day = ${yesterday}::date and reread_on = ${day(0)}::date`.execute(ground.db);
  expect(rows).toEqual([{ count: 4 }]);
  expect((await days())[yesterday]).toBe('differs');
  await pass(DAY_MS);
  expect((await days())[yesterday]).toBe('explained');
});

test('a difference that stays is not read again within the day, and says what contradicts what', async () => {
  let reports = 0;
  const http = rewriting(ground.deps.http, '/report/build', (rows) => {
    reports++;
    const newest = rows.map((row) => String(row.day)).sort()[0];
    return rows.map((row) => (row.day === newest ? { ...row, clicks: Number(row.clicks) + 5 } : row));
  });
  const { days, day, pass, figures, ledger } = await reconciled(
    ground,
    { seed: 14, ...SHORT, campaigns: 1, growthPerDay: 0 },
    FIVE,
    { http },
  );
  const oldest = day(5);
  expect((await days())[oldest]).toBe('differs');
  const [row] = await figures(oldest);
  expect(row?.verdicts).toEqual({
    clicks: { state: 'differs', reason: `its log gives ${row!.our_clicks} clicks, its report ${row!.our_clicks + 5}` },
  });
  // The check, and the one after its re-read.
  expect(reports).toBe(2);
  await ledger.clearRequests();
  await pass(DAY_MS);
  await pass(DAY_MS);
  const asked = (await ledger.requests()).filter(({ path, window }) => path.endsWith('/clicks/log') && window !== null);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter(({ window }) => window!.from.slice(0, 10) <= day(6))).toEqual([]);
});

test('a late day that stays different is read again once on the next day', async () => {
  const shown = { day: '' };
  const http = rewriting(ground.deps.http, '/report/build', (rows) =>
    rows.map((row) => (row.day === shown.day ? { ...row, clicks: Number(row.clicks) + 5 } : row)),
  );
  const life = await reconciled(ground, { seed: 15, ...SHORT, growthPerDay: 0 }, FIVE, { http });
  const { day, pass } = life;
  const yesterday = day(1);
  shown.day = yesterday;
  const rereads = async () => {
    const { rows } = await sql<{ on: string; count: number }>`
      select reread_on::text as on, rereads_on_day as count from reconciliation_day
      where tracker_config_id = ${life.configId} and day = ${yesterday}::date`.execute(ground.db);
    return rows[0];
  };
  for (let hour = 0; hour < 3; hour++) await pass(HOUR);
  expect(await rereads()).toEqual({ on: day(0), count: 1 });
  await pass(DAY_MS);
  await pass(HOUR);
  expect(await rereads()).toEqual({ on: day(0), count: 1 });
});

test('days that are equal cost no write, and are known to have been checked', async () => {
  const { configId, pass, figures, now, day } = await reconciled(
    ground,
    { seed: 16, ...SHORT, conversions: 0, growthPerDay: 0 },
    FIVE,
  );
  // Today still grows by what the settle delay has kept back.
  const today = day(0);
  const places = async () => (await figures()).filter((row) => row.day < today).map(({ place }) => place);
  const before = await places();
  expect(before.length).toBeGreaterThan(10);
  await pass(HOUR);
  await pass(DAY_MS);
  expect(await places()).toEqual(before);
  const { rows } = await sql<{ at: Date }>`
    select distinct checked_at as at from reconciliation_day where tracker_config_id = ${configId}`.execute(ground.db);
  expect(rows).toEqual([{ at: now() }]);
});

test('a history that begins in the middle of a day is compared from that moment on', async () => {
  const { ledger, days, day, figures } = await reconciled(ground, { seed: 17, ...SHORT, days: 8, clicks: 4_000 }, FIVE);
  const first = day(5);
  expect((await days())[first]).toBe('equal');
  expect(Object.keys(await days())).toHaveLength(6);
  const from = `${first}T00:00:00.000Z`;
  const truth = await ledger.truth({ from, to: `${day(4)}T00:00:00.000Z` });
  const ours = (await figures(first)).reduce((sum, row) => sum + row.our_clicks, 0);
  expect(ours).toBeGreaterThan(0);
  expect(ours).toBeLessThan(truth.clicks);
});

describe('a report', () => {
  test('in newer words is asked for in them, and the second time at once', async () => {
    const { ledger, days, pass, resource, reportsAsked } = await reconciled(
      ground,
      { seed: 18, ...SHORT, keitaro: { reportWords: 'dimensions' } },
      FIVE,
    );
    expect(await resource('totals')).toMatchObject({ state: 'ok', variant: 'dimensions' });
    expect(new Set(Object.values(await days()))).toEqual(new Set(['equal']));
    await ledger.clearRequests();
    await pass(HOUR);
    expect(await reportsAsked()).toBe(1);
  });

  test('that rounds to cents and ends in noise is equal all the same; a cent more is not', async () => {
    const cent = { more: 0 };
    const http = rewriting(ground.deps.http, '/report/build', (rows) =>
      rows.map((row, i) => ({
        ...row,
        cost: Math.round(Number(row.cost) * 100 + cent.more) / 100 + (i % 2 === 0 ? 2e-15 : 0),
        revenue: Number(row.revenue).toFixed(2),
      })),
    );
    const { days, pass, day } = await reconciled(ground, { seed: 19, ...SHORT, growthPerDay: 0 }, FIVE, { http });
    expect(Object.values(await days())).not.toContain('differs');
    cent.more = 1;
    await pass(HOUR);
    expect((await days())[day(1)]).toBe('differs');
  });

  test('that is refused is unavailable by itself: the sync goes on and stays synced', async () => {
    const { ledger, pass, resource, config, days, now } = await reconciled(
      ground,
      { seed: 20, ...SHORT, keitaro: { deny: { totals: 402 } } },
      FIVE,
    );
    for (let i = 0; i < 4; i++) await pass(60_000);
    expect(await resource('totals')).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('402'),
    });
    expect(await config()).toMatchObject({ blocked_kind: null, retry_at: null });
    expect(await days()).toEqual({});
    await pass(HOUR);
    expect(await config()).toMatchObject({ last_error: null });
    expect((await resource('clicks'))!.read_to!.getTime()).toBeGreaterThan(now().getTime() - 20 * 60_000);
    await ledger.change({ keitaro: { deny: {} } });
    await pass(DAY_MS + HOUR);
    expect(await resource('totals')).toMatchObject({ state: 'ok', reason: null });
    expect(new Set(Object.values(await days()))).toEqual(new Set(['equal']));
  });

  test('that is refused while nothing else is asked stops nobody either', async () => {
    const { configId, ledger, pass, resource, config } = await reconciled(
      ground,
      { seed: 23, ...SHORT },
      { ...FIVE, syncIntervalMinutes: 1440 },
    );
    await ledger.change({ keitaro: { deny: { totals: 403 } } });
    await sql`update tracker_resource set last_synced_at = last_synced_at - interval '1 hour'
      where tracker_config_id = ${configId}`.execute(ground.db);
    await sql`update tracker_config set totals_fresh_at = null where id = ${configId}`.execute(ground.db);
    for (let i = 0; i < 3; i++) await pass(20_000);
    expect(await resource('totals')).toMatchObject({ refusals: 3, reason: expect.stringContaining('403') });
    expect(await config()).toMatchObject({ blocked_kind: null });
  });

  test('with a row that cannot be read compares the others, and sets that one aside', async () => {
    const http = rewriting(ground.deps.http, '/report/build', (rows) =>
      rows.map((row, i) => (i === 0 ? { ...row, clicks: 'many' } : row)),
    );
    const { days, figures, rereads, configId } = await reconciled(ground, { seed: 21, ...SHORT }, FIVE, { http });
    expect(Object.values(await days())).not.toContain('differs');
    expect((await figures()).length).toBeGreaterThan(10);
    expect(await rereads()).toEqual([]);
    const aside = await ground.db
      .selectFrom('unreadable_row')
      .select(['resource', 'reason'])
      .where('tracker_config_id', '=', configId)
      .execute();
    expect(aside).toEqual([{ resource: 'totals', reason: 'clicks is no count' }]);
  });
});

test('rows that cannot be read explain a difference of their size, hour after hour', async () => {
  const spoiled = new Set<string>();
  const http = rewriting(ground.deps.http, '/clicks/log', (rows) =>
    rows.map((row, i) => {
      if (i === 2 && spoiled.size < 4) spoiled.add(row.sub_id!);
      return spoiled.has(row.sub_id!) ? { ...row, cost: 'free' } : row;
    }),
  );
  const { days, figures, pass, rereads, day } = await reconciled(
    ground,
    { seed: 22, ...SHORT, campaigns: 1, growthPerDay: 800 },
    FIVE,
    { http },
  );
  expect((await days())[day(1)]).toBe('explained');
  const [row] = await figures(day(1));
  expect(row!.their_clicks - row!.our_clicks).toBe(1);
  expect(row?.verdicts.clicks).toEqual({ state: 'explained', reason: 'unreadable rows' });
  expect(await rereads()).toHaveLength(1);
  await pass(HOUR);
  await pass(HOUR);
  // Today has grown on both sides; the difference is the same one.
  expect((await days())[day(0)]).toBe('explained');
  expect(await rereads()).toHaveLength(1);
});

test('without a click log the conversions are compared all the same, and what is missing is said', async () => {
  const { days, figures, rereads, configId, pass } = await reconciled(
    ground,
    { seed: 49, ...SHORT, keitaro: { deny: { clicks: 403 } } },
    FIVE,
  );
  for (let i = 0; i < 4; i++) await pass(60_000);
  await pass(HOUR);
  expect(new Set(Object.values(await days()))).toEqual(new Set(['explained']));
  const told = await figures();
  const reasons = told.flatMap(({ verdicts }) =>
    Object.entries(verdicts).map(([column, one]) => `${column} ${one.reason}`),
  );
  expect(new Set(reasons)).toEqual(
    new Set(['clicks the tracker gives no click log', 'cost the tracker gives no click log']),
  );
  expect(told.some(({ our_conversions }) => Number(our_conversions) > 0)).toBe(true);
  for (const one of told) expect(Number(one.our_revenue)).toBe(Number(one.their_revenue));
  // A conversion whose click's time nobody tells cannot be booked: that is the reason then.
  await sql`update conversion set clicked_at = null where ctid in (
    select ctid from conversion where tracker_config_id = ${configId} order by converted_at desc offset 40 limit 1)`.execute(
    ground.db,
  );
  await pass(DAY_MS);
  const after = (await figures()).flatMap(({ verdicts }) => Object.values(verdicts).map(({ reason }) => reason));
  expect(after).toContain('conversions whose click is not known');
  expect(await rereads()).toEqual([]);
});
