// One power cut for each process, at a moment that chance picks: nothing is lost, nothing doubled, nobody has to help.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Connected, type Hub, openHub, VICTIMS, type Victim } from './hub.ts';
import { expectAllIsWell } from './invariants.ts';
import { MOMENTS } from './moments.ts';
import { chanceOf, seedOfRun } from './seed.ts';

const seed = seedOfRun();
const chance = chanceOf(seed, 'one kill per process');
/** In an order of chance, and each in the backfill of a tracker of its own. */
const victims = chance.shuffled(VICTIMS);
const connected: Connected[] = [];
let lastKillAt = 0;
let hub: Hub;
let watch: CheckpointWatch;

beforeAll(async () => {
  hub = await openHub();
  watch = watchCheckpoints(hub.db);
});

afterAll(async () => {
  await watch?.stop();
  await hub?.end();
});

async function killInBackfill(victim: Victim): Promise<void> {
  const order = { moment: chance.oneOf(MOMENTS), phase: 'backfill', configId: null };
  const standing = hub.stopAt({ ...order, nth: order.moment === 'before-report' ? 1 : chance.int(2, 12) });
  connected.push(await hub.connect());
  const { worker, fate } = await standing;
  await hub.kill(victim, worker);
  lastKillAt = Date.now();
  fate({ order: 'go-on' });
}

test.each(victims)('%s is killed in the middle of a backfill', killInBackfill, 90_000);

test('after all of it every row is there once, no checkpoint went back, and all is current by itself', async () => {
  const configs = connected;
  const { rows, currentAfterMs } = await expectAllIsWell({ hub, watch, configs, lastTroubleAt: lastKillAt });
  expect(rows).toBeGreaterThan(VICTIMS.length * 2_000);
  console.log(`${rows} rows; current ${Math.round(currentAfterMs / 1_000)} s after the last kill`);
}, 180_000);
