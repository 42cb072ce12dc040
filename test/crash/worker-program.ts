// A worker like the real one that stands still at the moment it was told, says so to its parent, and waits for its fate.
import { loadConfig } from '../../src/config.ts';
import { runUntilTold } from '../../src/local/run-until-told.ts';
import { startWorker } from '../../src/worker.ts';
import { type Passing, watched } from './moments.ts';

/** What the parent wants: to be told at the n-th passing from now, of any config or of one. */
export interface Order {
  order: 'tell';
  moment: string;
  phase: string;
  configId: string | null;
  nth: number;
}

export type Fate = { order: 'go-on' } | { order: 'block'; ms: number };

export interface Reached {
  reached: Passing;
}

let wanted: Order | null = null;
let goOn: (() => void) | null = null;

process.on('message', (message: Order | Fate) => {
  if (message.order === 'tell') wanted = message;
  if (message.order === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, message.ms);
  if (message.order === 'go-on' || message.order === 'block') goOn?.();
});

const parts = watched(async (passing) => {
  const { moment, phase, configId } = passing;
  if (wanted === null || wanted.moment !== moment || wanted.phase !== phase) return;
  if (wanted.configId !== null && wanted.configId !== configId) return;
  wanted.nth--;
  if (wanted.nth > 0) return;
  wanted = null;
  await new Promise<void>((resolve) => {
    goOn = resolve;
    process.send?.({ reached: passing } satisfies Reached);
  });
});

process.exitCode = await runUntilTold(() => startWorker(loadConfig(process.env), parts));
process.exit();
