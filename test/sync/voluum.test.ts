// A Voluum account from its backfill on: recent clicks, the others from their conversions, corrections, one token for all of it.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidOf } from '../../simulator/faces/voluum/ids.ts';
import type { VoluumOptionsInput } from '../../simulator/faces/voluum/options.ts';
import type { FaultKindInput } from '../../simulator/faults/fault.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { askAgain } from '../../src/store/configs-change.ts';
import { addRun } from '../../src/store/runs.ts';
import { freshDatabase } from '../setup/database.ts';
import { sumMicros } from '../simulator/panel.ts';
import { activitiesOf, type Connected, type Ground, openGround, workUntilRest } from './ground.ts';
import { reconciled } from './reconcile-ground.ts';

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

/** All of its history is read: no correction is of a conversion that lies before. */
const SMALL = { clicks: 3_000, conversions: 400, days: 4, campaigns: 3, growthPerDay: 3_000 };
const SETTLE = 2 * MINUTE_MS;

/** A config, its ledger's clock and ours, moved together. */
async function atWork(voluum: VoluumOptionsInput = {}, options: HostedOptionsInput = {}, settings: object = {}) {
  const start = Math.floor(Date.now() / 1_000) * 1_000;
  let now = start;
  const at = (time: number): string => new Date(time).toISOString();
  const connected = await ground.connect(
    { ...SMALL, anchorAt: at(start), frozenAt: at(start), ...options, voluum },
    { backfillDays: 6, syncIntervalMinutes: 15, ...settings },
    'voluum',
  );
  const { configId, ledger } = connected;
  const activities = activitiesOf({ ...ground.deps, clock: () => new Date(now) });
  const begin = () => workUntilRest(activities, configId);
  const calls = async (path: RegExp) => (await ledger.requests()).filter((request) => path.test(request.path));
  return {
    ...{ ...connected, activities, begin, calls },
    now: () => new Date(now),
    logins: async () => (await calls(/\/auth\//)).length,
    config: () =>
      ground.db.selectFrom('tracker_config').selectAll().where('id', '=', configId).executeTakeFirstOrThrow(),
    async pass(ms: number): Promise<void> {
      now += ms;
      await ledger.setClock({ freezeAt: at(now) });
      await begin();
    },
  };
}
type Work = Awaited<ReturnType<typeof atWork>>;

const TAKEN = /^(rejected|trash)$/;

/** The ledger's conversions: how many there are, and what they are worth by now. */
async function worthOf(ledger: Connected['ledger'], until: Date) {
  const truth = await ledger.truth({ to: until.toISOString(), asOf: until.toISOString() });
  const all = Object.entries(truth.conversions);
  return {
    count: all.reduce((sum, [, { count }]) => sum + count, 0),
    revenue: sumMicros(all.filter(([status]) => !TAKEN.test(status)).map(([, { revenue }]) => revenue)),
  };
}

const conversionsOf = (configId: string) =>
  ground.db
    .selectFrom('conversion_with_status')
    .selectAll()
    .where('tracker_config_id', '=', configId)
    .orderBy('converted_at')
    .execute();
const clicksOf = (configId: string) =>
  ground.db.selectFrom('click').selectAll().where('tracker_config_id', '=', configId).execute();

/** Every conversion once, its money to the last digit after all corrections; every click that can be known. */
async function expectTrue(
  { configId, ledger, now }: Work,
  liveFrom = new Date(now().getTime() - DAY_MS),
): Promise<void> {
  const until = new Date(now().getTime() - SETTLE);
  const conversions = await conversionsOf(configId);
  const ids = new Set(conversions.map((row) => `${row.click_external_id} ${row.transaction_id}`));
  const truth = await worthOf(ledger, until);
  expect({ count: ids.size, revenue: sumMicros(conversions.map(({ revenue }) => revenue)) }).toEqual(truth);
  const clicks = new Map((await clicksOf(configId)).map((row) => [row.external_id, row]));
  for (const { click_external_id } of conversions) expect(clicks.has(click_external_id!)).toBe(true);
  const live = new Set<string>();
  for await (const { subId } of ledger.truthClicks({ from: liveFrom.toISOString(), to: until.toISOString() })) {
    live.add(subId);
    expect(clicks.get(subId)?.is_derived).toBe(false);
  }
  expect(live.size).toBeGreaterThan(100);
  const converted = new Set(conversions.map((row) => row.click_external_id));
  for (const { is_derived, external_id, clicked_at } of clicks.values()) {
    if (is_derived) expect([converted.has(external_id), clicked_at < liveFrom]).toEqual([true, true]);
  }
  const derived = [...clicks.values()].filter(({ is_derived }) => is_derived);
  expect(derived.length).toBeGreaterThan(50);
}

describe.each<[string, VoluumOptionsInput]>([
  ['an account as it is', {}],
  ['pages cut to 90 rows in silence', { maxRows: 90 }],
])('%s', (_, voluum) => {
  test('is read whole, stays true, and logs in once', async () => {
    const work = await atWork(voluum);
    const begun = new Date(work.now().getTime() - DAY_MS);
    await work.begin();
    await expectTrue(work, begun);
    await work.pass(16 * MINUTE_MS);
    await expectTrue(work, begun);
    await work.pass(61 * MINUTE_MS);
    await expectTrue(work, begun);
    expect(await work.logins()).toBe(1);
    const requests = await work.ledger.requests();
    expect(new Set(requests.map(({ credential }) => credential))).toEqual(new Set(['right']));
    expect(Math.max(...requests.map(({ inFlight }) => inFlight))).toBe(1);
  });
});

test('conversions that change late are corrected by rows of their own, and mark what was taken back', async () => {
  const work = await atWork({}, { seed: 2, statusChangeAfterHoursMin: 1, statusChangeAfterHoursMax: 60 });
  await work.begin();
  const before = await conversionsOf(work.configId);
  const corrections = before.filter(({ revenue }) => Number(revenue) < 0);
  expect(corrections.length).toBeGreaterThan(5);
  expect(corrections.every(({ reversed, status }) => reversed && status === 'approved')).toBe(true);
  await expectTrue(work);
  const rows = work.ledger.truthConversions({ to: new Date(work.now().getTime() - 26 * HOUR_MS).toISOString() });
  const ids: number[] = [];
  for await (const { id, status } of rows) if (status === 'sale' && ids.length < 3) ids.push(id);
  await work.ledger.overlay({ kind: 'setConversions', ids, status: 'rejected' });
  await work.pass(16 * MINUTE_MS);
  await work.ledger.overlay({ kind: 'setConversions', ids, status: 'sale', revenue: '12.345678' });
  await work.pass(16 * MINUTE_MS);
  const after = await conversionsOf(work.configId);
  expect(after.length).toBeGreaterThanOrEqual(before.length + 6);
  const until = new Date(work.now().getTime() - SETTLE);
  expect(sumMicros(after.map(({ revenue }) => revenue))).toBe((await worthOf(work.ledger, until)).revenue);
});

test('types that come without their names get them the day after the account knows their column', async () => {
  const work = await atWork({ knowsNamedColumns: false }, { seed: 16 });
  const words = async () => new Set((await conversionsOf(work.configId)).map((row) => row.raw_status));
  await work.begin();
  expect(await words()).toEqual(new Set(['']));
  await work.ledger.change({ voluum: { knowsNamedColumns: true } });
  await work.pass(DAY_MS);
  expect([...(await words())]).toContain('Conversion');
  // A refusal of a moment, or of hours, takes no name away, and doubles nothing.
  const named = async () => (await conversionsOf(work.configId)).filter((row) => row.raw_status !== '').length;
  const before = await named();
  await work.ledger.change({ voluum: { knowsNamedColumns: false } });
  await work.pass(61 * MINUTE_MS);
  expect(await named()).toBe(before);
});

test('a late postback of an old hour is found by the deeper re-reads', async () => {
  const work = await atWork({}, { seed: 3 });
  await work.begin();
  const at = new Date(work.now().getTime() - 40 * HOUR_MS).toISOString();
  await work.ledger.overlay({
    kind: 'addConversions',
    conversions: [{ at, status: 'sale', revenue: '7.5', tid: 'late' }],
  });
  await work.pass(61 * MINUTE_MS);
  const found = (await conversionsOf(work.configId)).filter((row) => row.transaction_id === 'late');
  expect(found.map(({ revenue }) => revenue)).toEqual(['7.5']);
});

test('exact twins are as many as the tracker tells, however often they are read', async () => {
  const work = await atWork({ maxRows: 60 }, { seed: 4 });
  const at = new Date(work.now().getTime() - 3 * HOUR_MS).toISOString();
  const [one] = (await work.ledger.overlay({ kind: 'addClicks', at, count: 1 })).subIds;
  const twin = { subId: one!, at, status: 'sale', tid: 'twin' };
  const conversions = ['1', '1', '2.5'].map((revenue) => ({ ...twin, revenue }));
  await work.ledger.overlay({ kind: 'addConversions', conversions });
  await work.begin();
  const twins = async () =>
    (await conversionsOf(work.configId))
      .filter((row) => row.transaction_id === 'twin')
      .map((row) => row.revenue)
      .sort();
  expect(await twins()).toEqual(['1', '1', '2.5']);
  await work.pass(61 * MINUTE_MS);
  await work.ledger.overlay({ kind: 'addConversions', conversions: conversions.slice(0, 1) });
  await work.pass(61 * MINUTE_MS);
  expect(await twins()).toEqual(['1', '1', '1', '2.5']);
});

test('twins are counted over a whole page, however it is carved up on its way to the database', async () => {
  const work = await atWork({}, { seed: 14 });
  const at = new Date(work.now().getTime() - 3 * HOUR_MS).toISOString();
  const [subId] = (await work.ledger.overlay({ kind: 'addClicks', at, count: 1 })).subIds;
  const twin = { subId: subId!, at, status: 'sale', tid: 'many', revenue: '0.01' };
  await work.ledger.overlay({ kind: 'addConversions', conversions: Array(250).fill(twin) });
  await work.begin();
  const many = (await conversionsOf(work.configId)).filter((row) => row.transaction_id === 'many');
  expect(many).toHaveLength(250);
});

test.each<[string, FaultKindInput]>([
  ['a failure', { kind: 'status', status: 502 }],
  ['a web page', { kind: 'html' }],
  ['half of an answer', { kind: 'halfJson' }],
  ['a connection that breaks', { kind: 'reset', afterBytes: 900 }],
  ['rows backwards', { kind: 'reorderedPage' }],
  ['a page that comes twice', { kind: 'duplicatedPage' }],
])('%s, whichever call it is, loses nothing and doubles nothing', async (_, fault) => {
  const work = await atWork({ maxRows: 80 }, { seed: 15, clicks: 2_000 });
  for (const nth of [1, 5, 12]) await work.ledger.addFault({ match: { path: '/report|/auth', nth }, fault });
  await work.begin();
  for (let i = 0; i < 4; i++) await work.pass(16 * MINUTE_MS);
  await work.pass(61 * MINUTE_MS);
  expect((await work.ledger.faults()).every(({ fired }) => fired === 1)).toBe(true);
  expect((await work.config()).blocked_kind).toBeNull();
  // From the day before the backfill was planned on: the first call of all was one of those that failed.
  const { backfill_to } = await work.config();
  await expectTrue(work, new Date(backfill_to!.getTime() + SETTLE + 1_000 - DAY_MS));
});

describe('clicks', () => {
  test('of a campaign that is gone are left out; those of the campaigns behind it are read all the same', async () => {
    const work = await atWork({}, { seed: 15 });
    const gone = uuidOf('campaign', (await work.ledger.truthClicks({}).next()).value!.campaignId);
    const path = `/report/live/visits/${gone}`;
    await work.ledger.addFault({ match: { path, times: null }, fault: { kind: 'status', status: 404 } });
    await work.begin();
    await work.pass(16 * MINUTE_MS);
    const campaigns = new Set(
      (await clicksOf(work.configId)).filter((row) => !row.is_derived).map((row) => row.campaign_external_id),
    );
    expect([campaigns.size, campaigns.has(gone)]).toEqual([2, false]);
    const clicks = ground.db.selectFrom('tracker_resource').selectAll().where('resource', '=', 'clicks');
    const state = await clicks.where('tracker_config_id', '=', work.configId).executeTakeFirstOrThrow();
    expect(state).toMatchObject({ state: 'ok', reason: null, refusals: 0 });
    expect(state.read_to!.getTime()).toBeGreaterThan(work.now().getTime() - HOUR_MS);
  });

  test('of more than a day ago are not asked for; a re-sync of last month asks for none', async () => {
    const work = await atWork({}, { seed: 5 });
    await work.begin();
    const windows = async () =>
      ground.db
        .selectFrom('sync_window')
        .select(['from_at', 'resource'])
        .where('tracker_config_id', '=', work.configId)
        .execute();
    const oldest = (await windows())
      .filter(({ resource }) => resource === 'clicks')
      .map(({ from_at }) => from_at.getTime());
    expect(Math.min(...oldest)).toBeGreaterThanOrEqual(work.now().getTime() - DAY_MS - SETTLE - 1_000);
    const range = {
      from: new Date(work.now().getTime() - 5 * DAY_MS),
      to: new Date(work.now().getTime() - 3 * DAY_MS),
    };
    const config = { id: work.configId, organization_id: ground.organizationId };
    await addRun(ground.db, config, { kind: 'resync', resources: ['clicks', 'conversions'], range });
    await work.ledger.clearRequests();
    await work.begin();
    expect((await work.calls(/live/)).length).toBe(0);
    expect((await work.calls(/conversions/)).length).toBeGreaterThan(0);
    const run = await ground.db
      .selectFrom('run')
      .select('state')
      .where('tracker_config_id', '=', work.configId)
      .where('kind', '=', 'resync')
      .executeTakeFirstOrThrow();
    expect(run.state).toBe('done');
  });

  test('that only a conversion tells of are replaced by the live visit, and never the other way round', async () => {
    const work = await atWork({ deny: { clicks: 403 } }, { seed: 6 });
    await work.begin();
    const derived = await clicksOf(work.configId);
    expect(derived.length).toBeGreaterThan(100);
    expect(derived.every(({ is_derived, revenue }) => is_derived && revenue === null)).toBe(true);
    await work.ledger.change({ voluum: { deny: {} } });
    await ground.db.transaction().execute((tx) => askAgain(tx, work.configId));
    await work.pass(16 * MINUTE_MS);
    await expectTrue(work, new Date(work.now().getTime() - 23 * HOUR_MS));
    const range = { from: new Date(work.now().getTime() - 2 * DAY_MS), to: work.now() };
    const config = { id: work.configId, organization_id: ground.organizationId };
    await addRun(ground.db, config, { kind: 'resync', resources: ['conversions'], range });
    await work.begin();
    await expectTrue(work, new Date(work.now().getTime() - 23 * HOUR_MS));
    const ids = (await clicksOf(work.configId)).map(({ external_id }) => external_id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test('types are statuses: each counts, until a person says otherwise', async () => {
  const work = await atWork({}, { seed: 7 });
  await work.begin();
  const meanings = async () => {
    const rows = await conversionsOf(work.configId);
    return new Map(rows.map(({ raw_status, status, is_mapped }) => [raw_status, [status, is_mapped]]));
  };
  expect(Object.fromEntries(await meanings())).toEqual({ Conversion: ['approved', true], Upsell: ['approved', true] });
  await ground.db
    .updateTable('status_map')
    .set({ status: 'hold', is_default: false })
    .where('tracker_config_id', '=', work.configId)
    .where('raw_status', '=', 'upsell')
    .execute();
  await work.pass(61 * MINUTE_MS);
  expect((await meanings()).get('Upsell')).toEqual(['hold', true]);
});

describe('the token', () => {
  test('is renewed at its end, and is sealed where it lies', async () => {
    const work = await atWork({}, { seed: 8 });
    await work.begin();
    await work.pass(3 * HOUR_MS);
    expect(await work.logins()).toBe(1);
    await work.pass(31 * MINUTE_MS);
    expect(await work.logins()).toBe(2);
    const { rows } = await sql<{ token_sealed: string }>`
      select token_sealed from tracker_session where tracker_config_id = ${work.configId}`.execute(ground.db);
    expect(rows[0]!.token_sealed).toMatch(/^v1\.test\./);
    expect((await work.config()).last_error).toBeNull();
  });

  test('that ends while a wait is kept that was asked for is renewed before the next call', async () => {
    const work = await atWork({}, { seed: 13 });
    await work.begin();
    const headers = { 'retry-after': String((4 * HOUR_MS) / 1_000) };
    const fault = { kind: 'status', status: 429, headers } as const;
    await work.ledger.addFault({ match: { path: '/report', times: 1 }, fault });
    await work.pass(16 * MINUTE_MS);
    expect((await work.config()).retry_kind).toBe('rate_limited');
    await work.ledger.clearRequests();
    await work.pass(4 * HOUR_MS);
    const requests = await work.ledger.requests();
    expect(requests[0]).toMatchObject({ method: 'POST', status: 200 });
    expect(requests.filter(({ credential }) => credential !== 'right')).toEqual([]);
    expect((await work.config()).last_error).toBeNull();
  });

  test('that is refused in the middle is renewed once, and nothing is lost', async () => {
    const work = await atWork({}, { seed: 9 });
    await work.ledger.addFault({
      match: { path: '/report/conversions', times: 1 },
      fault: { kind: 'status', status: 401 },
    });
    await work.begin();
    expect(await work.logins()).toBe(2);
    await expectTrue(work);
  });

  test('that is refused again and again asks for a person: no loop, and no call after it', async () => {
    const work = await atWork({}, { seed: 10 });
    await work.begin();
    await work.ledger.clearRequests();
    await work.ledger.addFault({ match: { path: '/report', times: null }, fault: { kind: 'status', status: 401 } });
    await work.pass(16 * MINUTE_MS);
    expect((await work.config()).blocked_kind).toBe('auth');
    expect(await work.logins()).toBe(1);
    expect((await work.ledger.requests()).length).toBe(3);
    await work.begin();
    expect((await work.ledger.requests()).length).toBe(3);
  });

  test('of a changed key asks for a person, in the words that support asks for', async () => {
    const work = await atWork({}, { seed: 11 });
    await work.begin();
    await work.ledger.change({ apiKey: 'another-key-from-now-on' });
    await work.pass(16 * MINUTE_MS);
    const { blocked_kind, last_error } = await work.config();
    expect([blocked_kind, last_error?.kind]).toEqual(['auth', 'auth']);
    expect(last_error?.message).toMatch(/^Voluum answered 401: BAD_CREDENTIALS \(webRequestId req-[0-9a-f]{20}\)$/);
  });

  test('too many requests from our address are waited for, and nobody is asked', async () => {
    const work = await atWork({}, { seed: 12 });
    await work.begin();
    const fault = {
      kind: 'status',
      status: 401,
      body: '{"error":{"code":"NUMBER_OF_REQUEST_FOR_IP_EXCEEDED"}}',
    } as const;
    await work.ledger.addFault({ match: { path: '/report', times: 1 }, fault });
    await work.pass(16 * MINUTE_MS);
    const { blocked_kind, last_error, retry_at } = await work.config();
    expect([blocked_kind, last_error?.kind, retry_at === null]).toEqual([null, 'rate_limited', false]);
    await work.pass(16 * MINUTE_MS);
    expect((await work.config()).last_error).toBeNull();
    await expectTrue(work, new Date(work.now().getTime() - 23 * HOUR_MS));
  });
});

describe('whole days beside the tracker’s own', () => {
  const of = (conversionTime: 'postback' | 'visit', seed: number) =>
    reconciled(ground, { seed, voluum: { conversionTime } }, { conversionTime }, {}, 'voluum');

  test.each(['postback', 'visit'] as const)(
    'by the %s are equal in conversions and revenue; clicks and cost are explained, and nothing is read again',
    async (time) => {
      const { days, figures, day, rereads } = await of(time, 20);
      const states = await days();
      expect(Object.keys(states)).toEqual(Array.from({ length: 19 }, (_, i) => day(19 - i)));
      expect(new Set(Object.values(states))).toEqual(new Set(['explained']));
      const rows = await figures();
      expect(rows.some((row) => Number(row.their_revenue) > 0 && row.our_conversions > 0)).toBe(true);
      for (const row of rows) {
        expect([row.our_conversions, Number(row.our_revenue)]).toEqual([
          row.their_conversions,
          Number(row.their_revenue),
        ]);
        expect(Object.values(row.verdicts).every(({ reason }) => reason === 'the log gives recent clicks only')).toBe(
          true,
        );
      }
      expect(await rereads()).toEqual([]);
    },
  );

  test.each(['postback', 'visit'] as const)(
    'by the %s, a conversion that was lost is found and read again',
    async (time) => {
      const { configId, figures, passWith, day, rereads } = await of(time, 21);
      const from = new Date(`${day(9)}T00:00:00Z`);
      const lost = new Set<string>();
      await passWith(DAY_MS, async () => {
        const rows = await ground.db
          .deleteFrom('conversion')
          .where('tracker_config_id', '=', configId)
          .where('converted_at', '>', from)
          .where('converted_at', '<', new Date(from.getTime() + 3 * DAY_MS))
          .returning('external_id')
          .execute();
        for (const { external_id } of rows) lost.add(external_id);
      });
      expect(lost.size).toBeGreaterThan(5);
      expect(await rereads()).not.toEqual([]);
      const back = new Set((await conversionsOf(configId)).map(({ external_id }) => external_id));
      expect([...lost].filter((key) => !back.has(key))).toEqual([]);
      for (const row of await figures()) expect(row.our_conversions).toBe(row.their_conversions);
    },
  );
});
