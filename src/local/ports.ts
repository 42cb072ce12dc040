// Free TCP ports on this machine, the same ones again at the next start where they are still free.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { readIfThere, writePrivateFile } from './private-files.ts';
import { StartError } from './start-error.ts';

const HOST = '127.0.0.1';

/** Below the ports that operating systems give to outgoing connections, which take one without asking. */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 100;

/** A port that is free now, and that nothing but a server asking for this very number takes before it is used. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = await tryToListen(randomInt(LOWEST, HIGHEST));
    if (port !== null) return port;
  }
  throw new StartError(`No free TCP port found on ${HOST} between ${LOWEST} and ${HIGHEST}.`);
}

/** Whether a server could listen on this port of all addresses now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryToListen(port, null)) !== null;
}

/**
 * As many free ports as there are names. They are kept in `file` (JSON), and used again at the next start, so that
 * addresses in bookmarks stay true; one that has been taken meanwhile is replaced.
 */
export async function rememberedPorts<Name extends string>(
  file: string,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const remembered = readPorts(file);
  const ports: Record<string, number> = {};
  for (const name of names) {
    const earlier = remembered[name];
    const isStillFree = earlier !== undefined && (await tryToListen(earlier)) !== null;
    ports[name] = isStillFree ? earlier : await freePortBeside(Object.values(ports));
  }
  writePrivateFile(file, `${JSON.stringify(ports)}\n`);
  return ports;
}

async function freePortBeside(taken: number[]): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (!taken.includes(port)) return port;
  }
}

function readPorts(file: string): Record<string, number> {
  try {
    const value: unknown = JSON.parse(readIfThere(file) ?? '{}');
    const entries = Object.entries(value as Record<string, unknown>);
    return Object.fromEntries(entries.filter((entry): entry is [string, number] => Number.isInteger(entry[1])));
  } catch {
    return {};
  }
}

function tryToListen(port: number, host: string | null = HOST): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: host ?? undefined, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
