// The embedded PostgreSQL: started through its own pg_ctl, which detaches it and waits until it is ready.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { rememberedPorts } from './ports.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { openCluster, type PostgresCluster, SUPERUSER, writeSettings } from './postgres-cluster.ts';
import { postgresUser, type SystemUser } from './postgres-user.ts';
import { postmasterOf, removeStalePostmasterFile } from './postmaster.ts';
import { readIfThere } from './private-files.ts';
import { identifyProcess } from './processes.ts';
import { runCommand } from './run-command.ts';
import { StartError } from './start-error.ts';

export type PostgresOptions = {
  /** An existing folder of ours, absolute; everything is kept in it. */
  dataDir: string;
  /** Made when it is missing. */
  database: string;
  /** Settings that win over the defaults for a laptop. */
  settings?: Record<string, string>;
  say: (line: string) => void;
};

export type EmbeddedPostgres = {
  /** As superuser, to the named database. Holds the password: never to be logged. */
  url: string;
  port: number;
  isRunning(): boolean;
  /** Starts it again after it has gone down by itself. */
  restart(): Promise<void>;
  /** Ends all connections and shuts down; `isHurried` leaves the tidying to the next start's recovery. */
  stop(isHurried?: boolean): Promise<void>;
};

const START_TIMEOUT_S = 60;
const STOP_TIMEOUT_S = 5;
const ORPHANS_PATIENCE_MS = 30_000;

/**
 * Starts the PostgreSQL of this data folder and waits until it answers. One that still runs there, left over from a
 * crash, is ended in order first: by the pid it recorded itself, and only when that process names this very folder.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const user = await postgresUser();
  const binaries = findPostgresBinaries(user, options.say);
  const cluster = await openCluster(options.dataDir, binaries, user, options.say);
  const server = { user, binaries, cluster, settings: options.settings ?? {}, portFile: '' };
  server.portFile = join(options.dataDir, 'postgres-port.json');

  if (postmasterOf(cluster.data) !== null) {
    options.say('PostgreSQL still runs from an earlier start: ending it first …');
    await stop(server, false);
  }
  const port = await start(server);
  const urlOf = (database: string) => `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${database}`;
  await createDatabase(urlOf('postgres'), options.database);
  return {
    url: urlOf(options.database),
    port,
    isRunning: () => postmasterOf(cluster.data) !== null,
    restart: async () => {
      await start(server, port);
    },
    stop: (isHurried = false) => stop(server, isHurried),
  };
}

type Server = {
  user: SystemUser | null;
  binaries: PostgresBinaries;
  cluster: PostgresCluster;
  settings: Record<string, string>;
  portFile: string;
};

/** @param fixedPort for a restart: those who are connected know this one */
async function start(server: Server, fixedPort?: number): Promise<number> {
  const deadline = Date.now() + ORPHANS_PATIENCE_MS;
  for (;;) {
    removeStalePostmasterFile(server.cluster.data);
    const port = fixedPort ?? (await rememberedPorts(server.portFile, ['port'])).port;
    writeSettings(server.cluster, port, server.settings, server.user);
    const logged = logSize(server.cluster.logFile);
    const result = await pgCtl(server, ['start', '-w', '-t', String(START_TIMEOUT_S), '-l', server.cluster.logFile]);
    if (result.code === 0) return port;
    const reason = readFrom(server.cluster.logFile, logged);
    // A killed server's sessions may need a moment to notice; a port may be taken between looking and listening.
    const mayPass = /pre-existing shared memory|already exists|could not bind|Address already in use/.test(reason);
    if (!mayPass || Date.now() > deadline) {
      throw new StartError(
        `PostgreSQL did not start (${server.cluster.logFile}):\n${(reason || result.output).trim()}`,
      );
    }
    await sleep(500);
  }
}

async function stop(server: Server, isHurried: boolean): Promise<void> {
  const { data } = server.cluster;
  if (postmasterOf(data) === null) return;
  const mode = isHurried ? 'immediate' : 'fast';
  const result = await pgCtl(server, ['stop', '-m', mode, '-w', '-t', String(STOP_TIMEOUT_S)]);
  if (result.code !== 0 && postmasterOf(data) !== null) {
    // Committed work is safe: the next start replays the log.
    await pgCtl(server, ['stop', '-m', 'immediate', '-w', '-t', String(STOP_TIMEOUT_S)]);
  }
  const left = postmasterOf(data);
  if (left !== null && identifyProcess(left) !== null) throw new StartError(`PostgreSQL (pid ${left}) does not stop.`);
}

function pgCtl(server: Server, args: string[]) {
  const { data } = server.cluster;
  return runCommand(server.binaries.pgCtl, [...args, '-D', data], {
    cwd: data,
    // Not our environment: it holds secrets, and PG* variables would change what the server does.
    env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' },
    user: server.user,
  });
}

async function createDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

function logSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readFrom(file: string, offset: number): string {
  return readIfThere(file) === null ? '' : readFileSync(file).subarray(offset).toString('utf8').slice(-4_000);
}
