// Trackers without a complete click log: their own daily totals tell clicks and cost, and what those do not know is null.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RANGE, type ReportGround, rowsBy, startReportGround } from './report-ground.ts';
import { markAll, seedClicks, seedConfig, seedConversions } from './seed.ts';

let ground: ReportGround;
let report: ReportGround['report'];
let summed: string;

beforeAll(async () => {
  ground = await startReportGround();
  ({ report } = ground);
  const { db, ours } = ground.api;
  const { organizationId } = ours;
  summed = await seedConfig(db, organizationId, { name: 'Summed', type: 'voluum' });
  const owner = { configId: summed, organizationId };
  // The log has the latest clicks alone.
  await seedClicks(db, owner, [
    { clicked_at: '2026-11-02T10:00:00Z', campaign_external_id: 'v', cost: '1' },
    { clicked_at: '2026-11-05T10:00:00Z', campaign_external_id: 'v', cost: '3' },
  ]);
  await seedConversions(db, owner, [
    ...[1, 2].map((hour) => ({
      ...{ converted_at: `2026-11-02T1${hour}:00:00Z`, clicked_at: '2026-11-02T10:00:00Z', raw_status: 'sale' },
      ...{ revenue: '5', campaign_external_id: 'v', country: 'FR', offer_external_id: 'o' },
    })),
  ]);
  for (const [day, campaign, clicks, cost] of [
    ['2026-11-02', 'v', 100, '20'],
    ['2026-11-03', 'v', 50, '10'],
    ['2026-11-03', '', 7, '0'],
    ['2026-11-08', 'v', 999, '99'],
  ] as const) {
    await sql`insert into reconciliation_figure (tracker_config_id, day, campaign_external_id, organization_id, our_clicks, their_clicks,
        our_cost, their_cost, our_conversions, their_conversions, our_revenue, their_revenue)
      values (${summed}, ${day}, ${campaign}, ${organizationId}, 1, ${clicks}, 1, ${cost}, 0, 0, 0, 0)`.execute(db);
    await sql`insert into reconciliation_day (tracker_config_id, day, organization_id, checked_at, state)
      values (${summed}, ${day}, ${organizationId}, now(), 'equal') on conflict do nothing`.execute(db);
  }
});
afterAll(() => ground.api.end());

const ofSummed = (query: string) => report(`${RANGE}&configId=${summed}${query}`);

test('clicks, cost and what follows are those of the totals, of the log where there are none yet; a total counts clicks and no more', async () => {
  const { totals } = await ofSummed('');
  expect(totals).toMatchObject([
    { clicks: 158, cost: '33', conversions: 2, revenue: '10', profit: '-23', uniqueClicks: null, botClicks: null },
  ]);
  expect(totals[0].cr).toBeCloseTo(1.2658, 4);
});

test.each([
  ['campaign', { null: [7, '0', 0], v: [151, '33', 2] }],
  ['day', { '2026-11-02': [100, '20', 2], '2026-11-03': [57, '10', 0], '2026-11-05': [1, '3', 0] }],
  ['month', { '2026-11': [158, '33', 2] }],
])('by %s', async (dimension, expected) => {
  const { rows } = await ofSummed(`&groupBy=${dimension}`);
  const found = rowsBy(
    rows,
    ({ keys }) => keys[dimension]?.externalId ?? String(keys[dimension]),
    (row) => [row.clicks, row.cost, row.conversions],
  );
  expect(found).toEqual(expected);
});

test('a day of the totals is never cut: another zone has the same days', async () => {
  const { rows } = await report(
    `from=2026-11-02T05:00:00Z&to=2026-11-03T05:00:00Z&tz=America/New_York&configId=${summed}&groupBy=day`,
  );
  expect(rows.map((row: { clicks: number }) => row.clicks)).toEqual([100]);
});

test('by what the totals do not know, clicks are null, and the sum of all is not', async () => {
  const { rows, totals } = await ofSummed('&groupBy=country');
  expect(rows).toMatchObject([
    { keys: { country: 'FR' }, clicks: null, cost: null, profit: null, cr: null, conversions: 2 },
  ]);
  expect(totals).toMatchObject([{ clicks: 158, cost: '33' }]);
  const filtered = await ofSummed('&filter.country=FR');
  expect(filtered.totals).toMatchObject([{ clicks: null, cr: null, conversions: 2 }]);
});

