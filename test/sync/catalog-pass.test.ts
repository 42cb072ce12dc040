// The catalog pass: read whole, also over many slices; gone entries marked, and nothing asked twice.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/core/windows.ts';
import { freshDatabase } from '../setup/database.ts';
import { activitiesOf, type Ground, openGround, workUntilRest } from './ground.ts';

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

const flowsOf = (configId: string) =>
  ground.db.selectFrom('flow').selectAll().where('tracker_config_id', '=', configId).orderBy('external_id').execute();

/** A clock on which every look costs some seconds, so that a slice ends after a few calls. */
function hastyClock(): () => Date {
  let now = Date.now();
  return () => {
    now += 3_000;
    return new Date(now);
  };
}

test('a pass of many slices reads each list once, and the backfill takes its turns in between', async () => {
  const { configId, ledger } = await ground.connect({ campaigns: 40, clicks: 200, conversions: 10 });
  const activities = activitiesOf({ ...ground.deps, clock: hastyClock() });
  const done: string[] = [];
  let step = await activities.plan(configId);
  for (let i = 0; step.kind === 'work' && i < 200; i++) {
    done.push(step.work);
    step = await activities[step.work](configId);
  }
  expect(done.filter((work) => work === 'catalog').length).toBeGreaterThan(3);
  expect(done.indexOf('backfill')).toBeLessThan(done.lastIndexOf('catalog'));
  const asked = (await ledger.requests()).map((request) => request.path).filter((path) => path.endsWith('/streams'));
  expect(asked.length).toBeGreaterThan(20);
  expect(new Set(asked).size).toBe(asked.length);

  const inOne = await ground.connect({ campaigns: 40, clicks: 200, conversions: 10 });
  await activitiesOf(ground.deps).catalog(inOne.configId);
  const ids = async (id: string) => (await flowsOf(id)).map((flow) => [flow.external_id, flow.gone_at]);
  expect(await ids(configId)).toEqual(await ids(inOne.configId));
});

test('flows are asked for hourly where something moved, daily all, and those that vanished are gone', async () => {
  const { configId, ledger } = await ground.connect(
    { clicks: 100, conversions: 5, days: 3, growthPerDay: 0 },
    { backfillDays: 3 },
  );
  await workUntilRest(activitiesOf(ground.deps), configId);
  const campaign = await ground.db
    .selectFrom('campaign')
    .select('external_id')
    .where('tracker_config_id', '=', configId)
    .where('state', '=', 'active')
    .executeTakeFirstOrThrow();
  const [flow] = await flowsOf(configId);
  const extra = {
    ...flow!,
    id: undefined,
    external_id: '999999',
    name: 'never heard of',
    campaign_external_id: campaign.external_id,
  };
  await ground.db
    .insertInto('flow')
    .values({ ...extra, raw: '{}', landing_pages: null, offers: null, filters: null } as never)
    .execute();
  const gone = async () => (await flowsOf(configId)).find((row) => row.external_id === '999999')?.gone_at;

  const nextMidnight = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
  const later = (ms: number) => activitiesOf({ ...ground.deps, clock: () => new Date(ms) });
  await ledger.clearRequests();
  await later(Math.min(Date.now() + HOUR_MS, nextMidnight - 1)).catalog(configId);
  const hourly = (await ledger.requests()).filter((request) => /\/campaigns\/\d+\/streams$/.test(request.path));
  await ledger.clearRequests();
  await later(nextMidnight + HOUR_MS).catalog(configId);
  const daily = (await ledger.requests()).filter((request) => /\/campaigns\/\d+\/streams$/.test(request.path));
  expect(daily.length).toBeGreaterThan(hourly.length);
  expect(await gone()).toBeInstanceOf(Date);
});
