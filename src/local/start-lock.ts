// One start at a time on a data folder: a file names the living owner, and a dead one's is taken over.
import { linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIdentity } from './pid-file.ts';
import { writePrivateFile } from './private-files.ts';
import { identifyProcess, isSameProcess, type ProcessIdentity } from './processes.ts';
import { StartError } from './start-error.ts';

/** Somebody else lives on the data folder; the message is for people. */
export class DataDirTakenError extends StartError {
  override readonly name = 'DataDirTakenError';

  constructor(dataDir: string, owner: ProcessIdentity) {
    super(
      `Tracker Hub already runs on ${dataDir} (pid ${owner.pid}). Stop that one first (ctrl-C, or kill ${owner.pid}),` +
        ' or give this one its own DATA_DIR and PORT.',
    );
  }
}

/**
 * Takes the folder for this process until `release`, or until it dies.
 * @throws DataDirTakenError while another start lives
 */
export function lockDataDir(dataDir: string): { release(): void } {
  const lock = join(dataDir, 'start.pid');
  const mine = `${lock}.${process.pid}`;
  const identity = identifyProcess(process.pid);
  if (identity === null) throw new StartError('This process cannot find itself (is /proc mounted?).');
  writePrivateFile(mine, `${JSON.stringify(identity)}\n`);
  try {
    while (!link(mine, lock)) {
      const owner = readIdentity(lock);
      if (owner !== null && isSameProcess(owner)) throw new DataDirTakenError(dataDir, owner);
      setAside(lock, owner);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return {
    release: () => {
      if (readIdentity(lock)?.born === identity.born) rmSync(lock, { force: true });
    },
  };
}

/** Removes a dead owner's lock; when another start has replaced it in this very moment, that one's is put back. */
function setAside(lock: string, dead: ProcessIdentity | null): void {
  const aside = `${lock}.${process.pid}.stale`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const taken = readIdentity(aside);
  if (taken !== null && taken.born !== dead?.born) link(aside, lock);
  rmSync(aside, { force: true });
}

/** A hard link appears whole or not at all, and never replaces one that is there. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
