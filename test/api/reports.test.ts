// Reports against figures worked out by hand: every dimension, both times, zones, folding, comparison, currencies.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from './seed.ts';

let api: Harness;
let config: string;
let euro: string;
let alpha: string;

const RANGE = 'from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z';

beforeAll(async () => {
  api = await startHarness();
  const { organizationId } = api.ours;
  config = await seedConfig(api.db, organizationId, {
    name: 'Dollars',
    last_synced_at: new Date(),
    first_synced_at: new Date(),
  });
  euro = await seedConfig(api.db, organizationId, { name: 'Euros', settings: JSON.stringify({ currency: 'EUR' }) });
  const owner = { configId: config, organizationId };
  alpha = await seedCampaign(api.db, owner, '1', { name: 'Alpha' });
  await seedCampaign(api.db, owner, '2', { name: 'Beta' });
  const click = (external_id: string, clicked_at: string, campaign: string, given: object = {}) => ({
    ...{ external_id, clicked_at, campaign_external_id: campaign, cost: '0.10' },
    ...given,
  });
  await seedClicks(api.db, owner, [
    click('a1', '2026-11-01T23:30:00Z', '1', { is_unique: true, device_type: 'mobile', sub_ids: '{"3":"ad-1"}' }),
    click('a2', '2026-11-02T00:30:00Z', '1', { is_bot: true, landing_clicked: true, country: 'DE' }),
    click('a3', '2026-11-02T10:00:00Z', '1', { cost: '0.123456789' }),
    click('b1', '2026-11-03T10:00:00Z', '2', { cost: '1.00', device_type: 'desktop' }),
    click('n1', '2026-11-03T11:00:00Z', '', { campaign_external_id: null, cost: null }),
    click('d1', '2026-11-03T11:00:00Z', '1', { is_derived: true, cost: '99' }),
    // The week before.
    click('p1', '2026-10-26T00:30:00Z', '1', { cost: '0.50' }),
  ]);
  await seedConversions(api.db, owner, [
    {
      ...{ click_external_id: 'a1', clicked_at: '2026-11-01T23:30:00Z', converted_at: '2026-11-05T00:00:00Z' },
      ...{ raw_status: 'sale', revenue: '10.10', campaign_external_id: '1' },
    },
    {
      ...{ click_external_id: 'a2', converted_at: '2026-11-05T01:00:00Z', raw_status: 'Lead', revenue: '0.20' },
      ...{ campaign_external_id: '1' },
    },
    {
      ...{ converted_at: '2026-11-03T12:00:00Z', raw_status: 'rejected', revenue: '7', campaign_external_id: '2' },
    },
    { converted_at: '2026-11-03T12:30:00Z', raw_status: 'chargeback', revenue: '-7', campaign_external_id: '2' },
    { converted_at: '2026-11-03T13:00:00Z', raw_status: 'hold', revenue: '3', campaign_external_id: '2' },
  ]);
  await seedClicks(api.db, { configId: euro, organizationId }, [
    { clicked_at: '2026-11-02T00:00:00Z', cost: '2', currency: null, campaign_external_id: '1' },
  ]);
});
afterAll(() => api.end());

