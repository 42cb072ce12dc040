// Knows a process again after a crash: by pid, the moment it was born, and its command line.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What tells one process from every other, also after its pid has been given to someone else. */
export type ProcessIdentity = {
  pid: number;
  /** The kernel's own word for when it was born; compared, never parsed. */
  born: string;
  /** Its command line, arguments separated by one space; a program may rewrite its own, so it does not identify. */
  command: string;
};

/** The running process with this pid, or null when there is none (a zombie counts as none). */
export function identifyProcess(pid: number): ProcessIdentity | null {
  return process.platform === 'linux' ? identifyByProc(pid) : identifyByPs(pid);
}

/** Whether the very process that was identified earlier still lives. */
export function isSameProcess(earlier: ProcessIdentity): boolean {
  const now = identifyProcess(earlier.pid);
  return now !== null && now.born === earlier.born;
}

/**
 * Ends a process: SIGTERM, and SIGKILL when it has not gone after `patienceMs`. Asks again before each signal
 * whether it is still the same process, so that a recycled pid is never hit. Resolves when it is gone.
 */
export async function endProcess(target: ProcessIdentity, patienceMs: number): Promise<void> {
  if (!signal(target, 'SIGTERM')) return;
  if (await isGoneWithin(target, patienceMs)) return;
  if (!signal(target, 'SIGKILL')) return;
  await isGoneWithin(target, 5_000);
}

/** Sends a signal when the process is still the one that was identified; says whether it was. */
export function signal(target: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isSameProcess(target)) return false;
  try {
    process.kill(target.pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits until the process has gone, at most `patienceMs`; says whether it has. */
export async function isGoneWithin(target: ProcessIdentity, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (isSameProcess(target)) {
    if (Date.now() >= deadline) return false;
    await sleep(50);
  }
  return true;
}

function identifyByProc(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name in brackets, may itself hold spaces and brackets: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    // Ticks since boot repeat after a reboot, so the boot's own id belongs to the moment of birth.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean).join(' ');
    return { pid, born: `${boot}/${fields[19]}`, command };
  } catch {
    return null;
  }
}

function identifyByPs(pid: number): ProcessIdentity | null {
  try {
    const line = execFileSync('ps', ['-ww', '-o', 'stat=,lstart=,command=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [, state = '', born = '', command = ''] = /^(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/s.exec(line) ?? [];
    return born === '' || state.startsWith('Z') ? null : { pid, born, command };
  } catch {
    return null;
  }
}
