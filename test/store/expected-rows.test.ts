// How many rows a window will have, by the totals of the days it lies in: of one day in part, or of several.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/store/db.ts';
import { setExpectedRows } from '../../src/store/expected-rows.ts';
import { planWindows } from '../../src/store/windows.ts';
import { seedConfig } from '../api/seed.ts';
import { freshDatabase } from '../setup/database.ts';
import { makeOrganization } from '../sync/ground.ts';

let db: Db;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  db = createDb(database.url);
});
afterAll(async () => {
  await db.destroy();
  await drop();
});

const at = (day: number, hour = 0): Date => new Date(Date.UTC(2026, 2, day, hour));

async function expectedOf(windows: [Date, Date][], days: { day: string; clicks: number; conversions: number }[]) {
  const organizationId = await makeOrganization(db);
  const configId = await seedConfig(db, organizationId);
  const { id } = await db
    .insertInto('run')
    .values({
      ...{ organization_id: organizationId, tracker_config_id: configId, kind: 'backfill', resources: ['clicks'] },
      ...{ range_from: windows.at(-1)![0], range_to: windows[0]![1] },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const planned = windows.map(([from, to]) => ({ resource: 'clicks', range: { from, to }, isFresh: true }) as const);
  await planWindows(db, { id, configId, organizationId }, planned);
  await setExpectedRows(db, id, days);
  const rows = await db
    .selectFrom('sync_window')
    .select('expected_rows')
    .where('run_id', '=', id)
    .orderBy('to_at', 'desc')
    .execute();
  return rows.map(({ expected_rows }) => expected_rows);
}

const days = [
  { day: '2026-03-01', clicks: 240, conversions: 0 },
  { day: '2026-03-02', clicks: 1_000, conversions: 0 },
  { day: '2026-03-03', clicks: 60, conversions: 0 },
];

test('a window of several days has all of their rows', async () => {
  expect(await expectedOf([[at(1), at(4)]], days)).toEqual([1_300]);
});

test('windows of one day share its rows by their length, also where the run has only a part of it', async () => {
  const windows: [Date, Date][] = [
    [at(3), at(3, 6)],
    [at(2, 12), at(3)],
    [at(2), at(2, 12)],
    [at(1, 18), at(2)],
  ];
  expect(await expectedOf(windows, days)).toEqual([60, 500, 500, 240]);
});

test('a window over midnight has a share of both days, a day that is not told none', async () => {
  const windows: [Date, Date][] = [
    [at(5), at(6)],
    [at(1, 12), at(3, 12)],
    [at(1), at(1, 12)],
  ];
  expect(await expectedOf(windows, days)).toEqual([0, 1_180, 120]);
});

test('where nothing is told, nothing is known', async () => {
  expect(await expectedOf([[at(1), at(4)]], [])).toEqual([null]);
});
