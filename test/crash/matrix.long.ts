// The whole matrix: process × moment × phase. An hour; not part of `npm test`.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Hub, openHub, VICTIMS } from './hub.ts';
import { expectAllIsWell } from './invariants.ts';
import { MOMENTS } from './moments.ts';
import { type Blow, inTurns, playRound } from './round.ts';
import { chanceOf, seedOfRun } from './seed.ts';

const seed = seedOfRun();
/** `CRASH_ONLY=worker/after-commit` plays one round alone. */
const only = process.env.CRASH_ONLY ?? '';
const BLOWS: readonly Blow[] = [...VICTIMS, 'term', 'block'];
const all = BLOWS.flatMap((blow) => MOMENTS.map((moment) => ({ blow, moment })));
const rounds = chanceOf(seed, 'order')
  .shuffled(all)
  .filter(({ blow, moment }) => `${blow}/${moment}`.startsWith(only));

/** So many rounds are played beside each other, so that each also suffers the blows of the others. */
const AT_ONCE = 4;
const matches = Array.from({ length: Math.ceil(rounds.length / AT_ONCE) }, (_, i) => {
  const some = rounds.slice(i * AT_ONCE, (i + 1) * AT_ONCE);
  return { name: some.map(({ blow, moment }) => `${blow} at ${moment}`).join(', '), some };
});

let hub: Hub;
let watch: CheckpointWatch;

beforeAll(async () => {
  hub = await openHub({ workers: 2 });
  watch = watchCheckpoints(hub.db);
});

afterAll(async () => {
  await watch?.stop();
  await hub?.end();
});

test.each(matches)(
  '$name: in backfill, cycle, re-read and re-sync',
  async ({ some }) => {
    const backfills = inTurns();
    const play = async ({ blow, moment }: (typeof some)[number]) => {
      const chance = chanceOf(seed, `${blow} ${moment}`);
      const config = await playRound({ hub, chance, blow, moment }, backfills);
      console.log(`${blow} at ${moment}: struck in every phase`);
      return config;
    };
    const configs = await Promise.all(some.map(play));
    const { rows, currentAfterMs } = await expectAllIsWell({ hub, watch, configs, lastTroubleAt: Date.now() });
    expect(rows).toBeGreaterThan(2_000 * configs.length);
    const blows = some.length * 4;
    console.log(`${blows} blows, ${rows} rows, current after ${Math.round(currentAfterMs / 1_000)} s`);
    for (const { configId } of configs) await hub.ask('POST', `/api/v1/trackers/${configId}/pause`);
  },
  900_000,
);
