// The life of `server` and `worker`: start, run until a signal or the parent's end, stop in order.
import { listenForStop } from './stop-signals.ts';

export type ReadyMessage = { isReady: true; address: string | null };

export type Runnable = {
  address?: string;
  stop(): Promise<void>;
  /** Settles when it has ended by itself: then the process ends too, so that whoever looks after it starts it again. */
  ended?: Promise<unknown>;
};

/** Longer than a page's transaction, shorter than what orchestrators wait before they kill. */
const STOP_LIMIT_MS = 25_000;

/**
 * Runs a part until SIGTERM, SIGINT, or (under `start`) the parent's end. A signal during the start stops it as soon
 * as it has started; a second one ends it at once.
 * @returns the exit code
 */
export async function runUntilTold(start: () => Promise<Runnable>): Promise<number> {
  const orders = listenForStop(() => {});
  orders.hurry.addEventListener('abort', () => process.exit(1));
  // How a child notices that its parent was killed; a signal that follows is no second order.
  process.once('disconnect', orders.giveStop);
  const told = new Promise<'told'>((resolve) => {
    orders.stop.addEventListener('abort', () => resolve('told'));
  });

  const running = await start();
  if (process.connected) process.send?.({ isReady: true, address: running.address ?? null } satisfies ReadyMessage);
  const ended = running.ended?.then(
    () => 'ended' as const,
    () => 'ended' as const,
  );
  const reason = await Promise.race([told, ...(ended === undefined ? [] : [ended])]);
  const limit = setTimeout(() => process.exit(1), STOP_LIMIT_MS);
  await running.stop();
  clearTimeout(limit);
  return reason === 'told' ? 0 : 1;
}
