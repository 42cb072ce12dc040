// Spend of ads that lead to a tracker without a click log takes the place of the tracker's own cost, on its campaigns and never beside them.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanRollups } from '../../src/store/rollups.ts';
import { type Harness, startHarness } from './harness.ts';
import { rowsBy } from './report-ground.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from './seed.ts';

let api: Harness;
let config: string;
let alpha: string;
const RANGE = 'from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z';

const total = (day: string, campaign: string, clicks: number, cost: string) =>
  sql`
  with told as (
    insert into reconciliation_day (tracker_config_id, day, organization_id, checked_at, state)
    values (${config}, ${day}, ${api.ours.organizationId}, now(), 'equal') on conflict do nothing
  )
  insert into reconciliation_figure (tracker_config_id, day, campaign_external_id, organization_id, our_clicks, their_clicks,
    our_cost, their_cost, our_conversions, their_conversions, our_revenue, their_revenue)
  values (${config}, ${day}, ${campaign}, ${api.ours.organizationId}, 0, ${clicks}, 0, ${cost}, 0, 0, 0, 0)`.execute(
    api.db,
  );

beforeAll(async () => {
  api = await startHarness();
  const { db, ours } = api;
  const { organizationId } = ours;
  config = await seedConfig(db, organizationId, { type: 'voluum' });
  const owner = { configId: config, organizationId };
  alpha = await seedCampaign(db, owner, 'v', { name: 'Alpha' });
  await sql`insert into sub_id_map (tracker_config_id, organization_id, role, sub_id) values (${config}, ${organizationId}, 'ad', 3)`.execute(
    db,
  );
  await sql`insert into ad (organization_id, level, external_id, platform, ad_campaign_external_id) values
    (${organizationId}, 'ad', 'a1', 'meta', 'C'), (${organizationId}, 'ad', 'a2', 'meta', 'D')`.execute(db);
  // What leads from the ad to the campaign is told by its conversions alone.
  const sale = { converted_at: '2026-11-02T12:00:00Z', raw_status: 'sale', campaign_external_id: 'v' };
  await seedConversions(db, owner, [{ ...sale, revenue: '50', country: 'FR', sub_ids: '{"3":"a1"}' }]);
  await total('2026-11-02', 'v', 100, '20');
  await total('2026-11-03', 'v', 10, '2');
  await sql`insert into ad_spend (organization_id, level, external_id, day, zone, amount, currency) values
    (${organizationId}, 'ad', 'a1', '2026-11-02', 'Europe/Berlin', 25, 'USD'),
    (${organizationId}, 'ad', 'a2', '2026-11-02', 'UTC', 7, 'USD')`.execute(db);
});
afterAll(() => api.end());

async function report(query: string) {
  const { status, json } = await api.ask('GET', `/api/v1/reports?${RANGE}${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
}
async function costs(dimension: string, query = '') {
  const { rows } = await report(`&groupBy=${dimension}${query}`);
  return rowsBy(
    rows,
    ({ keys }) => keys[dimension]?.externalId ?? String(keys[dimension]),
    (row) => [row.clicks, row.cost],
  );
}

/** As the logs tell, and as the sums do. */
async function bothWays(check: () => Promise<void>): Promise<void> {
  await sql`insert into spend_mark (organization_id, since, until)
    select organization_id, day::timestamptz - interval '1 day', day::timestamptz + interval '2 days' from ad_spend`.execute(
    api.db,
  );
  await check();
  while ((await cleanRollups(api.db)) > 0);
  await check();
}

test('in the totals, never beside the tracker’s own cost', () =>
  bothWays(async () => {
    expect((await report('')).totals).toMatchObject([{ clicks: 110, cost: '34', revenue: '50', profit: '16' }]);
  }));

test('on the campaign, its tracker and its day; what leads to none stands by itself', () =>
  bothWays(async () => {
    expect(await costs('campaign')).toEqual({ v: [110, '27'], null: [0, '7'] });
    expect(await costs('config')).toEqual({ [config]: [110, '27'], null: [0, '7'] });
    expect(await costs('day')).toEqual({ '2026-11-02': [100, '32'], '2026-11-03': [10, '2'] });
    expect(await costs('country')).toMatchObject({ FR: [null, null] });
    expect((await report('&groupBy=country')).totals).toMatchObject([{ clicks: 110, cost: '34' }]);
  }));

test('by ad: the clicks of each are not told, its spend is, and it ranks by that', () =>
  bothWays(async () => {
    const { rows } = await report('&groupBy=ad&sort=-cost');
    expect(rows).toMatchObject([
      { keys: { ad: { externalId: 'a1' } }, clicks: null, cr: null, cost: '25', revenue: '50', profit: '25', roi: 100 },
      { keys: { ad: { externalId: 'a2' } }, clicks: null, cost: '7', revenue: '0', profit: '-7' },
    ]);
    expect((await report('&groupBy=ad,country')).rows).toMatchObject([{ cost: null }, { cost: null }]);
  }));

test.each([
  ['configId', () => `&configId=${config}`],
  ['campaign', () => `&filter.campaign=${alpha}`],
  ['campaign and day', () => `&filter.campaign=${alpha}&filter.day=2026-11-02&filter.day=2026-11-03`],
])('filtered by %s', (_, query) =>
  bothWays(async () => {
    expect((await report(query())).totals).toMatchObject([{ clicks: 110, cost: '27', profit: '23' }]);
  }),
);

test('filtered for what has no campaign: the spend that leads to none, and the tracker’s only where it is named too', () =>
  bothWays(async () => {
    expect((await report('&filter.campaign=')).totals).toMatchObject([{ clicks: 0, cost: '7' }]);
    expect((await report(`&filter.campaign=&configId=${config}`)).totals).toEqual([]);
    expect((await report(`&filter.campaign=&filter.campaign=${alpha}`)).totals).toMatchObject([
      { clicks: 110, cost: '34' },
    ]);
  }));

test('campaigns that run one ad campaign share its spend by their clicks, to the last digit', async () => {
  await total('2026-11-02', 'w', 50, '9');
  await sql`insert into ad_campaign_map (tracker_config_id, organization_id, campaign_external_id, ad_campaign_external_id)
    values (${config}, ${api.ours.organizationId}, 'w', 'C')`.execute(api.db);
  await bothWays(async () => {
    const { v, w } = await costs('campaign');
    expect([v, w]).toEqual([
      [110, '18.666667'],
      [50, '8.333333'],
    ]);
  });
});

test('paths count no part of a log for the whole of it', async () => {
  const owner = { configId: config, organizationId: api.ours.organizationId };
  await seedClicks(api.db, owner, [{ clicked_at: '2026-11-02T10:00:00Z', campaign_external_id: 'v', cost: '1' }]);
  const { json } = await api.ask('GET', `/api/v1/reports/paths?${RANGE}`);
  const node = json.nodes.find(({ label }: { label: string }) => label === 'Alpha');
  expect(node).toMatchObject({ clicks: 0, conversions: 1, revenue: '50' });
  expect(json.totalsOnly).toEqual([config]);
});
