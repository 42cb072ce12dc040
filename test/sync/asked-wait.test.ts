// What a tracker asks us to wait is obeyed, also where the database was away, a person pressed a button, or nobody waited for the answer.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.ts';
import { createActivities } from '../../src/activities/index.ts';
import type { Http } from '../../src/adapters/http.ts';
import { freshDatabase } from '../setup/database.ts';
import { activitiesOf, type Connected, type Ground, openGround } from './ground.ts';

let ground: Ground;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  ground = await openGround(database.url);
});

afterAll(async () => {
  await ground.stop();
  await drop();
});

const SMALL = { clicks: 2_000, conversions: 150, days: 2, keitaro: { maxLimit: 300 } };
const WAIT_SECONDS = 300;
const asking = (status: number) =>
  ({ kind: 'status', status, headers: { 'retry-after': String(WAIT_SECONDS) } }) as const;

async function readyToBackfill(): Promise<Connected> {
  const connected = await ground.connect(SMALL, { backfillDays: 2 });
  await activitiesOf(ground.deps).catalog(connected.configId);
  await connected.ledger.clearRequests();
  return connected;
}

async function expectWaiting({ configId }: Connected): Promise<void> {
  const row = await ground.db
    .selectFrom('tracker_config')
    .select(['retry_at', 'retry_kind'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  expect(row.retry_kind).toBe('rate_limited');
  expect(row.retry_at!.getTime()).toBeGreaterThan(Date.now() + (WAIT_SECONDS - 30) * 1_000);
}

/** Fails statements as a database that is away would. */
function failing(isMeant: (text: string) => boolean): { plugin: KyselyPlugin; failures(): number } {
  let failures = 0;
  return {
    failures: () => failures,
    plugin: {
      transformQuery({ node }) {
        if (!isMeant(JSON.stringify(node))) return node;
        failures++;
        throw new Error('Connection terminated unexpectedly');
      },
      transformResult: async ({ result }) => result,
    },
  };
}

/** Loads with a database that breaks at the first page. */
function breaking(deps: Dependencies, whenBroken: Promise<unknown>): Dependencies {
  const { loaders } = deps;
  return {
    ...deps,
    loaders: {
      ...loaders,
      use: (work) =>
        loaders.use(({ db, client }) => {
          const transaction = () => ({
            async execute() {
              await whenBroken;
              throw new Error('Connection terminated unexpectedly');
            },
          });
          return work({
            client,
            db: new Proxy(db, { get: (_, name) => (name === 'transaction' ? transaction : null) }),
          });
        }),
    },
  };
}

/** Tells when a call has failed. */
function listened(http: Http) {
  const failed = Promise.withResolvers<void>();
  const call: Http['call'] = (asked) =>
    http.call(asked).catch((error) => {
      failed.resolve();
      throw error;
    });
  return { http: { ...http, call }, failed: failed.promise };
}

test('in the answer to a page that was read ahead, while the page before it could not be written', async () => {
  const connected = await readyToBackfill();
  await connected.ledger.addFault({ match: { path: '/log$', nth: 2 }, fault: asking(429) });
  const { http, failed } = listened(ground.deps.http);
  const deps = breaking({ ...ground.deps, http }, failed);
  await expect(activitiesOf(deps).backfill(connected.configId)).rejects.toThrow();
  await expectWaiting(connected);
});

test('while the database is away: it is told again until it is heard', async () => {
  const connected = await readyToBackfill();
  await connected.ledger.addFault({ fault: asking(429) });
  let left = 2;
  const { plugin, failures } = failing((text) => text.includes('"retry_kind"') && left-- > 0);
  await activitiesOf({ ...ground.deps, db: ground.db.withPlugin(plugin) }).backfill(connected.configId);
  expect(failures()).toBe(2);
  await expectWaiting(connected);
  expect((await connected.ledger.requests()).length).toBe(1);
});

test('in the very moment in which a person pauses: resume does not cut it short', async () => {
  const connected = await readyToBackfill();
  await connected.ledger.addFault({ fault: asking(429) });
  const told = new AbortController();
  const { http, failed } = listened(ground.deps.http);
  void failed.then(async () => {
    await ground.db
      .updateTable('tracker_config')
      .set({ desired_state: 'paused', updated_at: new Date() })
      .where('id', '=', connected.configId)
      .execute();
  });
  const slow: Http = {
    ...http,
    call: (asked) =>
      http.call(asked).catch(async (error) => {
        // The wake that follows a pause.
        told.abort();
        await sleep(50);
        throw error;
      }),
  };
  const execution = { signal: told.signal, heartbeat: () => {} };
  await createActivities({ ...ground.deps, http: slow }, () => execution).backfill(connected.configId);
  await expectWaiting(connected);
});

test('by a 503 of one log: the other log is not asked either', async () => {
  const connected = await readyToBackfill();
  await connected.ledger.addFault({ match: { path: '/clicks/log$', times: null }, fault: asking(503) });
  await activitiesOf(ground.deps).backfill(connected.configId);
  await expectWaiting(connected);
  const asked = await connected.ledger.requests();
  const refused = asked.findIndex((request) => request.status === 503);
  expect(refused).toBeGreaterThanOrEqual(0);
  expect(asked.slice(refused + 1)).toEqual([]);
});
