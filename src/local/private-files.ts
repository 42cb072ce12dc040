// Files and folders that only their owner may read: keys, passwords, logs.
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

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

/** Makes the folder (and its parents) if needed and closes it to everyone but its owner. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}
