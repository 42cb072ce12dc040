// When a config's cycles fall due: absolute times on its interval, moved by an offset of its own so that configs do not crowd.

import { HOUR_MS } from './windows.ts';

/** FNV-1a, 32 bits: spreads config ids over an interval, the same on every machine and at every replay. */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Nights begin within so long after midnight in UTC. */
const NIGHT_MS = 6 * HOUR_MS;

/** By how much later than in UTC a config's hours and days begin, so that what is done once in them does not come at once for all. */
export const shiftOf = (configId: string): number => spread(configId) % NIGHT_MS;

/** The latest slot at or before `at`. */
export function slotAt(configId: string, at: Date, intervalMs: number): Date {
  const offset = spread(configId) % intervalMs;
  return new Date(Math.floor((at.getTime() - offset) / intervalMs) * intervalMs + offset);
}

/** The first slot after `at`. */
export function slotAfter(configId: string, at: Date, intervalMs: number): Date {
  return new Date(slotAt(configId, at, intervalMs).getTime() + intervalMs);
}
