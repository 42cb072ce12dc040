// The ways from campaigns over flows and offers to conversions: nodes and links whose sums are the report's.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from './seed.ts';

let api: Harness;
let alpha: string;
const RANGE = 'from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z';

beforeAll(async () => {
  api = await startHarness();
  const { organizationId } = api.ours;
  const configId = await seedConfig(api.db, organizationId);
  const owner = { configId, organizationId };
  alpha = await seedCampaign(api.db, owner, '1', { name: 'Alpha' });
  const way = (campaign: string, flow: string | null, offer: string | null, given: object = {}) => ({
    ...{ clicked_at: '2026-11-02T10:00:00Z', cost: '0.10', campaign_external_id: campaign, flow_external_id: flow },
    ...{ offer_external_id: offer, ...given },
  });
  await seedClicks(api.db, owner, [
    way('1', 'f1', 'o1', { external_id: 'k1' }),
    way('1', 'f1', 'o1'),
    way('1', 'f2', 'o1'),
    way('1', null, null, { cost: '0.333' }),
    way('2', 'f3', 'o2', { currency: 'EUR' }),
    way('2', 'f3', 'o2', { is_derived: true }),
  ]);
  const paid = (campaign: string, offer: string, raw_status: string, revenue: string, given: object = {}) => ({
    ...{ converted_at: '2026-11-02T11:00:00Z', clicked_at: '2026-11-02T10:00:00Z', raw_status, revenue },
    ...{ campaign_external_id: campaign, offer_external_id: offer, ...given },
  });
  await seedConversions(api.db, owner, [
    paid('1', 'o1', 'sale', '10', { flow_external_id: 'f1', click_external_id: 'k1' }),
    paid('1', 'o1', 'rejected', '4', { flow_external_id: 'f1' }),
    paid('2', 'o2', 'lead', '2.5', { flow_external_id: 'f3', currency: 'EUR' }),
  ]);
});
afterAll(() => api.end());

