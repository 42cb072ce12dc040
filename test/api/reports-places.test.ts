// A conversion that tells no more than its click, as Binom's and RedTrack's do, stands where its click does: in reports and paths.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { up as placeAnew } from '../../migrations/0021-conversion-places.ts';
import { cleanRollups } from '../../src/store/rollups.ts';
import { type Harness, startHarness } from './harness.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from './seed.ts';

let api: Harness;
const RANGE = 'from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z';
const ROUTE = {
  ...{ campaign_external_id: '1', offer_external_id: 'o1', landing_page_external_id: 'p1', flow_external_id: 'f1' },
  ...{ traffic_source_external_id: 's1', affiliate_network_external_id: 'n1' },
};

beforeAll(async () => {
  api = await startHarness();
  const { organizationId } = api.ours;
  const configId = await seedConfig(api.db, organizationId);
  const owner = { configId, organizationId };
  await seedCampaign(api.db, owner, '1', { name: 'Alpha' });
  await sql`insert into sub_id_map (tracker_config_id, organization_id, role, sub_id) values (${configId}, ${organizationId}, 'ad', 3)`.execute(
    api.db,
  );
  const at = { clicked_at: '2026-11-02T10:00:00Z', cost: '0.10' };
  await seedClicks(api.db, owner, [
    { ...at, ...ROUTE, external_id: 'k1', country: 'DE', sub_ids: '{"1":"a","3":"ad-1"}' },
  ]);
  const paid = { converted_at: '2026-11-03T11:00:00Z', raw_status: 'sale', click_external_id: 'k1' };
  await seedConversions(api.db, owner, [
    { ...paid, revenue: '10' },
    { ...paid, revenue: '3', offer_external_id: 'o2', sub_ids: '{"1":"b"}' },
    { ...paid, revenue: '1', click_external_id: 'unknown' },
  ]);
  await cleanRollups(api.db);
});
afterAll(() => api.end());

async function revenueBy(dimension: string, query = ''): Promise<Record<string, string>> {
  const { status, json } = await api.ask('GET', `/api/v1/reports?groupBy=${dimension}&${RANGE}${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return Object.fromEntries(
    // biome-ignore lint/suspicious/noExplicitAny: rows of every shape
    json.rows.map(({ keys, revenue }: any) => [keys[dimension]?.externalId ?? keys[dimension] ?? 'none', revenue]),
  );
}

test.each([
  ...[
    ['campaign', { 1: '13', none: '1' }],
    ['offer', { o1: '10', o2: '3', none: '1' }],
    ['landingPage', { p1: '13', none: '1' }],
    ['flow', { f1: '13', none: '1' }],
    ['trafficSource', { s1: '13', none: '1' }],
  ],
  ...[
    ['affiliateNetwork', { n1: '13', none: '1' }],
    ['country', { DE: '13', none: '1' }],
    ['subId1', { a: '10', b: '3', none: '1' }],
    ['ad', { 'ad-1': '13', none: '1' }],
  ],
] as const)('by %s: what its own row says wins, the rest is its click’s', async (dimension, expected) => {
  expect(await revenueBy(dimension)).toEqual(expected);
  expect(await revenueBy(dimension, '&by=conversion&tz=Asia/Kathmandu')).toEqual(expected);
});

test('paths lead from the ad to the conversion', async () => {
  const { json } = await api.ask('GET', `/api/v1/reports/paths?${RANGE}`);
  // biome-ignore lint/suspicious/noExplicitAny: links of every shape
  const links = json.links.map(({ source, target, revenue }: any) => [source.split(':')[0], target, revenue]);
  expect(links).toEqual(
    expect.arrayContaining([
      ['flow', 'landingPage:p1', '13'],
      ['landingPage', 'offer:o1', '10'],
      ['landingPage', 'offer:o2', '3'],
    ]),
  );
});

test('sums of before are made anew', async () => {
  await sql`update conversion_hour set flow_external_id = null`.execute(api.db);
  expect(await revenueBy('flow', '&by=conversion')).toEqual({ f1: '0', none: '14' });
  await placeAnew(api.db as never);
  expect(await revenueBy('flow', '&by=conversion')).toEqual({ f1: '13', none: '1' });
  await cleanRollups(api.db);
  expect(await revenueBy('flow', '&by=conversion')).toEqual({ f1: '13', none: '1' });
});

test.each([
  ['campaignId', ['10', '3']],
  ['country=DE', ['10', '3']],
  ['subId1=a', ['10']],
  ['subId1=b', ['3']],
  ['subId3=ad-1', ['10', '3']],
])('lists filtered by %s find what reports count there', async (filter, revenues) => {
  const campaign = (await api.ask('GET', '/api/v1/campaigns')).json.items[0].id;
  const { json } = await api.ask('GET', `/api/v1/conversions?${filter.replace(/Id$/, `Id=${campaign}`)}`);
  expect(json.items.map(({ revenue }: { revenue: string }) => revenue).toSorted()).toEqual(revenues);
});

test('a conversion is listed with the places of its click', async () => {
  const { json } = await api.ask('GET', '/api/v1/conversions');
  // biome-ignore lint/suspicious/noExplicitAny: items of every shape
  const of = (amount: string) => json.items.find(({ revenue }: any) => revenue === amount);
  expect(of('3')).toMatchObject({
    ...{ campaign: { name: 'Alpha' }, offer: { externalId: 'o2' }, flow: { externalId: 'f1' }, country: 'DE' },
    ...{ subIds: { 1: 'b', 3: 'ad-1' }, clickedAt: '2026-11-02T10:00:00.000Z' },
  });
  expect(of('1')).toMatchObject({ campaign: null, country: null, subIds: {}, clickedAt: null });
});
