// The registry: one line a tracker. Names, schemas and look-ups are derived from it.
import type { Adapter } from './adapter.ts';
import { bemob } from './bemob.ts';
import { binomV2 } from './binom-v2.ts';
import { keitaro } from './keitaro.ts';
import { redtrack } from './redtrack.ts';
import { tgTracker } from './tg-tracker.ts';
import { voluum } from './voluum.ts';

export const adapters = {
  [keitaro.type]: keitaro,
  [redtrack.type]: redtrack,
  [tgTracker.type]: tgTracker,
  [voluum.type]: voluum,
  [binomV2.type]: binomV2,
  [bemob.type]: bemob,
} as const satisfies Record<string, Adapter>;

export const TRACKER_TYPES: readonly string[] = Object.keys(adapters);

export function adapterFor(type: string): Adapter | undefined {
  return Object.hasOwn(adapters, type) ? adapters[type as keyof typeof adapters] : undefined;
}

/** Every click of the time that is asked for can be read, not the latest alone. */
export const hasWholeClickLog = ({ logs }: Adapter): boolean =>
  logs.clicks !== undefined && logs.clicks.reachMs === undefined;
