// Reconciliation at its edges: attempts that were overtaken, panels of few columns, retention, changed mappings, deleted configs.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Http } from '../../src/adapters/http.ts';
import { DAY_MS } from '../../src/core/windows.ts';
import { freshDatabase } from '../setup/database.ts';
import { activitiesOf, type Ground, openGround, workUntilRest } from './ground.ts';
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

const HOUR = 61 * 60_000;
const SHORT = { days: 5, clicks: 1_500, conversions: 200, growthPerDay: 0 };
const FIVE = { backfillDays: 5 };

/** Of every column that is not equal: what is said of it. */
const reasonsOf = (figures: { verdicts: Record<string, { state: string; reason: string | null }> }[]) =>
  new Set(
    figures.flatMap(({ verdicts }) =>
      Object.entries(verdicts).map(([column, { state, reason }]) => `${column} ${state}: ${reason}`),
    ),
  );

test('a panel whose logs tell neither cost nor campaign is explained, and nothing is read again', async () => {
  const keitaro = { build: 'v11', v11Columns: 'confirmed' };
  const { configId, days, figures, rereads, day, passWith } = await reconciled(
    ground,
    { seed: 41, ...SHORT, keitaro },
    FIVE,
  );
  expect(new Set(Object.values(await days()))).toEqual(new Set(['explained']));
  expect(reasonsOf(await figures())).toEqual(
    new Set([
      'cost explained: the log tells no cost',
      'conversions explained: the log tells no campaign',
      'revenue explained: the log tells no campaign',
    ]),
  );
  expect(await rereads()).toEqual([]);
  // A conversion that is missing is found all the same: the day's sum is not theirs.
  const old = day(3);
  await passWith(DAY_MS, () =>
    sql`delete from conversion where tracker_config_id = ${configId} and external_id in (
      select external_id from conversion where tracker_config_id = ${configId} and clicked_at::date = ${old}::date
      order by converted_at limit 2)`.execute(ground.db),
  );
  expect(await rereads()).toMatchObject([{ resources: ['conversions'] }]);
  expect((await days())[old]).toBe('explained');
});

test('a check that was overtaken by another one writes nothing', async () => {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  let isAsleep = false;
  const http: Http = {
    ...ground.deps.http,
    async call(call) {
      const answer = await ground.deps.http.call(call);
      if (!isAsleep || !call.url.pathname.endsWith('/report/build')) return answer;
      reached.resolve();
      await gate.promise;
      return answer;
    },
  };
  const life = await reconciled(ground, { seed: 42, ...SHORT }, FIVE, { http });
  const { configId, ledger, now, day } = life;
  const later = new Date(now().getTime() + HOUR);
  await ledger.setClock({ freezeAt: later.toISOString() });
  const awake = activitiesOf({ ...ground.deps, clock: () => later });
  let step = await awake.plan(configId);
  while (step.kind === 'work' && step.work !== 'reconcile') step = await awake[step.work](configId);
  expect(step).toMatchObject({ work: 'reconcile' });
  isAsleep = true;
  const zombie = activitiesOf({ ...ground.deps, http, clock: () => later }).reconcile(configId);
  await reached.promise;
  await sql`update sync_lease set until = '1970-01-01' where tracker_config_id = ${configId}`.execute(ground.db);
  // What the zombie was told is not true any more when it wakes.
  await ledger.overlay({ kind: 'restateCost', day: day(1), factor: 2 });
  await workUntilRest(awake, configId);
  const before = [await life.figures(), await life.days(), (await life.config()).totals_checked_at];
  expect((await life.days())[day(1)]).toBe('equal');
  gate.resolve();
  await zombie;
  expect([await life.figures(), await life.days(), (await life.config()).totals_checked_at]).toEqual(before);
});

test('what retention has deleted is not compared, and above all not read again', async () => {
  const retention = { clickDays: 3, requestDays: 30 };
  const { configId, days, day, pass, rereads, now } = await reconciled(ground, { seed: 43, ...SHORT }, FIVE, {
    retention,
  });
  const cut = new Date(now().getTime() - 3 * DAY_MS + HOUR);
  await sql`delete from click where tracker_config_id = ${configId} and clicked_at < ${cut}`.execute(ground.db);
  await sql`delete from reconciliation_day where tracker_config_id = ${configId}`.execute(ground.db);
  await pass(HOUR);
  await sql`update tracker_config set totals_all_fresh_at = null where id = ${configId}`.execute(ground.db);
  await pass(60_000);
  expect(Object.keys(await days())).toEqual([day(2), day(1), day(0)]);
  expect(await rereads()).toEqual([]);
});

