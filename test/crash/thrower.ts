// Faults that are thrown while the matrix is played: by trackers, on wires, in PostgreSQL, in Temporal, one after another.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { FaultKindInput } from '../../simulator/faults/fault.ts';
import type { Connected, Hub } from './hub.ts';
import type { Chance } from './seed.ts';
import type { WireState } from './tcp-proxy.ts';
import { forgetCached, wakeTwice } from './temporal-client.ts';

/** What refused calls ask us to wait, in seconds, by their status. */
export const RETRY_AFTER = { 429: 4, 503: 2 };

const refusal = (status: 429 | 503): FaultKindInput => ({
  ...{ kind: 'status', status, headers: { 'retry-after': String(RETRY_AFTER[status]) } },
});

/** None that lasts: what a tracker refuses three times running is left out for a while, by design. */
const OF_TRACKERS: [string, FaultKindInput, number?][] = [
  ['429 with Retry-After', refusal(429)],
  ['503 with Retry-After', refusal(503)],
  ['a burst of 502', { kind: 'status', status: 502 }, 2],
  ['half of the JSON', { kind: 'halfJson' }],
  ['an empty body', { kind: 'emptyBody' }],
  ['the page before once more', { kind: 'duplicatedPage' }],
  ['a page backwards', { kind: 'reorderedPage' }],
  ['bytes that no text may have', { kind: 'invalidUtf8' }],
  ['a slow drip', { kind: 'slowDrip', bytes: 2_000, everyMs: 100 }],
  ['a reset in the answer', { kind: 'reset', afterBytes: 300 }],
];

const OF_WIRES: [string, WireState, number][] = [
  ['late', { is: 'late', ms: 60 }, 3_000],
  ['sliced', { is: 'sliced', bytes: 40 }, 2_000],
  ['swallowed', { is: 'hole' }, 2_500],
  ['refused', { is: 'refuse' }, 2_000],
];

type Throw = (hub: Hub, config: Connected) => Promise<unknown>;

const THROWS: Record<string, Throw> = {
  ...Object.fromEntries(
    OF_TRACKERS.map(([name, fault, times = 1]): [string, Throw] => [
      name,
      (_, { ledger }) => ledger.addFault({ match: { path: '/(clicks|conversions)/log$', times }, fault }),
    ]),
  ),
  ...Object.fromEntries(
    (['tracker', 'postgres', 'temporal'] as const).flatMap((link) => [
      [`the wire to ${link} reset`, async (hub: Hub) => hub.wires[link].reset()],
      ...OF_WIRES.map(([name, state, ms]): [string, Throw] => [
        `the wire to ${link} ${name}`,
        async (hub) => {
          hub.wires[link].set(state);
          await sleep(ms);
          hub.wires[link].set({ is: 'through' });
        },
      ]),
    ]),
  ),
  'connections to PostgreSQL terminated': ({ db }) =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and application_name like 'tracker-hub%'`.execute(db),
  'what workers remember of a workflow forgotten': (hub, { configId }) => forgetCached(hub, configId),
  'a wake sent twice': (hub, { configId }) => wakeTwice(hub, configId),
};

export interface Thrower {
  /**
   * Ends what it threw last, and takes back what has not struck yet.
   * @returns how often it threw what
   */
  stop(): Promise<Record<string, number>>;
}

/** @param targets the configs that may be hit by now */
export function throwFaults(hub: Hub, chance: Chance, targets: readonly Connected[]): Thrower {
  const thrown: Record<string, number> = {};
  const over = new AbortController();
  const throwing = (async () => {
    for (let deck: string[] = []; !over.signal.aborted; ) {
      if (deck.length === 0) deck = chance.shuffled(Object.keys(THROWS));
      await sleep(chance.int(300, 2_000), null, { signal: over.signal }).catch(() => {});
      if (over.signal.aborted || targets.length === 0) continue;
      const name = deck.pop()!;
      // What it is thrown at may just be dead: then it misses.
      const hasHit = await THROWS[name]!(hub, chance.oneOf(targets)).then(
        () => true,
        () => false,
      );
      if (hasHit) thrown[name] = (thrown[name] ?? 0) + 1;
    }
  })();
  return {
    async stop() {
      over.abort();
      await throwing;
      for (const { ledger } of targets) await ledger.clearFaults();
      return thrown;
    },
  };
}
