// What processes have used: CPU time of a process and all that it started, and the largest memory of one.
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;

interface Stat {
  parent: number;
  cpuSeconds: number;
}

function statOf(pid: number): Stat | null {
  try {
    // The name in parentheses may hold spaces; what follows it does not.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    // Of children that ended, too: PostgreSQL's sessions come and go.
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return { parent: Number(fields[1]), cpuSeconds: ticks / TICKS_A_SECOND };
  } catch {
    return null;
  }
}

/** Seconds of CPU that a process, its living descendants and those it waited for have used so far. Linux only. */
export function cpuSecondsOf(root: number): number {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    if (stat !== null) stats.set(Number(name), stat);
  }
  const belongs = (pid: number): boolean => {
    for (let at = pid; at > 1; at = stats.get(at)?.parent ?? 0) if (at === root) return true;
    return false;
  };
  return [...stats].reduce((sum, [pid, stat]) => sum + (belongs(pid) ? stat.cpuSeconds : 0), 0);
}

/** Resident memory in MB; null where the process is gone. */
export function memoryOf(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? null : Number(found[1]) / 1024;
  } catch {
    return null;
  }
}
