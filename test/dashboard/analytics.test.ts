// Analytics as people use it: asked, gone into, shared by its address, saved, taken away as a file.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from '../api/seed.ts';
import { expectAccessible } from './accessible.ts';
import { type Hub, openHub } from './ground.ts';

const WEEK = '/analytics?from=2026-11-01&to=2026-11-07&tz=UTC';

let hub: Hub;
beforeAll(async () => {
  hub = await openHub();
  const { db, ours } = hub.api;
  const { organizationId } = ours;
  const now = new Date();
  const configId = await seedConfig(db, organizationId, { name: 'North', first_synced_at: now, last_synced_at: now });
  await seedConfig(db, organizationId, { name: 'Asleep', desired_state: 'paused' });
  const euros = await seedConfig(db, organizationId, { name: 'Euros', settings: JSON.stringify({ currency: 'EUR' }) });
  const owner = { configId, organizationId };
  await seedCampaign(db, owner, '1', { name: 'Alpha' });
  await seedCampaign(db, owner, '2', { name: 'Beta' });
  const click = (day: number, campaign: string, country: string, cost: string) => ({
    ...{ clicked_at: `2026-11-0${day}T10:00:00Z`, campaign_external_id: campaign, country, cost },
  });
  await seedClicks(db, owner, [
    ...[1, 2, 3, 4].map((day) => click(day, '1', 'DE', '1.25')),
    ...[2, 3].map((day) => click(day, '1', 'US', '0.50')),
    ...[3, 5, 6].map((day) => click(day, '2', 'US', '2')),
  ]);
  await seedConversions(db, owner, [
    {
      ...{ converted_at: '2026-11-03T12:00:00Z', clicked_at: '2026-11-03T10:00:00Z', raw_status: 'sale' },
      ...{ revenue: '1234567.89', campaign_external_id: '1', country: 'DE' },
    },
  ]);
  await seedClicks(db, { configId: euros, organizationId }, [
    { clicked_at: '2026-11-02T10:00:00Z', cost: '3', currency: 'EUR', campaign_external_id: '9', country: 'FR' },
  ]);
});
afterAll(() => hub.end());

const rows = (page: Page) => page.getByRole('region', { name: 'Report' }).getByRole('row');
const heads = (page: Page) => page.getByRole('columnheader').allInnerTexts();
const shown = async (page: Page): Promise<string[]> =>
  (await rows(page).allInnerTexts()).map((text) => text.split(/\s*\t\s*/).join(' | '));

/** Once what was asked last is shown. */
async function settled(page: Page): Promise<void> {
  await page.locator('table[aria-busy="false"]').waitFor();
}

