// Runs a program to its end and gives back what it said.
import { spawn } from 'node:child_process';

export type CommandOptions = {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Runs as this user (only root may ask for it). */
  user?: { uid: number; gid: number } | null;
  /** Killed when it takes longer. */
  timeoutMs?: number;
  /** Ends the program when it aborts. */
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
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      signal: options.signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT_CHARS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
