// A place to run slices in: a fresh database, simulated trackers over HTTP, and the real activities without Temporal.
import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import { addressOf, type LedgerControl, ledgerControl, openLedger } from '../../simulator/client.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Dependencies, Execution } from '../../src/activities/dependencies.ts';
import { type Activities, createActivities } from '../../src/activities/index.ts';
import { createHttp } from '../../src/adapters/http.ts';
import { adapterFor, type adapters } from '../../src/adapters/index.ts';
import { RESOURCES, type Resource } from '../../src/core/resources.ts';
import { statusMeaning } from '../../src/core/statuses.ts';
import type { Step } from '../../src/core/sync.ts';
import { createConfig } from '../../src/store/configs-create.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import { createLoaderConnections } from '../../src/store/loader-connection.ts';
import { ensureRequestPartitions } from '../../src/store/requests.ts';
import { createSessionTokens } from '../../src/store/session-tokens.ts';
import { createVault, type Vault, type VaultKey } from '../../src/store/vault.ts';
import { byAccessKey } from '../adapters/voluum-face.ts';
import { canaryKey, expectNoCanary, searchForCanary } from '../leaks/canary.ts';

export type TrackerType = keyof typeof adapters;

export interface Ground {
  db: Db;
  vault: Vault;
  vaultKey: VaultKey;
  deps: Dependencies;
  organizationId: string;
  simulator: string;
  /** Opens a ledger and connects it, as the product whose face is asked for. */
  connect(options?: HostedOptionsInput, settings?: object, type?: TrackerType): Promise<Connected>;
  stop(): Promise<void>;
}

/** No cycle falls due by itself while a test looks on, unless it asks for that. */
const SELDOM = { syncIntervalMinutes: 1440 };

/** No conversion changes by itself: what a test compares is what it changed. */
export const STILL = { statusChangeAfterHoursMin: 5_000, statusChangeAfterHoursMax: 6_000 };

export interface Connected {
  configId: string;
  ledger: LedgerControl;
  name: string;
  url: string;
  apiKey: string;
}

export async function openGround(databaseUrl: string, more: Partial<Dependencies> = {}): Promise<Ground> {
  const db = createDb(databaseUrl);
  const loaders = createLoaderConnections(databaseUrl);
  const http = createHttp({ allowedNetworks: ['127.0.0.0/8'] });
  const vaultKey = { id: 'test', key: randomBytes(32) };
  const vault = createVault([vaultKey]);
  const simulator = await startSimulator();
  const organizationId = await makeOrganization(db);
  const logged: string[] = [];
  await ensureRequestPartitions(db, new Date());
  const deps: Dependencies = {
    ...{ db, loaders, vault, http, adapterFor, searchAttributes: [] },
    tokens: createSessionTokens(db, vault),
    clock: () => new Date(),
    random: () => 0.5,
    logger: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    sliceMs: 20_000,
    quickAtOnce: 4,
    nudge: async () => {},
    stopping: new AbortController().signal,
    retention: { clickDays: null, requestDays: 30 },
    ...more,
  };
  return {
    ...{ db, vault, vaultKey, deps, organizationId, simulator: simulator.address },
    async connect(options = {}, settings = {}, type = 'keitaro') {
      const opened = await openLedger(simulator.address, {
        name: `l-${randomUUID().slice(0, 8)}`,
        apiKey: canaryKey(),
        ...STILL,
        ...options,
        keitaro: { planted: canaryKey(), ...options.keitaro },
        redtrack: { planted: canaryKey(), limit: null, ...options.redtrack },
        voluum: { planted: canaryKey(), tokenPrefix: canaryKey(), ...options.voluum },
      });
      const access = { ...opened, url: addressOf(opened, type) };
      const configId = await connectTracker(db, vault, organizationId, access, settings, type);
      return { configId, ledger: ledgerControl(simulator.address, access.name), ...access };
    },
    async stop() {
      await simulator.stop();
      await Promise.all([http.close(), loaders.close(), db.destroy()]);
      const search = searchForCanary();
      await search.text('the log of the activities', logged.join(''));
      expectNoCanary(search);
    },
  };
}

export async function makeOrganization(db: Db): Promise<string> {
  const id = randomUUID();
  await sql`insert into auth.organization (id, name, slug, "createdAt") values (${id}, ${id}, ${id}, now())`.execute(
    db,
  );
  return id;
}

/** As Keitaro, unless another face is meant. */
export async function connectTracker(
  db: Db,
  vault: Vault,
  organizationId: string,
  access: { name: string; url: string; apiKey: string },
  settings: object = {},
  type: TrackerType = 'keitaro',
): Promise<string> {
  const statuses = Object.entries(adapterFor(type)!.statuses).map(([raw, entry]) => [raw, statusMeaning(entry)]);
  const created = await db.transaction().execute((tx) =>
    createConfig(
      tx,
      vault,
      {
        ...{ organizationId, type, name: access.name, url: access.url },
        settings: adapterFor(type)!.settings.parse({ ...SELDOM, ...settings }) as Parameters<
          typeof createConfig
        >[2]['settings'],
        credentials: type === 'voluum' ? byAccessKey(access.apiKey) : { apiKey: access.apiKey },
        credentialHints: {},
        resources: RESOURCES as readonly Resource[],
        statuses: Object.fromEntries(statuses),
      },
      null,
    ),
  );
  return created.configId;
}

/** Activities as a worker has them, with an execution that can be told to stop. */
export function activitiesOf(deps: Dependencies, signal = new AbortController().signal): Activities {
  const execution: Execution = { signal, heartbeat: () => {} };
  return createActivities(deps, () => execution);
}

/** Does what each step says until nothing is due; throws after too many steps. */
export async function workUntilRest(activities: Activities, configId: string, most = 500): Promise<Step> {
  let step = await activities.plan(configId);
  for (let i = 0; step.kind === 'work'; i++) {
    if (i > most) throw new Error(`still at work after ${most} steps: ${step.work}`);
    step = await activities[step.work](configId);
  }
  return step;
}
