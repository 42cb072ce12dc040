// Reports by ad: uploaded spend takes the place of the clicks' own cost, and is shared out to the last digit.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanRollups } from '../../src/store/rollups.ts';
import { RANGE, type ReportGround, rowsBy, startReportGround } from './report-ground.ts';
import { markAll } from './seed.ts';

let ground: ReportGround;
let report: ReportGround['report'];
let config: string;
let adId: string;

beforeAll(async () => {
  ground = await startReportGround();
  ({ report, config } = ground);
  const { db, ours } = ground.api;
  const { organizationId } = ours;
  await sql`insert into sub_id_map (tracker_config_id, organization_id, role, sub_id) values (${config}, ${organizationId}, 'ad', 3)`.execute(
    db,
  );
  await sql`insert into ad (organization_id, level, external_id, platform, name, ad_campaign_external_id) values
    (${organizationId}, 'ad', 'ad-1', 'meta', 'Cats', 'C'), (${organizationId}, 'ad', 'ad-2', 'meta', 'Dogs', 'C'),
    (${organizationId}, 'ad_campaign', 'C', 'meta', 'Pets', null)`.execute(db);
  // Three clicks of one ad and day, so that a third of ten is to be told.
  await sql`update click set sub_ids = '{"3":"ad-1"}', clicked_at = '2026-11-02T05:00:00Z'
    where tracker_config_id = ${config} and external_id in ('a1', 'a2', 'a3')`.execute(db);
  await sql`update click set sub_ids = '{"3":"{{ad.id}}"}' where tracker_config_id = ${config} and external_id = 'b1'`.execute(
    db,
  );
  await sql`insert into ad_spend (organization_id, level, external_id, day, amount, currency) values
    (${organizationId}, 'ad', 'ad-1', '2026-11-02', 10, 'USD'), (${organizationId}, 'ad', 'ad-2', '2026-11-03', 5, 'USD'),
    (${organizationId}, 'ad_campaign', 'C', '2026-11-02', 999, 'USD')`.execute(db);
  await markAll(db);
  adId = (await sql<{ id: string }>`select id from ad where external_id = 'ad-1'`.execute(db)).rows[0]!.id;
});
afterAll(() => ground.api.end());

const ofDollars = async (query: string) => {
  const { rows, totals } = await report(`${RANGE}${query}`);
  const isDollars = ({ currency }: { currency: string }) => currency === 'USD';
  return { rows: rows.filter(isDollars), total: totals.find(isDollars) };
};

test('by ad, with its name; spend without a click too, and macros that nobody replaced are none', async () => {
  const { rows, total } = await ofDollars('&groupBy=ad');
  const found = rowsBy(
    rows,
    ({ keys }) => keys.ad?.name ?? 'none',
    (row) => [row.clicks, row.cost],
  );
  expect(found).toEqual({ Cats: [3, '10'], none: [2, '1'], Dogs: [0, '5'] });
  expect(total.cost).toBe('16');
  expect(rows.find(({ keys }: { keys: { ad: { name: string } | null } }) => keys.ad?.name === 'Cats').keys.ad).toEqual({
    ...{ id: adId, externalId: 'ad-1', name: 'Cats' },
  });
});

test('spend without a click is told in the report of its day, wherever that day begins', async () => {
  const { db, ours } = ground.api;
  await sql`insert into ad (organization_id, level, external_id, platform) values (${ours.organizationId}, 'ad', 'ad-9', 'meta')`.execute(
    db,
  );
  await sql`insert into ad_spend (organization_id, level, external_id, day, zone, amount, currency)
    values (${ours.organizationId}, 'ad', 'ad-9', '2026-10-20', 'Asia/Tokyo', 7, 'USD')`.execute(db);
  const costs = async (day: string) => {
    const { rows } = await report(`from=${day}T00:00:00Z&to=${day}T23:59:59Z&groupBy=day`);
    return rows.map(({ keys, cost }: { keys: { day: string }; cost: string }) => [keys.day, cost]);
  };
  for (const isClean of [false, true]) {
    if (isClean) await cleanRollups(db);
    expect([isClean, await costs('2026-10-19')]).toEqual([isClean, []]);
    expect([isClean, await costs('2026-10-20')]).toEqual([isClean, [['2026-10-20', '7']]]);
  }
});

test('an ad leads to its ad campaign; spend of that does not count beside the ads’ own', async () => {
  const { rows } = await ofDollars('&groupBy=adCampaign');
  const found = rowsBy(
    rows,
    ({ keys }) => keys.adCampaign?.name ?? 'none',
    (row) => row.cost,
  );
  expect(found).toEqual({ Pets: '15', none: '1' });
});

test('for other dimensions it is shared out over the clicks, and nothing is lost in rounding', async () => {
  const { rows, total } = await ofDollars(`&groupBy=country&configId=${config}`);
  const found = rowsBy(
    rows,
    ({ keys }) => String(keys.country),
    (row) => row.cost,
  );
  expect(['3.333333', '3.333334']).toContain(found.DE);
  expect(Number(found.DE) + Number(found.null)).toBe(11);
  expect(total.cost).toBe('11');
});

test('a part of the day has its part of the spend', async () => {
  const { totals } = await report(
    `from=2026-11-02T00:00:00Z&to=2026-11-02T06:00:00Z&configId=${config}&filter.country=DE`,
  );
  expect(['3.333333', '3.333334']).toContain(totals[0].cost);
  const rest = await report(`from=2026-11-02T06:00:00Z&to=2026-11-03T00:00:00Z&configId=${config}`);
  expect(rest.totals).toEqual([]);
});

test('filtered by our id of an ad, or by the platform’s', async () => {
  for (const ad of [adId, 'ad-1']) {
    const { total } = await ofDollars(`&filter.ad=${ad}`);
    expect([total.clicks, total.cost]).toEqual([3, '10']);
  }
});

test('out of sums, and of a part of the clicks beside how many share, it is the same to the last digit', async () => {
  const queries = [
    'groupBy=campaign',
    'groupBy=day',
    'groupBy=deviceType&filter.deviceType=mobile',
    'groupBy=subId3',
  ].flatMap((query) => [`&${query}`, `&${query}&configId=${config}`]);
  const told = async () => Promise.all(queries.map(async (query) => (await ofDollars(query)).rows));
  await markAll(ground.api.db);
  const shared = await told();
  await cleanRollups(ground.api.db);
  expect(await told()).toEqual(shared);
});

test('spend that is taken back leaves the clicks their own cost, out of sums too', async () => {
  const { db, ask } = ground.api;
  const costs = async (): Promise<string[]> => [
    (await ofDollars(`&groupBy=day&configId=${config}`)).total.cost,
    (await ofDollars('&groupBy=campaign')).total.cost,
  ];
  await cleanRollups(db);
  expect(await costs()).toEqual(['11', '16']);
  const body = [
    { adId: 'ad-1', day: '2026-11-02', spend: null },
    { adCampaignId: 'C', day: '2026-11-02', spend: null },
  ];
  expect((await ask('PUT', '/api/v1/ads?platform=meta', { body })).json.takenBack).toBe(2);
  const own = ['1.323456789', '6.323456789'];
  expect(await costs()).toEqual(own);
  await cleanRollups(db);
  expect(await costs()).toEqual(own);
});
