// The real hub as processes of its own: PostgreSQL, Temporal, API and workers, each killed and started again at will.
import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { type LedgerControl, ledgerControl, openLedger } from '../../simulator/client.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { startSimulator } from '../../simulator/server.ts';
import { freePort } from '../../src/local/ports.ts';
import { startPostgres } from '../../src/local/postgres.ts';
import { postmasterOf } from '../../src/local/postmaster.ts';
import { findTemporal } from '../../src/local/temporal-binary.ts';
import { startTemporalServer } from '../../src/local/temporal-server.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { STILL } from '../sync/ground.ts';
import { endAbandonedHubs, makeHubFolder, removeHubFolder, temporalPidIn } from './hub-folder.ts';
import { type Program, startProgram, type Wanted } from './program.ts';
import { pausable, type Server, within } from './server-process.ts';
import { openWire, type Wire } from './tcp-proxy.ts';
import type { Fate } from './worker-program.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
export const WORKER = fileURLToPath(new URL('./worker-program.ts', import.meta.url));
const BOOT_MS = 150_000;

export const VICTIMS = ['worker', 'server', 'postgres', 'temporal', 'everything'] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Connected {
  configId: string;
  ledger: LedgerControl;
  apiKey: string;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Told = { status: number; json: any };

export interface Hub {
  /** Past all wires: what is looked at is never what is spoiled. */
  db: Db;
  wires: { tracker: Wire; postgres: Wire; temporal: Wire };
  postgres: Server;
  temporal: Server & { address: string };
  /** While it is stopped: it wakes without anything that it knew. */
  forgetTemporal(): Promise<void>;
  server: Program;
  workers: Program[];
  /** Asks the API until it answers without failing: a person would press the button again. */
  ask(method: string, path: string, body?: unknown): Promise<Told>;
  /** Asks it once. */
  askOnce(method: string, path: string, body?: unknown): Promise<Told>;
  connect(options?: HostedOptionsInput, settings?: object): Promise<Connected>;
  /** Resolves when some worker stands still there. */
  stopAt(order: Wanted, patienceMs?: number): Promise<{ worker: Program; fate(fate: Fate): void }>;
  /** Ends it as a power cut would, and starts again what does not start by itself. */
  kill(victim: Victim, worker?: Program): Promise<void>;
  /** What programs said, for a failing test. */
  output(): string;
  end(): Promise<void>;
}

/** Commits are durable: what is killed here are processes, not the machine, so that the disk need not be waited for. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'on', shared_buffers: '64MB' };

export interface HubOptions {
  workers?: number;
  keys?: string;
}

export const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

export async function openHub({ workers: count = 1, keys = newKey('first') }: HubOptions = {}): Promise<Hub> {
  await endAbandonedHubs();
  const dataDir = makeHubFolder();
  const say = () => {};
  const binary = await findTemporal({ env: process.env, chosen: process.env.TEMPORAL_CLI ?? null, say });
  const [pg, dev, simulator] = await Promise.all([
    startPostgres({ dataDir, database: 'hub', settings: SETTINGS, say }),
    startTemporalServer({ dataDir, binary, say }),
    startSimulator(),
  ]);
  await migrateToLatest(pg.url);
  const db = createDb(pg.url, { max: 4 });
  const { rows } = await sql<{ folder: string }>`select current_setting('data_directory') as folder`.execute(db);
  const postgres = pausable(pg, () => postmasterOf(rows[0]!.folder));
  const temporal = { ...pausable(dev, () => temporalPidIn(dataDir)), address: dev.address };
  const [trackerWire, postgresWire, temporalWire] = await Promise.all([
    openWire({ port: Number(new URL(simulator.address).port) }),
    openWire({ port: pg.port }),
    openWire({ port: Number(dev.address.split(':')[1]) }),
  ]);
  const url = new URL(pg.url);
  url.port = String(postgresWire.port);
  const port = await freePort();
  const apiKey = randomBytes(24).toString('hex');
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: url.href,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalWire.port}`,
    TRACKER_ENCRYPTION_KEY: keys,
    AUTH_SECRET: randomBytes(32).toString('hex'),
    ADMIN_API_KEY: apiKey,
    ADMIN_PASSWORD: randomBytes(12).toString('hex'),
    TRACKER_ALLOWED_NETWORKS: '127.0.0.0/8',
    LOG_LEVEL: 'info',
  };
  const server = startProgram('server', [MAIN, 'server'], env);
  const workers = Array.from({ length: count }, (_, i) => startProgram(`worker ${i + 1}`, [WORKER], env));
  const programs = [server, ...workers];
  await within(BOOT_MS, Promise.all(programs.map((program) => program.ready()))).catch((error: Error) => {
    throw new Error(`${error.message}\n${programs.map((program) => program.output()).join('\n')}`);
  });

  async function askOnce(method: string, path: string, body?: unknown): Promise<Told> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        'idempotency-key': method === 'POST' ? keyOf(path, body) : '',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(40_000),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? null : JSON.parse(text) };
  }

  async function ask(method: string, path: string, body?: unknown): Promise<Told> {
    for (const deadline = Date.now() + BOOT_MS; ; ) {
      const told = await askOnce(method, path, body).catch((error: Error) => error);
      if (!(told instanceof Error) && told.status < 500) return told;
      if (Date.now() > deadline) throw new Error(`${method} ${path}: ${JSON.stringify(told)}`);
      await sleep(250);
    }
  }

  let lastKill: Promise<void> = Promise.resolve();
  async function strike(victim: Victim, worker: Program): Promise<void> {
    const isAll = victim === 'everything';
    if (victim === 'worker') worker.kill();
    if (isAll) for (const each of workers) each.kill();
    if (isAll || victim === 'server') server.kill();
    await Promise.all([
      isAll || victim === 'postgres' ? postgres.kill() : null,
      isAll || victim === 'temporal' ? temporal.kill() : null,
    ]);
    await Promise.all([
      isAll || victim === 'postgres' ? postgres.start() : null,
      isAll || victim === 'temporal' ? temporal.start() : null,
    ]);
  }

  const trackerUrl = (given: string): string => {
    const spoiled = new URL(given);
    spoiled.port = String(trackerWire.port);
    return spoiled.href;
  };

  return {
    db,
    wires: { tracker: trackerWire, postgres: postgresWire, temporal: temporalWire },
    ...{ postgres, temporal, server, workers, ask, askOnce },
    async forgetTemporal() {
      for (const end of ['', '-wal', '-shm']) rmSync(join(dataDir, `temporal.db${end}`), { force: true });
    },
    async connect(options = {}, settings = {}) {
      const name = `c-${randomUUID().slice(0, 8)}`;
      const access = await openLedger(simulator.address, { ...SMALL, ...STILL, name, ...options });
      const { status, json } = await ask('POST', '/api/v1/trackers', {
        ...{ type: 'keitaro', name, url: trackerUrl(access.url), credentials: { apiKey: access.apiKey } },
        settings: { backfillDays: SMALL.days, syncIntervalMinutes: 1, ...settings },
      });
      if (status !== 201) throw new Error(`not connected: ${JSON.stringify(json)}`);
      return { configId: json.id, ledger: ledgerControl(simulator.address, name), apiKey: access.apiKey };
    },
    async stopAt(order, patienceMs = 60_000) {
      const others = new AbortController();
      const patience = setTimeout(() => others.abort(), patienceMs);
      try {
        return await Promise.any(
          workers.map(async (worker) => ({ worker, fate: await worker.stopAt(order, others.signal) })),
        );
      } catch (error) {
        throw new Error(error instanceof AggregateError ? error.errors.map(String).join('\n') : String(error));
      } finally {
        clearTimeout(patience);
        others.abort();
      }
    },
    kill(victim, worker = workers[0]!) {
      // One blow after another: what is being started again cannot be killed.
      lastKill = lastKill.then(() => strike(victim, worker));
      return lastKill;
    },
    output: () => programs.map((program) => program.output()).join('\n'),
    async end() {
      await Promise.all(programs.map((program) => program.end()));
      await db.destroy();
      await Promise.all([trackerWire.close(), postgresWire.close(), temporalWire.close(), simulator.stop()]);
      await Promise.all([postgres.stop(), temporal.stop()]);
      removeHubFolder(dataDir);
    },
  };
}

/** Some forty pages in the backfill, a few in every cycle. */
export const SMALL = { clicks: 2_400, conversions: 240, days: 2, campaigns: 4, keitaro: { maxLimit: 80 } };

/** Two connects of the same tracker are one, however often the button is pressed. */
const keyOf = (path: string, body: unknown): string =>
  path === '/api/v1/trackers' ? `connect-${(body as { name: string }).name}` : randomUUID();
