// Cycles and re-reads: what is new arrives, what changed is seen, what is the same costs no write.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';
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

const SMALL = { clicks: 6_000, conversions: 600, days: 5 };

/** A config, its ledger's clock and ours, moved together. */
async function atWork(options: object = {}, settings: object = {}) {
  const start = Date.now();
  let now = start;
  const deps = { ...ground.deps, clock: () => new Date(now) };
  const connected = await ground.connect(
    { ...SMALL, ...options },
    { backfillDays: 5, syncIntervalMinutes: 15, ...settings },
  );
  const activities = activitiesOf(deps);
  await connected.ledger.setClock({ freezeAt: new Date(start).toISOString() });
  await workUntilRest(activities, connected.configId);
  return {
    ...connected,
    activities,
    now: () => new Date(now),
    /** Time passes for us alone: the tracker has nothing new. */
    async passHere(ms: number): Promise<void> {
      now += ms;
      await workUntilRest(activities, connected.configId);
    },
    async pass(ms: number): Promise<void> {
      now += ms;
      await connected.ledger.setClock({ freezeAt: new Date(now).toISOString() });
      await workUntilRest(activities, connected.configId);
    },
  };
}

const conversionsOf = (configId: string) =>
  ground.db.selectFrom('conversion').selectAll().where('tracker_config_id', '=', configId).orderBy('converted_at');

async function expectEqual({ configId, ledger }: Pick<Connected, 'configId' | 'ledger'>, now: Date): Promise<void> {
  const row = await ground.db
    .selectFrom('tracker_config')
    .selectAll()
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  const range = { from: row.backfill_from!, to: new Date(now.getTime() - 2 * MINUTE_MS - 1_000) };
  expect(await hubTotals(ground.db, configId, range)).toEqual(await ledgerTotals(ledger, range));
}

describe('a cycle', () => {
  test('reads what is new since the last one, and the settle delay stays unread', async () => {
    const { configId, ledger, pass, now } = await atWork({ growthPerDay: 40_000 });
    await pass(16 * MINUTE_MS);
    await pass(16 * MINUTE_MS);
    await expectEqual({ configId, ledger }, now());
    const newest = await sql<{
      at: Date;
    }>`select max(clicked_at) as at from click where tracker_config_id = ${configId}`.execute(ground.db);
    expect(newest.rows[0]!.at.getTime()).toBeLessThan(now().getTime() - 2 * MINUTE_MS);
  });

  test('catches up after a day away', async () => {
    const { configId, ledger, pass, now } = await atWork({ seed: 3, growthPerDay: 5_000 });
    await pass(DAY_MS);
    await expectEqual({ configId, ledger }, now());
  });

  test('picks up rows that came late within the overlap', async () => {
    const { configId, ledger, pass, now } = await atWork({ seed: 4 });
    const at = new Date(now().getTime() - 90 * MINUTE_MS).toISOString();
    await ledger.overlay({ kind: 'addClicks', at, count: 3 });
    await pass(16 * MINUTE_MS);
    await expectEqual({ configId, ledger }, now());
  });

  test('writes nothing where nothing changed', async () => {
    const { configId, passHere } = await atWork({ seed: 5 });
    const places = () =>
      sql<{ ctid: string; xmin: string }>`
        select ctid::text, xmin::text from conversion where tracker_config_id = ${configId}
        union all select ctid::text, xmin::text from click where tracker_config_id = ${configId}`.execute(ground.db);
    await passHere(16 * MINUTE_MS);
    const before = await places();
    await passHere(61 * MINUTE_MS);
    expect(await places()).toEqual(before);
    const run = await ground.db
      .selectFrom('run')
      .selectAll()
      .where('tracker_config_id', '=', configId)
      .where('kind', '=', 'cycle')
      .orderBy('queued_at', 'desc')
      .executeTakeFirstOrThrow();
    expect(run).toMatchObject({ state: 'done', rows_written: 0 });
    expect(run.rows_unchanged).toBeGreaterThan(0);
  });
});

