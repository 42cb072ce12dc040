// Builds the Temporal program with Go, once for this user; two builders at a time wait for each other.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRemembered, forgetProcess, rememberProcess } from './pid-file.ts';
import { runCommand } from './run-command.ts';
import { StartError } from './start-error.ts';
import { TEMPORAL_VERSION } from './temporal-cache.ts';

export type TemporalBuild = {
  go: string;
  /** Where the finished program belongs; nothing half-made is ever seen there. */
  destination: string;
  env: NodeJS.ProcessEnv;
  say: (line: string) => void;
  signal?: AbortSignal;
};

const TIMEOUT_MS = 30 * 60_000;
const SAY_EVERY_MS = 30_000;
const GO_PLACES = ['go', '/usr/local/go/bin/go', '/opt/homebrew/bin/go'];

/** A Go that runs, looked for on PATH and where its installers put it; null when there is none. */
export async function findGo(env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const go of GO_PLACES) {
    const result = await runCommand(go, ['version'], { env, timeoutMs: 20_000 }).catch(() => null);
    if (result?.code === 0) return go;
  }
  return null;
}

/**
 * `go install` of the pinned version into `destination`. When another start builds it already, waits for that one.
 * @throws with the compiler's words when the build fails
 */
export async function buildTemporal(build: TemporalBuild): Promise<void> {
  const { destination, say, signal } = build;
  const folder = dirname(destination);
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'builder.pid');
  const startedAt = Date.now();
  const timer = setInterval(() => {
    say(`Still building Temporal (${Math.round((Date.now() - startedAt) / 1_000)} s) …`);
  }, SAY_EVERY_MS);
  try {
    if (findRemembered(lock, '') !== null) say('Another start builds it already: waiting for that one …');
    while (findRemembered(lock, '') !== null) {
      signal?.throwIfAborted();
      await sleep(500);
    }
    if (existsSync(destination)) return;
    rememberProcess(lock, process.pid);
    say('Building the Temporal dev server; this is done once and takes about three minutes …');
    await install(build, folder);
  } finally {
    clearInterval(timer);
    if (findRemembered(lock, '')?.pid === process.pid) forgetProcess(lock);
  }
}

async function install({ go, destination, env, signal }: TemporalBuild, folder: string): Promise<void> {
  // What killed builds have left.
  for (const name of readdirSync(folder)) {
    if (name.startsWith('build-')) rmSync(join(folder, name), { recursive: true, force: true });
  }
  const temporary = mkdtempSync(join(folder, 'build-'));
  try {
    const result = await runCommand(go, ['install', `github.com/temporalio/cli/cmd/temporal@${TEMPORAL_VERSION}`], {
      cwd: temporary,
      // GOFLAGS of the user (-mod=vendor, say) and a surrounding workspace do not concern this build.
      env: { ...env, GOBIN: temporary, GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '0' },
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    if (result.code !== 0) throw new StartError(`Temporal could not be built with Go:\n${result.output.trim()}`);
    const built = join(temporary, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
    const beside = `${destination}.${process.pid}.tmp`;
    cpSync(built, beside);
    renameSync(beside, destination);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
