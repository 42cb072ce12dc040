// A worker like the real one that stands still at the moment it was told, says so to its parent, and waits for its fate.
import { loadConfig } from '../../src/config.ts';
import { runUntilTold } from '../../src/local/run-until-told.ts';
import { startWorker } from '../../src/worker.ts';
import { type Passing, watched } from './moments.ts';

/** What the parent wants: to be told at the n-th passing from now, of any config or of one. */
export interface Order {
  order: 'tell';
  id: string;
  moment: string;
  phase: string;
  configId: string | null;
  nth: number;
}

/** What becomes of the one that stands still for an order. */
export type Fate = { order: 'go-on' } | { order: 'block'; ms: number };
/** `forget`: nobody waits for it any more. */
export type FateOf = (Fate | { order: 'forget' }) & { id: string };

/** Its clock jumps, and goes on from there. */
export interface ClockOrder {
  order: 'clock';
  aheadMs: number;
}

export interface Reached {
  reached: string;
}

const wanted = new Map<string, Order>();
const standing = new Map<string, () => void>();
let aheadMs = 0;

process.on('message', (message: Order | FateOf | ClockOrder) => {
  if (message.order === 'clock') {
    aheadMs = message.aheadMs;
    return;
  }
  if (message.order === 'tell') return void wanted.set(message.id, message);
  if (message.order === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, message.ms);
  wanted.delete(message.id);
  standing.get(message.id)?.();
});

function isMeant(order: Order, { moment, phase, configId }: Passing): boolean {
  if (order.moment !== moment || order.phase !== phase) return false;
  return order.configId === null || order.configId === configId;
}

const { dependencies, activities } = watched(async (passing) => {
  for (const order of wanted.values()) {
    if (!isMeant(order, passing)) continue;
    order.nth--;
    if (order.nth > 0) continue;
    wanted.delete(order.id);
    await new Promise<void>((resolve) => {
      standing.set(order.id, resolve);
      process.send?.({ reached: order.id } satisfies Reached);
    });
    return;
  }
});

process.exitCode = await runUntilTold(() =>
  startWorker(loadConfig(process.env), {
    activities,
    dependencies: (made) => dependencies({ ...made, clock: () => new Date(made.clock().getTime() + aheadMs) }),
  }),
);
process.exit();
