// What the terminal shows during `start`: short lines for people, with the time spent where it was long.
export type Say = (line: string) => void;

const LONG_MS = 1_000;

/** Prints a line; a terminal that has gone away must not end us in the middle of an orderly stop. */
export const say: Say = (line) => {
  process.stdout.write(`${line}\n`);
};

/** Keeps a closed terminal (SIGHUP, a broken pipe) from becoming an uncaught error. */
export function outliveTerminal(): void {
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
}

/** Does a step, and says what is being done when it takes longer than a second. */
export async function step<T>(doing: string, done: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  let isAnnounced = false;
  const timer = setTimeout(() => {
    isAnnounced = true;
    say(`${doing} …`);
  }, LONG_MS);
  try {
    const result = await work();
    if (isAnnounced) say(`${done} (${((Date.now() - startedAt) / 1_000).toFixed(1)} s)`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}
