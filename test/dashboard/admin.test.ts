// What admins do: people, keys, the log of deeds and calls; and what everybody does with their own account.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../api/browser.ts';
import { codeOf } from '../api/one-time-code.ts';
import { type Hub, openHub } from './ground.ts';

let hub: Hub;
let configId: string;
beforeAll(async () => {
  hub = await openHub();
  const { json } = await hub.api.ask('POST', '/api/v1/trackers', {
    body: {
      ...{ type: 'keitaro', name: 'Keitaro main', url: hub.keitaro.url },
      credentials: hub.keitaro.credentials,
    },
  });
  configId = json.id;
  await hub.work();
});
afterAll(() => hub.end());

const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const signIn = async (page: Page, email: string, password: string) => {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

test('somebody is invited, gets another role, a link for a new password, and is removed', async () => {
  const owner = await hub.signedIn('owner', '/team');
  await owner.getByRole('button', { name: 'Invite' }).click();
  await owner.getByLabel('E-mail').fill('noa');
  await dialog(owner, 'Invite').getByRole('button', { name: 'Invite' }).click();
  await owner.getByText('must be an e-mail address').waitFor();
  await owner.getByLabel('E-mail').fill('noa@example.com');
  await owner.getByRole('radio', { name: 'Manager' }).check();
  await dialog(owner, 'Invite').getByRole('button', { name: 'Invite' }).click();
  const link = (await owner.getByLabel('Invitation link').textContent())!;
  const noa = await hub.open(link);
  await noa.getByLabel('Your name').fill('Noa');
  await noa.getByLabel('New password').fill('correct horse battery');
  await noa.getByRole('button', { name: 'Join' }).click();
  await noa.getByRole('heading', { name: 'Trackers' }).waitFor();
  expect(await noa.getByRole('link', { name: 'Team' }).count()).toBe(0);

  await owner.reload();
  await owner.getByRole('combobox', { name: 'Role of Noa' }).click();
  await owner.getByRole('option', { name: 'Admin' }).click();
  await owner.getByText('Is Admin now.').waitFor();
  // A lower one takes something away, and asks.
  await owner.getByRole('combobox', { name: 'Role of Noa' }).click();
  await owner.getByRole('option', { name: 'Viewer' }).click();
  await dialog(owner, 'Make Noa Viewer?').getByRole('button', { name: 'Cancel' }).click();
  expect(await owner.getByRole('combobox', { name: 'Role of Noa' }).inputValue()).toBe('Admin');
  await noa.reload();
  await noa.getByRole('link', { name: 'Team' }).click();
  await noa.getByRole('row', { name: /Noa/ }).waitFor();
  // Nobody changes who has more than they have.
  expect(await noa.getByRole('combobox', { name: 'Role of owner1' }).count()).toBe(0);
  expect(await noa.getByRole('button', { name: 'Actions for owner1' }).count()).toBe(0);

  await owner.getByRole('button', { name: 'Actions for Noa' }).click();
  await owner.getByRole('menuitem', { name: 'Link for a new password…' }).click();
  const reset = (await owner.getByLabel('Link for a new password').textContent())!;
  await owner.keyboard.press('Escape');
  const fresh = await hub.open(reset);
  await fresh.getByLabel('New password').fill('staple of the horse');
  await fresh.getByRole('button', { name: 'Set password' }).click();
  await fresh.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn(fresh, 'noa@example.com', 'staple of the horse');
  await fresh.getByRole('heading', { name: 'Trackers' }).waitFor();
  const again = await hub.open(reset);
  await again.getByLabel('New password').fill('another of the horse');
  await again.getByRole('button', { name: 'Set password' }).click();
  await again.getByText('This link opens nothing any more.').waitFor();

  await owner.getByRole('button', { name: 'Actions for Noa' }).click();
  await owner.getByRole('menuitem', { name: 'Remove…' }).click();
  await dialog(owner, 'Remove Noa?').getByRole('button', { name: 'Remove' }).click();
  await owner.getByRole('row', { name: /noa@example.com.*Admin/ }).waitFor({ state: 'detached' });
  await fresh.reload();
  await fresh.getByText('You belong to no organisation yet').waitFor();
});

test('a key is shown once, opens what its role allows, and nothing once it is revoked', async () => {
  const page = await hub.signedIn('admin', '/api-keys');
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByLabel('Name').fill('Notebook');
  await dialog(page, 'Make a key').getByRole('button', { name: 'Make key' }).click();
  const key = (await page.getByLabel('API key', { exact: true }).textContent())!;
  await page.getByRole('button', { name: 'Done' }).click();
  const asks = (path: string) =>
    fetch(`${hub.address}${path}`, { headers: { authorization: `Bearer ${key}` } }).then(({ status }) => status);
  expect([await asks('/api/v1/trackers'), await asks('/api/v1/users')]).toEqual([200, 403]);
  await page.getByRole('button', { name: 'Revoke Notebook' }).click();
  await dialog(page, 'Revoke Notebook?').getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('row', { name: /Notebook.*revoked/ }).waitFor();
  expect(await asks('/api/v1/trackers')).toBe(401);
  expect(await page.content()).not.toContain(key);
});

test('the log tells what was done, before and after, and every call; filters are in the address, and it comes as a file', async () => {
  const page = await hub.signedIn('admin', `/trackers/${configId}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Change connection…' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Keitaro renamed');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Keitaro renamed' }).waitFor();
  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.getByRole('row', { name: /Changed a connection/ }).click();
  const details = dialog(page, 'Changed a connection');
  await details.getByRole('row', { name: 'name Keitaro main Keitaro renamed' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'What was done' }).click();
  await page.getByRole('option', { name: 'Connected a tracker' }).click();
  await page.getByRole('row', { name: /Changed a connection/ }).waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('action')).toBe('tracker.create');
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const lines = readFileSync(await (await file).path(), 'utf8')
    .trim()
    .split('\n');
  expect([lines[0], lines.length]).toEqual([expect.stringContaining('actorName,action'), 2]);

  await page.goto(`/trackers/${configId}`);
  await page.getByRole('link', { name: 'All of them' }).click();
  await page
    .getByRole('row', { name: /(GET|POST) .*admin_api/ })
    .first()
    .waitFor();
  expect(new URL(page.url()).searchParams.get('configId')).toBe(configId);
  expect(await page.content()).not.toContain(hub.keitaro.credentials.apiKey);
});

test('a parameter that no page knows is left out', async () => {
  const page = await hub.signedIn('admin', '/audit-log?tab=x');
  await page
    .getByRole('row', { name: /Connected a tracker/ })
    .first()
    .waitFor();
  await page.goto('/conversions?tab=x&range=last30');
  await page.getByText('By the time of the conversion').waitFor();
  await page.getByRole('row').nth(1).waitFor();
});

test('on a phone the log tells what was done and by whom, and what was called of which tracker', async () => {
  const page = await hub.signedIn('admin', '/audit-log', { width: 390 });
  await page
    .getByRole('cell', { name: /^Connected a tracker/ })
    .first()
    .waitFor();
  const fits = (words: RegExp) =>
    page
      .getByRole('cell', { name: words })
      .first()
      .evaluate((cell) => cell.scrollWidth <= cell.clientWidth);
  expect(await fits(/^Connected a tracker/)).toBe(true);
  await page.getByText('Tracker calls').click();
  await page
    .getByText(/^…\/|^\/admin_api/)
    .first()
    .waitFor();
  await page
    .getByRole('cell', { name: /Keitaro/ })
    .first()
    .waitFor();
});

test('one’s own account: another password, a second factor, and a session ended', async () => {
  const page = await hub.signedIn('viewer', '/account');
  const email = (await page
    .getByText(/^viewer\d+@example.com$/)
    .first()
    .textContent())!.trim();
  await page.getByLabel('Password now').fill('not the password');
  await page.getByLabel('New password').fill('staple of the horse');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('is not your password').waitFor();
  await page.getByLabel('Password now').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Everywhere else you are signed out.').waitFor();

  await page.getByRole('button', { name: 'Turn on' }).click();
  const steps = dialog(page, 'Turn two-factor sign-in on');
  await steps.getByLabel('Your password').fill('staple of the horse');
  await steps.getByRole('button', { name: 'Go on' }).click();
  const secret = (await steps.getByLabel('Secret').textContent())!;
  await steps.getByLabel('Code').fill(await codeOf(`otpauth://totp/x?secret=${secret}`));
  await steps.getByRole('button', { name: 'Turn on' }).click();
  await steps.getByText('Keep these backup codes').waitFor();
  expect(await steps.getByRole('listitem').count()).toBeGreaterThan(5);
  await steps.getByRole('button', { name: 'Done' }).click();
  await page.getByText('On: beside your password').waitFor();

  const other = await hub.open('/account');
  await signIn(other, email, 'staple of the horse');
  await other.getByLabel('Code').fill(await codeOf(`otpauth://totp/x?secret=${secret}`));
  await other.keyboard.press('Enter');
  await other.getByRole('heading', { name: 'Account' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'End all others' }).click();
  await page.getByText('One ended.').waitFor();
  await other.reload();
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('System says what it stands on, and what waits', async () => {
  const page = await hub.signedIn('admin', '/system');
  await page.getByText(/answers in \d+ ms/).waitFor();
  await page.getByText('1 polling').waitFor();
  await page.getByText('Every tracker is read in its time.').waitFor();
  const viewer = await hub.signedIn('viewer');
  await viewer.getByRole('link', { name: 'Trackers' }).waitFor();
  for (const name of ['Audit log', 'Team', 'API keys', 'System']) {
    expect(await viewer.getByRole('link', { name }).count(), name).toBe(0);
  }
});

test('Ctrl K finds a campaign by its name and opens its numbers; a page of another role says so', async () => {
  const { json } = await hub.api.ask('GET', '/api/v1/campaigns?limit=1');
  const { id, name } = json.items[0];
  const page = await hub.signedIn('viewer', '/system');
  await page.getByRole('heading', { name: 'This page is not for your role' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).fill(name);
  await page.keyboard.press('Enter');
  // It was not found yet when Enter was pressed.
  await page.getByRole('heading', { name: 'Analytics' }).waitFor();
  expect(decodeURIComponent(page.url())).toContain(id);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).fill(name);
  await page.getByRole('option', { name, selected: true }).waitFor();
});

test('who leaves for another page from a search is not called back to it', async () => {
  const page = await hub.signedIn('viewer', '/conversions');
  await page.getByLabel('Search by id').fill('1');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).and(page.locator(':focus')).waitFor();
  // The page is still on its way when the search would be told.
  await page.route('**/assets/*.js', async (route) => {
    await sleep(1_000);
    await route.continue();
  });
  await page.keyboard.insertText('what mo');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'What moved' }).waitFor();
});

test('the log’s “who” goes with the address: back and forward change it too', async () => {
  const page = await hub.signedIn('owner', '/audit-log');
  const who = page.getByRole('textbox', { name: 'Who' });
  await who.fill('Nobody at all');
  await page.waitForURL(/actor=/);
  await page.getByText('Nothing was done then that fits.').waitFor();
  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.waitForURL((url) => !url.searchParams.has('actor'));
  await expect.poll(() => who.inputValue()).toBe('');
  await page.goBack();
  await expect.poll(() => who.inputValue()).toBe('Nobody at all');
});
