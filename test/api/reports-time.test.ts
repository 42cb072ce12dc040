// Reports over time: zones, whose time counts, hours that come twice; and what is refused.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RANGE, type ReportGround, rowsBy, startReportGround } from './report-ground.ts';
import { seedClicks, seedConfig } from './seed.ts';

let ground: ReportGround;
let api: ReportGround['api'];
let report: ReportGround['report'];
let config: string;
let alpha: string;

beforeAll(async () => {
  ground = await startReportGround();
  ({ api, report, config, alpha } = ground);
});
afterAll(() => ground.api.end());

describe('time', () => {
  const days = async (query: string) =>
    rowsBy(
      (await report(`${RANGE}&configId=${config}&groupBy=day${query}`)).rows,
      (row) => row.keys.day,
      (row) => [row.clicks, row.conversions],
    );

  test('days begin in the zone asked for', async () => {
    expect(await days('')).toEqual({ '2026-11-01': [1, 1], '2026-11-02': [2, 1], '2026-11-03': [2, 1] });
    expect(await days('&tz=Europe/Berlin')).toEqual({ '2026-11-02': [3, 2], '2026-11-03': [2, 1] });
  });

  test.each([
    ['filter.day=2026-11-02', { '2026-11-02': [2, 1] }],
    ['filter.day=2026-11-02&tz=Europe/Berlin', { '2026-11-02': [3, 2] }],
    ['filter.day=2026-11-01&filter.day=2026-11-03', { '2026-11-01': [1, 1], '2026-11-03': [2, 1] }],
    ['filter.week=2026-11-02', { '2026-11-02': [2, 1], '2026-11-03': [2, 1] }],
    ['filter.hour=2026-11-02T05:00%2B05:30&tz=Asia/Kolkata', { '2026-11-02': [1, 1] }],
    ['filter.month=2026-10', {}],
  ])('only rows of %s', async (filter, expected) => {
    expect(await days(`&${filter}`)).toEqual(expected);
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

test('the week before is seven days of the zone, though its clocks were changed in it', async () => {
  const { organizationId } = ground.api.ours;
  const owner = { configId: await seedConfig(api.db, organizationId), organizationId };
  const clicks = ['2026-10-24T22:30:00Z', '2026-10-31T22:59:00Z', '2026-10-31T23:00:00Z'].map((clicked_at) => ({
    ...{ clicked_at, cost: '1' },
  }));
  await seedClicks(api.db, owner, clicks);
  const week = 'from=2026-10-31T23:00:00Z&to=2026-11-07T23:00:00Z&tz=Europe/Berlin&compare=previous';
  const { rows, totals } = await report(`${week}&configId=${owner.configId}&groupBy=day`);
  expect(totals).toMatchObject([{ clicks: 1, previous: { clicks: 2 } }]);
  const found = rowsBy(
    rows,
    ({ keys }) => keys.day,
    (row) => [row.clicks, row.previous.clicks],
  );
  expect(found).toEqual({ '2026-11-01': [1, 1], '2026-11-07': [0, 1] });
});

test('without a range speaks of the last 30 days', async () => {
  expect((await report('groupBy=day')).rows).toEqual(expect.any(Array));
});

test.each([
  ['groupBy=colour', 'invalid_request', 'groupBy'],
  ['groupBy=day,day', 'invalid_request', 'groupBy'],
  ['groupBy=day,,week', 'invalid_request', 'groupBy'],
  ['tz=Mars/Olympus', 'invalid_request', 'tz'],
  ["tz=UTC'", 'invalid_request', 'tz'],
  ['sort=-day', 'invalid_request', 'sort'],
  ['sort=clicks;drop', 'invalid_request', 'sort'],
  ['top=0', 'invalid_request', 'top'],
  ['by=postback', 'invalid_request', 'by'],
  ['compare=next', 'invalid_request', 'compare'],
  ['filter.day=yesterday', 'invalid_request', 'filter.day'],
  ['filter.hour=2026-11-01T09:00+00:00', 'invalid_request', 'filter.hour'],
  ['filter.campaign=Alpha', 'invalid_request', 'filter.campaign'],
  ['filter.colour=red', 'invalid_request', 'filter.colour'],
  ['configId=1', 'invalid_request', 'configId'],
  ['from=2020-01-01T00:00:00Z', 'invalid_request', 'from'],
  ['to=2020-01-01T00:00:00Z&from=2021-01-01T00:00:00Z', 'invalid_request', 'to'],
])('refuses ?%s', async (query, code, path) => {
  const { status, json } = await api.ask('GET', `/api/v1/reports?${query}`);
  expect([status, json.code, json.errors?.[0].path]).toEqual([400, code, path]);
});
