// A start launched as a person would, in a folder of its own, and everything that belongs to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'vitest';
import { freePort } from '../../src/local/ports.ts';
import { systemFolderFor } from '../../src/local/system-folder.ts';

const PROGRAM = join(import.meta.dirname, 'program.ts');
/** Far above what it takes on an idle machine: nothing is claimed about speed. */
const PATIENCE_MS = 90_000;

export type Home = { dataDir: string; port: number };

/** A data folder and a port for one or several starts; gone with all its processes when the test is over. */
export async function homeOf({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<Home> {
  // With spaces, as in many a home folder.
  const dataDir = mkdtempSync(join(tmpdir(), 'tracker-hub start '));
  onTestFinished(() => {
    for (const pid of processesOf(dataDir)) process.kill(pid, 'SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
    rmSync(systemFolderFor(dataDir), { recursive: true, force: true });
  });
  return { dataDir, port: await freePort() };
}

export type Launched = {
  process: ChildProcess;
  output(): string;
  /** Resolves when it says this; rejects when it ends before. */
  says(text: string): Promise<void>;
  /** Its exit code, once it has ended. */
  ended(): Promise<number | null>;
};

/** `<program> start`, or another command; wait for `says('ctrl-C stops everything.')` to have everything running. */
export function launch(home: Home, env: NodeJS.ProcessEnv = {}, program = PROGRAM, command = ['start']): Launched {
  const child = spawn(process.execPath, [program, ...command], {
    env: { ...process.env, DATA_DIR: home.dataDir, PORT: String(home.port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  // Not `exit`: the last words may still be on their way then.
  const closed = once(child, 'close');
  let isOver = false;
  child.once('close', () => {
    isOver = true;
  });
  return {
    process: child,
    output: () => output,
    says: (text) =>
      eventually(() => output.includes(text) || (isOver && `it ended before saying "${text}":\n${output}`)),
    ended: async () => {
      await closed;
      return child.exitCode;
    },
  };
}

/** Starts and waits until everything runs. */
export async function launchFully(home: Home, env: NodeJS.ProcessEnv = {}): Promise<Launched> {
  const launched = launch(home, env);
  await launched.says('ctrl-C stops everything.');
  return launched;
}

/** What the fake server answers; `rows` are its database's. */
export async function ask(home: Home, path: string): Promise<{ pid: number; temporal: string; rows: unknown[] }> {
  const response = await fetch(`http://127.0.0.1:${home.port}${path}`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { pid: number; temporal: string; rows: unknown[] };
}

/** Every process on this machine that belongs to the data folder: by command line, environment or working folder. */
export function processesOf(dataDir: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.map(Number).filter((pid) => {
    const read = (get: () => string) => {
      try {
        return get();
      } catch {
        return '';
      }
    };
    const traces = ['cmdline', 'environ'].map((file) => read(() => readFileSync(`/proc/${pid}/${file}`, 'utf8')));
    const folder = read(() => readlinkSync(`/proc/${pid}/cwd`));
    return [...traces, folder].some((trace) => trace.includes(dataDir) || trace.includes(systemFolderFor(dataDir)));
  });
}

/** Waits until the check is true; a string is the reason why it never will be. */
export async function eventually(check: () => boolean | string | Promise<boolean | string>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const result = await check();
    if (result === true) return;
    if (typeof result === 'string') throw new Error(result);
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await sleep(100);
  }
}
