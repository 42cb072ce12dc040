// A power cut: worker processes killed in the middle of a window, and what the next one makes of it.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ledgerControl, openLedger } from '../../simulator/client.ts';
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
  const configId = await connectTracker(ground.db, workers.vault, ground.organizationId, access, {
    syncIntervalMinutes: 1440,
    ...settings,
  });
  return { configId, ledger: ledgerControl(ground.simulator, access.name) };
}

const configRow = (id: string) =>
  ground.db.selectFrom('tracker_config').selectAll().where('id', '=', id).executeTakeFirst();
const isSynced = (row: { first_synced_at: Date | null } | undefined): boolean => row?.first_synced_at != null;

async function rangeOf(configId: string): Promise<{ from: Date; to: Date }> {
  const row = await configRow(configId);
  return { from: row!.backfill_from!, to: row!.backfill_to! };
}

/** The panel's `to` is inclusive, in UTC wall clock. */
function overlaps(
  asked: { from: string; to: string } | null | undefined,
  window: { from_at: Date; to_at: Date },
): boolean {
  if (!asked) return false;
  const from = Date.parse(`${asked.from.replace(' ', 'T')}Z`);
  const to = Date.parse(`${asked.to.replace(' ', 'T')}Z`);
  return from < window.to_at.getTime() && to >= window.from_at.getTime();
}

describe('a worker killed in the middle of a window', () => {
  test('the next one resumes there: no row lost or doubled, sums equal, finished windows not fetched again', async () => {
    const { configId, ledger } = await connect({ clicks: 60_000, conversions: 2_000, keitaro: { maxLimit: 500 } });
    const first = await workers.startWorker();
    await workers.wake(configId);
    const halfway = () =>
      ground.db
        .selectFrom('sync_window')
        .selectAll()
        .where('tracker_config_id', '=', configId)
        .where('resource', '=', 'clicks')
        .execute();
    const windows = await until(halfway, (rows) => {
      const running = rows.find((row) => row.state === 'running');
      return rows.filter((row) => row.state === 'done').length >= 3 && (running?.rows ?? 0) >= 1_000;
    });
    await first.kill();
    const done = windows.filter((row) => row.state === 'done');
    const served = (await ledger.requests()).length;
    await workers.startWorker();
    await until(() => configRow(configId), isSynced);

    const range = await rangeOf(configId);
    expect(await hubTotals(ground.db, configId, range)).toEqual(await ledgerTotals(ledger, range));
    const after = (await ledger.requests()).slice(served).filter((request) => request.path.endsWith('/clicks/log'));
    expect(after.length).toBeGreaterThan(0);
    for (const window of done) {
      const again = after.filter((request) => overlaps(request.window, window));
      expect(again, `${window.from_at.toISOString()} was fetched again`).toEqual([]);
    }
    // Each page once, but for the one in flight, the one being written, and two of each kind that are read ahead.
    const all = (await ledger.requests()).filter((request) => request.path.endsWith('/clicks/log'));
    const pages = (await halfway()).reduce((sum, window) => sum + Math.ceil(window.rows / 500), 0);
    expect(all.length).toBeLessThanOrEqual(pages + 6);
  }, 120_000);
});
