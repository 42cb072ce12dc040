// What was typed or chosen and is not kept yet: every way out asks once, and staying keeps it.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join } from '../api/browser.ts';
import { seedConfig, seedConversions } from '../api/seed.ts';
import { type Hub, openHub } from './ground.ts';

let hub: Hub;
let configId: string;
let page: Page;
beforeAll(async () => {
  hub = await openHub();
  const { db, ours } = hub.api;
  configId = await seedConfig(db, ours.organizationId, { name: 'North' });
  const now = new Date(Date.now() - 60_000).toISOString();
  await seedConversions(db, { configId, organizationId: ours.organizationId }, [
    { converted_at: now, clicked_at: now, raw_status: 'fraud', revenue: '1' },
  ]);
  page = await hub.signedIn('owner', '/healthz');
});
afterAll(() => hub.end());

interface Place {
  path: string;
  /** To where it can be typed. */
  open(page: Page): Promise<void>;
  change(page: Page): Promise<void>;
  /** What is there once it was changed, and no more once it was left. */
  kept(page: Page): Promise<unknown>;
  value: unknown;
  isDialog: boolean;
}

const filled = (label: string, text: string) => ({
  change: (page: Page) => page.getByLabel(label, { exact: true }).fill(text),
  kept: (page: Page) => page.getByLabel(label, { exact: true }).inputValue(),
  value: text,
});
const byButton = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).first().click();
const nothing = async () => {};

const PLACES: Record<string, () => Place> = {
  'an invitation': () => ({
    ...{ path: '/team', open: byButton('Invite'), isDialog: true },
    ...filled('E-mail', 'noa@example.com'),
  }),
  'a key': () => ({ path: '/api-keys', open: byButton('Make a key'), isDialog: true, ...filled('Name', 'Notebook') }),
  'the settings of a tracker': () => ({
    path: `/trackers/${configId}`,
    async open(page) {
      await byButton('More actions')(page);
      await page.getByRole('menuitem', { name: 'Change connection…' }).click();
    },
    ...{ isDialog: true, ...filled('Tracker URL', 'https://other.example.com') },
  }),
  'the name of the organisation': () => ({
    ...{ path: '/team', open: nothing, isDialog: false, ...filled('Organisation', 'Renamed') },
  }),
  'one’s own name': () => ({ path: '/account', open: nothing, isDialog: false, ...filled('Your name', 'Kim') }),
  'a new password': () => ({
    ...{ path: '/account', open: nothing, isDialog: false, ...filled('New password', 'staple of the horse') },
  }),
  mappings: () => ({
    ...{ path: `/trackers/${configId}/mappings`, open: nothing, isDialog: false, value: 1 },
    change: (page) => byButton('Rejected')(page),
    kept: (page) => page.getByText('1 change, not applied yet').count(),
  }),
};

test.each(Object.entries(PLACES))('%s', async (_, placeOf) => {
  const { path, open, change, kept, value, isDialog } = placeOf();
  await page.goto(path);
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  const stay = question.getByRole('button', { name: 'Keep editing' });
  await open(page);

  // Nothing was changed: nothing is asked.
  if (isDialog) {
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await open(page);
  }
  await change(page);
  await expect.poll(() => kept(page)).toBe(value);

  if (isDialog) {
    await page.keyboard.press('Escape');
    await question.waitFor();
    // Escape answers it, and is not asked again for that.
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect(await kept(page)).toBe(value);
  }

  // What is behind a dialog is out of a pointer's reach, but not out of that of history and keys.
  await page.evaluate('document.querySelector(\'nav[aria-label=Pages] a[href="/analytics"]\').click()');
  await stay.click();
  await question.waitFor({ state: 'detached' });
  expect(await kept(page)).toBe(value);

  const asked = new Promise<string>((resolve) =>
    page.once('dialog', (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    }),
  );
  await page.evaluate('void setTimeout(() => location.reload())');
  expect(await asked).toBe('beforeunload');
  expect(await kept(page)).toBe(value);

  await page.evaluate('document.querySelector(\'nav[aria-label=Pages] a[href="/analytics"]\').click()');
  await question.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('heading', { name: 'Analytics' }).waitFor();
});

test('another organisation, and signing out, ask first: what is chosen stays, and goes where it was chosen', async () => {
  const page = await hub.signedIn('owner', `/trackers/${configId}/mappings`);
  const { user } = await (await page.request.get('/api/v1/me')).json();
  await join(hub.api.db, hub.api.theirs.organizationId, user.id, 'mediabuyer');
  await page.reload();
  await byButton('Rejected')(page);
  const stay = page.getByRole('button', { name: 'Keep editing' });
  const other = page.getByRole('menuitem', { name: 'theirs Media buyer' });
  await byButton('ours')(page);
  await other.click();
  await stay.click();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('Applied. It counts at once').waitFor();

  await byButton('Undo')(page);
  await page.getByRole('table', { name: 'Words to map' }).waitFor();
  await byButton('Rejected')(page);
  const signOut = async () => {
    await byButton('Account')(page);
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
  };
  await signOut();
  await stay.click();
  await page.getByText('1 change, not applied yet').waitFor();
  await byButton('ours')(page);
  await other.click();
  await byButton('Leave')(page);
  await page.getByRole('heading', { name: 'No tracker is connected yet' }).waitFor();
  await signOut();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});
