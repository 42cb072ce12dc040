// One resource refused while the others answer: they go on without it, it is left out for a while, and nothing of it is lost.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultKindInput } from '../../simulator/faults/fault.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { resumeConfig } from '../../src/store/configs-commands.ts';
import { freshDatabase } from '../setup/database.ts';
import { activitiesOf, type Ground, openGround } from './ground.ts';
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

/** A config whose rests pass at once on a clock of its own, for as long as is asked. */
async function life(options: object = {}, settings: object = {}, type = 'keitaro') {
  let now = Date.now();
  const connected = await ground.connect(
    { clicks: 1_500, conversions: 150, days: 2, growthPerDay: 2_000, ...options },
    { backfillDays: 2, syncIntervalMinutes: 15, ...settings },
    type,
  );
  const { configId, ledger } = connected;
  const activities = activitiesOf({ ...ground.deps, clock: () => new Date(now) });
  const config = () =>
    ground.db.selectFrom('tracker_config').selectAll().where('id', '=', configId).executeTakeFirstOrThrow();
  return {
    ...connected,
    config,
    resource: (name: string) =>
      ground.db
        .selectFrom('tracker_resource')
        .selectAll()
        .where('tracker_config_id', '=', configId)
        .where('resource', '=', name)
        .executeTakeFirstOrThrow(),
    async live(ms: number): Promise<void> {
      const end = now + ms;
      for (let steps = 0; steps < 400; steps++) {
        await ledger.setClock({ freezeAt: new Date(now).toISOString() });
        const step = await activities.plan(configId);
        if (step.kind === 'work') await activities[step.work](configId);
        else if (step.kind === 'gone' || step.until === null || Date.parse(step.until) > end) break;
        else now = Math.max(now + 1_000, Date.parse(step.until));
      }
      now = end;
      await ledger.setClock({ freezeAt: new Date(now).toISOString() });
    },
    async expectEqual(lag = 17 * MINUTE_MS): Promise<void> {
      const range = { from: (await config()).backfill_from!, to: new Date(now - lag) };
      expect(await hubTotals(ground.db, configId, range)).toEqual(await ledgerTotals(ledger, range));
    },
  };
}

const html: FaultKindInput = { kind: 'html' };
const broken: FaultKindInput = { kind: 'status', status: 500 };

describe('a log that has answered before', () => {
  test.each([
    ['HTML', html],
    ['500', broken],
  ])(
    'and now answers %s: the other log goes on, it is not given up, and is whole again soon after',
    async (_, fault) => {
      const { configId, ledger, live, resource, expectEqual, config } = await life({ seed: 2 });
      await live(20 * MINUTE_MS);
      await ledger.addFault({ match: { path: '/conversions/log', times: null }, fault });
      await live(2 * HOUR_MS);
      expect(await resource('conversions')).toMatchObject({ state: 'ok', reason: expect.any(String) });
      expect((await resource('clicks')).retry_at).toBeNull();
      const newest = await ground.db
        .selectFrom('click')
        .select('clicked_at')
        .where('tracker_config_id', '=', configId)
        .orderBy('clicked_at', 'desc')
        .executeTakeFirstOrThrow();
      expect((await resource('conversions')).read_to!.getTime()).toBeLessThan(newest.clicked_at.getTime() - HOUR_MS);
      await ledger.clearFaults();
      await live(40 * MINUTE_MS);
      expect(await resource('conversions')).toMatchObject({ state: 'ok', reason: null, retry_at: null, refusals: 0 });
      expect(await config()).toMatchObject({ blocked_kind: null, last_error: null });
      await expectEqual();
    },
  );

  test('for a day and more: then it is unavailable, and read whole when it comes back', async () => {
    const { ledger, live, resource, expectEqual } = await life(
      { seed: 3, growthPerDay: 200 },
      { syncIntervalMinutes: 180 },
    );
    await live(4 * HOUR_MS);
    await ledger.addFault({ match: { path: '/clicks/log', times: null }, fault: { kind: 'status', status: 403 } });
    await live(DAY_MS + 7 * HOUR_MS);
    expect(await resource('clicks')).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('403') });
    await ledger.clearFaults();
    await live(DAY_MS + 7 * HOUR_MS);
    expect(await resource('clicks')).toMatchObject({ state: 'ok', reason: null });
    await expectEqual(4 * HOUR_MS);
  });
});

