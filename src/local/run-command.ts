// Runs a program to its end and gives back what it said.
import { spawn } from 'node:child_process';

export type CommandOptions = {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Runs as this user (only root may ask for it). */
  user?: { uid: number; gid: number } | null;
  /** Killed with all that it has started when it takes longer. */
  timeoutMs?: number;
  /** Kills it with all that it has started. */
  signal?: AbortSignal;
};

export type CommandResult = {
  /** Exit code; null when it was killed. */
  code: number | null;
  /** Standard output and error together, its last 64 KB. */
  output: string;
};

const KEPT_OUTPUT_CHARS = 65_536;

/**
 * Runs a program in a process group of its own, so that a ctrl-C meant for us does not reach it halfway.
 * Resolves also when it fails; rejects only when it cannot be started at all.
 */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      ...(options.user ?? {}),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT_CHARS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const limits = [options.signal, options.timeoutMs === undefined ? null : AbortSignal.timeout(options.timeoutMs)];
    const limit = AbortSignal.any(limits.filter((signal) => signal != null));
    const kill = () => killGroup(child.pid);
    if (limit.aborted) kill();
    limit.addEventListener('abort', kill);
    child.once('error', reject);
    child.once('close', (code) => {
      limit.removeEventListener('abort', kill);
      resolve({ code, output });
    });
  });
}

/** A compiler's or a shell's own children would outlive it otherwise. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
}
