// PostgreSQL refuses to run as root: as root it runs as the user `postgres`, who must be able to reach its files.
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { runCommand } from './run-command.ts';
import { StartError } from './start-error.ts';

const USER_NAME = 'postgres';

export type SystemUser = { uid: number; gid: number };

/** The user that PostgreSQL has to run as; null when that is simply ourselves. Made when root has none yet. */
export async function postgresUser(): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  const found = await lookUp();
  if (found !== null) return found;
  const made = await runCommand('useradd', ['--system', '--user-group', '--no-create-home', USER_NAME]);
  const user = made.code === 0 ? await lookUp() : null;
  if (user !== null) return user;
  throw new StartError(
    `PostgreSQL does not run as root, and the user "${USER_NAME}" could not be made for it (useradd: ${made.output.trim()}).` +
      ' Make that user, start as an ordinary user, or name a PostgreSQL in DATABASE_URL.',
  );
}

/** Whether this user can enter the folder, asked of the kernel by trying. Always true for ourselves (null). */
export function canReach(user: SystemUser | null, folder: string): boolean {
  if (user === null) return true;
  const attempt = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' });
  return attempt.status === 0;
}

/** Makes a folder that belongs to this user alone, mode 0700. */
export function makeFolderOf(user: SystemUser | null, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveTo(user, folder);
}

/** Gives a file or folder to this user; nothing to do for ourselves (null). */
export function giveTo(user: SystemUser | null, file: string): void {
  if (user !== null) chownSync(file, user.uid, user.gid);
}

async function lookUp(): Promise<SystemUser | null> {
  const [uid, gid] = await Promise.all([runCommand('id', ['-u', USER_NAME]), runCommand('id', ['-g', USER_NAME])]);
  if (uid.code !== 0 || gid.code !== 0) return null;
  return { uid: Number.parseInt(uid.output, 10), gid: Number.parseInt(gid.output, 10) };
}
