// The whole matrix: process × moment × phase, while faults are thrown. Twenty minutes; not part of `npm test`.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoggedRequest } from '../../simulator/request-log.ts';
import { type Blow, gatherBlows } from './blows.ts';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { expectNothingLeft, playDeletion } from './deletion.ts';
import { type Connected, type Hub, newKey, openHub, VICTIMS } from './hub.ts';
import { expectAllIsWell } from './invariants.ts';
import { MOMENTS } from './moments.ts';
import { playRound } from './round.ts';
import { chanceOf, seedOfRun } from './seed.ts';
import { expectNobodyParked, playRotation } from './sweep.ts';
import { RETRY_AFTER, throwFaults } from './thrower.ts';

const seed = seedOfRun();
/** `CRASH_ONLY=worker/after-commit` plays that alone. */
const only = process.env.CRASH_ONLY ?? '';
const BLOWS: readonly Blow[] = [...VICTIMS, 'term', 'block'];
const matches = chanceOf(seed, 'order')
  .shuffled(BLOWS)
  .map((blow) => ({ blow, moments: MOMENTS.filter((moment) => `${blow}/${moment}`.startsWith(only)) }))
  .filter(({ moments }) => moments.length > 0);

const ring = { keys: newKey('first') };
let hub: Hub;
let watch: CheckpointWatch;

beforeAll(async () => {
  hub = await openHub({ workers: 2, ...ring });
  watch = watchCheckpoints(hub.db);
});

afterAll(async () => {
  await watch?.stop();
  await hub?.end();
});

/** A worker that ends so soon after an answer takes what was asked of it to its grave. */
const HEARD_WITHIN_MS = 4_000;

function isUnheard({ at }: LoggedRequest): boolean {
  const since = Date.parse(at);
  return hub.workers.some((worker) =>
    worker.endings().some((endedAt) => endedAt >= since && endedAt <= since + HEARD_WITHIN_MS),
  );
}

test.each(matches)(
  '$blow at each moment of backfill, quick cycle, cycle, re-read, re-sync, deletion and key rotation',
  async ({ blow, moments }) => {
    const targets: Connected[] = [];
    const isConnected = (config: Connected) => void targets.push(config);
    const chance = (name: string) => chanceOf(seed, `${blow} ${name}`);
    const thrower = throwFaults(hub, chance('faults'), targets);
    const blows = gatherBlows(hub, blow);
    const rounds = moments.map((moment) => ({ hub, blows, moment, chance: chance(moment) }));
    const playing = Promise.all([
      Promise.all(rounds.map((round) => playRound(round, isConnected))),
      Promise.all(rounds.map((round) => playDeletion(round, isConnected))),
      playRotation({ hub, chance: chance('sweep'), blows, ring }),
    ]);
    const [configs, deleted] = await playing.finally(async () =>
      console.log('thrown meanwhile:', await thrower.stop()),
    );

    await sleep(Math.max(...Object.values(RETRY_AFTER)) * 1_000);
    const lastTroubleAt = Date.now();
    const troubles = { retryAfter: RETRY_AFTER, isUnheard };
    const { rows, currentAfterMs } = await expectAllIsWell({ hub, watch, configs, lastTroubleAt, ...troubles });
    expect(rows).toBeGreaterThan(2_000 * configs.length);
    for (const config of deleted) await expectNothingLeft(hub, config);
    await expectNobodyParked(hub);
    const struck = `${rounds.length * 7 + 3} places struck with ${blows.count()} blows`;
    console.log(`${blow}: ${struck}, ${rows} rows, current after ${Math.round(currentAfterMs / 1_000)} s`);
    for (const { configId } of configs) await hub.ask('POST', `/api/v1/trackers/${configId}/pause`);
  },
  900_000,
);
