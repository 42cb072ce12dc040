// Large windows: cut where the rows are, never within a second, and nothing lost or doubled at a cut.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS, SPLIT_ROWS } from '../../src/core/windows.ts';
import { freshDatabase } from '../setup/database.ts';
import { activitiesOf, type Connected, type Ground, openGround, workUntilRest } from './ground.ts';
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

async function backfilled(options: object): Promise<Connected> {
  const connected = await ground.connect({ days: 2, clicks: 2_000, conversions: 100, ...options }, { backfillDays: 2 });
  await workUntilRest(activitiesOf(ground.deps), connected.configId);
  return connected;
}

const windowsOf = (configId: string) =>
  ground.db
    .selectFrom('sync_window')
    .selectAll()
    .where('tracker_config_id', '=', configId)
    .where('resource', '=', 'clicks')
    .orderBy('from_at')
    .execute();

async function expectWhole({ configId, ledger }: Connected): Promise<void> {
  const windows = await windowsOf(configId);
  const { backfill_from: from, backfill_to: to } = await ground.db
    .selectFrom('tracker_config')
    .select(['backfill_from', 'backfill_to'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  expect(windows.every((window) => window.state === 'done')).toBe(true);
  // Side by side from end to end: no gap, no overlap.
  expect(windows[0]!.from_at).toEqual(from);
  expect(windows.at(-1)!.to_at).toEqual(to);
  for (const [i, window] of windows.slice(1).entries()) expect(window.from_at).toEqual(windows[i]!.to_at);
  const range = { from: from!, to: to! };
  expect(await hubTotals(ground.db, configId, range)).toEqual(await ledgerTotals(ledger, range));
}

describe('a day with more rows than a window should have', () => {
  test.each(['number', 'text', 'missing'])('total %s: the window is cut into small ones', async (total) => {
    const connected = await backfilled({ heavyDay: { daysAgo: 1, clicks: 130_000 }, keitaro: { total } });
    const windows = await windowsOf(connected.configId);
    expect(windows.length).toBeGreaterThan(4);
    for (const window of windows) expect(window.rows).toBeLessThanOrEqual(SPLIT_ROWS + 10_000);
    await expectWhole(connected);
  });
});

test('thousands of rows within one second are read whole', async () => {
  const connected = await backfilled({
    bursts: [
      { daysAgo: 1.2, clicks: 3_000 },
      { daysAgo: 0.4, clicks: 61_000 },
    ],
    keitaro: { maxLimit: 5_000 },
  });
  await expectWhole(connected);
});

test('rows that come into a window while it is paged are not lost', async () => {
  const connected = await ground.connect(
    { days: 2, clicks: 3_000, conversions: 50, keitaro: { maxLimit: 200 } },
    { backfillDays: 2 },
  );
  const { configId, ledger } = connected;
  const at = new Date(Date.now() - DAY_MS * 0.9).toISOString();
  // On the pages read first, while later ones are being read.
  for (const after of [24, 26, 28, 31]) await ledger.overlayAfter(after, { kind: 'addClicks', at, count: 7 });
  await workUntilRest(activitiesOf(ground.deps), configId);
  await expectWhole(connected);
});