describe('an assumed log that contradicts itself', () => {
  const contradiction: FaultKindInput = {
    ...{ kind: 'status', status: 200 },
    body: '{"success":true,"payload":{"data":[{"clickId":"v1","visitTimestamp":"2001-01-01 00:00:00"}]}}',
  };
  const openRuns = (configId: string) =>
    ground.db
      .selectFrom('run')
      .select('kind')
      .where('tracker_config_id', '=', configId)
      .where('kind', '=', 'backfill')
      .where('state', '<>', 'done')
      .execute();

  test('from the start: it is unavailable in words, and the backfill ends without it', async () => {
    const { configId, ledger, live, resource } = await life({ seed: 8 }, {}, 'bemob');
    await ledger.addFault({ match: { path: '/live-visits', times: null }, fault: contradiction });
    await live(30 * MINUTE_MS);
    expect(await resource('clicks')).toMatchObject({
      ...{ state: 'unavailable', reason: 'rows from outside of the time that was asked for' },
    });
    expect(await resource('conversions')).toMatchObject({ state: 'ok', reason: null });
    expect(await openRuns(configId)).toEqual([]);
  });

  test('after it has been read: only when it lasts a day', async () => {
    const { ledger, live, resource } = await life({ seed: 9 }, { syncIntervalMinutes: 180 }, 'bemob');
    await live(4 * HOUR_MS);
    await ledger.addFault({ match: { path: '/live-visits', times: null }, fault: contradiction });
    await live(6 * HOUR_MS);
    expect(await resource('clicks')).toMatchObject({ state: 'ok', reason: expect.stringContaining('outside') });
    await live(DAY_MS);
    expect(await resource('clicks')).toMatchObject({ state: 'unavailable' });
    await ledger.clearFaults();
    await live(DAY_MS + 4 * HOUR_MS);
    expect(await resource('clicks')).toMatchObject({ state: 'ok', reason: null });
  });

  test('in one old window alone, while new ones are read: after a day too, so that the backfill ends', async () => {
    const { configId, ledger, live, resource } = await life({ seed: 10, growthPerDay: 300 }, {}, 'bemob');
    await ledger.addFault({ match: { path: '/live-visits', nth: 2, times: null }, fault: contradiction });
    await live(30 * MINUTE_MS);
    expect(await resource('clicks')).toMatchObject({ state: 'ok' });
    expect(await openRuns(configId)).toHaveLength(1);
    await untouchedForADay(configId);
    await live(30 * MINUTE_MS);
    expect(await resource('clicks')).toMatchObject({ state: 'unavailable' });
    expect(await openRuns(configId)).toEqual([]);
  });
});

/** By the database's clock, which no test moves. */
async function untouchedForADay(configId: string): Promise<void> {
  const started_at = new Date(Date.now() - DAY_MS - 1_000);
  await ground.db.updateTable('run').set({ started_at }).where('tracker_config_id', '=', configId).execute();
  const touched = { cursor_at: started_at };
  await ground.db.updateTable('sync_window').set(touched).where('tracker_config_id', '=', configId).execute();
}

