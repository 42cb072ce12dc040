// The story of a click and of a conversion: from the ad over click, flow, landing page and offer to the latest status.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from './seed.ts';

let api: Harness;
let configId: string;
let campaign: string;
const clickId = randomUUID();
const conversionId = randomUUID();
const lonely = randomUUID();
const unfilled = randomUUID();

beforeAll(async () => {
  api = await startHarness();
  const { organizationId } = api.ours;
  configId = await seedConfig(api.db, organizationId);
  const owner = { configId, organizationId };
  campaign = await seedCampaign(api.db, owner, '1', { name: 'Alpha' });
  await api.ask('PUT', '/api/v1/ads?platform=facebook', {
    body: [{ adCampaignId: 'c1', adCampaignName: 'Spring', adSetId: 's1', adId: 'a1', adName: 'Video' }],
  });
  await api.ask('PUT', `/api/v1/trackers/${configId}/mappings/sub-ids`, { body: { ad: 'sub_4', adCampaign: 'sub_2' } });
  const route = { campaign_external_id: '1', flow_external_id: '5', offer_external_id: '7' };
  await seedClicks(api.db, owner, [
    {
      ...{ id: clickId, external_id: 'k1', clicked_at: '2026-11-01T10:00:00Z', cost: '0.25', ...route },
      sub_ids: JSON.stringify({ '2': '{{campaign.id}}', '4': 'a1' }),
    },
    {
      ...{ id: unfilled, external_id: 'k2', clicked_at: '2026-11-01T10:00:00Z' },
      sub_ids: JSON.stringify({ '2': '{{campaign.id}}', '4': '{{ad.id}}' }),
    },
  ]);
  await seedConversions(api.db, owner, [
    {
      ...{ id: conversionId, converted_at: '2026-11-01T11:00:00Z', click_external_id: 'k1', raw_status: 'sale' },
      ...{ revenue: '30', updated_at: new Date('2026-11-03T00:00:00Z'), ...route },
    },
    { id: lonely, converted_at: '2026-11-02T00:00:00Z', raw_status: 'lead', sub_ids: JSON.stringify({ '2': 'c9' }) },
  ]);
  const change = { organization_id: organizationId, tracker_config_id: configId, conversion_id: conversionId };
  await api.db
    .insertInto('conversion_change')
    .values([
      { ...change, seen_at: new Date('2026-11-01T11:05:00Z'), raw_status: 'lead', revenue: '0', currency: 'USD' },
      { ...change, seen_at: new Date('2026-11-03T00:00:00Z'), raw_status: 'sale', revenue: '30', currency: 'USD' },
    ])
    .execute();
});
afterAll(() => api.end());

const none = {
  at: null,
  readAt: null,
  entity: null,
  conversionId: null,
  rawStatus: null,
  status: null,
  reversed: null,
  amount: null,
  currency: null,
};

test('a click’s, and its conversion’s is the same one', async () => {
  const { status, json } = await api.ask('GET', `/api/v1/clicks/${clickId}/story`);
  expect(status).toBe(200);
  const unknown = (externalId: string) => ({ id: null, externalId, name: null });
  expect(json).toEqual({
    ...{ configId, clickId, clickExternalId: 'k1', isDerived: false },
    ads: [
      { level: 'ad_campaign', externalId: 'c1', platform: 'facebook', name: 'Spring' },
      { level: 'ad_set', externalId: 's1', platform: 'facebook', name: null },
      { level: 'ad', externalId: 'a1', platform: 'facebook', name: 'Video' },
    ],
    moments: [
      { ...none, kind: 'ad', at: '2026-11-01T10:00:00.000Z' },
      {
        ...{ ...none, kind: 'click', at: '2026-11-01T10:00:00.000Z' },
        ...{ entity: { id: campaign, externalId: '1', name: 'Alpha' }, amount: '0.25', currency: 'USD' },
      },
      { ...none, kind: 'flow', entity: unknown('5') },
      { ...none, kind: 'offer', entity: unknown('7') },
      { ...none, kind: 'conversion', at: '2026-11-01T11:00:00.000Z', conversionId, amount: '30', currency: 'USD' },
      {
        ...{
          ...none,
          kind: 'status',
          at: '2026-11-01T11:05:00.000Z',
          conversionId,
          rawStatus: 'lead',
          status: 'pending',
        },
        ...{ reversed: false, amount: '0', currency: 'USD' },
      },
      {
        ...{
          ...none,
          kind: 'status',
          at: '2026-11-03T00:00:00.000Z',
          conversionId,
          rawStatus: 'sale',
          status: 'approved',
        },
        ...{ reversed: false, amount: '30', currency: 'USD' },
      },
    ],
  });
  expect((await api.ask('GET', `/api/v1/conversions/${conversionId}/story`)).json).toEqual(json);
});