// biome-ignore lint/suspicious/noExplicitAny: nodes and links of every shape
async function read(query = ''): Promise<any> {
  const { status, json } = await api.ask('GET', `/api/v1/reports/paths?${RANGE}${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
}
// biome-ignore lint/suspicious/noExplicitAny: as above
const told = ({ currency, clicks, conversions, revenue, cost, share }: any) => [
  currency,
  clicks,
  conversions,
  revenue,
  cost,
  share,
];

test('each level, step by step; what a click did not pass is skipped', async () => {
  const { nodes, links } = await read();
  // biome-ignore lint/suspicious/noExplicitAny: as above
  expect(nodes.map((node: any) => [node.level, node.key, node.label, ...told(node)])).toEqual([
    ['campaign', alpha, 'Alpha', 'USD', 4, 1, '10', '0.633', 100],
    ['campaign', '2', null, 'EUR', 1, 1, '2.5', '0.1', 100],
    ['flow', 'f1', null, 'USD', 2, 1, '10', '0.2', 66.6667],
    ['flow', 'f3', null, 'EUR', 1, 1, '2.5', '0.1', 100],
    ['flow', 'f2', null, 'USD', 1, 0, '0', '0.1', 33.3333],
    ['offer', 'o1', null, 'USD', 3, 1, '10', '0.3', 100],
    ['offer', 'o2', null, 'EUR', 1, 1, '2.5', '0.1', 100],
    ['conversion', 'approved', null, 'USD', 0, 1, '10', '0', 50],
    ['conversion', 'pending', null, 'EUR', 0, 1, '2.5', '0', 100],
    ['conversion', 'rejected', null, 'USD', 0, 1, '0', '0', 50],
  ]);
  // biome-ignore lint/suspicious/noExplicitAny: as above
  expect(links.map((link: any) => [link.source, link.target, link.currency, link.clicks, link.conversions])).toEqual([
    [`campaign:${alpha}`, 'flow:f1', 'USD', 2, 1],
    [`campaign:${alpha}`, 'flow:f2', 'USD', 1, 0],
    ['campaign:2', 'flow:f3', 'EUR', 1, 1],
    ['flow:f1', 'offer:o1', 'USD', 2, 1],
    ['flow:f2', 'offer:o1', 'USD', 1, 0],
    ['flow:f3', 'offer:o2', 'EUR', 1, 1],
    ['offer:o1', 'conversion:approved', 'USD', 0, 1],
    ['offer:o2', 'conversion:pending', 'EUR', 0, 1],
    ['offer:o1', 'conversion:rejected', 'USD', 0, 1],
  ]);
});

test('only some levels, and filters as in reports', async () => {
  const { nodes } = await read(`&levels=offer,campaign&filter.campaign=${alpha}`);
  expect(nodes.map(({ node, clicks }: { node: string; clicks: number }) => [node, clicks])).toEqual([
    [`campaign:${alpha}`, 4],
    ['offer:o1', 3],
    ['conversion:approved', 0],
    ['conversion:rejected', 0],
  ]);
});

test('ways beyond the busiest are one way through other, and no conversion is lost', async () => {
  const { nodes, links } = await read('&top=1');
  expect(nodes.map(({ node, currency, clicks }: Record<string, unknown>) => [node, currency, clicks])).toEqual([
    ['ad:other', 'USD', 2],
    ['ad:other', 'EUR', 1],
    [`campaign:${alpha}`, 'USD', 2],
    ['campaign:other', 'USD', 2],
    ['campaign:other', 'EUR', 1],
    ['flow:f1', 'USD', 2],
    ['flow:other', 'USD', 2],
    ['flow:other', 'EUR', 1],
    ['landingPage:other', 'USD', 2],
    ['landingPage:other', 'EUR', 1],
    ['offer:o1', 'USD', 2],
    ['offer:other', 'USD', 2],
    ['offer:other', 'EUR', 1],
    ['conversion:approved', 'USD', 0],
    ['conversion:pending', 'EUR', 0],
    ['conversion:rejected', 'USD', 0],
  ]);
  expect(links).toContainEqual(
    expect.objectContaining({ source: 'offer:other', target: 'conversion:pending', conversions: 1 }),
  );
});

test('sums are the report’s own', async () => {
  const { nodes } = await read();
  const report = (await api.ask('GET', `/api/v1/reports?${RANGE}&groupBy=offer`)).json;
  for (const row of report.rows.filter(({ keys }: { keys: { offer: unknown } }) => keys.offer !== null)) {
    const node = nodes.find(({ node }: { node: string }) => node === `offer:${row.keys.offer.externalId}`);
    const { clicks, conversions, revenue, cost, currency } = row;
    expect(node).toMatchObject({ clicks, conversions, revenue, cost, currency });
  }
});

test.each(['levels=ship', 'levels=', 'groupBy=offer', `configId=${randomUUID()}x`])('%s is refused', async (query) => {
  expect((await api.ask('GET', `/api/v1/reports/paths?${RANGE}&${query}`)).status).toBe(400);
});

test('a named ad is filtered by the platform’s id', async () => {
  const { organizationId } = api.ours;
  const configId = await seedConfig(api.db, organizationId);
  const map = { tracker_config_id: configId, organization_id: organizationId, role: 'ad', sub_id: 3 } as const;
  await api.db.insertInto('sub_id_map').values(map).execute();
  const ad = {
    organization_id: organizationId,
    level: 'ad',
    external_id: 'ad-1',
    platform: 'meta',
    name: 'Cats',
  } as const;
  const { id } = await api.db.insertInto('ad').values(ad).returning('id').executeTakeFirstOrThrow();
  const click = (told: string) => ({ clicked_at: '2026-11-02T10:00:00Z', sub_ids: JSON.stringify({ 3: told }) });
  await seedClicks(api.db, { configId, organizationId }, [click('ad-1'), click('ad-1'), click('ad-2')]);
  const { nodes } = await read(`&configId=${configId}&levels=ad`);
  expect(nodes).toMatchObject([
    { key: id, id, externalId: 'ad-1', label: 'Cats', clicks: 2 },
    { key: 'ad-2', id: null, externalId: 'ad-2', label: null, clicks: 1 },
  ]);
  expect((await read(`&configId=${configId}&levels=ad&filter.ad=ad-1`)).nodes).toMatchObject([{ id, clicks: 2 }]);
});

test('another organisation sees no way', async () => {
  const { json } = await api.ask('GET', `/api/v1/reports/paths?${RANGE}`, { key: api.theirs.keys.owner });
  expect(json).toMatchObject({ nodes: [], links: [] });
});

test('of more ways than a report has rows, no conversion is lost', async () => {
  const { organizationId } = api.ours;
  const owner = { configId: await seedConfig(api.db, organizationId), organizationId };
  const many = Array.from({ length: 10_500 }, (_, i) => ({
    ...{ converted_at: '2026-11-02T11:00:00Z', clicked_at: '2026-11-02T10:00:00Z', raw_status: 'sale', revenue: '1' },
    ...{ campaign_external_id: `c${i}`, offer_external_id: `o${i % 7}` },
  }));
  for (let at = 0; at < many.length; at += 3_500) await seedConversions(api.db, owner, many.slice(at, at + 3_500));
  const { nodes } = await read(`&configId=${owner.configId}&top=5`);
  const sold = nodes.filter(({ level }: { level: string }) => level === 'conversion');
  expect(sold).toMatchObject([{ key: 'approved', conversions: 10_500, revenue: '10500', share: 100 }]);
});
