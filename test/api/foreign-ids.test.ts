// Ids of another organisation in queries and bodies: answered exactly like ids that nobody has.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AD_DIMENSIONS, ENTITY_DIMENSIONS } from '../../src/store/reports-dimensions.ts';
import { recordRequests } from '../../src/store/requests.ts';
import { type Harness, startHarness, type Tenant } from './harness.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from './seed.ts';

interface Ground {
  configId: string;
  campaignId: string;
  offerId: string;
  changeId: string;
  adCampaignId: string;
  /** Our ids of what reports can be filtered by, by dimension. */
  entities: Record<string, string>;
}
type GroundId = Exclude<keyof Ground, 'entities'>;

const CATALOG = {
  landingPage: 'landing_page',
  flow: 'flow',
  trafficSource: 'traffic_source',
  affiliateNetwork: 'affiliate_network',
} as const;
const AD_LEVELS = { adCampaign: 'ad_campaign', adSet: 'ad_set', ad: 'ad' } as const;

let api: Harness;
let ours: Ground;
let theirs: Ground;

/** A config with something of everything that a query may ask for. */
async function ground({ organizationId, keys }: Tenant, adCampaignId: string): Promise<Ground> {
  const configId = await seedConfig(api.db, organizationId);
  const owner = { configId, organizationId };
  const campaignId = await seedCampaign(api.db, owner, '1');
  const offerId = randomUUID();
  await sql`insert into offer (id, tracker_config_id, organization_id, external_id, name, state, raw, row_hash)
    values (${offerId}::uuid, ${configId}::uuid, ${organizationId}::uuid, '2', 'offer', 'active', '{}', gen_random_uuid())`.execute(
    api.db,
  );
  const entities: Record<string, string> = { config: configId, campaign: campaignId, offer: offerId };
  for (const [dimension, table] of Object.entries(CATALOG)) {
    const { rows } = await sql<{ id: string }>`
      insert into ${sql.table(table)} (tracker_config_id, organization_id, external_id, name, raw, row_hash)
      values (${configId}, ${organizationId}, '3', ${table}, '{}', gen_random_uuid()) returning id`.execute(api.db);
    entities[dimension] = rows[0]!.id;
  }
  const places = Object.fromEntries(Object.values(CATALOG).map((table) => [`${table}_external_id`, '3']));
  const carried = { sub_ids: JSON.stringify({ '1': adCampaignId, '2': 'a-set', '3': 'an-ad' }) };
  const through = { campaign_external_id: '1', offer_external_id: '2', ...places, ...carried };
  await seedClicks(api.db, owner, [{ clicked_at: '2026-11-01T10:00:00Z', ...through }]);
  await seedConversions(api.db, owner, [{ converted_at: '2026-11-01T12:00:00Z', raw_status: 'sale', ...through }]);
  await sql`insert into reconciliation_figure (tracker_config_id, day, campaign_external_id, organization_id, our_clicks,
      their_clicks, our_cost, their_cost, our_conversions, their_conversions, our_revenue, their_revenue)
    values (${configId}::uuid, '2026-11-01', '1', ${organizationId}::uuid, 1, 2, 0, 0, 0, 0, 0, 0)`.execute(api.db);
  await sql`insert into reconciliation_day (tracker_config_id, organization_id, day, checked_at, state)
    values (${configId}::uuid, ${organizationId}::uuid, '2026-11-01', now(), 'equal')`.execute(api.db);
  const call = { method: 'GET', url: 'https://a.example.com/clicks', durationMs: 5, bytes: 10, resource: 'clicks' };
  await recordRequests(api.db, { ...owner, runId: null }, [{ ...call, at: new Date(), status: 200, error: null }]);
  const key = keys.manager;
  const statuses = `/api/v1/trackers/${configId}/mappings/statuses`;
  const { json } = await api.ask('PUT', statuses, { key, body: { trial: 'hold' } });
  const subIds = { adCampaign: 'sub_1', adSet: 'sub_2', ad: 'sub_3' };
  await api.ask('PUT', `/api/v1/trackers/${configId}/mappings/sub-ids`, { key, body: subIds });
  const ad = { platform: 'fb', adCampaignId, adCampaignName: 'Ads', adSetId: 'a-set', adId: 'an-ad' };
  expect((await api.ask('PUT', '/api/v1/ads', { key, body: [ad] })).json).toMatchObject({ rejected: [] });
  const { items } = (await api.ask('GET', '/api/v1/ads', { key })).json;
  for (const [dimension, level] of Object.entries(AD_LEVELS))
    entities[dimension] = items.find((item: { level: string }) => item.level === level).id;
  return { configId, campaignId, offerId, adCampaignId, entities, changeId: json.changes[0].id };
}

