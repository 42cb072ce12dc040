// How long to wait: after tries without progress, and where a tracker asks for it.
import type { TrackerError } from './errors.ts';

const FIRST_MS = 5_000;
const CEILING_MS = 10 * 60_000;

/**
 * @param tries tries without progress so far, 1 or more
 * @param intervalMs the config's sync interval: no wait is longer
 * @param random a number in [0, 1): half of the wait is jitter
 */
export function backoffMs(tries: number, intervalMs: number, random: number): number {
  const full = Math.min(FIRST_MS * 2 ** Math.min(tries - 1, 20), CEILING_MS, intervalMs);
  return Math.round(full / 2 + (full / 2) * random);
}

/** The longest `Retry-After` that is obeyed by waiting; a longer one needs a person. */
export const LONGEST_RETRY_AFTER_MS = 24 * 60 * 60_000;

/** So long at least waits who is asked to slow down and not told for how long. */
const SLOW_DOWN_MS = 2_500;

/** For how long a tracker wants to hear nothing from anybody, by how a call of it failed; 0 where it did not say so. */
export function silenceAsked(trouble: TrackerError | null): number {
  const { retryAfterMs } = trouble?.details ?? {};
  if (retryAfterMs !== undefined) return retryAfterMs <= LONGEST_RETRY_AFTER_MS ? retryAfterMs : 0;
  return trouble?.kind === 'rate_limited' ? SLOW_DOWN_MS : 0;
}
