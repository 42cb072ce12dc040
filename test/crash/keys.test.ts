// The encryption key is changed while everything runs, and a worker dies in the middle of the sweep: no read fails.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../workflows/worker-process.ts';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Connected, type Hub, newKey, openHub } from './hub.ts';
import { becomesCurrent, configOf, expectAllIsWell } from './invariants.ts';
import { askOn, blockedOnes, keysInUse, restartAll } from './rotation.ts';
import { sweepOnlyWhenTold, triggerSweep } from './temporal-client.ts';

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
  await sweepOnlyWhenTold(hub);
  configs = await Promise.all(Array.from({ length: CONFIGS }, () => hub.connect({ clicks: 800, conversions: 60 })));
});

afterAll(async () => {
  await watch?.stop();
  await hub?.end();
});

const isRefused = (told: { ok?: boolean } | null): boolean => told?.ok !== true;

test('with a kill in the middle of the sweep: every blob ends under the new key, and nobody noticed', async () => {
  const reader = askOn(hub, configs[0]!.configId, isRefused);
  await restartAll(hub, `${NEW},${OLD}`);
  expect(await keysInUse(hub)).toEqual(Array(CONFIGS).fill('old'));
  const standing = hub.stopAt({ moment: 'before-commit', phase: 'keepHouse', configId: null, nth: 3 });
  await triggerSweep(hub);
  const { worker } = await standing;
  const halfway = await keysInUse(hub);
  expect(new Set(halfway)).toEqual(new Set(['new', 'old']));
  await hub.kill('worker', worker);
  const lastTroubleAt = Date.now();
  await until(
    () => keysInUse(hub),
    (keys) => keys.every((key) => key === 'new'),
    120_000,
  );
  await expectAllIsWell({ hub, watch, configs, lastTroubleAt });
  expect(await blockedOnes(hub)).toEqual([]);
  expect(await reader.stop()).toBeGreaterThan(5);
  expect(reader.failures).toEqual([]);
}, 300_000);

test('then the old key can go', async () => {
  await restartAll(hub, NEW);
  const reader = askOn(hub, configs[1]!.configId, isRefused);
  await expectAllIsWell({ hub, watch, configs, lastTroubleAt: Date.now() });
  expect(await blockedOnes(hub)).toEqual([]);
  expect(await reader.stop()).toBeGreaterThan(0);
  expect(reader.failures).toEqual([]);
}, 200_000);

test('a missing key parks only what is sealed under it; entered anew or the key given back, that goes on too', async () => {
  await restartAll(hub, `${THIRD},${NEW}`);
  const lost = await hub.connect({ clicks: 800, conversions: 60 });
  const enteredAnew = await hub.connect({ clicks: 800, conversions: 60 });
  await restartAll(hub, NEW);
  for (const { configId } of [lost, enteredAnew]) {
    const path = `/api/v1/trackers/${configId}`;
    await hub.ask('POST', `${path}/sync`);
    const shown = await until(
      async () => (await hub.ask('GET', path)).json,
      (json) => json.state === 'needs_attention',
      90_000,
    );
    expect(shown.lastError.kind).toBe('vault');
  }
  const others = Date.now();
  for (const { configId } of configs) await becomesCurrent(hub, configId, others, others + 120_000);
  expect((await blockedOnes(hub)).sort()).toEqual([lost.configId, enteredAnew.configId].sort());

  const { configId, apiKey } = enteredAnew;
  const patched = await hub.ask('PATCH', `/api/v1/trackers/${configId}`, { credentials: { apiKey } });
  expect(patched.status).toBe(200);
  await expectAllIsWell({ hub, watch, configs: [enteredAnew], lastTroubleAt: Date.now() });
  expect(await blockedOnes(hub)).toEqual([lost.configId]);

  await restartAll(hub, `${NEW},${THIRD}`);
  const back = Date.now();
  await becomesCurrent(hub, lost.configId, back, back + 120_000);
  expect((await configOf(hub.db, lost.configId))?.last_error).toBeNull();
  await expectAllIsWell({ hub, watch, configs: [lost], lastTroubleAt: back });
}, 400_000);
