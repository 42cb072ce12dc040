// The machine-wide folder for what an unprivileged user must reach although DATA_DIR or the clone lies out of its reach.
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/** Only ever used by root: everything else stays under DATA_DIR. */
export const SYSTEM_FOLDER = '/var/lib/tracker-hub';

/** The stand-in for a data folder that PostgreSQL's user cannot reach: always the same for the same folder. */
export function systemFolderFor(folder: string): string {
  return join(SYSTEM_FOLDER, createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16));
}
