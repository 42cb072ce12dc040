// A file that remembers a process of ours, so that the start after a crash can end exactly that one.
import { readFileSync, rmSync } from 'node:fs';
import { writePrivateFile } from './private-files.ts';
import { identifyProcess, isSameProcess, type ProcessIdentity } from './processes.ts';

/** Remembers a running process; does nothing when it has gone already. */
export function rememberProcess(file: string, pid: number): void {
  const identity = identifyProcess(pid);
  if (identity !== null) writePrivateFile(file, `${JSON.stringify(identity)}\n`);
}

/** The remembered process when it still lives and its command line names `marker`; null otherwise. */
export function findRemembered(file: string, marker: string): ProcessIdentity | null {
  const remembered = readIdentity(file);
  return remembered?.command.includes(marker) && isSameProcess(remembered) ? remembered : null;
}

/** Forgets the process; harmless when nothing was remembered. */
export function forgetProcess(file: string): void {
  rmSync(file, { force: true });
}

/** What a pid file holds, whether or not that process still lives; null when absent or torn by a crash. */
export function readIdentity(file: string): ProcessIdentity | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isIdentity(value) ? value : null;
  } catch {
    return null;
  }
}

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, born, command } = value as Record<string, unknown>;
  return Number.isInteger(pid) && (pid as number) > 1 && typeof born === 'string' && typeof command === 'string';
}
