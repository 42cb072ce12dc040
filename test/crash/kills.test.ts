// One power cut for each process, at a moment that chance picks: nothing is lost, nothing doubled, nobody has to help.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Connected, type Hub, openHub, VICTIMS, type Victim } from './hub.ts';
import { expectAllIsWell } from './invariants.ts';
import { MOMENTS, type Moment } from './moments.ts';
import { chanceOf, seedOfRun } from './seed.ts';

const seed = seedOfRun();
const chance = chanceOf(seed, 'one kill per process');
/** In the middle of a page's transaction: only a worker's death here shows what was committed outside of it. */
const HALF_WRITTEN: readonly Moment[] = ['after-checkpoint', 'after-rows', 'before-commit'];
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
  const moment = chance.oneOf(victim === 'worker' ? HALF_WRITTEN : MOMENTS);
  // The first transactions are the plan's.
  const nth = moment === 'before-report' ? 1 : chance.int(4, 12);
  const standing = hub.stopAt({ moment, nth, phase: 'backfill', configId: null });
  connected.push(await hub.connect());
  await killAt(standing, victim);
}

/** Whichever of them falls due first; the API has no part in it. */
async function killInQuickCycle(): Promise<void> {
  const place = { moment: chance.oneOf(MOMENTS), phase: 'quickCycle', configId: null, nth: 1 };
  await killAt(hub.stopAt(place, 90_000), chance.oneOf(VICTIMS.filter((victim) => victim !== 'server')));
}

async function killAt(standing: ReturnType<Hub['stopAt']>, victim: Victim): Promise<void> {
  const { worker, fate } = await standing;
  await hub.kill(victim, worker);
  lastKillAt = Date.now();
  fate({ order: 'go-on' });
}

/**
 * The checkpoint counts a page's rows, and so does the run, beside the rows themselves. What a page lost may be back by
 * now: the comparison with the tracker's totals has it read again.
 */
async function unevenBackfills(): Promise<unknown[]> {
  const { rows } = await sql`
    select r.rows_read, sum(w.rows)::int as of_windows from run r join sync_window w on w.run_id = r.id
    where r.kind = 'backfill' group by r.id having sum(w.rows) <> r.rows_read`.execute(hub.db);
  return rows;
}

test.each(victims)('%s is killed in the middle of a backfill', killInBackfill, 90_000);

test('and one of them in a cycle that falls due by itself', killInQuickCycle, 120_000);

test('after all of it every row is there once, no checkpoint went back, and all is current by itself', async () => {
  const configs = connected;
  const { rows, currentAfterMs } = await expectAllIsWell({ hub, watch, configs, lastTroubleAt: lastKillAt });
  expect(rows).toBeGreaterThan(configs.length * 2_000);
  expect(await unevenBackfills(), 'a checkpoint went on without its rows').toEqual([]);
  console.log(`${rows} rows; current ${Math.round(currentAfterMs / 1_000)} s after the last kill`);
}, 180_000);
