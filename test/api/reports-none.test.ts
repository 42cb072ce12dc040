// Rows without a value can be asked for as any others: an empty filter finds what the report shows in the line without one.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPORT_COLUMNS } from '../../src/store/reports-columns.ts';
import { cleanRollups } from '../../src/store/rollups.ts';
import { RANGE, type ReportGround, rowsBy, startReportGround } from './report-ground.ts';
import { seedClicks, seedConfig, seedConversions } from './seed.ts';

let ground: ReportGround;
let report: ReportGround['report'];

beforeAll(async () => {
  ground = await startReportGround();
  ({ report } = ground);
  const { api, config, euro } = ground;
  const { organizationId } = api.ours;
  const whole = { offer_external_id: 'o', landing_page_external_id: 'l', flow_external_id: 'f', country: 'DE' };
  const full = {
    ...{ ...whole, traffic_source_external_id: 't', affiliate_network_external_id: 'n', sub_ids: '{"3":"ad-2"}' },
    ...{ clicked_at: '2026-11-04T10:00:00Z', os: 'iOS', browser: 'Safari', device_type: 'mobile', cost: '0.7' },
  };
  await seedClicks(api.db, { configId: config, organizationId }, [
    { ...full, external_id: 'w1', campaign_external_id: '1' },
    { ...full, external_id: 'w2', country: '', campaign_external_id: '2' },
  ]);
  await seedConversions(api.db, { configId: config, organizationId }, [
    // One takes all from its click, one has nothing of its own nor a click.
    { click_external_id: 'w1', converted_at: '2026-11-04T12:00:00Z', raw_status: '', revenue: '2' },
    { converted_at: '2026-11-04T13:00:00Z', raw_status: 'sale', revenue: '4' },
  ]);
  for (const [role, subId] of [
    ['ad', 3],
    ['ad_set', 4],
  ] as const)
    await sql`insert into sub_id_map (tracker_config_id, organization_id, role, sub_id)
      values (${config}, ${organizationId}, ${role}, ${subId})`.execute(api.db);
  await sql`insert into sub_id_map (tracker_config_id, organization_id, role, sub_id)
    values (${euro}, ${organizationId}, 'ad', 1)`.execute(api.db);
  await sql`insert into ad (organization_id, level, external_id, platform, ad_campaign_external_id) values
    (${organizationId}, 'ad', 'ad-1', 'meta', 'C'), (${organizationId}, 'ad_set', 'alone', 'meta', null)`.execute(
    api.db,
  );
  // Of one ad with clicks, and of one without: that leads to no campaign, nor to a country.
  await sql`insert into ad_spend (organization_id, level, external_id, day, amount, currency) values
    (${organizationId}, 'ad', 'ad-1', '2026-11-01', 10, 'USD'), (${organizationId}, 'ad_set', 'alone', '2026-11-03', 5, 'USD')`.execute(
    api.db,
  );
});
afterAll(() => ground.api.end());

const [CLICKS, COST] = [REPORT_COLUMNS.indexOf('clicks'), REPORT_COLUMNS.indexOf('cost')];
// biome-ignore lint/suspicious/noExplicitAny: rows of every shape
const figures = (rows: any[]) =>
  rowsBy(
    rows,
    ({ currency }) => currency,
    (row) => REPORT_COLUMNS.map((column) => row[column]),
  ) as Record<string, unknown[]>;

const DIMENSIONS = [
  ...['campaign', 'offer', 'landingPage', 'flow', 'trafficSource', 'affiliateNetwork', 'country', 'deviceType', 'os'],
  ...['browser', 'subId3', 'subId30', 'ad', 'adSet', 'adCampaign', 'rawStatus'],
];

test.each(['', '&by=conversion', '&compare=previous&tz=Asia/Kathmandu'])(
  'an empty value finds what the line without one shows, from logs and from sums%s',
  async (query) => {
    for (const isClean of [false, true]) {
      if (isClean) while ((await cleanRollups(ground.api.db)) > 0);
      for (const name of DIMENSIONS) {
        const { rows } = await report(`${RANGE}${query}&groupBy=${name}`);
        const without = rows.filter(({ keys }: { keys: Record<string, unknown> }) => keys[name] === null);
        const { totals } = await report(`${RANGE}${query}&filter.${name}=`);
        expect(without.length, name).toBeGreaterThan(0);
        // A click has no status to be left out by.
        const told = name === 'rawStatus' ? totals.filter(({ pending }: { pending: number }) => pending > 0) : totals;
        expect(figures(told), name).toEqual(figures(without));
      }
    }
  },
);

