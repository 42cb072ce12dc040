// The encryption key is changed while everything runs, and a worker dies in the middle of the sweep: no read fails.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../workflows/worker-process.ts';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Connected, type Hub, newKey, openHub } from './hub.ts';
import { becomesCurrent, configOf, expectAllIsWell } from './invariants.ts';
import type { Program } from './program.ts';

const OLD = newKey('old');
const NEW = newKey('new');
const THIRD = newKey('third');
const CONFIGS = 6;

let hub: Hub;
let watch: CheckpointWatch;
let configs: Connected[];

beforeAll(async () => {
  hub = await openHub({ workers: 2, keys: OLD });
  watch = watchCheckpoints(hub.db);
  configs = await Promise.all(Array.from({ length: CONFIGS }, () => hub.connect({ clicks: 800, conversions: 60 })));
});

afterAll(async () => {
  await watch?.stop();
  await hub?.end();
});

async function restartAll(keys: string): Promise<void> {
  await Promise.all([hub.server, ...hub.workers].map((program) => restart(program, keys)));
}

async function restart(program: Program, keys: string): Promise<void> {
  const before = program.lives();
  program.change({ TRACKER_ENCRYPTION_KEY: keys });
  program.terminate();
  await until(
    async () => program.lives(),
    (lives) => lives > before,
  );
  await program.ready();
}

async function keysInUse(): Promise<string[]> {
  const rows = await hub.db.selectFrom('tracker_config').select('credentials_key_id').execute();
  return rows.map((row) => row.credentials_key_id).sort();
}

/** Asks the API for the tracker's verdict, for which it must open the credentials, until told to stop. */
function askOn(config: Connected) {
  const failures: unknown[] = [];
  let asked = 0;
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const told = await hub.askOnce('POST', `/api/v1/trackers/${config.configId}/test`).catch(() => null);
      // Nobody is there while the API starts again; who is there must be able to read.
      if (told !== null) asked++;
      if (told !== null && told.json?.ok !== true) failures.push(told);
      await sleep(200);
    }
  })();
  return {
    failures,
    async stop() {
      isOver = true;
      await asking;
      return asked;
    },
  };
}

const sweep = async (): Promise<void> => {
  const connection = await Connection.connect({ address: hub.temporal.address });
  await new Client({ connection }).schedule.getHandle('keep-house').trigger();
  await connection.close();
};

const blockedOnes = async (): Promise<string[]> => {
  const rows = await hub.db.selectFrom('tracker_config').select('id').where('blocked_kind', 'is not', null).execute();
  return rows.map((row) => row.id);
};

test('with a kill in the middle of the sweep: every blob ends under the new key, and nobody noticed', async () => {
  const reader = askOn(configs[0]!);
  await restartAll(`${NEW},${OLD}`);
  expect(await keysInUse()).toEqual(Array(CONFIGS).fill('old'));
  const standing = hub.stopAt({ moment: 'before-commit', phase: 'keepHouse', configId: null, nth: 3 });
  await sweep();
  const { worker } = await standing;
  const halfway = await keysInUse();
  expect(new Set(halfway)).toEqual(new Set(['new', 'old']));
  await hub.kill('worker', worker);
  const lastTroubleAt = Date.now();
  await until(keysInUse, (keys) => keys.every((key) => key === 'new'), 120_000);
  await expectAllIsWell({ hub, watch, configs, lastTroubleAt });
  expect(await blockedOnes()).toEqual([]);
  expect(await reader.stop()).toBeGreaterThan(5);
  expect(reader.failures).toEqual([]);
}, 300_000);

test('then the old key can go', async () => {
  await restartAll(NEW);
  const reader = askOn(configs[1]!);
  await expectAllIsWell({ hub, watch, configs, lastTroubleAt: Date.now() });
  expect(await blockedOnes()).toEqual([]);
  expect(await reader.stop()).toBeGreaterThan(0);
  expect(reader.failures).toEqual([]);
}, 200_000);

test('a missing key parks only what is sealed under it; given back, that goes on too', async () => {
  await restartAll(`${THIRD},${NEW}`);
  const lost = await hub.connect({ clicks: 800, conversions: 60 });
  await restartAll(NEW);
  const path = `/api/v1/trackers/${lost.configId}`;
  await hub.ask('POST', `${path}/sync`);
  const shown = await until(
    async () => (await hub.ask('GET', path)).json,
    (json) => json.state === 'needs_attention',
    90_000,
  );
  expect(shown.lastError.kind).toBe('vault');
  const others = Date.now();
  for (const { configId } of configs) await becomesCurrent(hub, configId, others, others + 120_000);
  expect(await blockedOnes()).toEqual([lost.configId]);

  await restartAll(`${NEW},${THIRD}`);
  const back = Date.now();
  await becomesCurrent(hub, lost.configId, back, back + 120_000);
  expect((await configOf(hub.db, lost.configId))?.last_error).toBeNull();
  await expectAllIsWell({ hub, watch, configs: [lost], lastTroubleAt: back });
}, 400_000);
