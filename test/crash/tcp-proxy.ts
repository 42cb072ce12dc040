// A wire that can be spoiled: a TCP proxy that delays, slices, swallows, resets or cuts what passes through it.
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * `through`: as it is. `late`: each piece so much later. `sliced`: a few bytes at a time. `hole`: taken and never
 * passed on, like a firewall that drops. `refuse`: nobody gets in, and who is in is cut off.
 */
export type WireState =
  | { is: 'through' }
  | { is: 'late'; ms: number }
  | { is: 'sliced'; bytes: number }
  | { is: 'hole' }
  | { is: 'refuse' };

export interface Wire {
  port: number;
  set(state: WireState): void;
  /** Breaks every connection now, with a reset; new ones come through. */
  reset(): void;
  close(): Promise<void>;
}

interface Pair {
  near: Socket;
  far: Socket;
}

export async function openWire(target: { port: number }): Promise<Wire> {
  let state: WireState = { is: 'through' };
  const pairs = new Set<Pair>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (state.is === 'refuse') return near.resetAndDestroy();
    const far = connect({ port: target.port, host: '127.0.0.1', allowHalfOpen: true });
    const pair = { near, far };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on(
        'data',
        flowInto(from, to, () => state),
      );
      // What was swallowed is gone for good: an end in the hole is not told either.
      from.on('end', () => (state.is === 'hole' ? null : to.end()));
      from.on('error', end);
      from.on('close', end);
    }
  });
  const breakAll = () => {
    for (const { near, far } of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  };
  const port = await listen(server);
  return {
    port,
    set(next) {
      // A connection that lost bytes in the hole can never be used again.
      if (state.is === 'hole' || next.is === 'refuse') breakAll();
      state = next;
    },
    reset: breakAll,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        breakAll();
      }),
  };
}

function flowInto(from: Socket, to: Socket, state: () => WireState): (chunk: Buffer) => void {
  // One after another, so that nothing overtakes what came before it.
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (chunk) => {
    const now = state();
    if (now.is === 'hole') return;
    if (now.is === 'through' && waiting === 0) {
      if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
      return;
    }
    waiting++;
    tail = tail.then(() => pass(chunk, to, now)).finally(() => waiting--);
  };
}

async function pass(chunk: Buffer, to: Socket, state: WireState): Promise<void> {
  if (state.is === 'late') await new Promise((resolve) => setTimeout(resolve, state.ms));
  const size = state.is === 'sliced' ? state.bytes : chunk.length;
  for (let at = 0; at < chunk.length; at += size) {
    if (to.destroyed) return;
    to.write(chunk.subarray(at, at + size));
    if (size < chunk.length) await new Promise((resolve) => setImmediate(resolve));
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
