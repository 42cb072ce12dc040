// Blows fall on all that stand at their moments together: one death and one recovery for many rounds.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hub, Victim } from './hub.ts';
import type { Program } from './program.ts';
import type { Fate } from './worker-program.ts';

/** What a process suffers at the moment; the last two are the worker's alone. */
export type Blow = Victim | 'term' | 'block';

const BLOCK_MS = 20_000;
/** So long the first one waits for others. */
const GATHER_MS = 10_000;

export interface Standing {
  worker: Program;
  fate(fate: Fate): void;
}

export interface Blows {
  /** Resolves when the blow has fallen on it, and what does not start by itself has been started again. */
  fallOn(standing: Standing): Promise<void>;
  /** How often it has fallen. */
  count(): number;
}

export function gatherBlows(hub: Hub, blow: Blow): Blows {
  let group: Standing[] = [];
  let falling: Promise<void> | null = null;
  let count = 0;

  async function fall(): Promise<void> {
    await sleep(GATHER_MS);
    const struck = group;
    group = [];
    falling = null;
    count++;
    await strike(hub, blow, struck);
  }

  return {
    fallOn(standing) {
      group.push(standing);
      falling ??= fall();
      return falling;
    },
    count: () => count,
  };
}

async function strike(hub: Hub, blow: Blow, group: readonly Standing[]): Promise<void> {
  const workers = [...new Set(group.map(({ worker }) => worker))];
  if (blow === 'term') for (const worker of workers) worker.terminate();
  else if (blow === 'worker') await Promise.all(workers.map((worker) => hub.kill('worker', worker)));
  else if (blow === 'block') for (const worker of workers) fateOf(group, worker)({ order: 'block', ms: BLOCK_MS });
  else await hub.kill(blow);
  for (const { fate } of group) fate({ order: 'go-on' });
  if (blow === 'block') await sleep(BLOCK_MS);
}

const fateOf = (group: readonly Standing[], worker: Program): Standing['fate'] =>
  group.find((standing) => standing.worker === worker)!.fate;
