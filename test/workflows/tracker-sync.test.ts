// The whole sync with real neighbours: worker processes, Temporal, PostgreSQL, a simulated Keitaro over HTTP.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ledgerControl, openLedger } from '../../simulator/client.ts';
import { syncWorkflowId } from '../../src/core/sync.ts';
import { canaryKey } from '../leaks/canary.ts';
import { freshDatabase } from '../setup/database.ts';
import { connectTracker, type Ground, openGround, STILL } from '../sync/ground.ts';
import { hubTotals, ledgerTotals } from '../sync/totals.ts';
import { openWorkerGround, until, type WorkerGround } from './worker-process.ts';

let ground: Ground;
let workers: WorkerGround;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const database = await freshDatabase();
  ground = await openGround(database.url);
  workers = await openWorkerGround(database.url, inject('temporalAddress'));
  await workers.startWorker();
  closing.push(
    () => workers.stop(),
    () => ground.stop(),
    () => database.drop(),
  );
});

afterAll(async () => {
  for (const close of closing) await close();
});

async function connect(options: object, settings: object = {}) {
  const access = await openLedger(ground.simulator, {
    name: `w-${crypto.randomUUID().slice(0, 8)}`,
    apiKey: canaryKey(),
    ...STILL,
    ...options,
  });
  const configId = await connectTracker(ground.db, workers.vault, ground.organizationId, access, settings);
  return { configId, ledger: ledgerControl(ground.simulator, access.name) };
}

const configRow = (id: string) =>
  ground.db.selectFrom('tracker_config').selectAll().where('id', '=', id).executeTakeFirst();
const isSynced = (row: { first_synced_at: Date | null } | undefined): boolean => row?.first_synced_at != null;

async function rangeOf(configId: string): Promise<{ from: Date; to: Date }> {
  const row = await configRow(configId);
  return { from: row!.backfill_from!, to: row!.backfill_to! };
}

test('a late change of status arrives by itself, and its timeline is kept', async () => {
  const { configId, ledger } = await connect({ clicks: 20_000, conversions: 8_000 }, { syncIntervalMinutes: 1 });
  await workers.wake(configId);
  await until(() => configRow(configId), isSynced);
  const { to } = await rangeOf(configId);
  const conversion = await ground.db
    .selectFrom('conversion')
    .selectAll()
    .where('tracker_config_id', '=', configId)
    .where('converted_at', '>', new Date(to.getTime() - 90 * 60_000))
    .where('raw_status', '<>', 'trash')
    .executeTakeFirstOrThrow();
  const id = Number(conversion.raw.conversion_id);
  await ledger.overlay({ kind: 'setConversions', ids: [id], status: 'trash', revenue: '0.75' });
  const changed = () =>
    ground.db.selectFrom('conversion').selectAll().where('id', '=', conversion.id).executeTakeFirst();
  const row = await until(changed, (found) => found?.raw_status === 'trash', 150_000);
  expect(row?.revenue).toBe('0.75');
  const timeline = await ground.db
    .selectFrom('conversion_change')
    .selectAll()
    .where('conversion_id', '=', conversion.id)
    .orderBy('seen_at')
    .execute();
  expect(timeline.map((change) => change.raw_status)).toEqual([conversion.raw_status, 'trash']);
}, 240_000);

describe('pause and resume', () => {
  test('during a slice: no request follows, then it goes on from there and ends equal', async () => {
    const { configId, ledger } = await connect({ clicks: 40_000, conversions: 500, keitaro: { maxLimit: 250 } });
    await workers.wake(configId);
    await until(
      async () => (await ledger.requests()).length,
      (count) => count > 20,
    );
    await ground.db.updateTable('tracker_config').set({ desired_state: 'paused' }).where('id', '=', configId).execute();
    await workers.wake(configId);
    const lease = () =>
      sql`select 1 from sync_lease where tracker_config_id = ${configId} and until > now()`.execute(ground.db);
    await until(lease, ({ rows }) => rows.length === 0, 10_000);
    const acknowledged = (await ledger.requests()).length;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await ledger.requests()).length).toBe(acknowledged);
    expect(isSynced(await configRow(configId))).toBe(false);

    await ground.db.updateTable('tracker_config').set({ desired_state: 'active' }).where('id', '=', configId).execute();
    await workers.wake(configId);
    await until(() => configRow(configId), isSynced);
    const range = await rangeOf(configId);
    expect(await hubTotals(ground.db, configId, range)).toEqual(await ledgerTotals(ledger, range));
  }, 120_000);
});

test('deleted during a run: the rows go and the workflow ends', async () => {
  const { configId } = await connect({ clicks: 40_000, conversions: 500, keitaro: { maxLimit: 250 } });
  await workers.wake(configId);
  const rows = () =>
    sql<{ n: number }>`select count(*) as n from click where tracker_config_id = ${configId}`.execute(ground.db);
  await until(rows, (counted) => counted.rows[0]!.n > 1_000);
  await ground.db.updateTable('tracker_config').set({ desired_state: 'deleting' }).where('id', '=', configId).execute();
  await workers.wake(configId);
  await until(
    () => configRow(configId),
    (row) => row === undefined,
  );
  const left = await sql`select 1 from click where tracker_config_id = ${configId} limit 1`.execute(ground.db);
  expect(left.rows).toEqual([]);
  const handle = workers.client.workflow.getHandle(syncWorkflowId(configId));
  await until(
    () => handle.describe(),
    ({ status }) => status.name === 'COMPLETED',
  );
}, 60_000);
