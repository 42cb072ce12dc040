// Checkpoints: rows and cursor commit together or not at all, and only by who saw the last state.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Http } from '../../src/adapters/http.ts';
import { TrackerError } from '../../src/core/errors.ts';
import { advanceWindow, openWindows, Superseded } from '../../src/store/windows.ts';
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

const config = (id: string) =>
  ground.db.selectFrom('tracker_config').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

async function expectEqual({ configId, ledger }: Connected): Promise<void> {
  const row = await config(configId);
  const range = { from: row.backfill_from!, to: row.backfill_to! };
  expect(await hubTotals(ground.db, configId, range)).toEqual(await ledgerTotals(ledger, range));
}

/** Fails every call after so many, as a process that dies would stop making them. */
function failingAfter(http: Http, calls: number): Http {
  let left = calls;
  return {
    ...http,
    call(call) {
      if (left-- <= 0) throw new TrackerError('network', 'ECONNRESET');
      return http.call(call);
    },
  };
}

/** Fails from the first page with this offset on: in the middle of a window at any time of the day. */
function failingAtOffset(http: Http, offset: number): Http {
  let hasFailed = false;
  return {
    ...http,
    call(call) {
      hasFailed ||= call.body !== undefined && (JSON.parse(call.body) as { offset?: number }).offset === offset;
      if (hasFailed) throw new TrackerError('network', 'ECONNRESET');
      return http.call(call);
    },
  };
}

const SMALL_PAGES = { clicks: 4_000, conversions: 200, days: 3, keitaro: { maxLimit: 300 } };

test('a place that as many rows as a page have come in before is given up, and its window read from the start', async () => {
  const connected = await ground.connect(SMALL_PAGES, { backfillDays: 3 });
  const { configId, ledger } = connected;
  const dying = activitiesOf({ ...ground.deps, http: failingAtOffset(ground.deps.http, 300) });
  let step = await dying.plan(configId);
  while (step.kind === 'work') step = await dying[step.work](configId);
  const window = await ground.db
    .selectFrom('sync_window')
    .selectAll()
    .where('tracker_config_id', '=', configId)
    .where('cursor', 'is not', null)
    .executeTakeFirstOrThrow();
  await ledger.overlay({ kind: 'addClicks', at: window.from_at.toISOString(), count: 300 });
  await ground.db.updateTable('tracker_config').set({ retry_at: null }).where('id', '=', configId).execute();
  await workUntilRest(activitiesOf(ground.deps), configId);
  expect((await config(configId)).last_error).toBeNull();
  await expectEqual(connected);
});

describe('stopped after any number of calls', () => {
  test.each([14, 21, 25, 32])(
    '%i: goes on from the last checkpoint and ends equal, nothing older read again',
    async (calls) => {
      const connected = await ground.connect(SMALL_PAGES, { backfillDays: 3 });
      const { configId, ledger } = connected;
      const dying = activitiesOf({ ...ground.deps, http: failingAfter(ground.deps.http, calls) });
      let step = await dying.plan(configId);
      while (step.kind === 'work') step = await dying[step.work](configId);
      expect((await config(configId)).last_error?.kind).toBe('network');

      const pages = (await ledger.requests()).filter((request) => request.path.endsWith('/log'));
      await ground.db.updateTable('tracker_config').set({ retry_at: null }).where('id', '=', configId).execute();
      await ledger.clearRequests();
      await workUntilRest(activitiesOf(ground.deps), configId);
      await expectEqual(connected);
      const again = (await ledger.requests()).filter((request) => request.path.endsWith('/log'));
      const repeated = again.filter((a) =>
        pages.some(
          (b) =>
            a.path === b.path &&
            a.window?.from === b.window?.from &&
            a.window?.to === b.window?.to &&
            a.offset === b.offset,
        ),
      );
      // The page in flight when it stopped, and the one read ahead of it.
      expect(repeated.length).toBeLessThanOrEqual(2);
    },
  );
});

