// Files and folders that only their owner may read: keys, passwords, logs.
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { StartError } from './start-error.ts';

/** Writes the whole file or nothing (temporary file, sync, rename), mode 0600. */
export function writePrivateFile(file: string, content: string): void {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}

/** The file's text, or null when there is no such file. */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The secret kept in this file; made by `create` and kept when there is none yet. */
export function keepSecret(file: string, create: () => string): string {
  const kept = readIfThere(file)?.trim();
  if (kept) return kept;
  const made = create();
  writePrivateFile(file, `${made}\n`);
  return made;
}

/** What others must not have: everything, but for the way through that PostgreSQL's own group may need. */
const OTHERS = 0o067;

/**
 * Makes the folder (and its parents) if needed and closes it to everyone but its owner. One that is closed already stays
 * as it is: a hub may be running in it.
 * @throws StartError where there is no making it
 */
export function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if ((statSync(folder).mode & OTHERS) !== 0) chmodSync(folder, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`The folder ${folder} cannot be made or used (${code}). Choose another one with DATA_DIR.`);
  }
}
