// Progress, windows, runs and the journal of calls: exact, never falling, newest first.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunKind, RunState } from '../../src/core/sync.ts';
import { type Harness, startHarness } from './harness.ts';
import { seedConfig } from './seed.ts';

let api: Harness;
let id: string;

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());
beforeEach(async () => {
  id = await seedConfig(api.db, api.ours.organizationId);
});

const owner = () => ({ tracker_config_id: id, organization_id: api.ours.organizationId });
const read = async (what: string, key = api.ours.keys.owner) =>
  (await api.ask('GET', `/api/v1/trackers/${id}/${what}`, { key })).json;

async function addRun(kind: RunKind, state: RunState, given: object = {}): Promise<string> {
  const row = await api.db
    .insertInto('run')
    .values({ ...owner(), kind, state, ...given })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function addWindow(
  runId: string,
  hours: [number, number],
  state: 'planned' | 'running' | 'done',
  coveredTo?: number,
  expectedRows?: number,
) {
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 1, hour));
  await api.db
    .insertInto('sync_window')
    .values({
      ...owner(),
      ...{ run_id: runId, resource: 'clicks', state, from_at: at(hours[0]), to_at: at(hours[1]), rows: 5 },
      covered_to: coveredTo === undefined ? null : at(coveredTo),
      expected_rows: expectedRows ?? null,
    })
    .execute();
}

describe('progress', () => {
  test('of a new config is waiting at nothing', async () => {
    expect(await read('progress')).toEqual({
      ...{ phase: 'waiting', percent: 0, windows: { done: 0, running: 0, planned: 0 } },
      ...{ rows: { clicks: 0, conversions: 0 }, rowsPerSecond: null, etaSeconds: null },
      ...{ oldestReadAt: null, newestReadAt: null },
    });
  });

  test('counts seconds done of seconds planned, a running window by what it covers', async () => {
    const run = await addRun('backfill', 'running', { started_at: new Date(), rows_read: 1_000 });
    await addWindow(run, [20, 24], 'done');
    await addWindow(run, [16, 20], 'running', 17);
    await addWindow(run, [0, 16], 'planned');
    await api.db
      .updateTable('tracker_resource')
      .set({ rows: 777 })
      .where('tracker_config_id', '=', id)
      .where('resource', '=', 'clicks')
      .execute();
    const progress = await read('progress');
    expect(progress).toMatchObject({
      ...{ phase: 'backfill', percent: 20.83, windows: { done: 1, running: 1, planned: 1 } },
      ...{ rows: { clicks: 777, conversions: 0 } },
      ...{ oldestReadAt: '2026-11-01T20:00:00.000Z', newestReadAt: '2026-11-02T00:00:00.000Z' },
    });
    // Nothing of a pace is known yet.
    expect([progress.rowsPerSecond, progress.etaSeconds]).toEqual([null, null]);
  });

  describe('estimates', () => {
    const set = (run: string, facts: object) => api.db.updateTable('run').set(facts).where('id', '=', run).execute();
    const pace = { pace_rows: 40_000, pace_windows: 10, pace_ms: 10_000 };

    test('by the rows that the tracker tells, at the pace of the last minutes', async () => {
      const run = await addRun('backfill', 'running', { started_at: new Date(Date.now() - 86_400_000) });
      await addWindow(run, [20, 24], 'done');
      await addWindow(run, [16, 20], 'running', 17, 20_005);
      await addWindow(run, [0, 16], 'planned', undefined, 4_000);
      await set(run, pace);
      // 20,000 and 4,000 rows and a window to begin, at 50,000 of such in ten seconds.
      expect(await read('progress')).toMatchObject({ rowsPerSecond: 4_000, etaSeconds: 5 });
    });

    test('by how close rows lay so far where the tracker tells nothing', async () => {
      const run = await addRun('backfill', 'running');
      await addWindow(run, [23, 24], 'done');
      await addWindow(run, [19, 23], 'running', 21);
      await addWindow(run, [0, 19], 'planned');
      await set(run, { pace_rows: 5, pace_windows: 0, pace_ms: 10_000 });
      // 21 hours of 5 rows each, and one window.
      expect((await read('progress')).etaSeconds).toBe(Math.ceil((105 + 1_000) * 2));
    });

    test('not while nothing is known of a resource, nor in a wait', async () => {
      const run = await addRun('backfill', 'running');
      await addWindow(run, [0, 16], 'planned');
      await set(run, pace);
      expect(await read('progress')).toMatchObject({ rowsPerSecond: 4_000, etaSeconds: null });
      await api.db.updateTable('sync_window').set({ expected_rows: 7 }).where('run_id', '=', run).execute();
      expect((await read('progress')).etaSeconds).toBe(1);
      await api.db.updateTable('tracker_config').set({ desired_state: 'paused' }).where('id', '=', id).execute();
      expect((await read('progress')).etaSeconds).toBeNull();
    });
  });

  test('does not fall when a window is split, nor reach 100 before the end', async () => {
    const run = await addRun('backfill', 'running');
    await addWindow(run, [0, 12], 'running', 6);
    await addWindow(run, [12, 24], 'done');
    const before = (await read('progress')).percent;
    await api.db.deleteFrom('sync_window').where('state', '=', 'running').where('run_id', '=', run).execute();
    await addWindow(run, [0, 6], 'done');
    await addWindow(run, [6, 12], 'planned');
    expect(before).toBe(75);
    expect((await read('progress')).percent).toBe(75);
    await api.db
      .updateTable('sync_window')
      .set({ state: 'running', covered_to: new Date(Date.UTC(2026, 10, 1, 11, 59, 59)) })
      .where('state', '=', 'planned')
      .execute();
    expect((await read('progress')).percent).toBe(99.99);
  });

  test.each([
    ['catalog', 'catalog'],
    ['cycle', 'incremental'],
    ['reread', 'reread'],
    ['resync', 'reread'],
  ] as const)('a running %s is the phase %s', async (kind, phase) => {
    await addRun(kind, 'running', { started_at: new Date() });
    expect((await read('progress')).phase).toBe(phase);
  });

  test('is idle at 100 when all is read, and waiting while a pause or a wait stands', async () => {
    const set = (facts: object) => api.db.updateTable('tracker_config').set(facts).where('id', '=', id).execute();
    await set({ first_synced_at: new Date(), backfill_from: new Date(Date.UTC(2026, 9, 1)) });
    await addRun('backfill', 'done');
    expect(await read('progress')).toMatchObject({
      phase: 'idle',
      percent: 100,
      oldestReadAt: '2026-10-01T00:00:00.000Z',
    });
    await set({ retry_at: new Date(Date.now() + 60_000) });
    expect((await read('progress')).phase).toBe('waiting');
    await set({ retry_at: null, desired_state: 'paused' });
    expect((await read('progress')).phase).toBe('waiting');
  });
});

