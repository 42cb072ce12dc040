// Two tabs agree: what is done in one is seen in the other without loading it anew.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../api/browser.ts';
import { seedConfig, seedConversions } from '../api/seed.ts';
import { type Hub, openHub } from './ground.ts';

let hub: Hub;
let path: string;
beforeAll(async () => {
  hub = await openHub();
  const { db, ours } = hub.api;
  const now = new Date(Date.now() - 60_000).toISOString();
  const synced = { first_synced_at: now, last_synced_at: now };
  const configId = await seedConfig(db, ours.organizationId, { name: 'North', ...synced });
  await seedConversions(db, { configId, organizationId: ours.organizationId }, [
    { converted_at: now, clicked_at: now, raw_status: 'fraud', revenue: '1' },
  ]);
  path = `/trackers/${configId}`;
});
afterAll(() => hub.end());

/** Fails where the page is loaded anew. */
async function stays(page: Page, work: () => Promise<unknown>): Promise<void> {
  await page.evaluate('globalThis.isSame = true');
  await work();
  expect(await page.evaluate('globalThis.isSame')).toBe(true);
}

test('what is changed in one is seen in the other, by somebody else too', async () => {
  const page = await hub.signedIn('owner', path);
  const other = await page.context().newPage();
  await other.goto('/trackers');
  const somebody = await hub.signedIn('viewer', '/trackers');
  await somebody.getByRole('row', { name: /North.*1 unmapped word/ }).waitFor();
  await other.getByRole('row', { name: /North.*1 unmapped word/ }).waitFor();

  await stays(other, async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await other.getByRole('row', { name: /North.*Paus/ }).waitFor();
    await somebody.getByRole('row', { name: /North.*Paus/ }).waitFor();
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Change connection…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Northern');
    await page.getByRole('button', { name: 'Save' }).click();
    await other.getByRole('row', { name: /Northern/ }).waitFor();
    await somebody.getByRole('row', { name: /Northern/ }).waitFor();
    await page.getByRole('link', { name: 'Mappings' }).click();
    await page.getByRole('group', { name: 'fraud counts as' }).getByRole('button', { name: 'Rejected' }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await other.getByRole('link', { name: '1 unmapped word' }).waitFor({ state: 'detached' });
    await somebody.getByRole('link', { name: '1 unmapped word' }).waitFor({ state: 'detached' });
  });

  // Of this no stream tells.
  await other.getByRole('link', { name: 'API keys' }).click();
  await other.getByRole('row', { name: /ours admin/ }).waitFor();
  await page.getByRole('link', { name: 'API keys' }).click();
  await stays(other, async () => {
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Notebook');
    await page.getByRole('button', { name: 'Make key' }).click();
    await other.getByRole('row', { name: /Notebook/ }).waitFor();
  });
});

test('who signs out of one is out of the other, and back in both', async () => {
  const page = await hub.signedIn('viewer', '/trackers');
  const other = await page.context().newPage();
  await other.goto('/trackers');
  await other.getByRole('row', { name: /North/ }).waitFor();
  await stays(other, async () => {
    await page.getByRole('button', { name: 'Account' }).click();
    const email = /\S+@\S+/.exec((await page.getByText('@example.com').first().textContent())!)![0];
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await other.getByText('North').count()).toBe(0);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('row', { name: /North/ }).waitFor();
    await other.getByRole('row', { name: /North/ }).waitFor();
  });
});