test('who is not told, and by what, is said', async () => {
  const said = async (query: string) => {
    const { totalsOnly, unknownToTotals } = await report(`${RANGE}${query}`);
    return [totalsOnly, unknownToTotals];
  };
  expect(await said('&groupBy=country,day&filter.os=Linux')).toEqual([[summed], ['country', 'os']]);
  expect(await said('&groupBy=campaign,day')).toEqual([[summed], []]);
  // No click has a status, whoever counts it.
  expect(await said('&groupBy=status')).toEqual([[summed], []]);
  expect(await said(`&groupBy=country&configId=${ground.config}`)).toEqual([[], []]);
  expect(await said('&groupBy=country&filter.trackerType=keitaro')).toEqual([[], []]);
  // None of its clicks leads to an ad, so that every ad is told.
  expect(await said('&groupBy=ad')).toEqual([[summed], []]);
});

test('beside trackers with a log: their own offers keep their clicks, lines of several are not told', async () => {
  const { rows } = await report(`${RANGE}&groupBy=offer,config`);
  const clicks = rows.map(({ keys, clicks }: { keys: { config: { name: string } }; clicks: number | null }) => [
    keys.config.name,
    clicks,
  ]);
  expect(clicks).toEqual(
    expect.arrayContaining([
      ['Dollars', 5],
      ['Summed', null],
    ]),
  );
  const countries = await report(`${RANGE}&groupBy=country`);
  expect(countries.rows.every((row: { clicks: number | null }) => row.clicks === null)).toBe(true);
  const conversions = countries.rows.map((row: { conversions: number }) => row.conversions);
  expect(new Set(conversions).size).toBeGreaterThan(1);
  expect(conversions, 'what is not told ranks by what is').toEqual(
    conversions.toSorted((a: number, b: number) => b - a),
  );
});

test('an ad keeps its clicks as long as no tracker without a log may have it, and what is not told ranks last', async () => {
  const { db, ours } = ground.api;
  const place = (config: string) => sql`
    insert into sub_id_map (tracker_config_id, organization_id, role, sub_id) values (${config}, ${ours.organizationId}, 'ad', 3)`;
  await place(ground.config).execute(db);
  const clicks = async () => {
    const { rows } = await report(`${RANGE}&groupBy=ad&sort=-clicks`);
    return rows.map(({ keys, clicks }: { keys: { ad: { externalId: string } | null }; clicks: number | null }) => [
      keys.ad?.externalId ?? null,
      clicks,
    ]);
  };
  const euroAndDollar = [
    [null, null],
    [null, null],
  ];
  expect(await clicks()).toEqual([['ad-1', 1], ...euroAndDollar]);
  await place(summed).execute(db);
  // Among those that are not told, more conversions go before.
  expect(await clicks()).toEqual([
    [null, null],
    ['ad-1', null],
    [null, null],
  ]);
});

test('no rate is over a hundred percent, where a day’s totals are not there yet', async () => {
  await sql`delete from reconciliation_figure where day = '2026-11-02' and tracker_config_id = ${summed}`.execute(
    ground.api.db,
  );
  await sql`update reconciliation_figure set their_clicks = 1 where tracker_config_id = ${summed} and day = '2026-11-03'`.execute(
    ground.api.db,
  );
  await seedConversions(ground.api.db, { configId: summed, organizationId: ground.api.ours.organizationId }, [
    { converted_at: '2026-11-04T10:00:00Z', raw_status: 'sale', revenue: '1' },
  ]);
  await sql`delete from reconciliation_figure where campaign_external_id = '' and tracker_config_id = ${summed}`.execute(
    ground.api.db,
  );
  const { totals } = await ofSummed('');
  expect(totals).toMatchObject([{ clicks: 2, conversions: 3, cr: null }]);
});

test('filtered by what belongs to another tracker, nothing is missing', async () => {
  const { db, ours } = ground.api;
  const { organizationId } = ours;
  await sql`delete from sub_id_map where tracker_config_id = ${summed}`.execute(db);
  await sql`update click set offer_external_id = 'own' where tracker_config_id = ${ground.config} and external_id = 'a1'`.execute(
    db,
  );
  await markAll(db);
  const { rows } = await sql<{ id: string }>`
    insert into offer (tracker_config_id, organization_id, external_id, name, raw, row_hash)
    values (${ground.config}, ${organizationId}, 'own', 'O', '{}', gen_random_uuid()) returning id`.execute(db);
  for (const filter of [`filter.offer=${rows[0]!.id}`, 'filter.ad=ad-1']) {
    const { totals, totalsOnly, unknownToTotals } = await report(`${RANGE}&groupBy=country&${filter}`);
    expect([filter, totals[0]?.clicks, totalsOnly, unknownToTotals]).toEqual([filter, 1, [], []]);
  }
});
