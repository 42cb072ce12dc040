// Looks after the embedded servers, which are not our children: starts them again when they have gone by themselves.
import { setTimeout as sleep } from 'node:timers/promises';
import { restartDelay } from './backoff.ts';
import type { Say } from './say.ts';

const LOOK_EVERY_MS = 2_000;

export type Restartable = { isRunning(): boolean; restart(): Promise<void> };

/** Watches until the signal aborts. Resolves then, when no restart is under way any more. */
export async function keepRunning(name: string, server: Restartable, say: Say, signal: AbortSignal): Promise<void> {
  const delay = restartDelay();
  let bornAt = Date.now();
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, null, { signal }).catch(() => {});
    if (signal.aborted || server.isRunning()) continue;
    const waitMs = delay.next(Date.now() - bornAt);
    say(`${name} has gone down by itself; starting it again in ${waitMs / 1_000} s.`);
    await sleep(waitMs, null, { signal }).catch(() => {});
    if (signal.aborted) return;
    bornAt = Date.now();
    try {
      await server.restart();
      say(`${name} is back.`);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }
}
