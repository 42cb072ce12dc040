// Turns ctrl-C and its relatives into an order to stop, and a second one into an order to hurry.
import type { EventEmitter } from 'node:events';
import type { Say } from './say.ts';

/** npm passes on the ctrl-C that the terminal has already sent to everyone: what follows at once is the same one. */
const SAME_ORDER_MS = 1_000;

export type StopOrders = {
  /** Aborts at the first order. */
  stop: AbortSignal;
  /** Aborts at the second. */
  hurry: AbortSignal;
  /** Stops without a signal; the first signal afterwards is still the first order. */
  giveStop: () => void;
};

/**
 * Listens to SIGINT, SIGTERM and SIGHUP (a closed terminal) for the rest of this process's life.
 * @param source where signals are heard; tests pass their own
 */
export function listenForStop(say: Say, source: EventEmitter = process): StopOrders {
  const stop = new AbortController();
  const hurry = new AbortController();
  let orderedAt: number | null = null;
  const order = () => {
    if (orderedAt === null) {
      orderedAt = Date.now();
      say('Stopping … (once more to hurry)');
      stop.abort();
    } else if (!hurry.signal.aborted && Date.now() - orderedAt >= SAME_ORDER_MS) {
      say('Hurrying …');
      hurry.abort();
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) source.on(name, order);
  if (source === process) watchNpm(order);
  return { stop: stop.signal, hurry: hurry.signal, giveStop: () => stop.abort() };
}

const WATCH_EVERY_MS = 1_000;

/** npm passes a SIGTERM to its shell alone, which dies without a word: then its going is the order. */
function watchNpm(order: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    order();
  }, WATCH_EVERY_MS);
  watch.unref();
}