describe('late changes of conversions are found by themselves', () => {
  test.each([
    ['an hour old', HOUR_MS, 16 * MINUTE_MS],
    ['two days old', 2 * DAY_MS, 61 * MINUTE_MS],
    ['four days old', 4 * DAY_MS, DAY_MS],
  ])('%s', async (_, age, wait) => {
    const { configId, ledger, pass, now } = await atWork({ seed: 8, conversions: 3_000, clicks: 9_000 });
    const before = new Date(now().getTime() - age);
    const found = await conversionsOf(configId)
      .where('converted_at', '<', before)
      .where('converted_at', '>', new Date(before.getTime() - 40 * MINUTE_MS))
      .executeTakeFirstOrThrow();
    const ids = [Number(found.raw.conversion_id)];
    const turn = (status: string, revenue: string) => ledger.overlay({ kind: 'setConversions', ids, status, revenue });
    await turn('rejected', '0');
    await pass(wait);
    await turn('sale', '12.34');
    await pass(wait);
    const changes = await ground.db
      .selectFrom('conversion_change')
      .selectAll()
      .where('conversion_id', '=', found.id)
      .orderBy('seen_at')
      .execute();
    expect(changes.map((change) => change.raw_status)).toEqual([found.raw_status, 'rejected', 'sale']);
    expect(Number(changes.at(-1)!.revenue)).toBe(12.34);
    await expectEqual({ configId, ledger }, now());
  });
});

test('a requested range is read again, and the cursor stays where it was', async () => {
  const { configId, ledger, activities, now } = await atWork({ seed: 9 });
  const day = new Date(now().getTime() - 3 * DAY_MS);
  await ledger.overlay({ kind: 'restateCost', day: day.toISOString().slice(0, 10), factor: 2 });
  const cursors = () =>
    ground.db
      .selectFrom('tracker_resource')
      .select(['resource', 'read_to'])
      .where('tracker_config_id', '=', configId)
      .orderBy('resource')
      .execute();
  const before = await cursors();
  await ground.db
    .insertInto('run')
    .values({
      organization_id: ground.organizationId,
      tracker_config_id: configId,
      kind: 'resync',
      resources: ['clicks'],
      range_from: new Date(day.getTime() - DAY_MS),
      range_to: new Date(day.getTime() + DAY_MS),
    })
    .execute();
  await workUntilRest(activities, configId);
  expect(await cursors()).toEqual(before);
  await expectEqual({ configId, ledger }, now());
});

test('a cycle that was done is not done again by one that could not know', async () => {
  const { configId, ledger, activities, now } = await atWork({ seed: 12 });
  await ledger.clearRequests();
  const again = await activities.quickCycle(configId);
  expect(again).toMatchObject({ kind: 'rest', due: 'quickCycle' });
  expect(await activities.cycle(configId)).toEqual(again);
  expect(await ledger.requests()).toEqual([]);
  expect(again).toMatchObject({ until: expect.any(String) });
  expect(Date.parse((again as { until: string }).until)).toBeGreaterThan(now().getTime());
});

test("a re-sync is followed by a comparison with the tracker's own totals", async () => {
  const { configId, ledger, activities } = await atWork({ seed: 13 });
  const day = new Date(Date.now() - 3 * DAY_MS);
  await ledger.clearRequests();
  await ground.db
    .insertInto('run')
    .values({
      organization_id: ground.organizationId,
      tracker_config_id: configId,
      kind: 'resync',
      resources: ['clicks'],
      range_from: day,
      range_to: new Date(day.getTime() + HOUR_MS),
    })
    .execute();
  await workUntilRest(activities, configId);
  const paths = (await ledger.requests()).map(({ path }) => path);
  const resynced = paths.findIndex((path) => path.endsWith('/clicks/log'));
  expect(resynced).toBeGreaterThanOrEqual(0);
  expect(paths.slice(resynced).some((path) => path.endsWith('/report/build'))).toBe(true);
});

test('more days of history wanted: only the missing days are read', async () => {
  const { configId, ledger, activities } = await atWork({ seed: 10, days: 8 }, { backfillDays: 4 });
  await ledger.clearRequests();
  await ground.db
    .updateTable('tracker_config')
    .set({ settings: JSON.stringify({ currency: 'USD', timezone: 'UTC', backfillDays: 6, syncIntervalMinutes: 15 }) })
    .where('id', '=', configId)
    .execute();
  const row = await ground.db
    .selectFrom('tracker_config')
    .select(['backfill_from', 'backfill_to'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  await workUntilRest(activities, configId);
  const asked = (await ledger.requests()).filter((request) => request.path.endsWith('/log'));
  expect(asked.length).toBeGreaterThan(0);
  for (const { window } of asked)
    expect(Date.parse(`${window!.to.replace(' ', 'T')}Z`)).toBeLessThan(row.backfill_from!.getTime());
});