describe('a log that was seen, and contradicts itself', () => {
  const backwards: FaultKindInput = { kind: 'reorderedPage' };

  test('for a while: it is left out, and read when it has come to itself', async () => {
    const { ledger, live, resource, expectEqual } = await life({ seed: 11 });
    await ledger.addFault({ match: { path: '/conversions/log', times: null }, fault: backwards });
    await live(3 * HOUR_MS);
    expect(await resource('conversions')).toMatchObject({ reason: expect.stringContaining('order') });
    expect((await resource('conversions')).state).not.toBe('unavailable');
    await ledger.clearFaults();
    await live(40 * MINUTE_MS);
    await expectEqual();
  });

  test('for a day, in one old window alone: it is unavailable in words, all else is synced, and it is asked again daily', async () => {
    const { configId, ledger, live, resource, config, expectEqual } = await life({ seed: 12, growthPerDay: 300 });
    const match = { path: '/clicks/log', times: null };
    await ledger.addFault({ match, fault: backwards });
    await live(30 * MINUTE_MS);
    expect((await resource('clicks')).state).not.toBe('unavailable');
    expect((await config()).first_synced_at).toBeNull();
    await untouchedForADay(configId);
    await live(30 * MINUTE_MS);
    const reason = 'the log is not in order of time';
    expect(await resource('clicks')).toMatchObject({ state: 'unavailable', reason });
    expect(await resource('conversions')).toMatchObject({ state: 'ok', reason: null });
    expect(await config()).toMatchObject({ blocked_kind: null, first_synced_at: expect.any(Date) });
    await ledger.clearFaults();
    await live(DAY_MS + HOUR_MS);
    expect(await resource('clicks')).toMatchObject({ state: 'ok', reason: null });
    await expectEqual();
  });
});

test('a log that fails from the start does not keep the other from its history', async () => {
  const { configId, ledger, live } = await life({ seed: 4 });
  await ledger.addFault({ match: { path: '/conversions/log', times: null }, fault: { kind: 'status', status: 503 } });
  await live(20 * MINUTE_MS);
  const windows = await ground.db
    .selectFrom('sync_window')
    .select('state')
    .where('tracker_config_id', '=', configId)
    .where('resource', '=', 'clicks')
    .execute();
  expect(new Set(windows.map((window) => window.state))).toEqual(new Set(['done']));
});

test('an account that is wholly refused needs a person, and no log is called unavailable', async () => {
  const { ledger, live, config, resource } = await life({ seed: 5 });
  await live(20 * MINUTE_MS);
  await ledger.addFault({ match: { times: null }, fault: { kind: 'status', status: 402 } });
  await live(40 * MINUTE_MS);
  expect(await config()).toMatchObject({ blocked_kind: 'plan' });
  for (const name of ['clicks', 'conversions']) expect(await resource(name)).toMatchObject({ state: 'ok' });
});

test('an account that is shut right after its catalog was read needs a person too', async () => {
  const { ledger, live, config } = await life({ seed: 7 });
  await ledger.addFault({
    match: { path: '/(clicks|conversions)/log$', nth: 4, times: null },
    fault: { kind: 'status', status: 403 },
  });
  await live(40 * MINUTE_MS);
  expect(await config()).toMatchObject({ blocked_kind: 'forbidden' });
});

test('a failure between the two lists of campaigns marks none of them gone', async () => {
  const { configId, ledger, live } = await life({ seed: 6 });
  await live(20 * MINUTE_MS);
  await ledger.addFault({ match: { path: '/campaigns/deleted', times: 1 }, fault: broken });
  await live(2 * HOUR_MS);
  const gone = await ground.db
    .selectFrom('campaign')
    .select('name')
    .where('tracker_config_id', '=', configId)
    .where('gone_at', 'is not', null)
    .execute();
  expect(gone).toEqual([]);
});

test.each([
  ['rate_limited', true],
  ['backoff', false],
] as const)('resume ends a wait of our own, and not one that the tracker asked for: %s', async (retry_kind, isKept) => {
  const { configId, config } = await life({ seed: 7 });
  const retry_at = new Date(Date.now() + HOUR_MS);
  await ground.db.updateTable('tracker_config').set({ retry_at, retry_kind }).where('id', '=', configId).execute();
  await ground.db.transaction().execute((tx) => resumeConfig(tx, configId));
  expect((await config()).retry_at).toEqual(isKept ? retry_at : null);
});
