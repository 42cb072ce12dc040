// A RedTrack account from its backfill on: whole days cut to windows, late changes, sums to the cent, limits obeyed.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RedtrackOptionsInput } from '../../simulator/faces/redtrack/options.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import type { Activities } from '../../src/activities/index.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { freshDatabase } from '../setup/database.ts';
import { activitiesOf, type Connected, type Ground, openGround, workUntilRest } from './ground.ts';
import { reconciled } from './reconcile-ground.ts';
import { hubTotals, ledgerTotals, type Totals } from './totals.ts';

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

const SMALL = { clicks: 6_000, conversions: 600, days: 8, campaigns: 3 };
/** The ledger's sums in the tracker's own words. */
const truthTotals = (ledger: Connected['ledger'], span: { from: Date; to: Date }): Promise<Totals> =>
  ledgerTotals(ledger, span, 'redtrack');

async function expectEqual({ configId, ledger }: Pick<Connected, 'configId' | 'ledger'>, now: Date): Promise<void> {
  const { backfill_from } = await ground.db
    .selectFrom('tracker_config')
    .select('backfill_from')
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  const span = { from: backfill_from!, to: new Date(now.getTime() - 2 * MINUTE_MS - 1_000) };
  const ours = await hubTotals(ground.db, configId, span);
  const theirs = await truthTotals(ledger, span);
  expect(ours.clicks).toBeGreaterThan(0);
  expect({ ...ours, conversions: ordered(ours) }).toEqual({ ...theirs, conversions: ordered(theirs) });
}

const ordered = ({ conversions }: Totals) => Object.entries(conversions).sort(([a], [b]) => (a < b ? -1 : 1));

/** A config, its ledger's clock and ours, moved together. */
async function atWork(redtrack: RedtrackOptionsInput = {}, options: HostedOptionsInput = {}, settings: object = {}) {
  const start = Date.now();
  let now = start;
  const at = (time: number): string => new Date(time).toISOString();
  const connected = await ground.connect(
    { ...SMALL, anchorAt: at(start), frozenAt: at(start), ...options, redtrack },
    { backfillDays: 5, syncIntervalMinutes: 15, ...settings },
    'redtrack',
  );
  const activities = activitiesOf({ ...ground.deps, clock: () => new Date(now) });
  await workUntilRest(activities, connected.configId);
  return {
    ...connected,
    activities,
    now: () => new Date(now),
    async pass(ms: number): Promise<void> {
      now += ms;
      await connected.ledger.setClock({ freezeAt: at(now) });
      await workUntilRest(activities, connected.configId);
    },
  };
}

describe.each<[string, RedtrackOptionsInput]>([
  ['an account in Los Angeles', {}],
  ['pages of 200 rows, in no order', { order: 'scattered', maxPer: 200, timezone: 'Asia/Kolkata' }],
  ['pages of 500, totals that lie', { total: 'tooSmall', maxPer: 500, timezone: 'Pacific/Kiritimati' }],
])('%s', (_, redtrack) => {
  test('is read whole, and stays true', async () => {
    const work = await atWork(redtrack, { growthPerDay: 20_000 });
    await expectEqual(work, work.now());
    await work.pass(16 * MINUTE_MS);
    await expectEqual(work, work.now());
    const at = new Date(work.now().getTime() - 90 * MINUTE_MS).toISOString();
    await work.ledger.overlay({ kind: 'addClicks', at, count: 3 });
    await work.pass(16 * MINUTE_MS);
    await expectEqual(work, work.now());
  });
});

test('rows that come in while pages in no order are read: every one is there after the next cycle', async () => {
  const now = new Date().toISOString();
  const connected = await ground.connect(
    { ...SMALL, seed: 3, anchorAt: now, frozenAt: now, redtrack: { order: 'scattered', maxPer: 300 } },
    { backfillDays: 5, syncIntervalMinutes: 15 },
    'redtrack',
  );
  for (const after of [12, 17, 22])
    await connected.ledger.overlayAfter(after, {
      ...{ kind: 'addClicks', at: new Date(Date.parse(now) - 3 * HOUR_MS).toISOString(), count: after },
    });
  const activities = activitiesOf({ ...ground.deps, clock: () => new Date(now) });
  await workUntilRest(activities, connected.configId);
  await expectEqual(connected, new Date(now));
});

