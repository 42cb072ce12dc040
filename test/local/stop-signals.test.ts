// One ctrl-C may arrive twice, from the terminal and from npm; only a later one is a second order.
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listenForStop } from '../../src/local/stop-signals.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

function listen() {
  const source = new EventEmitter();
  const said: string[] = [];
  return { source, said, orders: listenForStop((line) => said.push(line), source) };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
  '%s stops; the same one passed on does not hurry, a later one does',
  (name) => {
    const { source, said, orders } = listen();
    expect(orders.stop.aborted).toBe(false);
    source.emit(name);
    expect(orders.stop.aborted).toBe(true);
    vi.setSystemTime(Date.now() + 300);
    source.emit(name);
    expect(orders.hurry.aborted).toBe(false);
    vi.setSystemTime(Date.now() + 800);
    source.emit(name);
    expect(orders.hurry.aborted).toBe(true);
    source.emit(name);
    expect(said).toHaveLength(2);
  },
);

test('a signal after an order from within is still the first one', () => {
  const { source, orders } = listen();
  orders.giveStop();
  expect(orders.stop.aborted).toBe(true);
  vi.setSystemTime(Date.now() + 5_000);
  source.emit('SIGTERM');
  expect(orders.hurry.aborted).toBe(false);
});
