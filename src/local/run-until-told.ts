// The life of `server` and `worker`: start, run until a signal or the parent's end, stop in order.
export type ReadyMessage = { isReady: true; address: string | null };

export type Runnable = { address?: string; stop(): Promise<void> };

/** Longer than a page's transaction, shorter than what orchestrators wait before they kill. */
const STOP_LIMIT_MS = 25_000;

/**
 * Runs a part until SIGTERM, SIGINT, or (under `start`) the parent's end. A signal during the start stops it as soon
 * as it has started; a second one ends it at once.
 * @returns the exit code
 */
export async function runUntilTold(start: () => Promise<Runnable>): Promise<number> {
  const told = Promise.withResolvers<void>();
  let times = 0;
  const tell = () => {
    times += 1;
    if (times > 1) process.exit(1);
    told.resolve();
  };
  process.on('SIGTERM', tell);
  process.on('SIGINT', tell);
  // `disconnect` is how a child notices that its parent was killed; a signal that follows it is no second order.
  process.once('disconnect', () => told.resolve());

  const running = await start();
  if (process.connected) process.send?.({ isReady: true, address: running.address ?? null } satisfies ReadyMessage);
  await told.promise;
  const limit = setTimeout(() => process.exit(1), STOP_LIMIT_MS);
  await running.stop();
  clearTimeout(limit);
  return 0;
}
