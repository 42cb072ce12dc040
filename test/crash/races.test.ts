// Commands that meet each other, a run, a wait or an absence, through the real API: the state ends as asked.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../workflows/worker-process.ts';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Connected, type Hub, openHub } from './hub.ts';
import { configOf, expectNothingWrong } from './invariants.ts';
import type { Moment } from './moments.ts';

let hub: Hub;
let watch: CheckpointWatch;

beforeAll(async () => {
  hub = await openHub({ workers: 2 });
  watch = watchCheckpoints(hub.db);
});

afterAll(async () => {
  await watch?.stop();
  await hub?.end();
});

/** Each answer takes its time, so that a command finds a call under way. */
async function connectSlowly(ms = 40): Promise<Connected> {
  const config = await hub.connect({ clicks: 1_600, conversions: 120 }, { syncIntervalMinutes: 60 });
  await config.ledger.addFault({ match: { times: null }, fault: { kind: 'delay', ms } });
  return config;
}

const command = ({ configId }: Connected, name: string, body?: unknown) =>
  hub.ask('POST', `/api/v1/trackers/${configId}/${name}`, body);
const stateOf = async ({ configId }: Connected): Promise<string> =>
  (await hub.ask('GET', `/api/v1/trackers/${configId}`)).json.state;
const requestsOf = async ({ ledger }: Connected): Promise<number> => (await ledger.requests()).length;
const becomesSynced = ({ configId }: Connected) =>
  until(
    () => configOf(hub.db, configId),
    (row) => row?.first_synced_at != null,
    120_000,
  );
const isUnderWay = (config: Connected, pages = 18) =>
  until(
    () => requestsOf(config),
    (count) => count >= pages,
    60_000,
  );

/** A pause was acknowledged: whoever calls now breaks a promise. */
async function expectSilence(config: Connected, ms = 3_000): Promise<void> {
  const acknowledged = await requestsOf(config);
  await sleep(ms);
  expect(await requestsOf(config)).toBe(acknowledged);
}

describe.concurrent('commands', () => {
  test('two pauses at once during a slice, then two resumes at once', async () => {
    const config = await connectSlowly();
    await isUnderWay(config);
    const paused = await Promise.all([command(config, 'pause'), command(config, 'pause')]);
    expect(paused.map(({ status, json }) => [status, json.state])).toEqual([
      [200, 'paused'],
      [200, 'paused'],
    ]);
    await expectSilence(config);
    const resumed = await Promise.all([command(config, 'resume'), command(config, 'resume')]);
    expect(resumed.map(({ status }) => status)).toEqual([200, 200]);
    await becomesSynced(config);
    await expectNothingWrong(hub.db, config);
  }, 180_000);

  test('pause and resume at once end in one of both, and a resume after them in work', async () => {
    const config = await connectSlowly();
    await isUnderWay(config);
    for (let i = 0; i < 5; i++) {
      const [paused, resumed] = await Promise.all([command(config, 'pause'), command(config, 'resume')]);
      expect([200, 202]).toContain(paused.status);
      expect(resumed.status).toBe(200);
    }
    await command(config, 'resume');
    await becomesSynced(config);
    await expectNothingWrong(hub.db, config);
  }, 180_000);

  test('pause during a wait that the tracker asked for; resume does not cut it short', async () => {
    const config = await connectSlowly();
    const fault = { kind: 'status', status: 429, headers: { 'retry-after': '12' } } as const;
    await isUnderWay(config, 6);
    await config.ledger.clearFaults();
    await config.ledger.addFault({ match: { nth: 2 }, fault });
    await until(
      () => configOf(hub.db, config.configId),
      (row) => row?.retry_kind === 'rate_limited',
    );
    const paused = await command(config, 'pause');
    expect([paused.status, paused.json.state]).toEqual([200, 'paused']);
    expect((await command(config, 'resume')).status).toBe(200);
    await becomesSynced(config);
    await expectNothingWrong(hub.db, config, { retryAfter: { 429: 12 } });
  }, 180_000);

  test('sync now during a run, many times at once, is one cycle', async () => {
    const config = await connectSlowly();
    await isUnderWay(config);
    const queued = await Promise.all(Array.from({ length: 6 }, () => command(config, 'sync')));
    expect(new Set(queued.map(({ json }) => json.id)).size).toBe(1);
    await becomesSynced(config);
    const cycles = () =>
      hub.db
        .selectFrom('run')
        .select(['id', 'state'])
        .where('tracker_config_id', '=', config.configId)
        .where('kind', '=', 'cycle')
        .execute();
    await until(cycles, (rows) => rows.every((row) => row.state === 'done'));
    expect((await cycles()).map((row) => row.id)).toEqual([queued[0]!.json.id]);
    await expectNothingWrong(hub.db, config);
  }, 180_000);

  test('a re-sync beside the backfill: both end, and every row is there once', async () => {
    const config = await connectSlowly();
    await isUnderWay(config);
    const to = new Date();
    const { json } = await command(config, 'resync', { from: new Date(to.getTime() - 40 * 3_600_000), to });
    const run = () => hub.db.selectFrom('run').selectAll().where('id', '=', json.id).executeTakeFirstOrThrow();
    await until(run, (row) => row.state === 'done', 120_000);
    await becomesSynced(config);
    expect((await run()).rows_read).toBeGreaterThan(500);
    await expectNothingWrong(hub.db, config);
  }, 180_000);

  test('deleted during a run: gone for the API at once, then its rows, then its workflow', async () => {
    const config = await connectSlowly();
    await isUnderWay(config);
    const path = `/api/v1/trackers/${config.configId}`;
    const deleted = await Promise.all([hub.ask('DELETE', path), hub.ask('DELETE', path)]);
    expect(deleted.map(({ status }) => status).sort()).toEqual([202, 404]);
    expect((await hub.ask('GET', path)).status).toBe(404);
    await until(
      () => configOf(hub.db, config.configId),
      (row) => row === undefined,
    );
    await expectSilence(config);
    for (const table of ['click', 'conversion', 'campaign', 'unreadable_row'] as const) {
      const rows = await hub.db
        .selectFrom(table)
        .select('id')
        .where('tracker_config_id', '=', config.configId)
        .limit(1)
        .execute();
      expect(rows, table).toEqual([]);
    }
    expect((await command(config, 'resume')).status).toBe(404);
  }, 180_000);

  test('a key changed during a run: the old one is not used again once the change is answered', async () => {
    const config = await connectSlowly();
    await isUnderWay(config);
    const apiKey = `another-key-${config.configId}`;
    await config.ledger.change({ apiKey });
    const path = `/api/v1/trackers/${config.configId}`;
    expect((await hub.ask('PATCH', path, { credentials: { apiKey } })).status).toBe(200);
    const answeredAt = Date.now();
    await becomesSynced(config);
    const late = (await config.ledger.requests()).filter((request) => Date.parse(request.at) > answeredAt + 250);
    expect(late.length).toBeGreaterThan(0);
    expect(late.filter((request) => request.credential !== 'right')).toEqual([]);
    await expectNothingWrong(hub.db, config);
  }, 180_000);
});

