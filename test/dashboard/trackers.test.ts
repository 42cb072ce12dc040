// Connecting a tracker as a person does: what is wrong is said in place, and once it is right it fills before their eyes.
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttp } from '../../src/adapters/http.ts';
import { freePort } from '../../src/local/ports.ts';
import { canaryKey } from '../leaks/canary.ts';
import { type Hub, openHub } from './ground.ts';

let hub: Hub;
/** Accepts every connection and never says a word. */
const silent = createServer();
beforeAll(async () => {
  silent.listen(0, '127.0.0.1');
  hub = await openHub({ http: createHttp({ allowedNetworks: ['127.0.0.0/8'], timeouts: { firstByteMs: 4_000 } }) });
});
afterAll(async () => {
  silent.close();
  await hub.end();
});

test('the first tracker: a closed port, silence, a wrong key, then the right one; it fills, pauses, resumes and goes', async () => {
  const page = await hub.signedIn('manager', '/');
  await page.getByRole('heading', { name: 'No tracker is connected yet' }).waitFor();
  await page.getByRole('button', { name: 'Connect tracker' }).click();
  const panel = page.getByRole('dialog', { name: 'Connect tracker' });
  const test = panel.getByRole('button', { name: 'Test connection' });
  await test.click();
  await panel.getByText('API key is missing.').waitFor();

  await panel.getByLabel('Name', { exact: true }).fill('North');
  await panel.getByLabel('Tracker URL').fill(`http://127.0.0.1:${await freePort()}`);
  await panel.getByLabel('API key').fill(hub.keitaro.credentials.apiKey!);
  await test.click();
  await panel.getByRole('alert').filter({ hasText: 'Connection test failed: ECONNREFUSED' }).waitFor();
  await panel.getByRole('button', { name: 'Save anyway' }).waitFor();

  await panel.getByLabel('Tracker URL').fill(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await test.click();
  await panel.getByRole('alert').filter({ hasText: 'Connection test failed: timeout' }).waitFor();

  await panel.getByLabel('Tracker URL').fill(hub.keitaro.url);
  await panel.getByLabel('API key').fill(canaryKey());
  await test.click();
  await panel.getByRole('alert').filter({ hasText: 'Connection test failed: 401' }).waitFor();

  await panel.getByLabel('API key').fill(hub.keitaro.credentials.apiKey!);
  await test.click();
  await panel.getByRole('status').getByText('Campaigns').waitFor();
  await panel.getByRole('status').getByText('Conversions').waitFor();
  await panel.getByRole('button', { name: 'Save' }).click();

  await page.getByRole('heading', { name: 'North' }).waitFor();
  const main = page.getByRole('main');
  await main.getByText('Syncing', { exact: false }).first().waitFor();
  await hub.work();
  await main.getByText('Synced', { exact: false }).first().waitFor();
  await main.getByText('30 of 30 days are in').waitFor();
  const strip = main.getByRole('group', { name: '30 of 30 days are in, 30 equal to the tracker' });
  await strip.waitFor();
  expect(await strip.locator('svg').count()).toBe(30);
  const clicks = await main.getByRole('row', { name: /^Click log/ }).textContent();
  expect(Number(/API([\d,]+?)(?:now|\d+ s)/.exec(clicks!)![1]!.replaceAll(',', ''))).toBeGreaterThan(1_500);
  await main.getByRole('row', { name: /^Clicks/ }).waitFor();

  await main.getByRole('button', { name: 'Pause' }).click();
  await main.getByText('Paused', { exact: true }).waitFor();
  await main.getByRole('button', { name: 'Resume' }).click();
  await main.getByRole('button', { name: 'Pause' }).waitFor();

  await page.goBack();
  await page.getByRole('heading', { name: 'Trackers' }).waitFor();
  await page.getByRole('img', { name: '14 of 14 days are in, 14 equal to the tracker' }).waitFor();
  await page.getByRole('row', { name: /North/ }).focus();
  await page.keyboard.press('Enter');
  await main.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const sure = page.getByRole('dialog', { name: 'Delete North?' });
  expect(await sure.getByRole('button', { name: 'Delete tracker' }).isDisabled()).toBe(true);
  await sure.getByRole('textbox').fill('North');
  await sure.getByRole('button', { name: 'Delete tracker' }).click();
  await page.getByRole('heading', { name: 'No tracker is connected yet' }).waitFor();
});

test('what was typed for a tracker is not lost by a slip', async () => {
  const page = await hub.signedIn('manager', '/trackers?connect=keitaro');
  await page.getByLabel('API key').fill('tracker-hub-not-sent');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Keep editing' }).click();
  expect(await page.getByLabel('API key').inputValue()).toBe('tracker-hub-not-sent');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await page.getByRole('dialog', { name: 'Connect tracker' }).waitFor({ state: 'hidden' });
});

test('a lost connection is said, and mends itself', async () => {
  const page = await hub.signedIn('viewer');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.route('**/api/v1/events*', (route) => route.abort());
  await page.reload();
  await page.getByText('No connection to Tracker Hub.').waitFor();
  await page.unroute('**/api/v1/events*');
  await page.getByText('No connection to Tracker Hub.').waitFor({ state: 'hidden' });
});

test('what to do about a failed test stays until it is closed', async () => {
  const { type, url } = hub.keitaro;
  const body = { type, name: 'Wrong', url, credentials: { apiKey: canaryKey() } };
  await hub.api.ask('POST', '/api/v1/trackers', { body });
  const page = await hub.signedIn('manager');
  await page.getByRole('button', { name: 'Actions for Wrong' }).click();
  await page.getByRole('menuitem', { name: 'Test connection' }).click();
  const told = page.getByRole('alert').filter({ hasText: 'Connection test failed: 401' });
  await told.waitFor();
  await page.waitForTimeout(6_000);
  expect(await told.isVisible()).toBe(true);
  await told.getByRole('button').click();
  await told.waitFor({ state: 'detached' });
});

test('an answer is in sight; the same address is told; words fit what was saved', async () => {
  const page = await hub.signedIn('manager', '/trackers?connect=keitaro');
  const panel = page.getByRole('dialog', { name: 'Connect tracker' });
  await panel.getByText('Settings', { exact: true }).click();
  await panel.getByText('What is read, and').click();
  await panel.getByLabel('Name', { exact: true }).fill('Refused');
  await panel.getByLabel('Tracker URL').fill(hub.keitaro.url);
  await panel.getByLabel('API key').fill(canaryKey());
  await panel.getByRole('button', { name: 'Test connection' }).click();
  const answer = panel.getByRole('alert').filter({ hasText: 'Connection test failed: 401' });
  await answer.waitFor();
  const bar = panel.getByRole('button', { name: 'Save anyway' });
  const edge = async () => (await bar.boundingBox())!.y - (await answer.boundingBox())!.y;
  await expect.poll(edge).toBeGreaterThan((await answer.boundingBox())!.height);
  expect((await answer.boundingBox())!.y).toBeGreaterThan(50);
  await bar.click();
  await page.getByText('Saved. The tracker refused the key').waitFor();

  await page.goto('/trackers?connect=keitaro');
  await panel.getByLabel('Tracker URL').fill(`${hub.keitaro.url}/`);
  await panel.getByText('You have this tracker already: Refused').waitFor();
});