test('a mapping that a person changed has no say: the words are the tracker’s own', async () => {
  const { configId, days, ledger, pass } = await reconciled(ground, { seed: 44, ...SHORT }, FIVE);
  const sales = await sql<{ shown: number }>`
    select (raw ->> 'conversion_id')::int as shown from conversion where tracker_config_id = ${configId}
      and raw_status = 'sale' and revenue > 0 order by converted_at desc limit 9`.execute(ground.db);
  const ids = sales.rows.map(({ shown }) => shown);
  await ledger.overlay({ kind: 'setConversions', ids, status: 'rejected' });
  await sql`update status_map set status = 'approved' where tracker_config_id = ${configId}`.execute(ground.db);
  await pass(DAY_MS);
  expect(Object.values(await days())).not.toContain('differs');
  const rejected = await sql`select from conversion where tracker_config_id = ${configId} and raw_status = 'rejected'
    and revenue > 0`.execute(ground.db);
  expect(rejected.rows).toHaveLength(9);
});

test('days that were never read are compared when they are in', async () => {
  const { configId, days, day, pass, rereads } = await reconciled(
    ground,
    { seed: 45, ...SHORT, days: 8, clicks: 3_000 },
    FIVE,
  );
  await sql`update tracker_config set settings = settings || '{"backfillDays": 7}' where id = ${configId}`.execute(
    ground.db,
  );
  await pass(HOUR);
  await pass(DAY_MS);
  expect((await days())[day(7)]).toBe('equal');
  expect(await rereads()).toEqual([]);
});

test.each(['backfill', 'reread'] as const)('while a %s is open, what it reads is not compared', async (kind) => {
  const { configId, activities } = await reconciled(ground, { seed: 47, ...SHORT }, FIVE);
  await ground.db.updateTable('tracker_config').set({ totals_fresh_at: null }).where('id', '=', configId).execute();
  expect(await activities.plan(configId)).toMatchObject({ work: 'reconcile' });
  await ground.db
    .insertInto('run')
    .values({ organization_id: ground.organizationId, tracker_config_id: configId, kind, state: 'running' })
    .execute();
  expect(await activities.plan(configId)).toMatchObject({ work: kind });
  await activities[kind](configId);
  expect(await activities.plan(configId)).toMatchObject({ work: 'reconcile' });
});

test('amounts in several currencies are never added up, and the difference is explained by that', async () => {
  const { configId, figures, day, pass, rereads } = await reconciled(ground, { seed: 48, ...SHORT }, FIVE);
  const paint = (old: string, where: string): Promise<unknown> =>
    sql`update click set currency = 'EUR' where tracker_config_id = ${configId} and clicked_at::date = ${old}::date
      and ${sql.raw(where)}`.execute(ground.db);
  await paint(day(3), 'true');
  await paint(day(4), "right(external_id, 1) < '8'");
  const inDollars = await sql<{ campaign: string; cost: string }>`
    select campaign_external_id as campaign, trim_scale(sum(cost))::text as cost from click
    where tracker_config_id = ${configId} and clicked_at::date = ${day(4)}::date and currency <> 'EUR'
    group by 1 order by 1`.execute(ground.db);
  const [allEuros, some] = [day(3), day(4)];
  await pass(DAY_MS);
  for (const { verdicts, cost_currency, our_cost, their_cost } of await figures(allEuros)) {
    const currency = Number(our_cost) === 0 ? 'USD' : 'EUR';
    expect({ verdicts, cost_currency }).toEqual({ verdicts: {}, cost_currency: currency });
    expect(Number(our_cost)).toBe(Number(their_cost));
  }
  const mixed = await figures(some);
  expect(reasonsOf(mixed)).toEqual(new Set(['cost explained: amounts in several currencies']));
  expect(mixed.map(({ place: _, ...row }) => [row.cost_currency, Number(row.our_cost)])).toEqual(
    inDollars.rows.map(({ cost }) => ['USD', Number(cost)]),
  );
  expect(await rereads()).toEqual([]);
});

test('a deleted config takes its days along', async () => {
  const { configId, activities } = await reconciled(ground, { seed: 46, ...SHORT }, FIVE);
  await ground.db.updateTable('tracker_config').set({ desired_state: 'deleting' }).where('id', '=', configId).execute();
  expect((await workUntilRest(activities, configId)).kind).toBe('gone');
  const left = await sql`select from reconciliation_day where tracker_config_id = ${configId}
    union all select from reconciliation_figure where tracker_config_id = ${configId}`.execute(ground.db);
  expect(left.rows).toEqual([]);
});