describe('an attempt that sleeps', () => {
  /** The worker that is frozen, with a call allowed or answered and nothing of it written yet. */
  async function frozenAt(moment: Moment) {
    const standing = hub.stopAt({ moment, phase: 'backfill', configId: null, nth: 4 });
    const config = await connectSlowly(5);
    const { worker, fate } = await standing;
    worker.freeze();
    // It hears of it when it wakes.
    fate({ order: 'go-on' });
    return { config, worker };
  }

  test('past its lease wakes after its successor, and neither writes nor calls any more', async () => {
    const { config, worker } = await frozenAt('after-fetch');
    await becomesSynced(config);
    worker.thaw();
    await sleep(3_000);
    // A page that it would still ask for lies in a window that its successor has finished.
    await expectNothingWrong(hub.db, config);
  }, 180_000);

  test('through a pause makes no call when it wakes', async () => {
    const { config, worker } = await frozenAt('at-permit');
    await command(config, 'pause');
    await until(
      () => stateOf(config),
      (state) => state === 'paused',
    );
    const acknowledged = await requestsOf(config);
    worker.thaw();
    await sleep(3_000);
    expect(await requestsOf(config)).toBe(acknowledged);
    await command(config, 'resume');
    await becomesSynced(config);
    await expectNothingWrong(hub.db, config);
  }, 180_000);
});

test('a pause while Temporal is away is obeyed, and a resume is carried out when it is back', async () => {
  const config = await connectSlowly();
  await isUnderWay(config);
  await hub.temporal.stop();
  const paused = await command(config, 'pause');
  expect(paused.status).toBe(202);
  await until(
    () => stateOf(config),
    (state) => state === 'paused',
    30_000,
  );
  await expectSilence(config);
  expect((await command(config, 'resume')).status).toBe(200);
  await hub.temporal.start();
  await becomesSynced(config);
  await expectNothingWrong(hub.db, config);
}, 180_000);

test('and no checkpoint ever went back', () => {
  expect(watch.offences).toEqual([]);
  expect(watch.looks()).toBeGreaterThan(100);
});
