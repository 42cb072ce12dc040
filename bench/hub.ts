// The hub as `npm start` runs it, in a folder of its own, with a simulator beside it: what the benchmarks measure.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ofetch } from 'ofetch';
import pg from 'pg';
import { openLedger } from '../simulator/client.ts';
import type { FaceAccess, LedgerAccess } from '../simulator/hosted-ledgers.ts';
import type { HostedOptionsInput } from '../simulator/options.ts';
import { readIdentity } from '../src/local/pid-file.ts';
import { start } from '../src/local/start.ts';
import { systemFolderFor } from '../src/local/system-folder.ts';
import { migrateToLatest } from '../src/store/migrate.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const SIMULATOR = fileURLToPath(new URL('../simulator/main.ts', import.meta.url));

export interface Hub {
  databaseUrl: string;
  db: pg.Client;
  /** Below `/api/v1`, as the owner. */
  api<T>(path: string, options?: { method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'; body?: object }): Promise<T>;
  openLedger(options: HostedOptionsInput): Promise<LedgerAccess>;
  /** The address of the simulator. */
  simulator: string;
  /** The process that has the name now; the worker's is another one after a restart. */
  pidOf(program: 'worker' | 'server' | 'temporal' | 'postgres'): number;
  dataDir: string;
  /** For calls that `api` is too kind for: its address, and the key. */
  apiUrl: string;
  apiKey: string;
}

/**
 * Runs `work` against a hub that is made for it and gone afterwards.
 * @param kept a folder that stays instead, with all that is in it
 */
export async function withHub(work: (hub: Hub) => Promise<void>, kept?: string): Promise<void> {
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'tracker-hub-bench-'));
  const simulator = await startSimulator();
  const env = {
    ...process.env,
    ...{ DATA_DIR: dataDir, PORT: '0', TRACKER_ALLOWED_NETWORKS: '127.0.0.0/8', LOG_LEVEL: 'warn' },
  };
  try {
    await start({
      ...{ env, main: MAIN, migrate: migrateToLatest },
      async whenRunning({ apiUrl, apiKey, databaseUrl }) {
        const db = new pg.Client({ connectionString: databaseUrl });
        await db.connect();
        const headers = { authorization: `Bearer ${apiKey}` };
        const api = ofetch.create({ baseURL: `${apiUrl}/api/v1`, headers, retry: 0 });
        const pidOf: Hub['pidOf'] = (program) =>
          program === 'postgres' ? postmaster(dataDir) : readIdentity(join(dataDir, `${program}.pid`))!.pid;
        try {
          await work({
            databaseUrl,
            db,
            api,
            pidOf,
            dataDir,
            apiUrl,
            apiKey,
            openLedger: (asked) => openLedger(simulator.address, asked),
            simulator: simulator.address,
          });
        } finally {
          await db.end();
        }
        return 0;
      },
    });
  } finally {
    simulator.stop();
    if (kept === undefined) {
      rmSync(dataDir, { recursive: true, force: true });
      rmSync(systemFolderFor(dataDir), { recursive: true, force: true });
    }
  }
}

function postmaster(dataDir: string): number {
  for (const home of [join(dataDir, 'postgres'), systemFolderFor(dataDir)]) {
    try {
      return Number(readFileSync(join(home, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {}
  }
  throw new Error('PostgreSQL does not run');
}

async function startSimulator(): Promise<{ address: string; stop(): void }> {
  const child = spawn(process.execPath, [SIMULATOR, '--until-stdin-ends'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { address } = JSON.parse(line) as { address: string };
  return { address, stop: () => child.kill('SIGTERM') };
}

export interface Connected {
  id: string;
  state: string;
}

export function connect(hub: Hub, ledger: LedgerAccess, settings: object, name = ledger.name): Promise<Connected> {
  const { url, apiKey } = ledger;
  return connectFace(hub, { type: 'keitaro', url, credentials: { apiKey }, settings: {} }, name, settings);
}

export function connectFace(
  hub: Hub,
  { type, url, credentials, settings }: Omit<FaceAccess, 'face'>,
  name: string,
  more: object,
): Promise<Connected> {
  const body = { type, name, url, credentials, settings: { ...settings, ...more } };
  return hub.api<Connected>('/trackers', { method: 'POST', body });
}

/** Looks until the first backfill is in. In the database: the API's answer would cost the measured machine more. */
export async function untilSynced(hub: Hub, id: string): Promise<void> {
  const ask = 'select 1 from tracker_config where id = $1 and first_synced_at is not null';
  while ((await hub.db.query(ask, [id])).rowCount === 0) await sleep(100);
}

/** Everything that earlier measurements left in the tables. */
export async function forget(hub: Hub): Promise<void> {
  await hub.db.query('truncate click, conversion, conversion_change');
  await hub.db.query('delete from tracker_config');
  await hub.db.query('checkpoint');
}