test('windows are a week long: the margins cost a third of the calls, not three times as many', async () => {
  const { ledger } = await atWork({}, { seed: 4, days: 31 }, { backfillDays: 30 });
  const asked = (await ledger.requests()).filter(({ path }) => path.endsWith('/tracks'));
  const spans = asked.map(({ window }) => (Date.parse(window!.to) - Date.parse(window!.from)) / DAY_MS + 1);
  expect(Math.max(...spans)).toBe(9);
  expect(spans.reduce((all, days) => all + days, 0)).toBeLessThanOrEqual(45);
});

test.each([
  ['an hour old', HOUR_MS, 16 * MINUTE_MS],
  ['four days old', 4 * DAY_MS, DAY_MS],
])('a status that changes late is found: %s', async (_, age, wait) => {
  const { configId, ledger, pass, now } = await atWork(
    { statuses: 'title' },
    { seed: 8, clicks: 9_000, conversions: 3_000 },
  );
  const before = new Date(now().getTime() - age);
  const found = await ground.db
    .selectFrom('conversion')
    .selectAll()
    .where('tracker_config_id', '=', configId)
    .where('converted_at', '<', before)
    .where('converted_at', '>', new Date(before.getTime() - 40 * MINUTE_MS))
    .orderBy('converted_at')
    .executeTakeFirstOrThrow();
  const ids = [Number.parseInt(found.external_id.slice(8), 16)];
  await ledger.overlay({ kind: 'setConversions', ids, status: 'rejected', revenue: '0' });
  await pass(wait);
  await ledger.overlay({ kind: 'setConversions', ids, status: 'sale', revenue: '12.34' });
  await pass(wait);
  const { rows } = await sql<{ status: string; raw_status: string; revenue: string }>`
    select status, raw_status, revenue::text from conversion_with_status where id = ${found.id}`.execute(ground.db);
  expect(rows).toEqual([{ status: 'approved', raw_status: 'Approved', revenue: '12.34' }]);
  const changes = await ground.db
    .selectFrom('conversion_change')
    .select('raw_status')
    .where('conversion_id', '=', found.id)
    .orderBy('seen_at')
    .execute();
  expect(changes.map(({ raw_status }) => raw_status)).toEqual([found.raw_status, 'Declined', 'Approved']);
});

test('a wrong key asks for a person', async () => {
  const { configId, ledger, activities, pass } = await atWork({}, { seed: 9 });
  await ledger.change({ apiKey: 'another-key-from-now-on' });
  await pass(16 * MINUTE_MS);
  const row = () =>
    ground.db.selectFrom('tracker_config').selectAll().where('id', '=', configId).executeTakeFirstOrThrow();
  expect(await row()).toMatchObject({ last_error: { kind: 'auth' } });
  await ledger.clearRequests();
  await workUntilRest(activities, configId);
  expect(await ledger.requests()).toEqual([]);
});

