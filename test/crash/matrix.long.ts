// The whole matrix: process × moment × phase, while faults are thrown. Most of an hour; not part of `npm test`.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoggedRequest } from '../../simulator/request-log.ts';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { expectNothingLeft, playDeletion } from './deletion.ts';
import { type Connected, type Hub, newKey, openHub, VICTIMS } from './hub.ts';
import { expectAllIsWell } from './invariants.ts';
import { MOMENTS } from './moments.ts';
import { type Blow, playRound } from './round.ts';
import { chanceOf, seedOfRun } from './seed.ts';
import { expectNobodyParked, playRotation } from './sweep.ts';
import { RETRY_AFTER, throwFaults } from './thrower.ts';

const seed = seedOfRun();
/** `CRASH_ONLY=worker/after-commit` plays one round alone. */
const only = process.env.CRASH_ONLY ?? '';
const BLOWS: readonly Blow[] = [...VICTIMS, 'term', 'block'];
const all = BLOWS.flatMap((blow) => MOMENTS.map((moment) => ({ blow, moment })));
const rounds = chanceOf(seed, 'order')
  .shuffled(all)
  .filter(({ blow, moment }) => `${blow}/${moment}`.startsWith(only));

/** So many rounds are played beside each other, so that each also suffers the blows of the others. */
const AT_ONCE = 7;
const matches = Array.from({ length: Math.ceil(rounds.length / AT_ONCE) }, (_, i) => {
  const some = rounds.slice(i * AT_ONCE, (i + 1) * AT_ONCE);
  const sweep = [0, 1, 2].map((moment) => BLOWS[(i + moment) % BLOWS.length]!);
  return { number: i + 1, name: some.map(({ blow, moment }) => `${blow} at ${moment}`).join(', '), some, sweep };
});

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
  'match $number: $name, in backfill, cycle, re-read, re-sync and deletion; and a key rotation',
  async ({ number, some, sweep }) => {
    const targets: Connected[] = [];
    const isConnected = (config: Connected) => void targets.push(config);
    const thrower = throwFaults(hub, chanceOf(seed, `faults ${number}`), targets);
    const rounds = some.map(({ blow, moment }) => ({ hub, chance: chanceOf(seed, `${blow} ${moment}`), blow, moment }));
    const playing = Promise.all([
      Promise.all(rounds.map((round) => playRound(round, isConnected))),
      Promise.all(rounds.map((round) => playDeletion(round, isConnected))),
      playRotation({ hub, chance: chanceOf(seed, `sweep ${number}`), blows: sweep, ring }),
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
    const blows = some.length * 6 + sweep.length;
    console.log(`${blows} blows, ${rows} rows, current after ${Math.round(currentAfterMs / 1_000)} s`);
    for (const { configId } of configs) await hub.ask('POST', `/api/v1/trackers/${configId}/pause`);
  },
  900_000,
);
