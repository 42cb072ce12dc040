// Where the embedded PostgreSQL of a data folder answers, for commands beside the program that started it.
import { join, resolve } from 'node:path';
import { SUPERUSER } from './postgres-cluster.ts';
import { readIfThere } from './private-files.ts';

export const DATABASE = 'tracker_hub';

/** @returns its URL as superuser, or null where none was ever started there */
export function embeddedDatabaseUrl(dataDir: string): string | null {
  const folder = resolve(dataDir);
  const password = readIfThere(join(folder, 'postgres-password'))?.trim();
  const port: unknown = JSON.parse(readIfThere(join(folder, 'postgres-port.json')) ?? '{}').port;
  if (password === undefined || typeof port !== 'number') return null;
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`;
}
