// Runs one of the production commands as a child, and starts it again when it crashes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { restartDelay } from './backoff.ts';
import { followOutput } from './child-log.ts';
import { openLogFile, tailOf } from './log-file.ts';
import { findRemembered, forgetProcess, rememberProcess } from './pid-file.ts';
import { endProcess } from './processes.ts';
import type { ReadyMessage } from './run-until-told.ts';
import type { Say } from './say.ts';
import { StartError } from './start-error.ts';

export type ChildOptions = {
  /** `server` or `worker`: the command of `main`, and the name of its log and pid file. */
  name: string;
  /** The program that knows the command. */
  main: string;
  env: NodeJS.ProcessEnv;
  dataDir: string;
  /** How long it may take to end in order before it is killed. */
  stopPatienceMs: number;
  say: Say;
  /** Ends it also while it starts. */
  signal: AbortSignal;
};

export type Child = {
  /** What it said when it was ready: the address it listens at, or null. */
  address: string | null;
  /** Ends it, and does not start it again; `isHurried` kills. */
  stop(isHurried?: boolean): Promise<void>;
};

/**
 * Starts the child and waits until it says that it is ready; from then on a crash is answered by a restart.
 * @throws with the end of its log when it ends before it was ever ready
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, say } = options;
  const logFile = join(options.dataDir, `${name}.log`);
  const log = openLogFile(logFile);
  const delay = restartDelay();
  const stopping = new AbortController();
  let process = launch();
  let bornAt = Date.now();

  function launch(): ChildProcess {
    const child = spawnChild(options);
    followOutput(child.stdout!, name, log, say);
    followOutput(child.stderr!, name, log, say);
    return child;
  }

  async function keepAlive(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (isAlive(process)) await once(process, 'exit');
      if (stopping.signal.aborted) return;
      const waitMs = delay.next(Date.now() - bornAt);
      say(
        `The ${name} ended unexpectedly (${howItEnded(process)}); starting it again in ${waitMs / 1_000} s. See ${logFile}`,
      );
      await sleep(waitMs, null, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      process = launch();
      bornAt = Date.now();
    }
  }

  async function stop(isHurried = false): Promise<void> {
    stopping.abort();
    const running = findRemembered(pidFileOf(options), name);
    if (running !== null) await endProcess(running, isHurried ? 0 : options.stopPatienceMs);
    forgetProcess(pidFileOf(options));
  }

  const stopEarly = () => void stop();
  options.signal.addEventListener('abort', stopEarly, { once: true });
  const ready = await waitUntilReady(process);
  options.signal.removeEventListener('abort', stopEarly);
  if (ready === null) {
    await stop(true);
    throw new StartError(
      `The ${name} did not start (${howItEnded(process)}); the end of ${logFile}:\n${tailOf(logFile)}`,
    );
  }
  void keepAlive();
  return { address: ready.address, stop };
}

/** Ends a child that outlived its parent, by what the pid file knows of it. */
export async function endOrphan(options: Pick<ChildOptions, 'name' | 'dataDir' | 'stopPatienceMs'>): Promise<void> {
  const left = findRemembered(pidFileOf(options), options.name);
  if (left !== null) await endProcess(left, options.stopPatienceMs);
  forgetProcess(pidFileOf(options));
}

function pidFileOf({ dataDir, name }: Pick<ChildOptions, 'name' | 'dataDir'>): string {
  return join(dataDir, `${name}.pid`);
}

function spawnChild(options: ChildOptions): ChildProcess {
  const child = spawn(process.execPath, [options.main, options.name], {
    env: options.env,
    // In a group of its own a ctrl-C does not reach it before its turn in the order of stopping.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // A child that cannot be spawned also emits 'exit'-less errors; waitUntilReady and keepAlive see that it is not alive.
  child.on('error', () => {});
  if (child.pid !== undefined) rememberProcess(pidFileOf(options), child.pid);
  return child;
}

function waitUntilReady(child: ChildProcess): Promise<ReadyMessage | null> {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as ReadyMessage));
    child.once('exit', () => resolve(null));
    child.once('error', () => resolve(null));
  });
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function howItEnded(child: ChildProcess): string {
  return child.signalCode ?? `exit code ${child.exitCode ?? 'unknown'}`;
}
