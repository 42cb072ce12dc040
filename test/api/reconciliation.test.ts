// GET /reconciliation: both sides beside each other, summed as asked, with the worst that is known of them.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ComparedDay, type DayRecord, saveDays, saveFigures } from '../../src/store/reconciliation.ts';
import { type Harness, startHarness } from './harness.ts';
import { seedCampaign, seedConfig } from './seed.ts';

let api: Harness;
let dollars: string;
let euros: string;
let alpha: string;
let openRun: string;

const CHECKED = '2026-11-05T01:00:00.000Z';
const RANGE = 'from=2026-11-01T00:00:00Z&to=2026-11-05T00:00:00Z';

const day = (name: string, state: DayRecord['state'], rereadRunId: string | null = null): DayRecord => ({
  ...{ day: name, state, rereadRunId, rereadOn: null, rereadsOnDay: 0, rereadLeft: null },
});
const figures = (
  name: string,
  campaign: string,
  ours: [string, string, string, string],
  theirs = ours,
  verdicts: ComparedDay['verdicts'] = {},
  currency = 'USD',
): ComparedDay => {
  const told = ([clicks, cost, conversions, revenue]: typeof ours) => ({ clicks, cost, conversions, revenue });
  return {
    day: name,
    campaign,
    ours: told(ours),
    theirs: told(theirs),
    verdicts,
    currencies: { cost: currency, revenue: currency },
  };
};

beforeAll(async () => {
  api = await startHarness();
  const { organizationId } = api.ours;
  dollars = await seedConfig(api.db, organizationId, { name: 'Dollars' });
  euros = await seedConfig(api.db, organizationId, {
    name: 'Euros',
    settings: JSON.stringify({ currency: 'EUR' }),
  });
  alpha = await seedCampaign(api.db, { configId: dollars, organizationId }, '1', { name: 'Alpha' });
  const run = (state: 'running' | 'done') =>
    api.db
      .insertInto('run')
      .values({ organization_id: organizationId, tracker_config_id: dollars, kind: 'reread', state })
      .returning('id')
      .executeTakeFirstOrThrow();
  openRun = (await run('running')).id;
  const doneRun = (await run('done')).id;
  const differs = { state: 'differs', reason: null } as const;
  const owner = { id: dollars, organization_id: organizationId };
  await saveDays(api.db, owner, new Date(CHECKED), [
    day('2026-10-31', 'equal'),
    day('2026-11-01', 'equal'),
    day('2026-11-02', 'differs', doneRun),
    day('2026-11-03', 'differs', openRun),
    day('2026-11-04', 'equal'),
  ]);
  await saveFigures(api.db, owner, [
    figures('2026-10-31', '1', ['500', '5', '0', '0']),
    figures('2026-11-01', '1', ['10', '1.25', '2', '4.5']),
    figures('2026-11-01', '', ['1', '0', '0', '0']),
    figures('2026-11-02', '1', ['12', '1.5', '3', '10'], ['9', '1.1', '2', '10'], {
      clicks: { state: 'explained', reason: 'rows the log no longer serves' },
      cost: { state: 'explained', reason: 'rows the log no longer serves' },
      conversions: differs,
    }),
    figures('2026-11-02', '2', ['7', '0.123456', '0', '0'], ['8', '0.2', '0', '0'], {
      clicks: { state: 'explained', reason: 'unreadable rows' },
      cost: differs,
    }),
    figures('2026-11-03', '1', ['5', '0.5', '0', '0'], ['6', '0.5', '0', '0'], { clicks: differs }),
  ]);
  const theirs = { id: euros, organization_id: organizationId };
  await saveDays(api.db, theirs, new Date(CHECKED), [day('2026-11-02', 'equal')]);
  await saveFigures(api.db, theirs, [figures('2026-11-02', '1', ['3', '2', '0', '0'], undefined, {}, 'EUR')]);
});
afterAll(() => api.end());

