// What time brings: a clock that jumps, and a new build of the workflow in the middle of a sync.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { syncWorkflowId } from '../../src/core/sync.ts';
import { HOUR_MS } from '../../src/core/windows.ts';
import { until } from '../workflows/worker-process.ts';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Hub, openHub, WORKER } from './hub.ts';
import { becomesCurrent, configOf, expectAllIsWell, expectNothingWrong } from './invariants.ts';
import { becomesSynced } from './round.ts';
import { withTemporal } from './temporal-client.ts';
import { quiet, underWay } from './under-way.ts';

let hub: Hub;
let watch: CheckpointWatch | undefined;
const folders: string[] = [];

beforeAll(async () => {
  hub = await openHub({ workers: 2 });
});

afterAll(async () => {
  await watch?.stop();
  await hub?.end();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('the story of a tracker is told by a new build', () => {
  const ROOT = resolve(import.meta.dirname, '..', '..');

  /** @returns what its worker is started with */
  function buildWith(before: string, after: string): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'tracker-hub-build-'));
    folders.push(folder);
    for (const name of ['src', 'package.json']) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const story = join(folder, 'src', 'workflows', 'tracker-sync.ts');
    const text = readFileSync(story, 'utf8');
    expect(text).toContain(before);
    writeFileSync(story, text.replace(before, after));
    return [join(folder, 'src', 'main.ts'), 'worker'];
  }

  /** One after the other, as they are rolled out. */
  async function deploy(build: readonly string[]): Promise<void> {
    for (const worker of hub.workers) {
      const before = worker.lives();
      worker.change({}, build);
      worker.terminate();
      await until(
        async () => worker.lives(),
        (lives) => lives > before,
      );
      await worker.ready();
    }
  }

  const detailsOf = (configId: string): Promise<string> =>
    withTemporal(hub, async ({ workflow }) => {
      const handle = workflow.getHandle(syncWorkflowId(configId));
      const told = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      return told.currentDetails ?? '';
    });

  const brokenTasksOf = (configId: string): Promise<string[]> =>
    withTemporal(hub, async ({ workflow }) => {
      const { events } = await workflow.getHandle(syncWorkflowId(configId)).fetchHistory();
      return (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
        failed?.failure?.message ? [failed.failure.message] : [],
      );
    });

  test('that goes on where the old one was, in the middle of a backfill', async () => {
    watch ??= watchCheckpoints(hub.db);
    const config = await underWay(hub);
    await deploy(buildWith('setCurrentDetails(`', 'setCurrentDetails(`Built anew: '));
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
    expect(await detailsOf(config.configId)).toMatch(/^Built anew: /);
    expect(await brokenTasksOf(config.configId)).toEqual([]);
    await deploy([WORKER]);
    await quiet(hub, config);
  });

  test('that cannot tell it: it stands still, and with the old build back it goes on as if nothing had been', async () => {
    watch ??= watchCheckpoints(hub.db);
    const config = await underWay(hub);
    const first = 'let step = await activities.plan(input.configId);';
    await deploy(buildWith(first, `await activities.wakeOverdue(); ${first}`));
    const broken = await until(
      () => brokenTasksOf(config.configId),
      (messages) => messages.length > 0,
    );
    expect(broken.join()).toContain('Nondeterminism');
    await deploy([WORKER]);
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
    await quiet(hub, config);
  });
});

describe("workers' clocks jump by hours, and back", () => {
  test.each([
    ['all of them ahead', 3 * HOUR_MS, 2],
    ['all of them behind', -3 * HOUR_MS, 2],
    ['one of them ahead', 3 * HOUR_MS, 1],
  ])('%s', async (_, aheadMs, count) => {
    const config = await underWay(hub);
    const { configId } = config;
    await becomesSynced(hub, config);
    const wrong = hub.workers.slice(0, count);
    for (const worker of wrong) worker.setClock(aheadMs);
    // A cycle has ended at the wrong time, and nothing is under way: whoever rests now rests by the wrong clock.
    const isAsleep = async (): Promise<boolean> => {
      const row = await configOf(hub.db, configId);
      const runs = await hub.db.selectFrom('run').select('state').where('tracker_config_id', '=', configId).execute();
      const isWrong = Math.abs((row?.last_slot_at?.getTime() ?? Date.now()) - Date.now()) > 2 * HOUR_MS;
      return isWrong && runs.every(({ state }) => state === 'done');
    };
    for (let tries = 0; !(await isAsleep()); tries++) {
      expect(tries).toBeLessThan(60);
      await hub.ask('POST', `/api/v1/trackers/${configId}/sync`);
      await sleep(2_000);
    }
    for (const worker of wrong) worker.setClock(0);
    const lastTroubleAt = Date.now();
    await becomesCurrent(hub, configId, lastTroubleAt, lastTroubleAt + 120_000);
    await expectNothingWrong(hub.db, config);
    await quiet(hub, config);
  });
});
