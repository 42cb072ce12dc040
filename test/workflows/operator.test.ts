// What an operator sees and can rely on: search attributes, details, one workflow a config, small histories, lost wakes sent again.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type LedgerControl, ledgerControl, openLedger } from '../../simulator/client.ts';
import { NUDGE_SIGNAL, syncWorkflowId } from '../../src/core/sync.ts';
import { canaryKey } from '../leaks/canary.ts';
import { freshDatabase } from '../setup/database.ts';
import { connectTracker, type Ground, openGround } from '../sync/ground.ts';
import { openWorkerGround, until, type WorkerGround } from './worker-process.ts';

let ground: Ground;
let workers: WorkerGround;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const database = await freshDatabase();
  ground = await openGround(database.url);
  workers = await openWorkerGround(database.url, inject('temporalAddress'));
  await Promise.all([workers.startWorker(), workers.startWorker()]);
  closing.push(
    () => workers.stop(),
    () => ground.stop(),
    () => database.drop(),
  );
});

afterAll(async () => {
  for (const close of closing) await close();
});

async function connect(options: object = {}): Promise<{ configId: string; ledger: LedgerControl }> {
  const access = await openLedger(ground.simulator, {
    name: `o-${crypto.randomUUID().slice(0, 8)}`,
    apiKey: canaryKey(),
    clicks: 2_000,
    conversions: 100,
    ...options,
  });
  const configId = await connectTracker(ground.db, workers.vault, ground.organizationId, access);
  return { configId, ledger: ledgerControl(ground.simulator, access.name) };
}

const configRow = (id: string) =>
  ground.db.selectFrom('tracker_config').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const isSynced = (row: { first_synced_at: Date | null }): boolean => row.first_synced_at !== null;
const handleOf = (configId: string) => workers.client.workflow.getHandle(syncWorkflowId(configId));
const found = async (query: string): Promise<string[]> => {
  const ids: string[] = [];
  for await (const workflow of workers.client.workflow.list({ query })) ids.push(workflow.workflowId);
  return ids;
};

test('a workflow is found by tracker, organisation and state, and says what it is doing', async () => {
  const { configId } = await connect();
  await workers.wake(configId);
  await until(() => configRow(configId), isSynced);
  const query = `TrackerType = 'keitaro' and OrganizationId = '${ground.organizationId}' and SyncState = 'synced'`;
  await until(
    () => found(query),
    (ids) => ids.includes(syncWorkflowId(configId)),
  );
  const details = await until(
    () => detailsOf(configId),
    (text) => text.includes('Up to date'),
  );
  expect(details).toContain(configId);
  expect(details).toMatch(/next at \d{4}-/);
});

async function detailsOf(configId: string): Promise<string> {
  const metadata = await handleOf(configId).query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

describe('a refused key', () => {
  test('is shown by its state and kind, and one change with a wake brings the config current', async () => {
    const { configId, ledger } = await connect();
    await ledger.addFault({ match: { times: null }, fault: { kind: 'status', status: 401 } });
    await workers.wake(configId);
    await until(
      () => configRow(configId),
      (row) => row.blocked_kind === 'auth',
    );
    await until(
      () => found("SyncState = 'needs_attention' and LastErrorKind = 'auth'"),
      (ids) => ids.includes(syncWorkflowId(configId)),
    );
    await ledger.clearFaults();
    await ground.db
      .updateTable('tracker_config')
      .set({ blocked_kind: null, last_error: null })
      .where('id', '=', configId)
      .execute();
    await workers.wake(configId);
    await until(() => configRow(configId), isSynced);
    await until(
      () => found("SyncState = 'needs_attention'"),
      (ids) => !ids.includes(syncWorkflowId(configId)),
    );
  });
});

describe('commands', () => {
  test('sync now ends the wait; twice is one cycle', async () => {
    const { configId } = await connect();
    await workers.wake(configId);
    await until(() => configRow(configId), isSynced);
    const queue = () =>
      sql`insert into run (organization_id, tracker_config_id, kind) values (${ground.organizationId}, ${configId}, 'cycle')
        on conflict do nothing`.execute(ground.db);
    await Promise.all([queue(), queue()]);
    await Promise.all([workers.wake(configId), workers.wake(configId), workers.wake(configId)]);
    const cycles = () =>
      ground.db
        .selectFrom('run')
        .selectAll()
        .where('tracker_config_id', '=', configId)
        .where('kind', '=', 'cycle')
        .execute();
    const runs = await until(cycles, (rows) => rows.some((row) => row.state === 'done'));
    expect(runs).toHaveLength(1);
  });

  test('many wakes during a backfill with two workers: one slice at a time, every row once', async () => {
    const { configId, ledger } = await connect({ clicks: 20_000, keitaro: { maxLimit: 300 } });
    await workers.wake(configId);
    for (let i = 0; i < 12; i++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await workers.wake(configId);
    }
    await until(() => configRow(configId), isSynced);
    const requests = await ledger.requests();
    expect(Math.max(...requests.map((request) => request.inFlight))).toBe(1);
    const counted = await sql<{ rows: number; keys: number }>`
      select count(*) as rows, count(distinct external_id) as keys from click where tracker_config_id = ${configId}`.execute(
      ground.db,
    );
    expect(counted.rows[0]!.rows).toBe(counted.rows[0]!.keys);
    const failed = await sql`select 1 from run where tracker_config_id = ${configId} and error is not null`.execute(
      ground.db,
    );
    expect(failed.rows).toEqual([]);
  });

  test('a nudge ends a rest, and lets work that runs or waits for its turn be', async () => {
    const { configId } = await connect({ clicks: 20_000, keitaro: { maxLimit: 300 } });
    await workers.wake(configId);
    for (let i = 0; i < 12; i++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await handleOf(configId).signal(NUDGE_SIGNAL);
    }
    await until(() => configRow(configId), isSynced);
    const history = await handleOf(configId).fetchHistory();
    const cancelled = history.events?.filter((event) => event.activityTaskCancelRequestedEventAttributes) ?? [];
    expect(cancelled).toEqual([]);

    await until(
      () => detailsOf(configId),
      (text) => text.includes('Up to date'),
    );
    const plans = async () =>
      (await handleOf(configId).fetchHistory()).events?.filter(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'plan',
      ).length ?? 0;
    const before = await plans();
    await handleOf(configId).signal(NUDGE_SIGNAL);
    await until(plans, (count) => count === before + 1);
  });

  test('a wake that was lost is sent again, and a workflow that is missing is started', async () => {
    const { configId } = await connect();
    // Saved while Temporal was away, some time ago.
    await ground.db
      .updateTable('tracker_config')
      .set({ created_at: new Date(Date.now() - 60_000) })
      .where('id', '=', configId)
      .execute();
    await until(() => configRow(configId), isSynced, 90_000);
  }, 120_000);
});

test('histories stay small and hold ids only', async () => {
  const { configId, ledger } = await connect();
  await workers.wake(configId);
  await until(() => configRow(configId), isSynced);
  const history = await handleOf(configId).fetchHistory();
  const text = JSON.stringify(history, (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString() : value,
  );
  const row = await configRow(configId);
  expect(text).toContain(configId);
  for (const secret of [row.credentials_sealed, row.url, (await ledger.change({})).apiKey])
    expect(text).not.toContain(secret);
  expect(history.events?.length).toBeLessThan(60);
});
