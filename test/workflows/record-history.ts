// Records workflow histories for the replay test: `node test/workflows/record-history.ts` writes test/data/histories anew, or the named ones only.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { ledgerControl, openLedger } from '../../simulator/client.ts';
import { syncWorkflowId } from '../../src/core/sync.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import type { TrackerConfigTable } from '../../src/store/tables.ts';
import { startTestServers } from '../setup/servers.ts';
import { connectTracker, type Ground, openGround } from '../sync/ground.ts';
import { openWorkerGround, until, type WorkerGround } from './worker-process.ts';

const FOLDER = join(import.meta.dirname, '..', 'data', 'histories');

interface Stage {
  configId: string;
  ledger: ReturnType<typeof ledgerControl>;
  config(): Promise<{ [K in keyof TrackerConfigTable]?: unknown }>;
  change(values: Record<string, unknown>): Promise<void>;
  syncNow(): Promise<void>;
  isGone(): Promise<boolean>;
}

/** What happens in each recorded life; the name is the file's. */
const SCENES: Record<string, (stage: Stage) => Promise<void>> = {
  async 'backfill-commands-delete'(stage) {
    await until(stage.config, (row) => row.first_synced_at !== null);
    await stage.syncNow();
    await until(stage.config, (row) => row.last_slot_at !== null);
    await stage.change({ desired_state: 'paused' });
    await stage.change({ desired_state: 'active' });
    await stage.change({ desired_state: 'deleting' });
    await until(stage.isGone, (gone) => gone);
  },
  async 'reconcile-reread'(stage) {
    await until(stage.config, (row) => row.totals_checked_at !== null);
    const day = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);
    await stage.ledger.overlay({ kind: 'restateCost', day, factor: 2 });
    await stage.change({ totals_fresh_at: null, totals_all_fresh_at: null });
    await until(stage.config, (row) => row.totals_reread_id !== null);
    await until(stage.config, (row) => row.totals_reread_id === null);
  },
  async 'quick-cycles'(stage) {
    await until(stage.config, (row) => row.first_synced_at !== null);
    const { settings } = await stage.config();
    await stage.change({ settings: JSON.stringify({ ...(settings as object), syncIntervalMinutes: 1 }) });
    const slots = new Set<number>();
    await until(stage.config, (row) => slots.add(Number(row.last_slot_at ?? 0)).size > 3, 240_000);
  },
  async 'rate-limit-wrong-key-mended'(stage) {
    await until(stage.config, (row) => row.first_synced_at !== null);
    const fault = { kind: 'status', status: 429, headers: { 'retry-after': '2' } } as const;
    await stage.ledger.addFault({ match: { path: '/clicks/log', times: 1 }, fault });
    await stage.syncNow();
    await until(stage.config, (row) => row.last_slot_at !== null);
    await stage.ledger.addFault({
      match: {},
      fault: { kind: 'status', status: 401, body: '{"error":"Unauthorized"}' },
    });
    await stage.syncNow();
    await until(stage.config, (row) => row.blocked_kind === 'auth');
    await stage.ledger.clearFaults();
    await stage.change({ blocked_kind: null });
    await until(stage.config, (row) => row.last_error === null);
  },
};

const servers = await startTestServers();
await migrateToLatest(servers.databaseUrl);
const ground = await openGround(servers.databaseUrl);
const workers = await openWorkerGround(servers.databaseUrl, servers.temporalAddress);
try {
  await workers.startWorker();
  mkdirSync(FOLDER, { recursive: true });
  const wanted = process.argv.slice(2);
  const scenes = Object.entries(SCENES).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  for (const [name, play] of scenes) {
    const configId = await record(ground, workers, play);
    const handle = workers.client.workflow.getHandle(syncWorkflowId(configId));
    writeFileSync(join(FOLDER, `${name}.json`), `${withoutMachine(historyToJSON(await handle.fetchHistory()))}\n`);
    console.log(`recorded ${name}`);
  }
} finally {
  await workers.stop();
  await ground.stop();
  await servers.stop();
}

/** Who did it names a process of this machine, which is nobody's business. */
function withoutMachine(json: string): string {
  return json.replaceAll(/"identity": "[^"]*"/g, '"identity": "recorded"');
}

async function record(
  { db, organizationId, simulator }: Ground,
  { vault, wake }: WorkerGround,
  play: (stage: Stage) => Promise<void>,
): Promise<string> {
  const access = await openLedger(simulator, {
    name: `r-${crypto.randomUUID().slice(0, 8)}`,
    clicks: 3_000,
    conversions: 100,
  });
  const configId = await connectTracker(db, vault, organizationId, access);
  await wake(configId);
  const row = () => db.selectFrom('tracker_config').selectAll().where('id', '=', configId).executeTakeFirst();
  await play({
    configId,
    ledger: ledgerControl(simulator, access.name),
    config: async () => (await row()) ?? {},
    isGone: async () => (await row()) === undefined,
    async change(values) {
      await db.updateTable('tracker_config').set(values).where('id', '=', configId).execute();
      await wake(configId);
    },
    async syncNow() {
      await db
        .insertInto('run')
        .values({ organization_id: organizationId, tracker_config_id: configId, kind: 'cycle' })
        .execute();
      await wake(configId);
    },
  });
  return configId;
}