test('beside other values it adds to them, and with other filters it is one among them', async () => {
  const clicks = async (query: string) => figures((await report(`${RANGE}${query}`)).totals).USD?.[CLICKS];
  expect(await clicks('&filter.country=DE')).toBe(2);
  expect(await clicks('&filter.country=')).toBe(5);
  expect(await clicks('&filter.country=&filter.country=DE')).toBe(7);
  expect(await clicks('&filter.country=&filter.campaign=')).toBe(1);
  expect(await clicks(`&filter.campaign=&filter.campaign=${ground.alpha}`)).toBe(5);
  expect(await clicks('&filter.ad=&filter.ad=ad-1')).toBe(5);
  expect(await clicks(`&filter.country=&configId=${ground.config}&filter.browser=Safari`)).toBe(1);
});

test('spend without a click has neither campaign nor country, and is asked for with them', async () => {
  const cost = async (query: string) => figures((await report(`${RANGE}${query}`)).totals).USD?.[COST] ?? '0';
  const others = Number(await cost(`&filter.country=&configId=${ground.config}`));
  expect(Number(await cost('&filter.country=&filter.trackerType=keitaro&filter.campaign='))).toBe(0);
  expect(await cost('&filter.country=&filter.campaign=')).toBe('5');
  expect(Number(await cost('&filter.country='))).toBeCloseTo(others + 5, 8);
});

test.each(['config', 'trackerType', 'status', 'day', 'hour', 'week', 'month'])(
  '%s is told of every row: an empty one is refused',
  async (name) => {
    for (const path of ['reports', 'reports/paths']) {
      const { status, json } = await ground.api.ask('GET', `/api/v1/${path}?${RANGE}&filter.${name}=`);
      expect([status, json.errors?.[0].path], path).toEqual([400, `filter.${name}`]);
      expect(json.errors[0].message).toMatch(/^must be /);
    }
  },
);

test('a CSV has the same rows, and paths the same ways', async () => {
  const headers = { accept: 'text/csv' };
  const { text } = await ground.api.ask('GET', `/api/v1/reports?${RANGE}&groupBy=campaign,country&filter.country=`, {
    headers,
  });
  const lines = text.trim().split('\r\n').slice(1);
  expect(lines.map((line) => line.split(',').slice(0, 3).join()).toSorted()).toEqual([
    ',,',
    ',1,',
    'Alpha,1,',
    'Beta,2,',
  ]);
  const { json } = await ground.api.ask('GET', `/api/v1/reports/paths?${RANGE}&levels=campaign,offer&filter.offer=`);
  const { nodes } = json as { nodes: { level: string; label: string | null; clicks: number }[] };
  expect(nodes.some(({ level }) => level === 'offer')).toBe(false);
  expect(nodes.find(({ label }) => label === 'Alpha')?.clicks).toBe(3);
});

test('trackers that only daily totals count: theirs without a campaign too, and what totals do not know is not told', async () => {
  const { db, ours } = ground.api;
  const { organizationId } = ours;
  const summed = await seedConfig(db, organizationId, { name: 'Summed', type: 'voluum' });
  for (const [campaign, clicks] of [
    ['v', 100],
    ['', 7],
  ] as const)
    await sql`insert into reconciliation_figure (tracker_config_id, day, campaign_external_id, organization_id, our_clicks, their_clicks,
        our_cost, their_cost, our_conversions, their_conversions, our_revenue, their_revenue)
      values (${summed}, '2026-11-03', ${campaign}, ${organizationId}, 1, ${clicks}, 1, 2, 0, 0, 0, 0)`.execute(db);
  await sql`insert into reconciliation_day (tracker_config_id, day, organization_id, checked_at, state)
    values (${summed}, '2026-11-03', ${organizationId}, now(), 'equal')`.execute(db);
  await seedClicks(db, { configId: summed, organizationId }, [
    { clicked_at: '2026-11-05T10:00:00Z', campaign_external_id: null, cost: '1' },
    { clicked_at: '2026-11-05T11:00:00Z', campaign_external_id: 'v', cost: '1' },
  ]);
  expect((await report(`${RANGE}&configId=${summed}&filter.campaign=`)).totals).toMatchObject([
    { clicks: 8, cost: '3' },
  ]);
  const all = await report(`${RANGE}&filter.country=&groupBy=config`);
  expect(all.unknownToTotals).toEqual(['country']);
  expect(all.totals.every(({ clicks }: { clicks: number | null }) => clicks === null)).toBe(true);
  // What leads to no ad may be theirs.
  expect((await report(`${RANGE}&filter.ad=`)).totalsOnly).toEqual([summed]);
  expect((await report(`${RANGE}&filter.ad=ad-1`)).totalsOnly).toEqual([]);
});
