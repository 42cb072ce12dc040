// Paths as people use them: where clicks went, narrowed by a click on a stop, and the story of a single click.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from '../api/seed.ts';
import { expectAccessible } from './accessible.ts';
import { type Hub, openHub } from './ground.ts';

const WEEK = '/paths?from=2026-11-01&to=2026-11-07&tz=UTC';

let hub: Hub;
beforeAll(async () => {
  hub = await openHub();
  const { db, ours } = hub.api;
  const { organizationId } = ours;
  const configId = await seedConfig(db, organizationId, { name: 'North' });
  const owner = { configId, organizationId };
  await seedCampaign(db, owner, '1', { name: 'Alpha' });
  await seedCampaign(db, owner, '2', { name: 'Beta' });
  const way = (campaign: string, offer: string, given: object = {}) => ({
    ...{ clicked_at: '2026-11-02T10:00:00Z', cost: '2', campaign_external_id: campaign, flow_external_id: 'f' },
    ...{ offer_external_id: offer, ...given },
  });
  await seedClicks(db, owner, [
    ...[1, 2, 3].map((n) => way('1', 'o1', { external_id: `alpha-${n}` })),
    way('2', 'o1'),
    way('2', 'o2'),
  ]);
  const conversionId = randomUUID();
  await seedConversions(db, owner, [
    {
      ...{ id: conversionId, converted_at: '2026-11-02T12:05:00Z', clicked_at: '2026-11-02T10:00:00Z' },
      ...{ raw_status: 'sale', revenue: '30', click_external_id: 'alpha-2', transaction_id: 'tx-77' },
      ...{ campaign_external_id: '1', flow_external_id: 'f', offer_external_id: 'o1' },
    },
  ]);
  const change = { organization_id: organizationId, tracker_config_id: configId, conversion_id: conversionId };
  await db
    .insertInto('conversion_change')
    .values([
      { ...change, seen_at: new Date('2026-11-02T12:10:00Z'), raw_status: 'lead', revenue: '0', currency: 'USD' },
      { ...change, seen_at: new Date('2026-11-05T12:10:00Z'), raw_status: 'sale', revenue: '30', currency: 'USD' },
    ])
    .execute();
});
afterAll(() => hub.end());

test('stops and ways have their figures; another metric, a stop as a filter, and back', async () => {
  const page = await hub.signedIn('viewer', WEEK);
  const stops = page.getByRole('list', { name: 'Stops on the way' }).getByRole('listitem');
  await stops.first().waitFor();
  expect(await stops.allInnerTexts()).toEqual(['Alpha\n3', 'Beta\n2', 'f\n5', 'o1\n4', 'o2\n1', 'Approved\n1']);
  const lines = page.getByRole('table', { name: 'Ways from stop to stop' }).getByRole('row');
  expect((await lines.allInnerTexts()).slice(1, 3).map((text) => text.split(/\s*[\t\n]\s*/))).toEqual([
    ['Alpha', 'Campaign', 'f', 'Flow', '3', '1', '$30.00', '$24.00', '60.0 %'],
    ['Beta', 'Campaign', 'f', 'Flow', '2', '0', '$0.00', '−$4.00', '40.0 %'],
  ]);

  await page.getByText('Profit', { exact: true }).first().click();
  await stops.filter({ hasText: /Beta\s*−\$4\.00/ }).waitFor();
  await stops.getByRole('button', { name: 'Beta' }).click();
  await page.getByRole('button', { name: /Campaign Beta/ }).waitFor();
  await stops.filter({ hasText: 'Alpha' }).waitFor({ state: 'detached' });
  expect(await stops.allInnerTexts()).toEqual(['Beta\n−$4.00', 'f\n−$4.00', 'o1\n−$2.00', 'o2\n−$2.00']);
  await page.goBack();
  await stops.filter({ hasText: 'Alpha' }).waitFor();
});