test('windows are those of the open runs, else of the backfill', async () => {
  const backfill = await addRun('backfill', 'done');
  await addWindow(backfill, [0, 12], 'done');
  await addWindow(backfill, [12, 24], 'done');
  expect((await read('windows')).map(({ from }: { from: string }) => from)).toEqual([
    '2026-11-01T12:00:00.000Z',
    '2026-11-01T00:00:00.000Z',
  ]);
  await addWindow(await addRun('resync', 'queued'), [3, 4], 'planned');
  expect(await read('windows')).toEqual([
    { resource: 'clicks', from: '2026-11-01T03:00:00.000Z', to: '2026-11-01T04:00:00.000Z', state: 'planned', rows: 5 },
  ]);
});

test('runs come newest first, in pages, by kind', async () => {
  const error = { kind: 'timeout', message: 'timeout', hint: null, at: new Date().toISOString() };
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    const given = { queued_at: new Date(Date.UTC(2026, 10, 1, i)), requests: i, rows_unreadable: 1 };
    ids.push(
      await addRun(i % 2 ? 'catalog' : 'cycle', 'done', {
        ...given,
        first_unreadable_reason: 'no id',
        error: JSON.stringify(error),
      }),
    );
  }
  const first = await read('runs?limit=3');
  const second = await read(`runs?limit=3&cursor=${first.nextCursor}`);
  const all = [...first.items, ...second.items];
  expect(all.map((run) => run.id)).toEqual(ids.toReversed());
  expect(second.nextCursor).toBeNull();
  expect(all[0]).toMatchObject({
    requests: 4,
    rowsUnreadable: 1,
    firstUnreadableReason: 'no id',
    error: { kind: 'timeout' },
  });
  expect((await read('runs?kind=catalog')).items).toHaveLength(2);
});

test('every call to the tracker is shown, to admins', async () => {
  await api.db
    .insertInto('tracker_request')
    .values(
      [1, 2, 3].map((n) => ({
        ...{ ...owner(), at: new Date(Date.now() - n * 1_000), method: 'GET', url: `https://x.example/${n}` },
        ...{ status: n === 1 ? null : 200, duration_ms: n, bytes: 10, error: n === 1 ? 'ECONNRESET' : null },
      })),
    )
    .execute();
  const { items } = await read('requests', api.ours.keys.admin);
  expect(items.map(({ url }: { url: string }) => url)).toEqual([1, 2, 3].map((n) => `https://x.example/${n}`));
  expect(items[0]).toMatchObject({ configId: id, status: null, durationMs: 1, error: 'ECONNRESET' });
  const log = await api.ask('GET', `/api/v1/audit-log?source=tracker&configId=${id}`);
  expect(log.json.items).toEqual(items);
});