const report = async (query: string) => {
  const { status, json } = await api.ask('GET', `/api/v1/reports?${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
};
// biome-ignore lint/suspicious/noExplicitAny: rows of every shape
const by = (rows: any[], key: (row: any) => string, value: (row: any) => unknown) =>
  Object.fromEntries(rows.map((row) => [key(row), value(row)]));

test('sums everything, one total per currency', async () => {
  const { rows, totals } = await report(RANGE);
  const usd = {
    ...{ currency: 'USD', clicks: 5, uniqueClicks: 1, botClicks: 1, landingClicks: 1 },
    ...{ conversions: 3, approved: 1, pending: 1, rejected: 2, hold: 1, reversed: 1 },
    ...{ revenue: '13.3', approvedRevenue: '10.1', cost: '1.323456789', profit: '11.976543211' },
    ...{ roi: 904.944, cr: 60, epc: '2.66' },
  };
  expect(totals).toEqual([
    {
      ...{ currency: 'EUR', clicks: 1, uniqueClicks: 0, botClicks: 0, landingClicks: 0 },
      ...{ conversions: 0, approved: 0, pending: 0, rejected: 0, hold: 0, reversed: 0 },
      ...{ revenue: '0', approvedRevenue: '0', cost: '2', profit: '-2', roi: -100, cr: 0, epc: '0' },
    },
    usd,
  ]);
  expect(rows.find(({ currency }: { currency: string }) => currency === 'USD')).toEqual({
    keys: {},
    isRest: false,
    ...usd,
  });
});

test('a division by zero is null', async () => {
  const { rows } = await report(`${RANGE}&groupBy=status&by=conversion`);
  expect(rows[0]).toMatchObject({ roi: null, cr: null, epc: null });
  const { totals } = await report('from=2026-11-05T00:00:00Z&to=2026-11-06T00:00:00Z&by=conversion');
  expect(totals).toMatchObject([{ clicks: 0, conversions: 2, cost: '0', roi: null, cr: null, epc: null }]);
});

test('by campaign: named, the nameless too, and each tracker by itself', async () => {
  const { rows } = await report(`${RANGE}&groupBy=campaign&sort=-revenue`);
  expect(
    rows.map(({ keys, currency, clicks, revenue }: Record<string, unknown>) => [keys, currency, clicks, revenue]),
  ).toEqual([
    [{ campaign: { id: alpha, externalId: '1', name: 'Alpha' } }, 'USD', 3, '10.3'],
    [{ campaign: { id: expect.any(String), externalId: '2', name: 'Beta' } }, 'USD', 1, '3'],
    [{ campaign: { id: null, externalId: '1', name: null } }, 'EUR', 1, '0'],
    [{ campaign: null }, 'USD', 1, '0'],
  ]);
});

describe('time', () => {
  const days = async (query: string) =>
    by(
      (await report(`${RANGE}&configId=${config}&groupBy=day${query}`)).rows,
      (row) => row.keys.day,
      (row) => [row.clicks, row.conversions],
    );

  test('days begin in the zone asked for', async () => {
    expect(await days('')).toEqual({ '2026-11-01': [1, 1], '2026-11-02': [2, 1], '2026-11-03': [2, 1] });
    expect(await days('&tz=Europe/Berlin')).toEqual({ '2026-11-02': [3, 2], '2026-11-03': [2, 1] });
  });

  test("a conversion counts at its click's time, or at its own", async () => {
    expect(await days('&by=conversion')).toEqual({
      ...{ '2026-11-01': [1, 0], '2026-11-02': [2, 0], '2026-11-03': [2, 1], '2026-11-05': [0, 2] },
    });
  });

  test.each([
    ['hour', 'UTC', ['2026-11-01T23:00+00:00', '2026-11-02T00:00+00:00', '2026-11-02T10:00+00:00']],
    ['hour', 'Asia/Kolkata', ['2026-11-02T05:00+05:30', '2026-11-02T06:00+05:30', '2026-11-02T15:00+05:30']],
    ['hour', 'America/New_York', ['2026-11-01T18:00-05:00', '2026-11-01T19:00-05:00', '2026-11-02T05:00-05:00']],
    ['week', 'UTC', ['2026-10-26', '2026-11-02']],
    ['month', 'UTC', ['2026-11']],
  ])('%s in %s', async (dimension, tz, expected) => {
    const { rows } = await report(`${RANGE}&filter.campaign=${alpha}&groupBy=${dimension}&tz=${tz}`);
    expect(rows.map(({ keys }: { keys: Record<string, string> }) => keys[dimension])).toEqual(expected);
  });

  test('the hour that comes twice in autumn is two hours', async () => {
    const { organizationId } = api.theirs;
    const owner = { configId: await seedConfig(api.db, organizationId), organizationId };
    await seedClicks(api.db, owner, [{ clicked_at: '2026-10-25T00:30:00Z' }, { clicked_at: '2026-10-25T01:30:00Z' }]);
    const { json } = await api.ask(
      'GET',
      '/api/v1/reports?from=2026-10-25T00:00:00Z&to=2026-10-26T00:00:00Z&groupBy=hour&tz=Europe/Berlin',
      { key: api.theirs.keys.viewer },
    );
    expect(json.rows.map((row: { keys: { hour: string } }) => row.keys.hour)).toEqual([
      '2026-10-25T02:00+01:00',
      '2026-10-25T02:00+02:00',
    ]);
  });
});

describe('dimensions', () => {
  test.each([
    ['config', (key: { name: string }) => key.name, { Dollars: [5, 3], Euros: [1, 0] }],
    ['trackerType', String, { keitaro: [5, 3] }],
    ['country', String, { DE: [1, 1], null: [4, 2] }],
    ['deviceType', String, { mobile: [1, 1], desktop: [1, 0], null: [3, 2] }],
    ['subId3', String, { 'ad-1': [1, 0], null: [4, 3] }],
    ['offer', String, { null: [5, 3] }],
  ] as const)('%s', async (dimension, name, expected) => {
    const scope = dimension === 'config' ? '' : `&configId=${config}`;
    const { rows } = await report(`${RANGE}&groupBy=${dimension}${scope}`);
    expect(
      by(
        rows,
        (row) => (name as (key: unknown) => string)(row.keys[dimension]),
        (row) => [row.clicks, row.conversions],
      ),
    ).toEqual(expected);
  });

  test('status and raw status show conversions only; the totals keep the clicks', async () => {
    const { rows, totals } = await report(`${RANGE}&configId=${config}&groupBy=status&sort=status`);
    expect(
      rows.map(({ keys, clicks, cost, profit, reversed }: Record<string, unknown>) => [
        keys,
        clicks,
        cost,
        profit,
        reversed,
      ]),
    ).toEqual([
      [{ status: 'approved' }, null, null, null, 0],
      [{ status: 'hold' }, null, null, null, 0],
      [{ status: 'pending' }, null, null, null, 0],
      [{ status: 'rejected' }, null, null, null, 1],
    ]);
    expect(totals).toMatchObject([{ clicks: 5, conversions: 3 }]);
    const raw = await report(`${RANGE}&groupBy=rawStatus&sort=rawStatus`);
    expect(raw.rows.map(({ keys }: { keys: { rawStatus: string } }) => keys.rawStatus)).toContain('lead');
  });

  test('several at once', async () => {
    const { rows } = await report(`${RANGE}&configId=${config}&groupBy=day,campaign&sort=day`);
    expect(
      rows.map((row: { keys: { day: string; campaign: { name: string } | null } }) => [
        row.keys.day,
        row.keys.campaign?.name ?? null,
      ]),
    ).toEqual([
      ['2026-11-01', 'Alpha'],
      ['2026-11-02', 'Alpha'],
      ['2026-11-03', 'Beta'],
      ['2026-11-03', null],
    ]);
  });
});

describe('filters', () => {
  test.each([
    ['filter.country=DE', 1, 1],
    ['filter.deviceType=mobile&filter.deviceType=desktop', 2, 1],
    ['filter.subId3=ad-1', 1, 0],
    ['filter.trackerType=keitaro', 5, 3],
    ['filter.trackerType=voluum', undefined, undefined],
  ])('%s', async (filter, clicks, conversions) => {
    const { totals } = await report(`${RANGE}&configId=${config}&${filter}`);
    expect([totals[0]?.clicks, totals[0]?.conversions]).toEqual([clicks, conversions]);
  });

  test('by status leave no clicks to tell', async () => {
    const { totals } = await report(`${RANGE}&configId=${config}&filter.status=approved&filter.status=hold`);
    expect(totals).toMatchObject([{ clicks: null, cost: null, cr: null, conversions: 2, revenue: '13.1', pending: 0 }]);
    const raw = await report(`${RANGE}&filter.rawStatus=LEAD&configId=${config}`);
    expect(raw.totals).toMatchObject([{ pending: 1, conversions: 1 }]);
  });
});

describe('top', () => {
  test('folds the rest, so that rows and totals agree', async () => {
    const { rows, totals } = await report(`${RANGE}&configId=${config}&groupBy=campaign&sort=-clicks&top=1`);
    expect(rows.map(({ isRest, keys, clicks, cost }: Record<string, unknown>) => [isRest, keys, clicks, cost])).toEqual(
      [
        [false, { campaign: { id: alpha, externalId: '1', name: 'Alpha' } }, 3, '0.323456789'],
        [true, { campaign: null }, 2, '1'],
      ],
    );
    expect(totals[0]).toMatchObject({ clicks: 5, cost: '1.323456789' });
  });

  test('without a rest folds nothing', async () => {
    const { rows } = await report(`${RANGE}&configId=${config}&groupBy=campaign&top=3`);
    expect(rows.every(({ isRest }: { isRest: boolean }) => !isRest)).toBe(true);
  });
});

test('compare=previous sets the period before beside each row, its days moved along', async () => {
  const { rows, totals } = await report(`${RANGE}&configId=${config}&groupBy=day&compare=previous`);
  const days = by(
    rows,
    (row) => row.keys.day,
    (row) => [row.clicks, row.previous.clicks, row.previous.cost],
  );
  expect(days).toEqual({
    ...{ '2026-11-01': [1, 0, '0'], '2026-11-02': [2, 1, '0.5'], '2026-11-03': [2, 0, '0'] },
  });
  expect(totals).toMatchObject([{ clicks: 5, conversions: 3, previous: { clicks: 1, cost: '0.5', roi: -100 } }]);
});

describe('freshness', () => {
  test('tells up to when all is in, and who is behind', async () => {
    const read = (id: string, readTo: string) =>
      api.db
        .updateTable('tracker_resource')
        .set({ read_to: readTo })
        .where('tracker_config_id', '=', id)
        .where('resource', '=', 'clicks')
        .execute();
    await read(config, '2026-11-07T00:00:00Z');
    await read(euro, '2026-11-04T00:00:00Z');
    expect(await report(RANGE)).toMatchObject({ asOf: '2026-11-04T00:00:00.000Z', behind: [euro] });
    expect(await report(`${RANGE}&configId=${config}`)).toMatchObject({ asOf: '2026-11-07T00:00:00.000Z', behind: [] });
  });
});

test('without a range speaks of the last 30 days', async () => {
  expect((await report('groupBy=day')).rows).toEqual(expect.any(Array));
});

test.each([
  ['groupBy=colour', 'invalid_request', 'groupBy'],
  ['groupBy=day,day', 'invalid_request', 'groupBy'],
  ['groupBy=day,,week', 'invalid_request', 'groupBy'],
  ['groupBy=ad', 'not_supported', undefined],
  ['currency=EUR', 'not_supported', undefined],
  ['tz=Mars/Olympus', 'invalid_request', 'tz'],
  ["tz=UTC'", 'invalid_request', 'tz'],
  ['sort=-day', 'invalid_request', 'sort'],
  ['sort=clicks;drop', 'invalid_request', 'sort'],
  ['top=0', 'invalid_request', 'top'],
  ['by=postback', 'invalid_request', 'by'],
  ['compare=next', 'invalid_request', 'compare'],
  ['filter.day=2026-11-01', 'invalid_request', 'filter.day'],
  ['filter.campaign=Alpha', 'invalid_request', 'filter.campaign'],
  ['filter.colour=red', 'invalid_request', 'filter.colour'],
  ['configId=1', 'invalid_request', 'configId'],
  ['from=2020-01-01T00:00:00Z', 'invalid_request', 'from'],
  ['to=2020-01-01T00:00:00Z&from=2021-01-01T00:00:00Z', 'invalid_request', 'to'],
])('refuses ?%s', async (query, code, path) => {
  const { status, json } = await api.ask('GET', `/api/v1/reports?${query}`);
  expect([status, json.code, json.errors?.[0].path]).toEqual([400, code, path]);
});