test('a conversion without a click tells what it knows', async () => {
  const { json } = await api.ask('GET', `/api/v1/conversions/${lonely}/story`);
  expect(json).toMatchObject({ clickId: null, clickExternalId: null, isDerived: null });
  expect(json.ads).toEqual([{ level: 'ad_campaign', externalId: 'c9', platform: null, name: null }]);
  expect(json.moments.map(({ kind, at }: { kind: string; at: string | null }) => [kind, at])).toEqual([
    ['ad', null],
    ['click', null],
    ['conversion', '2026-11-02T00:00:00.000Z'],
    ['status', expect.any(String)],
  ]);
});

test('a conversion’s own ad comes before its click’s, as in reports; what it does not tell, the click tells', async () => {
  const { organizationId } = api.ours;
  const ids = { own: randomUUID(), macro: randomUUID() };
  const sold = { converted_at: '2026-11-01T12:00:00Z', clicked_at: '2026-11-01T10:00:00Z', raw_status: 'sale' };
  await seedConversions(api.db, { configId, organizationId }, [
    { id: ids.own, ...sold, click_external_id: 'k3', sub_ids: JSON.stringify({ '4': 'a2' }) },
    { id: ids.macro, ...sold, click_external_id: 'k3', sub_ids: JSON.stringify({ '4': '{{ad.id}}' }) },
  ]);
  await seedClicks(api.db, { configId, organizationId }, [
    { external_id: 'k3', clicked_at: '2026-11-01T10:00:00Z', sub_ids: JSON.stringify({ '4': 'a1' }) },
  ]);
  const adOf = async (path: string) => {
    const { ads } = (await api.ask('GET', `/api/v1/${path}/story`)).json;
    return ads.findLast(({ level }: { level: string }) => level === 'ad').externalId;
  };
  expect(await adOf(`conversions/${ids.own}`)).toBe('a2');
  expect(await adOf(`conversions/${ids.macro}`)).toBe('a1');
  const [click] = (await api.ask('GET', '/api/v1/clicks?q=k3')).json.items;
  expect(await adOf(`clicks/${click.id}`)).toBe('a1');
  const range = 'from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z&groupBy=ad&filter.ad=a2';
  expect((await api.ask('GET', `/api/v1/reports?${range}`)).json.rows).toMatchObject([{ conversions: 1, clicks: 0 }]);
});

test('a first status that was read long after the conversion has the conversion’s moment, a later one its own', async () => {
  const owner = { configId, organizationId: api.ours.organizationId };
  const found = randomUUID();
  const read = new Date('2026-11-05T09:00:00Z');
  await seedConversions(api.db, owner, [
    { id: found, converted_at: '2026-11-02T00:00:00Z', raw_status: 'sale', revenue: '1', updated_at: read },
  ]);
  const momentsOf = async () =>
    (await api.ask('GET', `/api/v1/conversions/${found}/story`)).json.moments
      .slice(-2)
      .map(({ kind, at, readAt }: Record<string, string>) => [kind, at, readAt]);
  expect(await momentsOf()).toEqual([
    ['conversion', '2026-11-02T00:00:00.000Z', null],
    ['status', '2026-11-02T00:00:00.000Z', read.toISOString()],
  ]);
  const change = { organization_id: owner.organizationId, tracker_config_id: configId, conversion_id: found };
  await api.db
    .insertInto('conversion_change')
    .values({ ...change, seen_at: new Date('2026-11-04T00:00:00Z'), raw_status: 'lead', revenue: '0', currency: 'USD' })
    .execute();
  expect(await momentsOf()).toEqual([
    ['status', '2026-11-02T00:00:00.000Z', '2026-11-04T00:00:00.000Z'],
    ['status', read.toISOString(), null],
  ]);
});

test('macros that nobody replaced lead to no ad', async () => {
  const { json } = await api.ask('GET', `/api/v1/clicks/${unfilled}/story`);
  expect(json.ads).toEqual([]);
  expect(json.moments.map(({ kind }: { kind: string }) => kind)).toEqual(['click']);
});

test.each(['clicks', 'conversions'])(
  'of %s that are not there, or another organisation’s, there is none',
  async (noun) => {
    expect((await api.ask('GET', `/api/v1/${noun}/${randomUUID()}/story`)).status).toBe(404);
    const id = noun === 'clicks' ? clickId : conversionId;
    const theirs = await api.ask('GET', `/api/v1/${noun}/${id}/story`, { key: api.theirs.keys.owner });
    expect(theirs.status).toBe(404);
  },
);