test('an address that is shared opens alike for somebody else, elsewhere', async () => {
  const page = await hub.signedIn('manager', WEEK);
  await page.getByRole('row', { name: /^Alpha/ }).waitFor();
  expect(await shown(page)).toEqual([
    'Campaign | Clicks | Conversions | Approved | Revenue | Cost | Profit | ROI | CR | EPC',
    'Total EUR | 1 | 0 | 0 | €0.00 | €3.00 | −€3.00 | −100.0 % | 0.0 % | €0.0000',
    expect.stringMatching(/^Total USD \| 9 \| 1 \| 1 \| \$1,234,567.89 \| \$12.00 \| \$1,234,555.89 \| /),
    expect.stringMatching(/^Alpha \| 6 \| 1 \| 1 \| \$1,234,567.89 \| \$6.00 \| /),
    expect.stringMatching(/^Beta \| 3 \| 0 \| 0 \| \$0.00 \| \$6.00 \| −\$6.00 \| −100.0 % \| /),
    expect.stringMatching(/^9 \| 1 \| 0 \| 0 \| €0.00 \| €3.00 \| −€3.00 \| /),
  ]);

  await page.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByLabel('Group: search').fill('count');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /^Alpha Germany/ }).waitFor();
  const tokens = page.getByRole('list', { name: 'Group by' }).getByRole('listitem');
  await tokens.nth(1).dragTo(tokens.nth(0));
  await page.getByRole('row', { name: /^Germany Alpha/ }).waitFor();
  await tokens.nth(0).getByRole('button').first().press('ArrowRight');
  await page.getByRole('row', { name: /^Alpha Germany/ }).waitFor();
  await page.getByRole('columnheader', { name: 'Cost' }).getByRole('button').click();
  await page.keyboard.press('/');
  await page.getByLabel('Filter: search').fill('campaign');
  await page.getByRole('option', { name: 'Campaign', exact: true }).click();
  await page.getByRole('checkbox', { name: /Alpha/ }).check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: /Campaign Alpha/ }).waitFor();
  await page.getByRole('row', { name: /^Beta/ }).first().waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Columns' }).click();
  // What stands in the address is checked a moment after the click.
  await page.getByLabel('EPC').click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Compare with the 7 days before').click();
  await page.getByRole('checkbox', { name: 'Compare with the 7 days before', checked: true }).waitFor();
  await expect
    .poll(async () => (await shown(page))[0])
    .toBe('Campaign | Country | Clicks | Conversions | Approved | Revenue | Cost | Profit | ROI | CR');
  await settled(page);
  const first = await shown(page);
  expect(first.slice(2).map((text) => text.split(' | ').slice(0, 3))).toEqual([
    ['Alpha', 'Germany', '4'],
    ['Alpha', 'United States', '2'],
  ]);

  const other = await hub.signedIn('viewer', page.url());
  await other.getByRole('button', { name: /Campaign Alpha/ }).waitFor();
  await other.getByRole('row', { name: /^Alpha Germany/ }).waitFor();
  await settled(other);
  expect(await shown(other)).toEqual(first);
  expect(await other.getByLabel('Compare with the 7 days before').isChecked()).toBe(true);

  // What was chosen last is there for a report that names no columns.
  await page.goto('/analytics?from=2026-11-01&to=2026-11-07');
  await page.getByRole('row', { name: /^Alpha/ }).waitFor();
  expect(await heads(page)).not.toContain('EPC');
});

test('a value opens what is beneath it; back and forward return', async () => {
  const page = await hub.signedIn('viewer', WEEK);
  await page
    .getByRole('row', { name: /^Alpha/ })
    .getByRole('button')
    .click();
  await page.getByRole('button', { name: /Campaign Alpha/ }).waitFor();
  await settled(page);
  expect((await heads(page))[0]).toBe('Offer');
  await page.goBack();
  await page.getByRole('row', { name: /^Beta/ }).waitFor();
  expect((await heads(page))[0]).toBe('Campaign');
  await page.goForward();
  await page.getByRole('button', { name: /Campaign Alpha/ }).waitFor();
  await page.goBack();
  // The same without a mouse.
  await page.getByRole('row', { name: /^Alpha/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Campaign Beta/ }).waitFor();
});

