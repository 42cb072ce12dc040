// The embedded Temporal dev server: one process with its SQLite file, web page included, in a group of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { keepLogSmall, tailOf } from './log-file.ts';
import { findRemembered, forgetProcess, rememberProcess } from './pid-file.ts';
import { rememberedPorts } from './ports.ts';
import { endProcess } from './processes.ts';
import { StartError } from './start-error.ts';

export type TemporalServerOptions = {
  /** An existing folder of ours, absolute; everything is kept in it. */
  dataDir: string;
  /** The `temporal` program. */
  binary: string;
  /** False keeps everything in memory only. */
  isDurable?: boolean;
  say: (line: string) => void;
};

export type TemporalServer = {
  /** `host:port` for clients and workers. */
  address: string;
  uiUrl: string;
  isRunning(): boolean;
  /** Starts it again after it has gone down by itself. */
  restart(): Promise<void>;
  stop(isHurried?: boolean): Promise<void>;
};

const HOST = '127.0.0.1';
const READY_TIMEOUT_MS = 60_000;
const STOP_PATIENCE_MS = 5_000;

/**
 * Starts the dev server and waits until it serves its default namespace. One that still runs on this folder, left over
 * from a crash, is ended first; its SQLite file goes on being used.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const { dataDir, say } = options;
  const pidFile = join(dataDir, 'temporal.pid');
  const logFile = join(dataDir, 'temporal.log');
  const left = findRemembered(pidFile, dataDir);
  if (left !== null) {
    say('Temporal still runs from an earlier start: ending it first …');
    await endProcess(left, STOP_PATIENCE_MS);
  }
  const ports = await rememberedPorts(join(dataDir, 'temporal-ports.json'), ['port', 'uiPort', 'httpPort']);
  const address = `${HOST}:${ports.port}`;
  let child: ChildProcess;

  const start = async () => {
    child = launch(options, logFile, ports);
    rememberProcess(pidFile, child.pid!);
    await waitUntilReady(child, address, logFile);
  };
  await start();
  return {
    address,
    uiUrl: `http://${HOST}:${ports.uiPort}`,
    isRunning: () => isRunning(child),
    restart: start,
    stop: async (isHurried = false) => {
      const server = findRemembered(pidFile, dataDir);
      if (server !== null) await endProcess(server, isHurried ? 0 : STOP_PATIENCE_MS);
      forgetProcess(pidFile);
    },
  };
}

type Ports = { port: number; uiPort: number; httpPort: number };

/**
 * SQLite's default keeps a second file for every commit and waits for the disk twice. What a power cut may take of the
 * last moments, our own database knows.
 */
const WRITE_AHEAD = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'];

function launch(options: TemporalServerOptions, logFile: string, ports: Ports): ChildProcess {
  const { dataDir, binary, isDurable = true } = options;
  keepLogSmall(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const args = [
    ...['server', 'start-dev', '--ip', HOST, '--log-level', 'error'],
    ...['--port', `${ports.port}`, '--ui-port', `${ports.uiPort}`, '--http-port', `${ports.httpPort}`],
    // Keeps the user's own settings out, and puts the folder on the command line, by which we know the process again.
    ...['--env-file', join(dataDir, 'temporal.yaml')],
    ...(isDurable ? ['--db-filename', join(dataDir, 'temporal.db'), ...WRITE_AHEAD] : []),
  ];
  const usualMask = process.umask(0o077);
  try {
    const child = spawn(binary, args, {
      cwd: dataDir,
      env: environmentFor(process.env),
      detached: true,
      stdio: ['ignore', log, log],
    });
    if (child.pid === undefined) throw new StartError(`${binary} could not be run.`);
    child.unref();
    return child;
  } finally {
    process.umask(usualMask);
    closeSync(log);
  }
}

/** Our TEMPORAL_* variables speak of clients, and the program would read some of them; secrets are none of its business. */
function environmentFor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'XDG_CONFIG_HOME', 'SystemRoot', 'APPDATA', 'USERPROFILE'];
  return Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

async function waitUntilReady(child: ChildProcess, address: string, logFile: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (isRunning(child) && Date.now() < deadline) {
    if (await serves(address)) return;
    await sleep(100);
  }
  const what = isRunning(child) ? `does not answer at ${address}` : 'ended at once';
  if (isRunning(child)) child.kill('SIGKILL');
  throw new StartError(`The Temporal dev server ${what} (${logFile}):\n${tailOf(logFile)}`);
}

async function serves(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 2_000 });
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
