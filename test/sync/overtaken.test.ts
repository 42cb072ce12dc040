// Attempts that were overtaken: what they still do when they wake must not undo or repeat what their successors did.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCycle } from '../../src/store/plan-runs.ts';
import { addRun } from '../../src/store/runs.ts';
import { readSyncConfig } from '../../src/store/sync-state.ts';
import { watched } from '../crash/moments.ts';
import { freshDatabase } from '../setup/database.ts';
import { until } from '../workflows/worker-process.ts';
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

const SMALL = { clicks: 1_000, conversions: 80, days: 2 };

async function synced() {
  const connected = await ground.connect(SMALL, { backfillDays: 2 });
  await workUntilRest(activitiesOf(ground.deps), connected.configId);
  const config = await readSyncConfig(ground.db, connected.configId);
  return { ...connected, config: config! };
}

const waitingFor = (what: string) =>
  until(
    async () =>
      (
        await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query ilike ${`%${what}%`}`.execute(
          ground.db,
        )
      ).rows[0]!.n,
    (count) => count > 0,
    10_000,
  );

test('two that begin the same cycle plan its windows once', async () => {
  const { configId, config } = await synced();
  const runId = await addRun(ground.db, config, { kind: 'cycle', resources: [], range: null });
  const begin = () => openCycle(ground.db, config, ['clicks', 'conversions'], new Date());
  await ground.db.transaction().execute(async (tx) => {
    // Both have seen it queued, and meet at its row.
    await sql`select 1 from run where id = ${runId} for update`.execute(tx);
    const both = Promise.all([begin(), begin()]);
    both.catch(() => {});
    await waitingFor('"run"');
  });
  await until(
    () => ground.db.selectFrom('run').selectAll().where('id', '=', runId).executeTakeFirstOrThrow(),
    (run) => run.state === 'running',
  );
  await workUntilRest(activitiesOf(ground.deps), configId);
  const windows = await ground.db.selectFrom('sync_window').select('resource').where('run_id', '=', runId).execute();
  expect(windows.map((window) => window.resource).sort()).toEqual(['clicks', 'conversions']);
});

test('one that ends a cycle long over does not set the cursor back', async () => {
  const { configId, config } = await synced();
  await addRun(ground.db, config, { kind: 'cycle', resources: [], range: null });
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const parts = watched(async ({ moment }) => {
    // All windows are read; only the end is still to be written.
    const open = await sql`select 1 from sync_window w join run r on r.id = w.run_id
      where r.tracker_config_id = ${configId} and r.kind = 'cycle' and w.state <> 'done'`.execute(ground.db);
    if (moment !== 'after-commit' || open.rows.length > 0) return;
    reached.resolve();
    await gate.promise;
  });
  const zombie = parts.activities(activitiesOf(parts.dependencies(ground.deps))).cycle(configId);
  await reached.promise;
  const reach = async () =>
    (
      await ground.db
        .selectFrom('tracker_resource')
        .select('read_to')
        .where('tracker_config_id', '=', configId)
        .where('resource', '=', 'clicks')
        .executeTakeFirstOrThrow()
    ).read_to!;
  const later = { ...ground.deps, clock: () => new Date(Date.now() + 60_000) };
  const expire = () =>
    sql`update sync_lease set until = now() - interval '1 second' where tracker_config_id = ${configId}`.execute(
      ground.db,
    );
  await expire();
  await activitiesOf(ground.deps).cycle(configId);
  await addRun(ground.db, config, { kind: 'cycle', resources: [], range: null });
  await activitiesOf(later).cycle(configId);
  const before = await reach();
  gate.resolve();
  await zombie;
  expect(await reach()).toEqual(before);
});

test('a page that is being written when its config is deleted leaves no rows behind', async () => {
  const { configId, config } = await synced();
  await ground.db.updateTable('tracker_config').set({ desired_state: 'deleting' }).where('id', '=', configId).execute();
  const deleting = await ground.db.transaction().execute(async (tx) => {
    // A page's transaction holds the row so, and has written when the deletion begins.
    await sql`select 1 from tracker_config where id = ${configId} for key share`.execute(tx);
    await sql`insert into unreadable_row (organization_id, tracker_config_id, resource, reason, raw, raw_hash)
      values (${config.organization_id}, ${configId}, 'clicks', 'late', '{}', gen_random_uuid())`.execute(tx);
    const work = activitiesOf(ground.deps).delete(configId);
    work.catch(() => {});
    await waitingFor('tracker_config');
    return { work };
  });
  expect(await deleting.work).toEqual({ kind: 'gone' });
  const left = await ground.db
    .selectFrom('unreadable_row')
    .select('id')
    .where('tracker_config_id', '=', configId)
    .execute();
  expect(left).toEqual([]);
});

test('one that wakes when its config has been deleted does not even write down its calls', async () => {
  const { configId, config } = await synced();
  await addRun(ground.db, config, { kind: 'cycle', resources: [], range: null });
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const parts = watched(async ({ moment }) => {
    if (moment !== 'after-fetch') return;
    reached.resolve();
    await gate.promise;
  });
  const zombie = parts.activities(activitiesOf(parts.dependencies(ground.deps))).cycle(configId);
  await reached.promise;
  await ground.db.updateTable('tracker_config').set({ desired_state: 'deleting' }).where('id', '=', configId).execute();
  await sql`update sync_lease set until = now() where tracker_config_id = ${configId}`.execute(ground.db);
  expect(await activitiesOf(ground.deps).delete(configId)).toEqual({ kind: 'gone' });
  gate.resolve();
  expect(await zombie).toEqual({ kind: 'gone' });
  const left = await ground.db
    .selectFrom('tracker_request')
    .select('url')
    .where('tracker_config_id', '=', configId)
    .execute();
  expect(left).toEqual([]);
});