test('an ad with a name narrows by a click too', async () => {
  const { db, ours } = hub.api;
  const organization_id = ours.organizationId;
  const configId = await seedConfig(db, organization_id, { name: 'South' });
  await db
    .insertInto('sub_id_map')
    .values({ tracker_config_id: configId, organization_id, role: 'ad', sub_id: 3 })
    .execute();
  await db
    .insertInto('ad')
    .values({ organization_id, level: 'ad', external_id: 'ad-1', platform: 'meta', name: 'Cats' })
    .execute();
  const click = (told: string) => ({ clicked_at: '2026-10-02T10:00:00Z', sub_ids: JSON.stringify({ 3: told }) });
  await seedClicks(db, { configId, organizationId: organization_id }, [click('ad-1'), click('ad-1'), click('ad-2')]);
  const page = await hub.signedIn('viewer', '/paths?from=2026-10-01&to=2026-10-07&tz=UTC');
  const stops = page.getByRole('list', { name: 'Stops on the way' }).getByRole('listitem');
  await stops.getByRole('button', { name: 'Cats' }).click();
  await stops.filter({ hasText: 'ad-2' }).waitFor({ state: 'detached' });
  expect(await stops.allInnerTexts()).toEqual(['Cats\n2']);
});

test('why there is no ad and no conversion; a filter has its name where the range has nothing of it', async () => {
  const { db, ours } = hub.api;
  const owner = { organizationId: ours.organizationId, configId: '' };
  const south = await db
    .selectFrom('tracker_config')
    .select('id')
    .where('name', '=', 'South')
    .executeTakeFirstOrThrow();
  owner.configId = south.id;
  await seedClicks(db, owner, [{ clicked_at: '2026-09-02T10:00:00Z', campaign_external_id: '7' }]);
  const gamma = await seedCampaign(db, owner, '3', { name: 'Gamma' });
  const page = await hub.signedIn('viewer', WEEK);
  await page.getByText('No click of North leads to an ad.').waitFor();
  await page.goto('/paths?from=2026-09-01&to=2026-09-07&tz=UTC');
  await page.getByText('No click of South came with an ad here.').waitFor();
  await page.getByText('Ads are told by sub-id 3,').waitFor();
  const why = page.getByRole('status').filter({ hasText: 'South has clicks, but no conversions here.' });
  await why.getByRole('link', { name: 'Look at its mappings' }).click();
  await page.waitForURL(`**/trackers/${south.id}/mappings`);

  const filter = { campaign: [gamma], ad: ['ad-1'], config: [south.id], country: ['DE'] };
  await page.goto(`${WEEK}&filter=${encodeURIComponent(JSON.stringify(filter))}`);
  for (const name of ['Campaign Gamma', 'Ad Cats', 'Tracker South', 'Country Germany'])
    await page.getByRole('button', { name, exact: true }).waitFor();
});

test.each(['alpha-2', 'tx-77'])('the story of a click is found by %s, moment by moment', async (id) => {
  const page = await hub.signedIn('viewer', WEEK);
  await page.getByLabel('The story of a click, by its id').fill(id);
  await page.keyboard.press('Enter');
  const moments = page.getByRole('list', { name: 'What happened, in order' }).getByRole('listitem');
  await moments.first().waitFor();
  const words = (await moments.allInnerTexts()).map((text) => text.split('\n'));
  expect(words.map(([first]) => first)).toEqual([
    'Click',
    'Flow',
    'Offer',
    '2 h 5 min later',
    '5 min later',
    '3 d later',
  ]);
  expect(words.at(-1)).toContain('Approved');
  expect(words.at(-1)).toContain('$30.00');
  expect(new URL(page.url()).searchParams.get('click')).toBe(id);
  await page.keyboard.press('Escape');
  await moments.first().waitFor({ state: 'detached' });
});

test('an id that nobody has says where to find one', async () => {
  const page = await hub.signedIn('viewer', `${WEEK}&click=nothing-1`);
  await page.getByText('No click has the id nothing-1.').waitFor();
});

test.each([
  ['light', 'metric=profit', 'Every way'],
  ['dark', 'metric=profit', 'Every way'],
  ['dark', 'click=alpha-2', '3 d later'],
] as const)('axe finds nothing serious, in the %s: %s', (scheme, query, text) =>
  expectAccessible(hub, { role: 'viewer', path: `${WEEK}&${query}`, text, scheme }),
);
