// Free ports: what is promised about the number that comes back.
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort, isPortFree } from '../../src/local/ports.ts';

/** Linux gives outgoing connections 32,768 and up, the other systems 49,152 and up (their defaults). */
const LOWEST_OF_OUTGOING = 32_768;

test('a free port is none that an outgoing connection could take meanwhile, and not always the same', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, freePort));
  for (const port of ports) {
    expect(port).toBeGreaterThan(1023);
    expect(port).toBeLessThan(LOWEST_OF_OUTGOING);
    expect(await isPortFree(port)).toBe(true);
  }
  expect(new Set(ports).size).toBeGreaterThan(10);
});

test('a port somebody listens on is not free', async ({ onTestFinished }) => {
  const server = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, resolve));
  onTestFinished(() => void server.close());
  expect(await isPortFree(port)).toBe(false);
});
