// A worker's clock that jumps: the wrong times that it wrote keep nobody waiting once the clock is right again.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { overdueConfigs } from '../../src/store/overdue.ts';
import { freshDatabase } from '../setup/database.ts';
import { activitiesOf, type Ground, openGround, workUntilRest } from './ground.ts';
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

/** Read, and then our clock jumps; the tracker's does not. */
async function jumped(jumpMs: number, whileWrong: (path: { ledger: Ledger }) => Promise<unknown> = async () => {}) {
  // So that the time after one cycle is the true one: the database has no other.
  const start = Date.now() - 16 * MINUTE_MS;
  let now = start;
  const activities = activitiesOf({ ...ground.deps, clock: () => new Date(now) });
  const options = { clicks: 2_000, conversions: 200, days: 2, growthPerDay: 20_000 };
  const connected = await ground.connect(options, { backfillDays: 2, syncIntervalMinutes: 15 });
  const { configId, ledger } = connected;
  await ledger.setClock({ freezeAt: new Date(start).toISOString() });
  await workUntilRest(activities, configId);
  now = start + 16 * MINUTE_MS;
  await workUntilRest(activities, configId);
  await whileWrong(connected);
  now += jumpMs;
  await workUntilRest(activities, configId);
  const isOverdue = async () => (await overdueConfigs(ground.db)).includes(configId);
  return {
    ...{ configId, ledger, activities, isOverdue },
    /** The clock is right again, and so much later. */
    async rightAgain(ms: number): Promise<Date> {
      now = start + 16 * MINUTE_MS + ms;
      await ledger.setClock({ freezeAt: new Date(now).toISOString() });
      return new Date(now);
    },
  };
}

type Ledger = Awaited<ReturnType<Ground['connect']>>['ledger'];

const rowOf = (configId: string) =>
  ground.db.selectFrom('tracker_config').selectAll().where('id', '=', configId).executeTakeFirstOrThrow();

test.each([
  ['ahead', 3 * HOUR_MS],
  ['behind', -3 * HOUR_MS],
])('%s by hours and back: the next slot is kept, and every row comes', async (_, jumpMs) => {
  const { configId, ledger, activities, rightAgain } = await jumped(jumpMs);
  expect(Math.abs((await rowOf(configId)).last_slot_at!.getTime() - Date.now())).toBeGreaterThan(2 * HOUR_MS);
  const now = await rightAgain(16 * MINUTE_MS);
  await workUntilRest(activities, configId);
  const { backfill_from, last_slot_at } = await rowOf(configId);
  expect(Math.abs(last_slot_at!.getTime() - now.getTime())).toBeLessThan(15 * MINUTE_MS);
  const range = { from: backfill_from!, to: new Date(now.getTime() - 2 * MINUTE_MS - 1_000) };
  expect(await hubTotals(ground.db, configId, range)).toEqual(await ledgerTotals(ledger, range));
});

test('a next time that lies too far away is no reason to sleep so long', async () => {
  const { isOverdue, activities, configId, rightAgain } = await jumped(3 * HOUR_MS);
  expect(await isOverdue()).toBe(true);
  await rightAgain(1_000);
  await workUntilRest(activities, configId);
  expect(await isOverdue()).toBe(false);
});

test('a wait after trouble that was reckoned from the wrong time is over with it', async () => {
  const fault = { kind: 'status', status: 502 } as const;
  const { activities, configId, ledger, rightAgain, isOverdue } = await jumped(3 * HOUR_MS, ({ ledger }) =>
    ledger.addFault({ match: { times: null }, fault }),
  );
  expect((await rowOf(configId)).retry_at!.getTime()).toBeGreaterThan(Date.now() + 2 * HOUR_MS);
  const next_sync_at = new Date(Date.now() - MINUTE_MS);
  await ground.db.updateTable('tracker_config').set({ next_sync_at }).where('id', '=', configId).execute();
  expect(await isOverdue()).toBe(true);
  await ledger.clearFaults();
  await rightAgain(MINUTE_MS);
  expect(await activities.plan(configId)).toMatchObject({ kind: 'work' });
});