test('rows without a value open as others do, and are chosen, named and shared like them', async () => {
  const { db, ours } = hub.api;
  const { organizationId } = ours;
  const { id: configId } = await db
    .selectFrom('tracker_config')
    .select('id')
    .where('name', '=', 'North')
    .executeTakeFirstOrThrow();
  const at = { clicked_at: '2026-11-10T10:00:00Z', campaign_external_id: '1' };
  await seedClicks(db, { configId, organizationId }, [at, at, at, { ...at, country: 'DE' }]);
  const page = await hub.signedIn('viewer', '/analytics?from=2026-11-10&to=2026-11-10&tz=UTC&group=country&split=true');
  const none = (name: RegExp) => page.getByRole('row', { name }).getByRole('button', { name: 'None' });
  await none(/^None 3/).click();
  await page.getByRole('button', { name: 'Country None' }).click();
  await expect.poll(async () => (await heads(page))[0]).toBe('Device');
  expect(await page.getByRole('checkbox', { name: /None\s*3/ }).isChecked()).toBe(true);
  await page.getByRole('checkbox', { name: /Germany/ }).check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: 'Country None, Germany' }).waitFor();
  // By keyboard, and where no click leads to an ad.
  await page.getByRole('list', { name: 'Group by' }).getByRole('button', { name: 'Device', exact: true }).click();
  await page.getByRole('option', { name: 'Ad', exact: true }).click();
  await none(/^None 4/).waitFor();
  await page.getByRole('row', { name: /^None 4/ }).press('Enter');
  await page.getByRole('button', { name: 'Ad None' }).waitFor();
  await page.getByRole('row', { name: /^Alpha 4/ }).waitFor();
  // A line of the chart too.
  await page.getByRole('list', { name: 'Group by' }).getByRole('button', { name: 'Campaign', exact: true }).click();
  await page.getByRole('option', { name: 'Country', exact: true }).click();
  const chart = page.getByRole('region', { name: 'Over time' });
  const lines = chart.getByRole('list', { name: 'Lines' }).getByRole('listitem');
  await none(/^None 3/).waitFor();
  await expect.poll(() => lines.allInnerTexts(), { timeout: 15_000 }).toEqual(['None', 'Germany']);
  await expect.poll(() => chart.locator('path.recharts-line-curve').count()).toBe(2);
  await settled(page);
  const first = await shown(page);

  const other = await hub.signedIn('viewer', page.url());
  await other.getByRole('row', { name: /^None 3/ }).waitFor();
  await other.getByRole('button', { name: 'Country None, Germany' }).waitFor();
  await other.getByRole('button', { name: 'Ad None' }).waitFor();
  await settled(other);
  expect(await shown(other)).toEqual(first);
});

test('a token opens the list of what else to group by, by mouse and by keyboard', async () => {
  const page = await hub.signedIn('viewer', WEEK);
  const token = (name: string) =>
    page.getByRole('list', { name: 'Group by' }).getByRole('button', { name, exact: true });
  await token('Campaign').click();
  expect(await page.getByRole('option').first().textContent()).toBe('Ad campaign');
  await page.getByRole('option', { name: 'Country' }).click();
  await page.getByRole('row', { name: /^Germany/ }).waitFor();
  expect(new URL(page.url()).searchParams.get('group')).toBe('country');
  await token('Country').and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Instead of Country: search' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('ad set');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await token('Ad set').waitFor();
  await page.getByText('rejected ones are a column of their own').waitFor();
});

test('the range is chosen by keyboard; the line of freshness names who is behind', async () => {
  const page = await hub.signedIn('viewer', WEEK);
  await page.getByRole('button', { name: /^Range: Nov 1 – 7/ }).press('Enter');
  await page.getByRole('button', { name: 'Today' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Range: Yesterday/ }).waitFor();
  expect(new URL(page.url()).searchParams.get('range')).toBe('yesterday');
  expect(new URL(page.url()).searchParams.has('from')).toBe(false);
  await page.getByRole('main').getByRole('link', { name: 'Asleep' }).click();
  await page.getByRole('heading', { name: 'Asleep' }).waitFor();
});

test('the report as a file has each row, exact', async () => {
  const page = await hub.signedIn('viewer', WEEK);
  await page.getByRole('row', { name: /^Alpha/ }).waitFor();
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('campaign 2026-11-01 2026-11-07.csv');
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  expect(lines[0]).toMatch(/^campaign,campaignExternalId,/);
  expect(lines.slice(1).map((line) => line.split(',').slice(0, 2))).toEqual([
    ['Alpha', '1'],
    ['Beta', '2'],
    ['', '9'],
  ]);
  expect(lines[1]).toContain('1234567.89');
});