beforeAll(async () => {
  api = await startHarness();
  ours = await ground(api.ours, 'our-ads');
  theirs = await ground(api.theirs, 'their-ads');
});
afterAll(() => api.end());

const NOVEMBER = 'from=2026-10-30T00:00:00Z&to=2026-11-03T00:00:00Z';
const QUERIES: [string, GroundId][] = [
  ...[
    ...['campaigns', 'offers', 'clicks', 'conversions', 'audit-log', 'audit-log?source=tracker'],
    ...[`reports?${NOVEMBER}`, `reports/paths?${NOVEMBER}`, `reconciliation?${NOVEMBER}`],
    'changes?since=2026-10-01T00:00:00Z',
  ].map((path): [string, GroundId] => [`${path}${path.includes('?') ? '&' : '?'}configId=`, 'configId']),
  ...['clicks', 'conversions'].flatMap((path): [string, GroundId][] => [
    [`${path}?campaignId=`, 'campaignId'],
    [`${path}?offerId=`, 'offerId'],
  ]),
  ['audit-log?targetId=', 'configId'],
];
/** Of all filters, those that take an id of ours. */
const FILTERS = ['reports', 'reports/paths'].flatMap((path) =>
  ['config', ...ENTITY_DIMENSIONS, ...AD_DIMENSIONS].map((dimension): [string, string] => [
    `${path}?${NOVEMBER}&filter.${dimension}=`,
    dimension,
  ]),
);

describe('in a query', () => {
  /** But for the moment of asking, and the id itself. */
  const answer = async (path: string, id: string, key: string) => {
    const { status, text } = await api.ask('GET', `/api/v1/${path}${id}`, { key });
    return [status, text.replaceAll(id, '<id>').replaceAll(/"asOf":"[^"]*"/g, '')];
  };

  async function expectLikeMissing(path: string, id: string): Promise<void> {
    const missing = await answer(path, randomUUID(), api.ours.keys.owner);
    expect(await answer(path, id, api.ours.keys.owner)).toEqual(missing);
    // Their own people see something there, so that the line above means something.
    const [status, text] = await answer(path, id, api.theirs.keys.owner);
    expect(status).toBe(200);
    expect(text).not.toEqual(missing[1]);
  }

  test.each(QUERIES)('%s<their %s>', (path, field) => expectLikeMissing(path, theirs[field]));

  test.each(FILTERS)('%s<their %s>', async (path, dimension) => {
    await expectLikeMissing(path, theirs.entities[dimension]!);
    // And something of what the filter lets through, not of the trackers alone.
    const { json } = await api.ask('GET', `/api/v1/${path}${theirs.entities[dimension]}`, {
      key: api.theirs.keys.owner,
    });
    expect((json.totals ?? json.nodes).length).toBeGreaterThan(0);
  });
});

describe('in a body', () => {
  const send = (route: string, body: unknown, key = api.ours.keys.manager, { configId } = ours) => {
    const [method = '', path = ''] = route.split(' ');
    return api.ask(method, `/api/v1/trackers/${configId}/mappings/${path}`, { key, body });
  };
  const BODIES: [string, GroundId, (id: string) => unknown][] = [
    ['POST undo', 'changeId', (changeId) => ({ changeId })],
    ['PUT campaigns', 'campaignId', (id) => ({ [id]: null })],
    ['PUT campaigns', 'adCampaignId', (id) => ({ [ours.campaignId]: id })],
    ['POST preview', 'campaignId', (id) => ({ campaigns: { [id]: null } })],
    ['POST preview', 'adCampaignId', (id) => ({ campaigns: { [ours.campaignId]: id } })],
  ];
  const state = async () =>
    (
      await sql`select to_jsonb(m) as one from mapping_change m union all select to_jsonb(m) from status_map m`.execute(
        api.db,
      )
    ).rows
      .map((row) => JSON.stringify(row))
      .sort();

  test.each(BODIES)('%s with their %s', async (route, field, bodyOf) => {
    const before = await state();
    const ask = async (id: string) => {
      const { status, text } = await send(route, bodyOf(id));
      return [status, text.replaceAll(id, '<id>')];
    };
    const foreign = await ask(theirs[field]);
    expect([400, 409]).toContain(foreign[0]);
    expect(await ask(randomUUID())).toEqual(foreign);
    expect(await state()).toEqual(before);
  });

  test('the same ids do something where they belong', async () => {
    const key = api.theirs.keys.manager;
    const { campaignId, adCampaignId, changeId } = theirs;
    expect((await send('PUT campaigns', { [campaignId]: adCampaignId }, key, theirs)).status).toBe(200);
    expect((await send('POST undo', { changeId }, key, theirs)).status).toBe(200);
  });
});
