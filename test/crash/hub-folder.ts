// The folder of one hub under test: its servers' files, and the means to end what a killed test run left behind.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRemembered, readIdentity, rememberProcess } from '../../src/local/pid-file.ts';
import { postmasterOf } from '../../src/local/postmaster.ts';
import { endProcess, identifyProcess, isSameProcess } from '../../src/local/processes.ts';
import { systemFolderFor } from '../../src/local/system-folder.ts';

const PREFIX = 'tracker-hub-crash-';
const OWNER = 'owner.pid';

export function makeHubFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  rememberProcess(join(folder, OWNER), process.pid);
  return folder;
}

export function removeHubFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  rmSync(systemFolderFor(folder), { recursive: true, force: true });
}

/** The Temporal that serves this folder. */
export const temporalPidIn = (folder: string): number | null =>
  findRemembered(join(folder, 'temporal.pid'), folder)?.pid ?? null;

/** API and workers end with their parent; the two servers outlive it, as they are meant to. */
export async function endAbandonedHubs(): Promise<void> {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX));
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    const owner = readIdentity(join(folder, OWNER));
    if (owner === null || isSameProcess(owner)) continue;
    const data = [join(folder, 'postgres', 'data'), join(systemFolderFor(folder), 'data')];
    for (const pid of [temporalPidIn(folder), ...data.map(postmasterOf)]) {
      const left = pid === null ? null : identifyProcess(pid);
      if (left !== null) await endProcess(left, 2_000);
    }
    removeHubFolder(folder);
  }
}
