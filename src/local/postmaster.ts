// Which process serves a PostgreSQL data folder, by the pid that it records there itself.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from './private-files.ts';
import { identifyProcess } from './processes.ts';

/** The pid of the server that runs on this folder, or null. A recycled pid is recognised by its command line. */
export function postmasterOf(data: string): number | null {
  const pid = recordedPid(data);
  return pid !== null && isServerOf(pid, data) ? pid : null;
}

/**
 * Removes `postmaster.pid` when its pid lives on as another process, which PostgreSQL itself cannot tell from a
 * running server. A pid that is gone is left to PostgreSQL, which also looks after sessions that outlived it.
 */
export function removeStalePostmasterFile(data: string): void {
  const pid = recordedPid(data);
  if (pid !== null && identifyProcess(pid) !== null && !isServerOf(pid, data)) rmSync(join(data, 'postmaster.pid'));
}

function recordedPid(data: string): number | null {
  const pid = Number.parseInt(readIfThere(join(data, 'postmaster.pid'))?.split('\n')[0] ?? '', 10);
  return pid > 1 ? pid : null;
}

function isServerOf(pid: number, data: string): boolean {
  const command = identifyProcess(pid)?.command ?? '';
  return `${command} `.includes(` -D ${data} `);
}
