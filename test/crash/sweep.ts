// A key rotation within the matrix: processes die at each moment of the sweep, while everything else goes on.
import { expect } from 'vitest';
import { until } from '../workflows/worker-process.ts';
import type { Blows } from './blows.ts';
import { type Hub, newKey } from './hub.ts';
import { askOn, blockedOnes, keysInUse, restartAll } from './rotation.ts';
import { PATIENCE_MS, struck } from './round.ts';
import type { Chance } from './seed.ts';
import { triggerSweep } from './temporal-client.ts';

/** The first transaction of the sweep is no credential's; its last moment is when all is done. */
const SWEEP_MOMENTS = ['before-commit', 'after-commit', 'before-report'] as const;

export interface Rotation {
  hub: Hub;
  chance: Chance;
  blows: Blows;
  /** What the programs have now, the newest first. */
  ring: { keys: string };
}

export async function playRotation({ hub, chance, blows, ring }: Rotation): Promise<void> {
  const newest = newKey(`key-${Date.now()}`);
  ring.keys = `${newest},${ring.keys.split(',')[0]}`;
  const read = await hub.connect({ clicks: 200, conversions: 20 });
  await hub.ask('POST', `/api/v1/trackers/${read.configId}/pause`);
  // The wire may be spoiled just now; the vault must open whatever else happens.
  const reader = askOn(hub, read.configId, (told) => told?.error?.kind === 'vault');
  try {
    await restartAll(hub, ring.keys);
    // All of them wait for it before it begins: where no worker dies it goes on as soon as the blow has fallen.
    const strikes = SWEEP_MOMENTS.map((moment) => {
      const nth = moment === 'before-report' ? 1 : chance.int(2, 4);
      return struck({ hub, blows }, { moment, phase: 'keepHouse', configId: null, nth }, async () => {});
    });
    await Promise.all([...strikes, insist(() => triggerSweep(hub))]);
    await until(
      () => keysInUse(hub).catch(() => ['away']),
      (ids) => ids.every((id) => newest.startsWith(`${id}:`)),
      PATIENCE_MS,
    );
  } finally {
    expect(await reader.stop()).toBeGreaterThan(5);
  }
  expect(reader.failures).toEqual([]);
}

/** Asked of a Temporal that may just be coming back. */
const insist = (work: () => Promise<unknown>): Promise<unknown> =>
  until(
    () =>
      work().then(
        () => null,
        (error: Error) => error.message,
      ),
    (failure) => failure === null,
  );

/** No config waits for a person because of a key that is there. */
export async function expectNobodyParked(hub: Hub): Promise<void> {
  await until(
    () => blockedOnes(hub),
    (ids) => ids.length === 0,
    90_000,
  );
}