describe('a checkpoint', () => {
  test('is refused to who saw an older state, and nothing of theirs is written', async () => {
    const { configId } = await ground.connect(SMALL_PAGES, { backfillDays: 3 });
    const activities = activitiesOf({ ...ground.deps, sliceMs: 0 });
    await activities.catalog(configId);
    await activities.backfill(configId);
    const run = await ground.db
      .selectFrom('run')
      .select('id')
      .where('tracker_config_id', '=', configId)
      .where('kind', '=', 'backfill')
      .executeTakeFirstOrThrow();
    const [window] = await openWindows(ground.db, run.id, ['clicks'], 1);
    const advance = { cursor: null, coveredTo: window!.range.to, rows: 1, isFresh: false, to: window!.range.to };
    await advanceWindow(ground.db, window!, { ...advance, cursor: { place: {} } });
    await expect(advanceWindow(ground.db, window!, advance)).rejects.toThrow(Superseded);
    await expect(advanceWindow(ground.db, { ...window!, seq: window!.seq + 1 }, advance)).resolves.toBeUndefined();
    await expect(advanceWindow(ground.db, { ...window!, seq: window!.seq + 2 }, advance)).rejects.toThrow(Superseded);
  });

  test('a zombie that wakes after its successor writes nothing and makes no call', async () => {
    const connected = await ground.connect({ ...SMALL_PAGES, seed: 5 }, { backfillDays: 3 });
    const { configId } = connected;
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    let calls = 0;
    const asleep: Http = {
      ...ground.deps.http,
      async call(call) {
        calls++;
        const answer = await ground.deps.http.call(call);
        if (call.url.pathname.endsWith('/clicks/log')) {
          reached.resolve();
          await gate.promise;
        }
        return answer;
      },
    };
    await activitiesOf(ground.deps).catalog(configId);
    const zombie = activitiesOf({ ...ground.deps, http: asleep }).backfill(configId);
    await reached.promise;
    // Its time is over: the lease has run out, and another attempt does all of the work.
    await ground.db
      .updateTable('sync_lease')
      .set({ until: new Date(0) })
      .where('tracker_config_id', '=', configId)
      .execute();
    await workUntilRest(activitiesOf(ground.deps), configId);
    const before = await hubTotals(ground.db, configId, { from: new Date(0), to: new Date() });
    const callsBefore = calls;
    gate.resolve();
    await zombie;
    expect(calls).toBe(callsBefore);
    expect(await hubTotals(ground.db, configId, { from: new Date(0), to: new Date() })).toEqual(before);
    await expectEqual(connected);
  });

  test('an offset older than ten minutes is forgotten, and its window read from its start', async () => {
    const connected = await ground.connect({ ...SMALL_PAGES, seed: 6 }, { backfillDays: 3 });
    const { configId, ledger } = connected;
    const dying = activitiesOf({ ...ground.deps, http: failingAtOffset(ground.deps.http, 600) });
    let step = await dying.plan(configId);
    while (step.kind === 'work') step = await dying[step.work](configId);
    const running = await ground.db
      .selectFrom('sync_window')
      .selectAll()
      .where('tracker_config_id', '=', configId)
      .where('state', '=', 'running')
      .executeTakeFirstOrThrow();
    await ground.db
      .updateTable('sync_window')
      .set({ cursor_at: new Date(Date.now() - 11 * 60_000) })
      .where('id', '=', running.id)
      .execute();
    await ground.db.updateTable('tracker_config').set({ retry_at: null }).where('id', '=', configId).execute();
    await ledger.clearRequests();
    await workUntilRest(activitiesOf(ground.deps), configId);
    const first = (await ledger.requests()).find(({ path }) => path.endsWith('/log'));
    expect(first).toMatchObject({ path: expect.stringContaining(`/${running.resource}/log`), offset: 0 });
    await expectEqual(connected);
  });
});

test('a page whose transaction fails at its very end leaves neither rows nor checkpoint behind', async () => {
  const { configId } = await ground.connect({ ...SMALL_PAGES, seed: 7 }, { backfillDays: 3 });
  await activitiesOf(ground.deps).catalog(configId);
  await sql`
    create function refuse_commit() returns trigger language plpgsql as $$ begin raise exception 'refused at commit'; end $$;
    create constraint trigger refuse_commit after update on sync_window deferrable initially deferred
    for each row execute function refuse_commit()`.execute(ground.db);
  try {
    await expect(activitiesOf(ground.deps).backfill(configId)).rejects.toThrow('error P0001');
  } finally {
    await sql`drop trigger refuse_commit on sync_window`.execute(ground.db);
  }
  const read = await sql`select 1 from click where tracker_config_id = ${configId}
    union all select 1 from conversion where tracker_config_id = ${configId}`.execute(ground.db);
  expect(read.rows).toEqual([]);
  const windows = await windowsOf(configId);
  expect(windows.length).toBeGreaterThan(0);
  expect(windows.every((window) => window.seq === 0 && window.state === 'planned')).toBe(true);
});

const windowsOf = (configId: string) =>
  ground.db.selectFrom('sync_window').selectAll().where('tracker_config_id', '=', configId).execute();
