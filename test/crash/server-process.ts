// PostgreSQL or Temporal as a thing that is killed, stopped, and started again where it was.
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, identifyProcess, signal } from '../../src/local/processes.ts';

export interface Server {
  kill(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export function pausable(
  server: { stop(isHurried?: boolean): Promise<void>; restart(): Promise<void> },
  pidNow: () => number | null,
): Server {
  return {
    async kill() {
      const found = pidNow();
      const identity = found === null ? null : identifyProcess(found);
      if (identity === null || !signal(identity, 'SIGKILL')) throw new Error('there was nothing to kill');
      await endProcess(identity, 10_000);
    },
    stop: () => server.stop(),
    start: () => server.restart(),
  };
}

export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(ms, null, { signal: timer.signal }).then(() => {
    throw new Error(`not within ${ms / 1_000} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
