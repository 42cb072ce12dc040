// Mapping as a person does: what a word would do is shown before it counts, counts at once, and can be taken back.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from '../api/seed.ts';
import { expectAccessible } from './accessible.ts';
import { type Hub, openHub } from './ground.ts';

let hub: Hub;
let configId: string;
let path: string;

const today = () => new Date(Date.now() - 60_000).toISOString();

beforeAll(async () => {
  hub = await openHub();
  const { api } = hub;
  const { organizationId } = api.ours;
  configId = await seedConfig(api.db, organizationId, { name: 'North' });
  path = `/trackers/${configId}/mappings`;
  const owner = { configId, organizationId };
  const converted = (raw_status: string, revenue: string, currency = 'USD') => ({
    ...{ converted_at: today(), clicked_at: today(), raw_status, revenue, currency },
  });
  await seedConversions(api.db, owner, [
    ...[converted('sale', '100'), converted('Trial Won', '35.50'), converted('trial won', '4.50')],
    ...[converted('Trial Won', '7', 'EUR'), converted('fraud', '1000000')],
  ]);
  await seedCampaign(api.db, owner, '1', { name: 'Alpha' });
  await seedClicks(api.db, owner, [
    { clicked_at: today(), campaign_external_id: '1', sub_ids: JSON.stringify({ '2': 'a1' }) },
  ]);
  await api.ask('PUT', '/api/v1/ads?platform=facebook', {
    body: [
      { adCampaignId: 'c1', adCampaignName: 'Spring', adId: 'a1' },
      { adCampaignId: 'c2', adCampaignName: 'Autumn' },
    ],
  });
});
afterAll(() => hub.end());

test('a word: its change in numbers, then the report changes, in another tab too; undone, all is as it was', async () => {
  const page = await hub.signedIn('manager', '/trackers');
  const revenue = page.getByRole('row', { name: /North/ }).getByText('$1,000,140.00');
  await revenue.waitFor();
  await page.getByRole('link', { name: '2 unmapped words' }).click();
  const other = await hub.signedIn('viewer', path);
  await other.getByRole('row', { name: /^fraud/ }).waitFor();

  await page.getByRole('group', { name: 'fraud counts as' }).getByRole('button', { name: 'Rejected' }).click();
  const bar = page.getByRole('region', { name: 'Changes to apply' });
  await bar.getByText('$1,000,140.00 → $140.00 −$1,000,000.00').waitFor();
  // Nothing is said to have happened before it has.
  expect(await page.getByRole('table', { name: 'Words to map' }).getByText('fraud').count()).toBe(1);
  await bar.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('table', { name: 'All words' }).getByTitle('fraud').waitFor();
  await other.getByRole('table', { name: 'All words' }).getByTitle('fraud').waitFor();

  const report = await hub.signedIn('viewer', '/trackers');
  await report.getByRole('row', { name: /North/ }).getByText('$140.00').waitFor();
  await report.getByRole('link', { name: '1 unmapped word' }).waitFor();

  await bar.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('table', { name: 'Words to map' }).getByText('fraud').waitFor();
  await page.getByRole('table', { name: 'Changes' }).getByText('fraud: not mapped → Rejected').waitFor();
  await page.getByRole('table', { name: 'Changes' }).getByText('Undone').waitFor();
  await page.goto('/trackers');
  await revenue.waitFor();
});

test('a change that was changed again is not taken back over it, and says so', async () => {
  const at = `/api/v1${path}`;
  await hub.api.ask('PUT', `${at}/statuses`, { body: { sale: 'hold' } });
  await hub.api.ask('PUT', `${at}/statuses`, { body: { sale: 'rejected' } });
  const page = await hub.signedIn('manager', path);
  const older = page.getByRole('row', { name: /sale: Approved → On hold/ });
  await older.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('alert').getByText('part of it was changed again since').waitFor();
  await page
    .getByRole('row', { name: /sale: On hold → Rejected/ })
    .getByRole('button', { name: 'Undo' })
    .click();
  await older.getByRole('button', { name: 'Undo' }).click();
  await older.getByText('Undone').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  const { statuses } = (await hub.api.ask('GET', at)).json;
  expect(statuses.find((one: { rawStatus: string }) => one.rawStatus === 'sale').status).toBe('approved');
});