test('a range that is refused shows no line of the one before', async () => {
  const page = await hub.signedIn('viewer', WEEK);
  const chart = page.getByRole('region', { name: 'Over time' });
  await chart.locator('path.recharts-line-curve').waitFor({ state: 'attached' });
  const problem = { title: 'Bad input', status: 400, code: 'bad_input', detail: 'So long a range is not read.' };
  const refuse = (which: RegExp) =>
    page.route(which, (route) =>
      route.fulfill({ status: 400, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
  const expectNoLine = async () => {
    await page.getByRole('alert').filter({ hasText: problem.detail }).waitFor();
    await chart.getByText('What is asked for could not be read.').waitFor();
    expect(await chart.locator('path.recharts-line-curve').count()).toBe(0);
  };
  // The days of the chart alone, then the whole of it.
  await refuse(/\/api\/v1\/reports\?.*groupBy=day/);
  await page.getByRole('button', { name: /^Range/ }).click();
  await page.getByRole('button', { name: 'Last month' }).click();
  await expectNoLine();
  await page.goBack();
  await chart.locator('path.recharts-line-curve').waitFor({ state: 'attached' });
  await refuse(/\/api\/v1\/reports\?/);
  await page.getByRole('button', { name: /^Range/ }).click();
  await page.getByRole('button', { name: 'Last 30 days' }).click();
  await expectNoLine();
});

test('a file that is refused says why, once however often it is asked for; an ended session is noticed', async () => {
  const page = await hub.signedIn('viewer', WEEK);
  await page.getByRole('row', { name: /^Alpha/ }).waitFor();
  let asked = 0;
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(/\/api\/v1\/reports\?/, async (route) => {
    if (route.request().headers().accept !== 'text/csv') return route.fallback();
    asked += 1;
    await held;
    const problem = { title: 'Sign in first', status: 401, code: 'unauthenticated', detail: 'Your session is over.' };
    return route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
  const button = page.getByRole('button', { name: 'CSV' });
  await button.click();
  await page.locator('button[data-loading="true"]', { hasText: 'CSV' }).waitFor();
  await button.dispatchEvent('click');
  answer();
  await page.getByText('Your session is over.').waitFor();
  await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
  expect(asked).toBe(1);
});

test('the money that the chart draws goes with the address', async () => {
  const page = await hub.signedIn('viewer', `${WEEK}&chart=revenue`);
  await page.getByText('EUR', { exact: true }).click();
  await page.waitForURL(/draw=EUR/);
  await page.reload();
  await page.locator('input[type="radio"][value="EUR"]:checked').waitFor({ state: 'attached' });
});

test('a view is saved, shared, opened by another, and deleted by its owner alone', async () => {
  const page = await hub.signedIn('manager', `${WEEK}&group=country`);
  await page.getByRole('row', { name: /^Germany/ }).waitFor();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Save this view as').fill('Countries of the week');
  await page.getByLabel('Everybody in the organisation sees it').check();
  await page.getByRole('button', { name: 'Save view' }).click();
  const button = page.getByRole('button', { name: 'Countries of the week', exact: true, expanded: false });
  await button.waitFor();

  const other = await hub.signedIn('viewer', '/analytics');
  await other.getByRole('button', { name: 'Views' }).click();
  await other.getByRole('button', { name: /^Countries of the week/ }).click();
  await other.getByRole('row', { name: /^Germany/ }).waitFor();
  await other.getByRole('button', { name: 'Countries of the week', exact: true, expanded: false }).click();
  expect(await other.getByRole('button', { name: 'Delete Countries of the week' }).count()).toBe(0);

  await button.click();
  await page.getByRole('button', { name: 'Delete Countries of the week' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete view' }).click();
  await page.getByRole('button', { name: 'Views' }).waitFor();
});

test('clicks without a conversion lead to the mappings', async () => {
  const page = await hub.signedIn('viewer', `${WEEK.replace('01', '05')}`);
  await page.getByText('North has clicks, but no conversions here.').waitFor();
  await page.getByRole('link', { name: 'Look at its mappings' }).click();
  await page.waitForURL(/\/trackers\/[0-9a-f-]+\/mappings/);
});

test('clicks that are not told: whose they are and why, over the table and in the chart, and the way to the others', async () => {
  const { db, ours } = hub.api;
  const { organizationId } = ours;
  const owner = { organizationId, configId: await seedConfig(db, organizationId, { name: 'Summed', type: 'voluum' }) };
  await seedConversions(db, owner, [
    { converted_at: '2026-11-03T12:00:00Z', clicked_at: '2026-11-03T10:00:00Z', raw_status: 'sale', country: 'DE' },
  ]);
  const page = await hub.signedIn('viewer', `${WEEK}&group=country&split=true`);
  const told = page.getByRole('note').filter({ hasText: 'Clicks and cost by country are not told: Summed gives no' });
  await page.getByRole('row', { name: /^Germany – 2/ }).waitFor();
  await page.getByRole('region', { name: 'Over time' }).getByRole('note').waitFor();
  expect(await told.count()).toBe(2);
  await page.getByRole('button', { name: 'See the other trackers alone' }).click();
  await page.getByRole('row', { name: /^Germany 4 1/ }).waitFor();
  await expect.poll(() => told.count(), { timeout: 15_000 }).toBe(0);
  await page.goBack();
  await page.goto(`${WEEK}&group=status`);
  await page.getByText('No click has a status: clicks and cost cannot be told by it.').waitFor();
});

test('each row tells its change and ranks by it; lines have their names; of days before the history nothing is made up', async () => {
  const { db, ours } = hub.api;
  const { organizationId } = ours;
  const begin = (backfill_from: string) =>
    db.updateTable('tracker_config').set({ backfill_from, first_synced_at: new Date() }).execute();
  await begin('2026-10-01T00:00:00Z');
  const north = await db
    .selectFrom('tracker_config')
    .select('id')
    .where('name', '=', 'North')
    .executeTakeFirstOrThrow();
  await seedClicks(db, { configId: north.id, organizationId }, [
    ...Array.from({ length: 8 }, () => ({ clicked_at: '2026-10-27T10:00:00Z', campaign_external_id: '1' })),
    { clicked_at: '2026-10-27T10:00:00Z', campaign_external_id: '2' },
  ]);
  const filter = encodeURIComponent(JSON.stringify({ config: [north.id] }));
  const page = await hub.signedIn('viewer', `${WEEK}&compare=true&split=true&filter=${filter}`);
  await page.getByRole('row', { name: /^Alpha 6 −25 %/ }).waitFor();
  await page.getByRole('row', { name: /^Beta 3 \+200 %/ }).waitFor();
  const chart = page.getByRole('region', { name: 'Over time' });
  await chart.locator('svg text', { hasText: 'Alpha' }).waitFor();
  const names = async () => (await shown(page)).slice(2).map((text) => text.slice(0, 4));
  await expect.poll(names).toEqual(['Alph', 'Beta']);
  await page.getByRole('button', { name: 'Sort by the change of Clicks' }).click();
  await expect.poll(names).toEqual(['Beta', 'Alph']);
  expect(new URL(page.url()).searchParams.get('moved')).toBe('true');

  // What is shown stays until all of what comes next is there.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/api\/v1\/reports\?/, async (route) => {
    await held;
    return route.continue();
  });
  await page.getByRole('button', { name: /^Range/ }).click();
  await page.getByRole('button', { name: 'Today' }).click();
  await page.locator('table[aria-busy="true"]').waitFor();
  await page.waitForTimeout(300);
  expect(await chart.locator('svg text', { hasText: 'Alpha' }).count()).toBe(1);
  expect(await names()).toEqual(expect.arrayContaining(['Beta', 'Alph']));
  release();
  await page.goBack();
  await expect.poll(names).toEqual(['Beta', 'Alph']);

  await begin('2026-11-01T00:00:00Z');
  await page.reload();
  await page.getByText('so no change is told: the history begins on Nov 1.').waitFor();
  await page.getByRole('row', { name: /^Alpha 6 1/ }).waitFor();
  await page.goto('/analytics?from=2026-10-28&to=2026-11-07&tz=UTC');
  await chart.getByText('History begins').waitFor();
  await page.goto('/analytics?from=2026-09-01&to=2026-09-07&tz=UTC');
  await chart.getByText('Nothing is known of these days: the history begins on Nov 1.').waitFor();
});

test.each(['light', 'dark'] as const)('axe finds nothing serious, in the %s', (scheme) =>
  expectAccessible(hub, {
    role: 'viewer',
    path: `${WEEK}&compare=true&split=true&group=campaign,country&columns=clicks,uniqueClicks,roi,profit`,
    text: 'not told',
    scheme,
  }),
);
