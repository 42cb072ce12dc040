// Reconciliation: what a tracker changes in silence is found by its own totals, and mended without anyone asking.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/core/windows.ts';
import { freshDatabase } from '../setup/database.ts';
import { type Ground, openGround } from './ground.ts';
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

const HOUR = 61 * 60_000;
const spanOf = (day: string) => {
  const from = new Date(`${day}T00:00:00Z`);
  return { from, to: new Date(from.getTime() + DAY_MS) };
};

test('right after the backfill every day is compared, and equal to the cent', async () => {
  const { days, figures, day, reportsAsked, rereads } = await reconciled(ground);
  const states = await days();
  expect(Object.keys(states)).toHaveLength(21);
  expect(new Set(Object.values(states))).toEqual(new Set(['equal']));
  const rows = await figures(day(5));
  expect(rows).toHaveLength(3);
  for (const row of rows) {
    expect(row.our_clicks).toBeGreaterThan(0);
    expect([row.our_clicks, row.our_cost, row.our_conversions, row.our_revenue].map(Number)).toEqual(
      [row.their_clicks, row.their_cost, row.their_conversions, row.their_revenue].map(Number),
    );
  }
  expect(rows.some((row) => Number(row.our_revenue) > 0)).toBe(true);
  expect(await reportsAsked()).toBe(1);
  expect(await rereads()).toEqual([]);
});

describe('an old day', () => {
  test('whose cost was restated is found at night and mended: only its clicks are asked for again', async () => {
    const { configId, ledger, days, day, pass, rereads, oldDaysAsked, figures } = await reconciled(ground, { seed: 2 });
    const old = day(14);
    await ledger.overlay({ kind: 'restateCost', day: old, factor: 1.37 });
    await pass(HOUR);
    expect((await days())[old]).toBe('equal');
    await ledger.clearRequests();
    await pass(DAY_MS);
    expect((await days())[old]).toBe('equal');
    expect(await hubTotals(ground.db, configId, spanOf(old))).toEqual(await ledgerTotals(ledger, spanOf(old)));
    expect(await oldDaysAsked('clicks')).toEqual([old]);
    expect(await rereads()).toMatchObject([{ resources: ['clicks'], windows: [{ resource: 'clicks' }] }]);
    for (const row of await figures(old)) expect(row.verdicts).toEqual({});
  });

  test('that was given clicks is mended the same way', async () => {
    const { configId, ledger, days, day, pass, oldDaysAsked } = await reconciled(ground, { seed: 3 });
    const old = day(14);
    await ledger.overlay({ kind: 'addClicks', at: `${old}T07:00:00Z`, count: 7 });
    await ledger.clearRequests();
    await pass(DAY_MS);
    expect((await days())[old]).toBe('equal');
    expect(await hubTotals(ground.db, configId, spanOf(old))).toEqual(await ledgerTotals(ledger, spanOf(old)));
    expect(await oldDaysAsked('clicks')).toEqual([old]);
  });

  test('that lost clicks is read again once, keeps its rows, and is explained with the size of it', async () => {
    const { configId, ledger, days, day, pass, rereads, figures, reportsAsked } = await reconciled(ground, { seed: 4 });
    const old = day(14);
    const before = await hubTotals(ground.db, configId, spanOf(old));
    const { from, to } = spanOf(old);
    await ledger.overlay({ kind: 'removeClicks', from: from.toISOString(), to: to.toISOString(), count: 40 });
    await pass(DAY_MS);
    expect((await days())[old]).toBe('explained');
    expect(await hubTotals(ground.db, configId, spanOf(old))).toEqual(before);
    const rows = await figures(old);
    expect(rows.reduce((sum, row) => sum + row.our_clicks - row.their_clicks, 0)).toBe(40);
    for (const row of rows) {
      for (const verdict of Object.values(row.verdicts))
        expect(verdict).toEqual({ state: 'explained', reason: 'rows the log no longer serves' });
      expect(row.verdicts.clicks === undefined).toBe(row.our_clicks === row.their_clicks);
    }
    expect(await rereads()).toHaveLength(1);
    await ledger.clearRequests();
    await pass(HOUR);
    await pass(DAY_MS);
    expect((await figures(old)).map(({ place }) => place)).toEqual(rows.map(({ place }) => place));
    expect(await reportsAsked()).toBeGreaterThanOrEqual(2);
    expect(await rereads()).toHaveLength(1);
    expect((await days())[old]).toBe('explained');
  });
});

test('yesterday is looked at every hour', async () => {
  const { configId, ledger, days, day, pass } = await reconciled(ground, { seed: 5 });
  const yesterday = day(1);
  await ledger.overlay({ kind: 'restateCost', day: yesterday, factor: 3 });
  await ledger.overlay({ kind: 'addClicks', at: `${yesterday}T03:00:00Z`, count: 2 });
  await pass(HOUR);
  expect((await days())[yesterday]).toBe('equal');
  expect(await hubTotals(ground.db, configId, spanOf(yesterday))).toEqual(
    await ledgerTotals(ledger, spanOf(yesterday)),
  );
});

test('late conversions are told, not read again', async () => {
  const { ledger, days, day, pass, figures, rereads, now } = await reconciled(ground, { seed: 6 });
  const yesterday = day(1);
  for await (const { subId } of ledger.truthClicks({ from: `${yesterday}T05:00:00Z`, to: `${yesterday}T09:00:00Z` })) {
    // The second before the check's own: after all that the cycle has read.
    const at = new Date(now().getTime() + HOUR - 30_000).toISOString();
    await ledger.overlay({ kind: 'addConversions', conversions: [{ subId, at, status: 'sale', revenue: '12.5' }] });
    break;
  }
  await pass(HOUR);
  expect((await days())[yesterday]).toBe('explained');
  const [row] = (await figures(yesterday)).filter(({ verdicts }) => Object.keys(verdicts).length > 0);
  expect(row).toMatchObject({
    verdicts: {
      conversions: { state: 'explained', reason: 'late conversions' },
      revenue: { state: 'explained', reason: 'late conversions' },
    },
  });
  expect(row!.their_conversions - row!.our_conversions).toBe(1);
  expect(await rereads()).toEqual([]);
  await pass(HOUR_MS);
  expect((await days())[yesterday]).toBe('equal');
});
