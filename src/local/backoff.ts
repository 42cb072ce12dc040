// How long to wait before starting again what has crashed: one second doubling to half a minute.
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
const STEADY_MS = 60_000;

export type RestartDelay = {
  /** How long to wait now, given how long the last life was; a steady life counts as a fresh beginning. */
  next(livedMs: number): number;
};

/** Milliseconds before each restart in a row. */
export function restartDelay(): RestartDelay {
  let crashes = 0;
  return {
    next(livedMs) {
      crashes = livedMs >= STEADY_MS ? 1 : crashes + 1;
      return Math.min(FIRST_MS * 2 ** (crashes - 1), LONGEST_MS);
    },
  };
}
