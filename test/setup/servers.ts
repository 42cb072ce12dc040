// The real PostgreSQL and Temporal that tests speak to: for one run, or kept in a folder between runs.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRemembered, readIdentity, rememberProcess } from '../../src/local/pid-file.ts';
import { startPostgres } from '../../src/local/postgres.ts';
import { isSameProcess } from '../../src/local/processes.ts';
import { DataDirTakenError, lockDataDir } from '../../src/local/start-lock.ts';
import { systemFolderFor } from '../../src/local/system-folder.ts';
import { findTemporal } from '../../src/local/temporal-binary.ts';
import { startTemporalServer } from '../../src/local/temporal-server.ts';

export type TestServers = {
  /** As superuser, to a database that holds nothing. */
  databaseUrl: string;
  temporalAddress: string;
  /** Where both keep their files. */
  folder: string;
  stop(): Promise<void>;
};

const PREFIX = 'tracker-hub-servers-';

/** Nothing of a test run has to survive a power cut. */
const FAST_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  max_wal_size: '1GB',
  // Copying a template costs 40 ms as files, several times that through the log.
  file_copy_method: 'copy',
};

/** Servers in a temporary folder of their own, for one run. */
export async function startTestServers(): Promise<TestServers> {
  await endAbandoned();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  rememberProcess(join(folder, 'owner.pid'), process.pid);
  const servers = await startIn(folder);
  return {
    ...servers,
    stop: async () => {
      await servers.stop();
      remove(folder);
    },
  };
}

/** The servers kept in this folder, started when they do not run; they stay when the run ends. */
export async function keptTestServers(folder: string): Promise<TestServers> {
  const home = resolve(folder);
  const file = join(home, 'servers.json');
  mkdirSync(home, { recursive: true });
  const lock = await lockPatiently(home);
  try {
    if (findRemembered(join(home, 'temporal.pid'), home) === null) {
      const { databaseUrl, temporalAddress } = await startIn(home);
      writeFileSync(file, JSON.stringify({ databaseUrl, temporalAddress }), { mode: 0o600 });
    }
  } finally {
    lock.release();
  }
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Omit<TestServers, 'folder' | 'stop'>;
  return { ...kept, folder: home, stop: async () => {} };
}

/** Another run may be starting them at this very moment. */
async function lockPatiently(home: string): Promise<{ release(): void }> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return lockDataDir(home);
    } catch (error) {
      if (!(error instanceof DataDirTakenError) || Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

async function startIn(dataDir: string): Promise<TestServers> {
  const say = () => {};
  const binary = await findTemporal({ env: process.env, chosen: process.env.TEMPORAL_CLI ?? null, say: console.error });
  const started = await Promise.allSettled([
    startPostgres({ dataDir, database: 'tests', settings: FAST_SETTINGS, say }),
    startTemporalServer({ dataDir, binary, isDurable: false, say }),
  ]);
  const stop = async () => {
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.stop(true) : null)));
  };
  const [postgres, temporal] = started;
  if (postgres.status === 'fulfilled' && temporal.status === 'fulfilled') {
    const addresses = { databaseUrl: postgres.value.url, temporalAddress: temporal.value.address };
    return { ...addresses, folder: dataDir, stop };
  }
  await stop();
  throw postgres.status === 'rejected' ? postgres.reason : (temporal as PromiseRejectedResult).reason;
}

/** Ends what a killed run left behind: only folders of ours whose owner is gone. */
async function endAbandoned(): Promise<void> {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX));
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    const owner = readIdentity(join(folder, 'owner.pid'));
    if (owner !== null && !isSameProcess(owner)) await endServersIn(folder).catch(() => {});
  }
}

/** Starting is what ends the servers of an earlier start in order; then there is something to stop. */
async function endServersIn(folder: string): Promise<void> {
  const servers = await startIn(folder);
  await servers.stop();
  remove(folder);
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  rmSync(systemFolderFor(folder), { recursive: true, force: true });
}

// `node test/setup/servers.ts stop <folder>` ends the servers kept there.
if (import.meta.main && process.argv[2] === 'stop' && process.argv[3]) await endServersIn(resolve(process.argv[3]));