// biome-ignore lint/suspicious/noExplicitAny: items of every shape
async function read(query: string): Promise<any[]> {
  const { status, json } = await api.ask('GET', `/api/v1/reconciliation?${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
}

test('by day: an item a column, summed over campaigns and never over configs', async () => {
  const items = await read(RANGE);
  const of = (configId: string, name: string, column: string) =>
    items.find((item) => item.configId === configId && item.day === name && item.column === column);
  expect(items).toHaveLength(4 * 4 + 4);
  expect(of(dollars, '2026-11-01', 'clicks')).toEqual({
    ...{ configId: dollars, day: '2026-11-01', campaign: null, column: 'clicks', currency: null },
    ...{ ours: 11, theirs: 11, difference: 0, state: 'equal', reason: null, checkedAt: CHECKED, rereadAt: null },
  });
  expect(of(dollars, '2026-11-02', 'cost')).toMatchObject({
    ...{ currency: 'USD', ours: '1.623456', theirs: '1.3', difference: '0.323456', state: 'differs', reason: null },
  });
  expect(of(dollars, '2026-11-02', 'clicks')).toMatchObject({
    ...{ ours: 19, theirs: 17, difference: 2, state: 'explained' },
    reason: 'rows the log no longer serves; unreadable rows',
  });
  expect(of(dollars, '2026-11-04', 'revenue')).toMatchObject({ ours: '0', theirs: '0', state: 'equal' });
  expect(of(euros, '2026-11-02', 'cost')).toMatchObject({ currency: 'EUR', ours: '2', state: 'equal' });
});

test('what is being read again says so, until that has ended', async () => {
  const clicks = async () => (await read(`${RANGE}&column=clicks`)).find((item) => item.day === '2026-11-03');
  expect(await clicks()).toMatchObject({ state: 'rereading', difference: -1 });
  await api.db.updateTable('run').set({ state: 'done' }).where('id', '=', openRun).execute();
  expect(await clicks()).toMatchObject({ state: 'differs' });
  await api.db.updateTable('run').set({ state: 'running' }).where('id', '=', openRun).execute();
});

test('by campaign: days are summed, the campaign is named', async () => {
  const items = await read(`${RANGE}&groupBy=campaign&configId=${dollars}&column=clicks`);
  expect(items).toMatchObject([
    {
      campaign: { id: alpha, externalId: '1', name: 'Alpha' },
      ...{ day: null, ours: 27, theirs: 25, difference: 2, state: 'rereading' },
    },
    { campaign: { id: null, externalId: '2', name: null }, ours: 7, theirs: 8, state: 'explained' },
    { campaign: null, ours: 1, theirs: 1, state: 'equal' },
  ]);
});

test('by config: one line for each', async () => {
  const items = await read(`${RANGE}&groupBy=config&column=conversions`);
  expect(items.map(({ configId, day, ours, theirs, state }) => [configId, day, ours, theirs, state])).toEqual(
    [
      [dollars, null, 5, 4, 'differs'],
      [euros, null, 0, 0, 'equal'],
    ].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
});

describe('a range', () => {
  test('takes the days that begin within it', async () => {
    const days = async (range: string) => [
      ...new Set((await read(`${range}&configId=${dollars}`)).map((item) => item.day)),
    ];
    expect(await days('from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z')).toEqual(['2026-11-01']);
    expect(await days('from=2026-11-01T00:00:01Z&to=2026-11-02T00:00:01Z')).toEqual(['2026-11-02']);
    expect(await days('from=2026-11-01T01:00:00Z&to=2026-11-01T23:00:00Z')).toEqual([]);
  });

  test.each(['from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', 'from=2024-01-01T00:00:00Z', 'configId=1', 'x=1'])(
    'or another question that makes no sense is refused: %s',
    async (query) => {
      expect((await api.ask('GET', `/api/v1/reconciliation?${query}`)).status).toBe(400);
    },
  );
});

test('only what differs, where only that is asked for', async () => {
  const items = await read(`${RANGE}&state=differs`);
  expect(items.map(({ day, column }) => [day, column])).toEqual([
    ['2026-11-02', 'cost'],
    ['2026-11-02', 'conversions'],
  ]);
});

test('another organisation sees none of it, also where it asks for the id; nor what is being deleted', async () => {
  const key = api.theirs.keys.owner;
  expect((await api.ask('GET', `/api/v1/reconciliation?${RANGE}`, { key })).json).toEqual([]);
  expect((await api.ask('GET', `/api/v1/reconciliation?${RANGE}&configId=${dollars}`, { key })).json).toEqual([]);
  expect(await read(`${RANGE}&configId=${randomUUID()}`)).toEqual([]);
  await api.db.updateTable('tracker_config').set({ desired_state: 'deleting' }).where('id', '=', euros).execute();
  expect(await read(`${RANGE}&configId=${euros}`)).toEqual([]);
  await api.db.updateTable('tracker_config').set({ desired_state: 'active' }).where('id', '=', euros).execute();
});

test('a figure goes in as it is: no digit is lost, and a second save of a day replaces it', async () => {
  const owner = { id: euros, organization_id: api.ours.organizationId };
  const cost = '123456789012.1234567890123456789';
  await saveDays(api.db, owner, new Date(CHECKED), [day('2026-11-01', 'equal')]);
  await saveFigures(api.db, owner, [figures('2026-11-01', '1', ['3', '1', '0', '0'])]);
  await saveFigures(api.db, owner, [figures('2026-11-01', '1', ['3', cost, '0', '0'])]);
  const [item] = await read(
    `from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z&configId=${euros}&column=cost&groupBy=config`,
  );
  expect(item).toMatchObject({ ours: cost, theirs: cost });
  const { rows } = await sql`select from reconciliation_figure where tracker_config_id = ${euros}`.execute(api.db);
  expect(rows).toHaveLength(2);
});

test('money of two currencies is never one sum', async () => {
  const owner = { id: dollars, organization_id: api.ours.organizationId };
  await saveDays(api.db, owner, new Date(CHECKED), [day('2026-10-20', 'equal')]);
  await saveFigures(api.db, owner, [
    figures('2026-10-20', '1', ['3', '1.5', '0', '0']),
    figures('2026-10-20', '2', ['4', '2.5', '0', '0'], undefined, {}, 'EUR'),
  ]);
  const of = 'from=2026-10-20T00:00:00Z&to=2026-10-21T00:00:00Z';
  const items = await read(`${of}&configId=${dollars}`);
  expect(items.filter(({ column }) => column === 'cost').map(({ currency, ours }) => [currency, ours])).toEqual([
    ['EUR', '2.5'],
    ['USD', '1.5'],
  ]);
  expect(items.filter(({ column }) => column === 'clicks')).toMatchObject([{ currency: null, ours: 7 }]);
});

test('what was read again is dated, and a connection that was never compared says why', async () => {
  const { organizationId } = api.ours;
  const finished = new Date('2026-11-05T02:00:00Z');
  const [reread] = await read(`${RANGE}&configId=${dollars}&column=clicks&groupBy=config`);
  expect(reread.rereadAt).toBeNull();
  await api.db.updateTable('run').set({ finished_at: finished }).where('state', '=', 'done').execute();
  const again = await read(`${RANGE}&configId=${dollars}&column=clicks&groupBy=config`);
  expect(again[0].rereadAt).toBe(finished.toISOString());
  const reasonOf = async (id: string) => {
    const items = await read(`${RANGE}&configId=${id}`);
    expect(items.map(({ column }) => column)).toEqual(['clicks', 'cost', 'conversions', 'revenue']);
    expect(items[0]).toMatchObject({ ours: null, theirs: null, difference: null, checkedAt: null, state: 'explained' });
    return items[0].reason;
  };
  const silent = await seedConfig(api.db, organizationId, { type: 'tg_tracker' });
  expect(await reasonOf(silent)).toBe('the tracker gives no totals of its own');
  expect(await read(`${RANGE}&configId=${silent}&state=differs`)).toEqual([]);
  const fresh = await seedConfig(api.db, organizationId);
  expect(await reasonOf(fresh)).toBe('nothing is read yet');
  await api.db.updateTable('tracker_resource').set({ state: 'ok' }).where('tracker_config_id', '=', fresh).execute();
  expect(await reasonOf(fresh)).toBe('not compared yet');
  await api.db
    .insertInto('tracker_resource')
    .values({
      ...{ tracker_config_id: fresh, organization_id: organizationId, resource: 'totals' },
      ...{ state: 'unavailable', reason: '403: not in your plan' },
    })
    .execute();
  expect(await reasonOf(fresh)).toBe('403: not in your plan');
});
