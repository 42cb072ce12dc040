// An account whose times are told on its own clocks: where the connection is set to another zone, the days say so.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../setup/database.ts';
import { type Ground, openGround } from './ground.ts';
import { reconciled } from './reconcile-ground.ts';

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
const REASON = "looks like another time zone, 5 h 30 min apart: set the connection's time zone to the account's";
const busy = (seed: number) => ({
  ...{ seed, days: 9, clicks: 15_000, conversions: 300, campaigns: 2 },
  redtrack: { times: 'plain' as const, timezone: 'Asia/Kolkata', limit: null },
});
const connect = (seed: number, settings: object) =>
  reconciled(ground, busy(seed), { backfillDays: 9, callsPerMinute: 0, ...settings }, {}, 'redtrack');

test('set to another zone than the account’s, every day that differs says so; set right, none differs', async () => {
  const { figures, days, pass } = await connect(81, {});
  const said = async () =>
    new Set(
      (await figures()).flatMap(({ verdicts }) =>
        Object.values(verdicts).map(({ state, reason }) => `${state}: ${reason}`),
      ),
    );
  expect(Object.values(await days()).filter((state) => state === 'differs').length).toBeGreaterThanOrEqual(6);
  expect(await said()).toEqual(new Set([`differs: ${REASON}`]));
  // Of the latest days alone too.
  await pass(HOUR);
  expect(await said()).toEqual(new Set([`differs: ${REASON}`]));

  const right = await connect(82, { timezone: 'Asia/Kolkata' });
  expect(new Set(Object.values(await right.days()))).toEqual(new Set(['equal']));
});
