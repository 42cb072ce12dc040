// The lease: one slice a config at a time, and no call after a pause or a change, even where no signal arrives.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Http } from '../../src/adapters/http.ts';
import { TrackerError } from '../../src/core/errors.ts';
import { freshDatabase } from '../setup/database.ts';
import { activitiesOf, type Ground, openGround, workUntilRest } from './ground.ts';

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

const SMALL = { clicks: 2_000, conversions: 100, days: 2, keitaro: { maxLimit: 300 } };

/** Stands still at the n-th call from now, until it is let on. */
function gated(http: Http, nth: number) {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let calls = 0;
  const call: Http['call'] = async (asked) => {
    calls++;
    if (calls === nth) {
      reached.resolve();
      await gate.promise;
    }
    return http.call(asked);
  };
  return { http: { ...http, call }, reached: reached.promise, letOn: gate.resolve, calls: () => calls };
}

/** A backfill that stands still at its third call. */
async function halfway() {
  const connected = await ground.connect(SMALL, { backfillDays: 2 });
  await activitiesOf(ground.deps).catalog(connected.configId);
  const gate = gated(ground.deps.http, 3);
  const slice = activitiesOf({ ...ground.deps, http: gate.http }).backfill(connected.configId);
  await gate.reached;
  const set = (values: Record<string, unknown>) =>
    ground.db.updateTable('tracker_config').set(values).where('id', '=', connected.configId).execute();
  return { ...connected, gate, slice, set };
}

/** A config whose tracker never answers: a call ends when it is told to. */
async function waiting() {
  const { configId } = await ground.connect(SMALL, { backfillDays: 2 });
  await activitiesOf(ground.deps).catalog(configId);
  const reached = Promise.withResolvers<void>();
  const stop = new AbortController();
  const told = new TrackerError('network', 'told to stop');
  const call: Http['call'] = ({ signal }) => {
    reached.resolve();
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(told)));
  };
  const deps = { ...ground.deps, stopping: stop.signal, http: { ...ground.deps.http, call } };
  return { configId, deps, reached: reached.promise, stop };
}

const orgOf = () => ({ organization_id: ground.organizationId });

const troubleOf = async (configId: string) =>
  (
    await ground.db
      .selectFrom('tracker_config')
      .select('last_error')
      .where('id', '=', configId)
      .executeTakeFirstOrThrow()
  ).last_error;

describe('while a slice is at work', () => {
  test('another one waits for its lease and makes no call', async () => {
    const { configId, gate, slice } = await halfway();
    const second = gated(ground.deps.http, 1_000);
    const step = await activitiesOf({ ...ground.deps, http: second.http }).backfill(configId);
    expect(second.calls()).toBe(0);
    expect(step).toMatchObject({ kind: 'rest', due: null, details: 'Waiting for another attempt to end' });
    gate.letOn();
    await slice;
  });

  test('a pause that only the database knows of is followed by no further call', async () => {
    const { configId, gate, slice, set } = await halfway();
    await set({ desired_state: 'paused' });
    gate.letOn();
    expect(await slice).toMatchObject({ kind: 'rest', until: null, details: 'Paused' });
    expect(gate.calls()).toBe(3);
    const lease = await ground.db
      .selectFrom('sync_lease')
      .selectAll()
      .where('tracker_config_id', '=', configId)
      .execute();
    expect(lease).toEqual([]);
  });

  test('a pause ends a call that waits for its answer, with Temporal away too', async () => {
    const { configId, deps, reached } = await waiting();
    const slice = activitiesOf(deps).backfill(configId);
    await reached;
    await ground.db.updateTable('tracker_config').set({ desired_state: 'paused' }).where('id', '=', configId).execute();
    expect(await slice).toMatchObject({ kind: 'rest', until: null, details: 'Paused' });
    expect(await troubleOf(configId)).toBeNull();
  });

  test.each(['the process is to stop', 'the activity is told to end'] as const)(
    'a call that waits for its answer ends where %s, and nobody is blamed',
    async (why) => {
      const { configId, deps, reached, stop } = await waiting();
      const activities =
        why === 'the process is to stop'
          ? activitiesOf(deps)
          : activitiesOf({ ...ground.deps, http: deps.http }, stop.signal);
      const slice = activities.backfill(configId);
      await reached;
      stop.abort();
      expect(await slice).toMatchObject({ kind: 'work' });
      expect(await troubleOf(configId)).toBeNull();
    },
  );

  test('as many quick cycles as may wait for slow trackers; the next one is left to an ordinary cycle', async () => {
    const [first, second] = [await waiting(), await waiting()];
    for (const { configId } of [first, second]) {
      await workUntilRest(activitiesOf(ground.deps), configId);
      await ground.db
        .insertInto('run')
        .values({ ...orgOf(), tracker_config_id: configId, kind: 'cycle' })
        .execute();
    }
    const activities = activitiesOf({ ...first.deps, quickAtOnce: 1 });
    const slow = activities.quickCycle(first.configId);
    await first.reached;
    expect(await activities.quickCycle(second.configId)).toMatchObject({ kind: 'work', work: 'cycle' });
    first.stop.abort();
    await slow;
  });

  test('pause and resume in between: the old slice ends all the same, the next goes on', async () => {
    const { configId, gate, slice, set } = await halfway();
    await set({ desired_state: 'paused', updated_at: new Date() });
    await set({ desired_state: 'active', updated_at: new Date() });
    gate.letOn();
    expect(await slice).toMatchObject({ kind: 'work' });
    expect(gate.calls()).toBe(3);
    await workUntilRest(activitiesOf(ground.deps), configId);
  });

  test('a refusal of what a person has changed meanwhile blocks nothing', async () => {
    const { configId, ledger, gate, slice, set } = await halfway();
    await ledger.addFault({ match: { times: 1 }, fault: { kind: 'status', status: 401 } });
    await set({ updated_at: new Date() });
    gate.letOn();
    await slice;
    const row = await ground.db
      .selectFrom('tracker_config')
      .selectAll()
      .where('id', '=', configId)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ blocked_kind: null, last_error: null });
    await workUntilRest(activitiesOf(ground.deps), configId);
  });
});