describe('whole days beside the tracker’s own', () => {
  const of = (redtrack: RedtrackOptionsInput, seed: number) =>
    reconciled(ground, { seed, redtrack }, {}, {}, 'redtrack');

  test('are equal to the cent, today and the day in which history begins left out', async () => {
    const { days, figures, day, rereads } = await of({}, 20);
    const states = await days();
    expect(Object.keys(states)).toEqual(Array.from({ length: 19 }, (_, i) => day(19 - i)));
    expect(new Set(Object.values(states))).toEqual(new Set(['equal']));
    const rows = await figures();
    expect(rows.some((row) => Number(row.their_revenue) > 0 && row.our_conversions > 0)).toBe(true);
    expect(await rereads()).toEqual([]);
  });

  test('an old day whose cost was restated is found at night and mended', async () => {
    const { configId, ledger, days, day, pass } = await of({ timezone: 'Asia/Tokyo' }, 21);
    const old = day(14);
    await ledger.overlay({ kind: 'restateCost', day: old, factor: 1.37 });
    await pass(DAY_MS);
    expect((await days())[old]).toBe('equal');
    const from = new Date(`${old}T00:00:00Z`);
    const span = { from, to: new Date(from.getTime() + DAY_MS) };
    const [ours, theirs] = [await hubTotals(ground.db, configId, span), await truthTotals(ledger, span)];
    expect([ours.clicks, ours.cost]).toEqual([theirs.clicks, theirs.cost]);
  });

  test('a conversion that was declined in silence is found and mended', async () => {
    const { configId, ledger, days, day, pass } = await of({}, 22);
    const { rows } = await sql<{ id: string; clicked: string }>`
      select external_id as id, (clicked_at at time zone 'UTC')::date::text as clicked from conversion
      where tracker_config_id = ${configId} and raw_status = 'approved' and revenue > 0 and converted_at < ${`${day(5)}T00:00:00Z`}
      order by converted_at desc limit 1`.execute(ground.db);
    const { id, clicked } = rows[0]!;
    const ids = [Number.parseInt(id.slice(8), 16)];
    await ledger.overlay({ kind: 'setConversions', ids, status: 'rejected' });
    await pass(61 * MINUTE_MS);
    await pass(DAY_MS);
    expect((await days())[clicked]).toBe('equal');
    const now = await ground.db
      .selectFrom('conversion')
      .select('raw_status')
      .where('external_id', '=', id)
      .where('tracker_config_id', '=', configId)
      .executeTakeFirstOrThrow();
    expect(now.raw_status).toBe('declined');
  });
});

/** As a workflow does it: what is due, or the wait that was asked for. */
async function workThroughWaits(configId: string, activities: Activities, isDone: () => Promise<boolean>) {
  const endsAt = Date.now() + 60_000;
  let step = await activities.plan(configId);
  while (!(await isDone())) {
    if (Date.now() > endsAt) throw new Error('not done after a minute');
    if (step.kind === 'work') {
      step = await activities[step.work](configId);
      continue;
    }
    if (step.kind !== 'rest' || step.until === null) throw new Error(`nothing to wait for: ${step.kind}`);
    await sleep(Math.max(0, Date.parse(step.until) - Date.now()));
    step = await activities.plan(configId);
  }
}

const isBackfilled = (configId: string) => async (): Promise<boolean> => {
  const row = await ground.db
    .selectFrom('tracker_config')
    .select('first_synced_at')
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  return row.first_synced_at !== null;
};

describe('limits', () => {
  test('thirty days go through, however slowly, and no call is made before a wait is over', async () => {
    const now = new Date().toISOString();
    const connected = await ground.connect(
      {
        ...{ ...SMALL, seed: 30, clicks: 9_000, conversions: 900, days: 31, anchorAt: now, frozenAt: now },
        redtrack: { maxPer: 400, limit: { calls: 10, windowMs: 1_800 } },
      },
      { backfillDays: 30 },
      'redtrack',
    );
    const { configId, ledger } = connected;
    await workThroughWaits(configId, activitiesOf(ground.deps), isBackfilled(configId));
    await expectEqual(connected, new Date(now));
    const requests = await ledger.requests();
    const refused = requests.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(1);
    for (const { number, endedAt } of refused) {
      const next = requests.find((request) => request.number > number);
      // A window of 1.8 seconds is told as 2 at first, as 1 near its end.
      if (next !== undefined) expect(Date.parse(next.at) - Date.parse(endedAt!)).toBeGreaterThanOrEqual(990);
    }
  });

  test('a report that is longer than they allow does not keep the rows waiting', async () => {
    const now = new Date().toISOString();
    const connected = await ground.connect(
      {
        ...{ seed: 31, clicks: 12_000, conversions: 300, days: 10, campaigns: 500, anchorAt: now, frozenAt: now },
        redtrack: { maxPer: 3_000, limit: { calls: 2, windowMs: 1_200 } },
      },
      { backfillDays: 9 },
      'redtrack',
    );
    const { configId, ledger } = connected;
    const activities = activitiesOf(ground.deps);
    await workThroughWaits(configId, activities, isBackfilled(configId));
    await expectEqual(connected, new Date(now));
    const reports = (await ledger.requests()).filter(({ path }) => path.endsWith('/report'));
    expect(reports.map(({ status }) => status)).toEqual([200, 200, 429]);
  });
});