test('a guess is confirmed, a campaign is led by hand; what is not applied is asked about before it is lost', async () => {
  const page = await hub.signedIn('manager', path);
  const ad = page.getByRole('row', { name: /100 % of its values are ids/ });
  await ad.getByText('Guess').waitFor();
  await page.getByRole('button', { name: 'Pick… for Alpha' }).click();
  await page.getByLabel('Search ad campaigns').fill('autu');
  await page.getByRole('button', { name: 'Spring' }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Autumn' }).click();
  await page.getByRole('link', { name: 'North' }).click();
  await page.getByRole('button', { name: 'Keep editing' }).click();
  const bar = page.getByRole('region', { name: 'Changes to apply' });
  await bar.getByText('0 → 1 +1').waitFor();
  await bar.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('row', { name: /Alpha.*Autumn.*By hand/ }).waitFor();
  await page.getByRole('button', { name: 'Confirm the guess' }).click();
  await bar.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('row', { name: /Alpha.*Spring.*else Autumn.*Sub-ids, 1 click$/ }).waitFor();
  await page.getByText('Confirmed').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await bar.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('link', { name: 'North' }).click();
  await page.getByRole('heading', { name: 'North' }).waitFor();
});

test('a word that has not come yet is mapped, and counts so when it comes', async () => {
  const page = await hub.signedIn('manager', path);
  await page.getByRole('button', { name: 'Add a word' }).click();
  const form = page.getByRole('form', { name: 'Add a word' });
  const word = form.getByLabel('The tracker’s word');
  await word.fill('SALE');
  await form.getByText('“SALE” is there already and counts as approved.').waitFor();
  await word.fill('fraud ');
  await form.getByText('“fraud” is there already, not mapped yet.').waitFor();
  await word.fill(' Upsell ');
  await form.getByRole('button', { name: 'Add', exact: true, disabled: true }).waitFor();
  await form.getByRole('button', { name: 'Approved' }).click();
  await word.press('Enter');
  const row = page.getByRole('table', { name: 'All words' }).getByRole('row', { name: /^upsell/i });
  await row.getByRole('button', { name: 'Remove Upsell' }).click();
  await row.waitFor({ state: 'detached' });
  await word.fill('Upsell');
  await form.getByRole('button', { name: 'Approved' }).click();
  await word.press('Enter');
  await page.getByRole('region', { name: 'Changes to apply' }).getByRole('button', { name: 'Apply' }).click();
  await row.getByText('Custom').filter({ visible: true }).waitFor();
  await seedConversions(hub.api.db, { configId, organizationId: hub.api.ours.organizationId }, [
    { converted_at: today(), clicked_at: today(), raw_status: 'upsell', revenue: '21.50' },
  ]);
  await page.reload();
  await row.getByText('$21.50').filter({ visible: true }).waitFor();
  const { statuses } = (await hub.api.ask('GET', `/api/v1${path}`)).json;
  expect(statuses.filter((one: { rawStatus: string }) => /^upsell$/i.test(one.rawStatus))).toMatchObject([
    { status: 'approved', reversed: false, conversions: 1, revenue: '21.5' },
  ]);
});

test('while the numbers of a choice are on their way, those of the one before are dimmed, and nothing can be applied', async () => {
  const page = await hub.signedIn('manager', path);
  const choose = (name: string) =>
    page.getByRole('group', { name: 'fraud counts as' }).getByRole('button', { name }).click();
  const apply = page.getByRole('button', { name: 'Apply' });
  const told = page.getByRole('region', { name: 'Changes to apply' }).locator('[data-earlier]');
  await choose('Rejected');
  await expect.poll(() => told.getAttribute('data-earlier'), { timeout: 10_000 }).toBe('false');
  const { promise, resolve: release } = Promise.withResolvers<void>();
  await page.route('**/mappings/preview', async (route) => {
    await promise;
    await route.continue();
  });
  await choose('Hold');
  await expect.poll(() => apply.isDisabled()).toBe(true);
  expect(await told.getAttribute('data-earlier')).toBe('true');
  release();
  await expect.poll(() => apply.isEnabled(), { timeout: 10_000 }).toBe(true);
  expect(await told.getAttribute('data-earlier')).toBe('false');
});

test('the empty word leads to its own conversions', async () => {
  await seedConversions(hub.api.db, { configId, organizationId: hub.api.ours.organizationId }, [
    { converted_at: today(), clicked_at: today(), raw_status: '', revenue: '1' },
  ]);
  const page = await hub.signedIn('viewer', path);
  await page
    .getByRole('row', { name: /^\(empty\)/ })
    .getByRole('link', { name: '1', exact: true })
    .click();
  await page.getByText('The tracker says “(empty)”').waitFor();
  const table = page.getByRole('table', { name: 'Conversions' });
  await expect.poll(() => table.getAttribute('aria-rowcount'), { timeout: 10_000 }).toBe('2');
  await page.reload();
  await expect.poll(() => table.getAttribute('aria-rowcount'), { timeout: 10_000 }).toBe('2');
});

test('a viewer sees what counts, and no button that he may not press', async () => {
  const page = await hub.signedIn('viewer', path);
  await page.getByRole('row', { name: /^fraud .*Not mapped, counts as pending/ }).waitFor();
  await page.getByRole('row', { name: /^Alpha.*Sub-ids/ }).waitFor();
  const main = page.getByRole('main');
  expect(await main.getByRole('button').count()).toBe(0);
  expect(await main.getByRole('checkbox').count()).toBe(0);
});

test.each(['light', 'dark'] as const)('axe finds nothing serious, in the %s', async (scheme) => {
  const prepare = async (page: Page) => {
    await page.getByRole('group', { name: 'fraud counts as' }).getByRole('button', { name: 'Hold' }).click();
    await page.getByText('1 change, not applied yet').waitFor();
    await page.getByRole('button', { name: 'Add a word' }).click();
    // Or leaving would be asked about.
    await page.evaluate(
      'addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), { capture: true })',
    );
  };
  await expectAccessible(hub, { role: 'manager', path, text: 'Alpha', scheme }, prepare);
});
