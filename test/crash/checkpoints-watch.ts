// Looks at every checkpoint while all goes on, and remembers where one went back.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../src/store/db.ts';

const LOOK_EVERY_MS = 100;
const ORDER = { planned: 0, running: 1, done: 2 } as const;

export interface CheckpointWatch {
  /** What went back, in words; none is what a test wants. */
  offences: string[];
  /** How often it could look; a watch that never looked proves nothing. */
  looks(): number;
  stop(): Promise<void>;
}

export function watchCheckpoints(db: Db): CheckpointWatch {
  const offences: string[] = [];
  const windows = new Map<string, Awaited<ReturnType<typeof windowsOf>>[number]>();
  const reach = new Map<string, Date>();
  let looks = 0;
  let isOver = false;

  const look = async (): Promise<void> => {
    const [found, resources] = [await windowsOf(db), await reachOf(db)];
    looks++;
    for (const now of found) {
      const before = windows.get(now.id);
      windows.set(now.id, now);
      if (before === undefined) continue;
      if (now.seq < before.seq) offences.push(`seq of ${now.id} went from ${before.seq} to ${now.seq}`);
      if (ORDER[now.state] < ORDER[before.state]) offences.push(`${now.id} was ${before.state}, is ${now.state}`);
      if ((now.covered_to?.getTime() ?? 0) < (before.covered_to?.getTime() ?? 0))
        offences.push(`covered_to of ${now.id} went from ${String(before.covered_to)} to ${String(now.covered_to)}`);
    }
    for (const { tracker_config_id, resource, read_to } of resources) {
      const key = `${tracker_config_id} ${resource}`;
      const before = reach.get(key);
      if (read_to !== null) reach.set(key, read_to);
      if (before !== undefined && read_to !== null && read_to < before)
        offences.push(`read_to of ${key} went from ${before.toISOString()} to ${read_to.toISOString()}`);
    }
  };
  const watching = (async () => {
    while (!isOver) {
      // While PostgreSQL is away there is nothing to see.
      await look().catch(() => {});
      await sleep(LOOK_EVERY_MS);
    }
  })();
  return {
    offences,
    looks: () => looks,
    async stop() {
      isOver = true;
      await watching;
    },
  };
}

const windowsOf = (db: Db) => db.selectFrom('sync_window').select(['id', 'seq', 'state', 'covered_to']).execute();
const reachOf = (db: Db) =>
  db.selectFrom('tracker_resource').select(['tracker_config_id', 'resource', 'read_to']).execute();
