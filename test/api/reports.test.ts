// Reports against figures worked out by hand: sums, dimensions, filters, folding, comparison, freshness.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RANGE, type ReportGround, rowsBy, startReportGround } from './report-ground.ts';

let ground: ReportGround;
let api: ReportGround['api'];
let report: ReportGround['report'];
let config: string;
let euro: string;
let alpha: string;

beforeAll(async () => {
  ground = await startReportGround();
  ({ api, report, config, euro, alpha } = ground);
});
afterAll(() => ground.api.end());

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
    [{ campaign: { id: alpha, configId: config, externalId: '1', name: 'Alpha' } }, 'USD', 3, '10.3'],
    [{ campaign: { id: expect.any(String), configId: config, externalId: '2', name: 'Beta' } }, 'USD', 1, '3'],
    [
      { campaign: { id: null, configId: expect.not.stringContaining(config), externalId: '1', name: null } },
      'EUR',
      1,
      '0',
    ],
    [{ campaign: null }, 'USD', 1, '0'],
  ]);
});

describe('dimensions', () => {
  test.each([
    ['config', (key: { name: string }) => key.name, { Dollars: [5, 3], Euros: [1, 0] }],
    ['trackerType', String, { keitaro: [5, 3] }],
    ['country', String, { DE: [1, 1], null: [4, 2] }],
    ['deviceType', String, { mobile: [1, 1], desktop: [1, 0], null: [3, 2] }],
    ['subId3', String, { 'ad-1': [1, 1], null: [4, 2] }],
    ['offer', String, { null: [5, 3] }],
  ] as const)('%s', async (dimension, name, expected) => {
    const scope = dimension === 'config' ? '' : `&configId=${config}`;
    const { rows } = await report(`${RANGE}&groupBy=${dimension}${scope}`);
    expect(
      rowsBy(
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
    // The tracker's own spelling is shown; another one does not make a line of its own.
    const raw = await report(`${RANGE}&groupBy=rawStatus&sort=rawStatus`);
    const words = raw.rows.map(({ keys }: { keys: { rawStatus: string } }) => keys.rawStatus);
    expect(words).toEqual(['chargeback', 'hold', 'Lead', 'rejected', 'sale']);
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
    ['filter.subId3=ad-1', 1, 1],
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
        [false, { campaign: { id: alpha, configId: config, externalId: '1', name: 'Alpha' } }, 3, '0.323456789'],
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
  const days = rowsBy(
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
  test('tells since when anything was read: of a first sync that is under way, by both of its logs', async () => {
    const change = (id: string, columns: object) =>
      api.db.updateTable('tracker_config').set(columns).where('id', '=', id).execute();
    await change(config, { first_synced_at: '2026-11-07T00:00:00Z', backfill_from: '2026-10-20T00:00:00Z' });
    await change(euro, { first_synced_at: null, backfill_from: '2026-09-01T00:00:00Z' });
    expect(await report(RANGE)).toMatchObject({ since: '2026-10-20T00:00:00.000Z' });
    expect(await report(`${RANGE}&configId=${euro}`)).toMatchObject({ since: null });
    const { organizationId } = api.ours;
    const { rows } = await sql<{ id: string }>`
      insert into run (organization_id, tracker_config_id, kind, state) values (${organizationId}, ${euro}, 'backfill', 'running')
      returning id`.execute(api.db);
    for (const [resource, day] of [
      ['conversions', '2026-10-01'],
      ['clicks', '2026-10-05'],
      ['clicks', '2026-10-06'],
    ])
      await sql`insert into sync_window (organization_id, tracker_config_id, run_id, resource, state, from_at, to_at)
        values (${organizationId}, ${euro}, ${rows[0]!.id}, ${resource}, 'done', ${day}::timestamptz, ${day}::timestamptz + interval '1 day')`.execute(
        api.db,
      );
    expect(await report(`${RANGE}&configId=${euro}`)).toMatchObject({ since: '2026-10-05T00:00:00.000Z' });
    expect(await report(RANGE)).toMatchObject({
      ...{ since: '2026-10-05T00:00:00.000Z', wholeSince: '2026-10-20T00:00:00.000Z' },
    });
  });

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
    expect(await report(RANGE)).toMatchObject({ asOf: '2026-11-07T00:00:00.000Z', behind: [euro] });
    // Where all are behind, the one that is furthest behind tells.
    expect(await report(`${RANGE}&configId=${euro}`)).toMatchObject({
      asOf: '2026-11-04T00:00:00.000Z',
      behind: [euro],
    });
    expect(await report(`${RANGE}&configId=${config}`)).toMatchObject({ asOf: '2026-11-07T00:00:00.000Z', behind: [] });
    await api.db.updateTable('tracker_config').set({ desired_state: 'paused' }).where('id', '=', config).execute();
    expect((await report(`${RANGE}&configId=${config}`)).behind).toEqual([config]);
    expect(await report(RANGE)).toMatchObject({ asOf: '2026-11-04T00:00:00.000Z' });
    await api.db.updateTable('tracker_config').set({ desired_state: 'active' }).where('id', '=', config).execute();
  });
});
