// What comes late on a slow machine: it calls nobody back, and takes nothing that was done meanwhile.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from '../api/seed.ts';
import { type Hub, openHub } from './ground.ts';

let hub: Hub;
let configId: string;
beforeAll(async () => {
  hub = await openHub();
  const { db, ours } = hub.api;
  const { organizationId } = ours;
  const now = new Date(Date.now() - 60_000).toISOString();
  configId = await seedConfig(db, organizationId, { name: 'North', first_synced_at: now, last_synced_at: now });
  const owner = { configId, organizationId };
  await seedCampaign(db, owner, '1', { name: 'Alpha' });
  await seedCampaign(db, owner, '2', { name: 'Beta' });
  await seedClicks(db, owner, [
    { clicked_at: now, campaign_external_id: '1' },
    { clicked_at: now, campaign_external_id: '2' },
  ]);
  const converted = (raw_status: string) => ({ converted_at: now, clicked_at: now, raw_status, revenue: '1' });
  await seedConversions(db, owner, [converted('fraud'), converted('odd')]);
});
afterAll(() => hub.end());

/** @returns what lets go of these calls of a page, once they are made */
async function hold(page: Page, method: string, path: RegExp): Promise<() => Promise<void>> {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await page.route(path, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    asked.resolve();
    await held;
    return route.continue();
  });
  return async () => {
    await asked.promise;
    const answered = page.waitForResponse((one) => path.test(one.url()) && one.request().method() === method);
    release();
    await (await answered).finished();
  };
}

const goTo = async (page: Page, name: string) => {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
};

test('who leaves while a tracker is saved, or deleted, stays where he went', async () => {
  const page = await hub.signedIn('manager', '/trackers?connect=keitaro');
  await page.getByLabel('Name', { exact: true }).fill('Late');
  await page.getByLabel('Tracker URL').fill(hub.keitaro.url);
  await page.getByLabel('API key').fill(hub.keitaro.credentials.apiKey!);
  const save = await hold(page, 'POST', /\/api\/v1\/trackers$/);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await goTo(page, 'What moved');
  await save();
  await page.getByRole('alert').getByText('Saved').waitFor();
  await goTo(page, 'Trackers');
  await page.getByRole('link', { name: 'Late', exact: true }).click();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const sure = page.getByRole('dialog', { name: 'Delete Late?' });
  await sure.getByRole('textbox').fill('Late');
  const remove = await hold(page, 'DELETE', /\/api\/v1\/trackers\//);
  await sure.getByRole('button', { name: 'Delete tracker' }).click();
  await page.keyboard.press('Escape');
  await sure.waitFor({ state: 'detached' });
  await goTo(page, 'What moved');
  await remove();
  await page.getByText('Its rows go in the background.').waitFor();
  expect(new URL(page.url()).pathname).toBe('/what-moved');
});

test('a view that is saved late is not opened over another page', async () => {
  const page = await hub.signedIn('manager', '/analytics');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Save this view as').fill('Late view');
  const save = await hold(page, 'POST', /\/api\/v1\/views$/);
  await page.getByRole('button', { name: 'Save view' }).click();
  await page.keyboard.press('Escape');
  await goTo(page, 'What moved');
  await save();
  // Long enough to be called back.
  await page.waitForTimeout(300);
  expect(new URL(page.url()).pathname).toBe('/what-moved');
});

test('what is chosen while other mappings are saved stays chosen', async () => {
  const page = await hub.signedIn('manager', `/trackers/${configId}/mappings`);
  const choose = (word: string) =>
    page
      .getByRole('group', { name: `${word} counts as` })
      .getByRole('button', { name: 'Hold' })
      .click();
  await choose('fraud');
  const save = await hold(page, 'PUT', /\/mappings\/statuses$/);
  await page.getByRole('button', { name: 'Apply' }).click();
  await choose('odd');
  await page.getByText('2 changes, not applied yet').waitFor();
  await save();
  await page.getByText('1 change, not applied yet').waitFor();
  await page.getByRole('table', { name: 'All words' }).getByTitle('fraud').waitFor();
  await page
    .getByRole('table', { name: 'Words to map' })
    .getByRole('button', { name: 'Hold', pressed: true })
    .waitFor();
});

test('letters typed in the midst of a search stay where they are', async () => {
  const page = await hub.signedIn('viewer', `/trackers/${configId}/mappings`);
  const search = page.getByLabel('Search campaigns');
  await search.fill('Aa');
  await page.waitForURL(/q=Aa/);
  await search.press('Home');
  await search.press('ArrowRight');
  await page.keyboard.type('lph');
  expect(await search.inputValue()).toBe('Alpha');
  await page.waitForURL(/q=Alpha/);
  await page.getByRole('row', { name: /^Beta/ }).waitFor({ state: 'detached' });
});

test('Enter that is quicker than the values of a filter is meant for them', async () => {
  const page = await hub.signedIn('viewer', '/analytics');
  await page.getByRole('row', { name: /^Alpha/ }).waitFor();
  const values = await hold(page, 'GET', /\/reports\?.*top=1000(&|$)/);
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('option', { name: 'Campaign', exact: true }).click();
  await page.getByLabel('Search Campaign').fill('bet');
  await page.keyboard.press('Enter');
  await values();
  await page.getByRole('button', { name: 'Campaign Beta' }).waitFor();
  await page.getByRole('row', { name: /^Alpha/ }).waitFor({ state: 'detached' });
});

test('two columns are chosen one right after the other', async () => {
  const page = await hub.signedIn('viewer', '/analytics');
  await page.getByRole('row', { name: /^Alpha/ }).waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByLabel('EPC').waitFor();
  await page.evaluate(`for (const title of ['CR', 'EPC'])
    [...document.querySelectorAll('fieldset label')].find((one) => one.textContent === title).click()`);
  await page.waitForURL((url) => !/\b(cr|epc)\b/.test(url.searchParams.get('columns') ?? 'cr'));
});

test('a tracker is found by Ctrl K before the list of them is there', async () => {
  const page = await hub.signedIn('viewer', '/healthz');
  const list = await hold(page, 'GET', /\/api\/v1\/trackers\?/);
  await page.goto('/what-moved');
  await page.getByRole('heading', { level: 1, name: 'What moved' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('nort');
  const asked = page.waitForResponse(/\/offers\?.*q=nort/);
  await page.keyboard.press('Enter');
  await asked;
  await list();
  await page.getByRole('heading', { name: 'North' }).waitFor();
});
