// How long to wait after tries without progress: 5 s doubling to a ceiling, with jitter.

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
