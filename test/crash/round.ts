// One round of the matrix: a process is killed at one moment, in every phase that a tracker's sync goes through.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { until } from '../workflows/worker-process.ts';
import type { Blows } from './blows.ts';
import type { Connected, Hub } from './hub.ts';
import { configOf } from './invariants.ts';
import type { Moment } from './moments.ts';
import type { Wanted } from './program.ts';
import type { Chance } from './seed.ts';

/** Phases by the names of their activities. */
export const PAGE_PHASES = ['backfill', 'quickCycle', 'cycle', 'reread', 'resync'] as const;
export type PagePhase = (typeof PAGE_PHASES)[number];

/** A phase surely has so many pages. */
const MOST_PASSINGS: Record<PagePhase, number> = { backfill: 12, quickCycle: 2, cycle: 2, reread: 1, resync: 3 };

export interface Round {
  hub: Hub;
  chance: Chance;
  blows: Blows;
  moment: Moment;
}

/** Longer than it takes to come back from the blows of the rounds beside this one. */
export const PATIENCE_MS = 240_000;

/** Strikes once in each phase. Several rounds may be played at once: each then suffers the others' blows too. */
export async function playRound(round: Round, isConnected: (config: Connected) => void): Promise<Connected> {
  const { hub, chance } = round;
  const config = await struck(round, place(round, 'backfill', null), () => hub.connect());
  isConnected(config);
  await becomesSynced(hub, config);
  for (const phase of chance.shuffled(PAGE_PHASES.filter((one) => one !== 'backfill'))) {
    await struck(round, place(round, phase, config.configId), () => provoke(hub, config, phase));
  }
  return config;
}

export const becomesSynced = (hub: Hub, { configId }: Connected): Promise<unknown> =>
  until(
    () => configOf(hub.db, configId),
    (row) => row?.first_synced_at != null,
    PATIENCE_MS,
  );

/** Some page of a phase. Before it is connected nobody knows a config's id: then of whichever comes along. */
export function place({ chance, moment }: Round, phase: PagePhase, configId: string | null): Wanted {
  return { moment, phase, configId, nth: moment === 'before-report' ? 1 : chance.int(1, MOST_PASSINGS[phase]) };
}

/** Brings the phase about, and has the blow fall when some worker comes to the place in it. */
export async function struck<T>(
  { hub, blows }: Pick<Round, 'hub' | 'blows'>,
  wanted: Wanted,
  begin: () => Promise<T>,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<T> {
  const standing = hub.stopAt(wanted, PATIENCE_MS);
  standing.catch(() => {});
  const result = await begin();
  const reached = await standing;
  await meanwhile();
  await blows.fallOn(reached);
  return result;
}

/** A quick cycle is the one that nobody asks for: the config's own next slot brings it, within an interval. */
export async function provoke(hub: Hub, { configId }: Connected, phase: PagePhase): Promise<void> {
  const path = `/api/v1/trackers/${configId}`;
  const begunAt = new Date();
  if (phase === 'cycle') await hub.ask('POST', `${path}/sync`);
  if (phase === 'resync') {
    const to = new Date();
    await hub.ask('POST', `${path}/resync`, { from: new Date(to.getTime() - 30 * 3_600_000), to });
  }
  if (phase === 'reread') {
    // A cycle that ends just now may write over it; then once more.
    await until(
      async () => {
        await letADayPass(hub, configId);
        await sleep(1_000);
        return hub.db
          .selectFrom('run')
          .select('id')
          .where('tracker_config_id', '=', configId)
          .where('kind', '=', 'reread')
          .where('queued_at', '>', begunAt)
          .executeTakeFirst()
          .catch(() => undefined);
      },
      (run) => run !== undefined,
      PATIENCE_MS,
    );
  }
}

/** As far as the next cycle knows: time to look 30 days back. */
async function letADayPass(hub: Hub, configId: string): Promise<void> {
  await sql`update tracker_config set last_slot_at = last_slot_at - interval '1 day' where id = ${configId}`
    .execute(hub.db)
    .catch(() => {});
  await hub.ask('POST', `/api/v1/trackers/${configId}/sync`);
}
