// The pace of a run: its last minutes of work count, a pause does not, and what windows are expected to hold is their share of a day.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/store/db.ts';
import { setExpectedRows } from '../../src/store/expected-rows.ts';
import { runCounted } from '../../src/store/runs.ts';
import { planWindows } from '../../src/store/windows.ts';
import { seedConfig } from '../api/seed.ts';
import { freshDatabase } from '../setup/database.ts';
import { makeOrganization } from '../sync/ground.ts';

let db: Db;
let drop: () => Promise<void>;
let owner: { id: string; configId: string; organizationId: string };

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  db = createDb(database.url);
});
afterAll(async () => {
  await db.destroy();
  await drop();
});
beforeEach(async () => {
  const organizationId = await makeOrganization(db);
  const configId = await seedConfig(db, organizationId);
  const { id } = await db
    .insertInto('run')
    .values({ organization_id: organizationId, tracker_config_id: configId, kind: 'backfill', state: 'running' })
    .returning('id')
    .executeTakeFirstOrThrow();
  owner = { id, configId, organizationId };
});

const run = () => db.selectFrom('run').selectAll().where('id', '=', owner.id).executeTakeFirstOrThrow();
const workedAgo = (ms: number) =>
  db
    .updateTable('run')
    .set({ paced_at: new Date(Date.now() - ms) })
    .where('id', '=', owner.id)
    .execute();
const page = (rowsRead: number, windowsBegun = 0) =>
  runCounted(db, owner.id, {
    ...{ requests: 1, rowsRead, rowsWritten: rowsRead, rowsUnchanged: 0, rowsUnreadable: 0 },
    ...{ firstUnreadableReason: null, windowsBegun },
  }).execute();

test('begins with the second page: of the first nobody knows how long it took', async () => {
  await page(900, 1);
  expect(await run()).toMatchObject({ pace_rows: 0, pace_windows: 0, pace_ms: 0, rows_read: 900 });
  await workedAgo(10_000);
  await page(500, 1);
  const { pace_rows, pace_windows, pace_ms } = await run();
  expect([pace_rows, pace_windows]).toEqual([500, 1]);
  expect(pace_ms).toBeGreaterThanOrEqual(10_000);
});

test('a pause or an outage is no part of it, however long', async () => {
  await workedAgo(10_000);
  await page(500);
  const before = await run();
  await workedAgo(3_600_000);
  await page(700);
  const after = await run();
  expect([after.pace_rows, after.pace_ms]).toEqual([before.pace_rows, before.pace_ms]);
  expect(after.paced_at!.getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test('what was minutes ago fades, so that the estimate follows a tracker that slows down', async () => {
  await db.updateTable('run').set({ pace_rows: 100_000, pace_ms: 20_000 }).where('id', '=', owner.id).execute();
  for (let minutes = 0; minutes < 10; minutes++) {
    await workedAgo(60_000);
    await page(600);
  }
  const { pace_rows, pace_ms } = await run();
  // Ten rows a second by now, and no longer five thousand.
  expect((pace_rows / pace_ms) * 1_000).toBeLessThan(20);
});

test('a window is expected to hold its share of its day; days that are not told are empty', async () => {
  const at = (day: number, hour: number) => new Date(Date.UTC(2026, 9, day, hour));
  const range = (from: Date, to: Date) => ({ resource: 'clicks' as const, range: { from, to }, isFresh: true });
  await planWindows(db, owner, [
    range(at(3, 0), at(3, 6)),
    range(at(2, 18), at(3, 0)),
    range(at(2, 0), at(2, 18)),
    range(at(1, 12), at(2, 0)),
  ]);
  await setExpectedRows(db, owner.id, [
    { day: '2026-10-03', clicks: 500, conversions: 9 },
    { day: '2026-10-02', clicks: 4_000, conversions: 9 },
  ]);
  const windows = await db
    .selectFrom('sync_window')
    .select('expected_rows')
    .where('run_id', '=', owner.id)
    .orderBy('from_at', 'desc')
    .execute();
  expect(windows.map(({ expected_rows }) => expected_rows)).toEqual([500, 1_000, 3_000, 0]);
  expect((await run()).expected_at).not.toBeNull();
});

test('a window of several days is expected to hold its share of each', async () => {
  const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 9, day, hour));
  const range = (from: Date, to: Date) => ({ resource: 'conversions' as const, range: { from, to }, isFresh: false });
  await planWindows(db, owner, [range(at(6, 12), at(9, 6)), range(at(3), at(6, 12))]);
  const days = [9, 8, 7, 6, 5, 4, 3].map((day) => ({ day: `2026-10-0${day}`, clicks: 1, conversions: day * 10 }));
  await setExpectedRows(db, owner.id, days);
  const windows = await db
    .selectFrom('sync_window')
    .select('expected_rows')
    .where('run_id', '=', owner.id)
    .orderBy('from_at', 'desc')
    .execute();
  expect(windows.map(({ expected_rows }) => expected_rows)).toEqual([30 + 70 + 80 + 90, 30 + 40 + 50 + 30]);
});

test('where no totals are told nothing is expected', async () => {
  const range = { from: new Date(Date.UTC(2026, 9, 1)), to: new Date(Date.UTC(2026, 9, 2)) };
  await planWindows(db, owner, [{ resource: 'clicks', range, isFresh: true }]);
  await setExpectedRows(db, owner.id, []);
  const window = await db
    .selectFrom('sync_window')
    .select('expected_rows')
    .where('run_id', '=', owner.id)
    .executeTakeFirstOrThrow();
  expect(window.expected_rows).toBeNull();
  expect((await run()).expected_at).not.toBeNull();
});
