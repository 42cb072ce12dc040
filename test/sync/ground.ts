// A place to run slices in: a fresh database, simulated trackers over HTTP, and the real activities without Temporal.
import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import { type LedgerControl, ledgerControl, openLedger } from '../../simulator/client.ts';
import type { Face } from '../../simulator/faces/face.ts';
import { faces as allFaces } from '../../simulator/faces/index.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Dependencies, Execution } from '../../src/activities/dependencies.ts';
import { type Activities, createActivities } from '../../src/activities/index.ts';
import type { Adapter } from '../../src/adapters/adapter.ts';
import { createHttp } from '../../src/adapters/http.ts';
import { adapterFor } from '../../src/adapters/index.ts';
import { RESOURCES, type Resource } from '../../src/core/resources.ts';
import { statusMeaning } from '../../src/core/statuses.ts';
import type { Step } from '../../src/core/sync.ts';
import { createConfig } from '../../src/store/configs-create.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import { createLoaderConnections } from '../../src/store/loader-connection.ts';
import { ensureRequestPartitions } from '../../src/store/requests.ts';
import { createSessionTokens } from '../../src/store/session-tokens.ts';
import { createVault, type Vault, type VaultKey } from '../../src/store/vault.ts';
import { canaryKey, expectNoCanary, searchForCanary } from '../leaks/canary.ts';

export interface Ground {
  db: Db;
  vault: Vault;
  vaultKey: VaultKey;
  deps: Dependencies;
  organizationId: string;
  simulator: string;
  /** Opens a ledger and connects one of its faces. */
  connect(options?: HostedOptionsInput, settings?: object, face?: string): Promise<Connected>;
  stop(): Promise<void>;
}

/** No cycle falls due by itself while a test looks on, and none waits for a rate, unless it asks for that. */
const UNLESS_ASKED = { syncIntervalMinutes: 1440, callsPerMinute: 0 };

/** No conversion changes by itself: what a test compares is what it changed. */
export const STILL = { statusChangeAfterHoursMin: 5_000, statusChangeAfterHoursMax: 6_000 };

export interface Connected {
  configId: string;
  ledger: LedgerControl;
  name: string;
  face: string;
  url: string;
  apiKey: string;
}

export async function openGround(
  databaseUrl: string,
  more: Partial<Dependencies> = {},
  faces: readonly Face[] = allFaces,
): Promise<Ground> {
  const db = createDb(databaseUrl);
  const loaders = createLoaderConnections(databaseUrl);
  const http = createHttp({ allowedNetworks: ['127.0.0.0/8'] });
  const vaultKey = { id: 'test', key: randomBytes(32) };
  const vault = createVault([vaultKey]);
  const simulator = await startSimulator({ faces });
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
    startMissing: async () => {},
    stopping: new AbortController().signal,
    // Follows the clock of a test, also where a test passes another one.
    sharedClock(this: Dependencies) {
      return this.clock();
    },
    retention: { clickDays: null, requestDays: 30 },
    ...more,
  };
  return {
    ...{ db, vault, vaultKey, deps, organizationId, simulator: simulator.address },
    async connect(options = {}, settings = {}, face = 'keitaro') {
      const opened = await openLedger(simulator.address, {
        name: `l-${randomUUID().slice(0, 8)}`,
        apiKey: canaryKey(),
        ...STILL,
        ...options,
        keitaro: { planted: canaryKey(), ...options.keitaro },
        redtrack: { planted: canaryKey(), limit: null, ...options.redtrack },
        voluum: { planted: canaryKey(), tokenPrefix: canaryKey(), ...options.voluum },
        bemob: { planted: canaryKey(), ...options.bemob },
        binom_v2: { planted: canaryKey(), ...options.binom_v2 },
      });
      const ledger = ledgerControl(simulator.address, opened.name);
      const found = (await ledger.faces()).find((one) => one.face === face)!;
      const access = { ...opened, ...found };
      const adapter = deps.adapterFor(found.type)!;
      const wanted = { ...found.settings, ...settings };
      const configId = await connectTracker(db, vault, organizationId, access, wanted, adapter);
      return { configId, ledger, name: opened.name, face, url: found.url, apiKey: opened.apiKey };
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

/** As Keitaro, unless another tracker is meant. */
export async function connectTracker(
  db: Db,
  vault: Vault,
  organizationId: string,
  access: { name: string; url: string; apiKey: string; credentials?: Record<string, string> },
  settings: object = {},
  adapter: Adapter = adapterFor('keitaro')!,
): Promise<string> {
  const { credentials = { apiKey: access.apiKey } } = access;
  const statuses = Object.entries(adapter.statuses).map(([raw, entry]) => [raw, statusMeaning(entry)]);
  const created = await db.transaction().execute((tx) =>
    createConfig(
      tx,
      vault,
      {
        ...{ organizationId, type: adapter.type, name: access.name, url: access.url },
        settings: adapter.settings.parse({ ...UNLESS_ASKED, ...settings }) as Parameters<
          typeof createConfig
        >[2]['settings'],
        credentials,
        credentialHints: Object.fromEntries(Object.keys(credentials).map((field) => [field, null])),
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
