// Every flow by the keyboard alone: no mouse, no focus but what keys have led to.
import { afterAll, beforeAll, test } from 'vitest';
import { makePerson, PASSWORD } from '../api/browser.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from '../api/seed.ts';
import { type Hub, openHub } from './ground.ts';
import { keyboardOf } from './keyboard.ts';

let hub: Hub;
let southId: string;
const now = new Date();
const today = () => new Date(Date.now() - 60_000).toISOString();

beforeAll(async () => {
  hub = await openHub();
  const { db, ours } = hub.api;
  const { organizationId } = ours;
  southId = await seedConfig(db, organizationId, { name: 'South', first_synced_at: now, last_synced_at: now });
  await seedConfig(db, organizationId, { name: 'West', first_synced_at: now, last_synced_at: now });
  const owner = { configId: southId, organizationId };
  await seedCampaign(db, owner, '1', { name: 'Alpha' });
  await seedClicks(db, owner, [{ clicked_at: today(), campaign_external_id: '1', country: 'DE' }]);
  const converted = (raw_status: string) => ({ raw_status, converted_at: today(), clicked_at: today(), revenue: '12' });
  await seedConversions(db, owner, [
    { ...converted('sale'), campaign_external_id: '1' },
    { ...converted('fraud'), campaign_external_id: '1' },
  ]);
});
afterAll(() => hub.end());

test('sign in; connect a tracker; pause, resume, sync, re-sync, replace its key, delete it', async () => {
  const { api, keitaro } = hub;
  await makePerson(api.db, 'kim@example.com', { roles: { [api.ours.organizationId]: 'manager' } });
  const page = await hub.open('/trackers');
  const keys = keyboardOf(page);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await keys.tabTo('textbox', 'E-mail');
  await keys.type('kim@example.com');
  await keys.tabTo('textbox', 'Password');
  await keys.type(PASSWORD);
  await keys.press('Enter');

  await page.getByRole('heading', { name: 'Trackers' }).waitFor();
  await keys.tabTo('button', 'Connect tracker');
  await keys.press('Enter');
  await keys.isAt('textbox', 'Tracker URL');
  await keys.backTo('combobox', 'Tracker');
  await keys.press('Enter');
  await keys.choose('Voluum');
  await keys.isAt('combobox', 'Tracker');
  await page.getByText('Access ID', { exact: true }).waitFor();
  await keys.press('Enter');
  await keys.choose('Keitaro');
  await keys.tabTo('textbox', 'Name');
  await keys.press('Control+a');
  await keys.type('North');
  await keys.tabTo('textbox', 'Tracker URL');
  await keys.type(keitaro.url);
  await keys.tabTo('textbox', 'API key');
  await keys.type(keitaro.credentials.apiKey!);
  await keys.tabTo('button', 'Test connection');
  await keys.press('Enter');
  await page.getByRole('status').getByText('Conversions').waitFor();
  await keys.isAt('button', 'Test connection');
  await keys.tabTo('button', 'Save');
  await keys.press('Enter');
  await page.getByRole('heading', { name: 'North' }).waitFor();
  await hub.work();

  const main = page.getByRole('main');
  await main.getByText('30 of 30 days are in').waitFor();
  // What was compared is asked for again every half a minute.
  await main.getByRole('group', { name: /30 equal to the tracker/ }).waitFor({ timeout: 40_000 });
  await keys.tabTo('img', /^\w+ \d+ · /);
  await keys.press('ArrowLeft');
  await keys.isAt('img', /all in · clicks .*, the tracker says .* equal to the tracker/);
  await keys.backTo('button', 'Pause');
  await keys.press('Enter');
  await main.getByText('Paused', { exact: true }).waitFor();
  await keys.isAt('button', 'Resume');
  await keys.press('Enter');
  await keys.isAt('button', 'Pause');
  await keys.tabTo('button', 'Sync now');
  await keys.press('Enter');
  await page.getByText('Reading what is new.').waitFor();
  await keys.isAt('button', 'Sync now');

  await keys.tabTo('button', 'More actions');
  await keys.press('Enter');
  await keys.choose('Re-sync a range…');
  await keys.isAt('textbox', 'From');
  await keys.tabTo('button', 'Re-sync');
  await keys.press('Enter');
  await page.getByText('The range is read again').waitFor();
  await keys.isAt('button', 'More actions');

  await keys.press('Enter');
  await keys.choose('Change connection…');
  await keys.isAt('textbox', 'Name');
  await keys.tabTo('textbox', 'API key');
  await keys.type('another-key-wxyz');
  await keys.press('Escape');
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
  await keys.press('Escape');
  await keys.isAt('textbox', 'API key');
  await keys.tabTo('button', 'Save');
  await keys.press('Enter');
  await page.getByText('Everything is tried afresh').waitFor();
  await keys.isAt('button', 'More actions');

  await keys.press('Enter');
  await keys.choose('Delete…');
  await keys.isAt('textbox', /to confirm$/);
  await keys.press('Escape');
  await keys.isAt('button', 'More actions');
  await keys.press('Enter');
  await keys.choose('Delete…');
  await keys.isAt('textbox', /to confirm$/);
  await keys.type('North');
  await keys.press('Enter');
  await page.getByRole('row', { name: /South/ }).waitFor();
  await page.getByRole('row', { name: /North/ }).waitFor({ state: 'detached' });
});

test('the list of trackers: searched, gone through by arrows, a row’s menu, a row opened', async () => {
  const page = await hub.signedIn('manager');
  const keys = keyboardOf(page);
  await page.getByRole('row', { name: /South/ }).waitFor();
  await keys.press('/');
  await keys.isAt('textbox', 'Search trackers');
  await keys.type('wes');
  await page.getByRole('row', { name: /South/ }).waitFor({ state: 'detached' });
  await keys.press('Escape');
  await page.getByRole('row', { name: /South/ }).waitFor();
  await keys.isAt('textbox', 'Search trackers');
  await keys.tabTo('row', /South/);
  await keys.press('ArrowDown');
  await keys.isAt('row', /West/);
  await keys.tabTo('button', 'Actions for West');
  await keys.press('Enter');
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  await page.route('**/pause', async (route) => {
    await held;
    await route.continue();
  });
  await keys.choose('Pause');
  await page.getByRole('row', { name: /West.*Pausing/ }).waitFor();
  await keys.isAt('button', 'Actions for West');
  await keys.press('Enter');
  // The first that can be chosen: nothing is resumed before it has stopped.
  await keys.isAt('menuitem', 'Test connection');
  release();
  await keys.press('Escape');
  await page.getByRole('menuitem', { name: 'Resume' }).waitFor({ state: 'hidden' });
  await keys.isAt('button', 'Actions for West');
  await keys.backTo('row', /West/);
  await keys.press('ArrowUp', 'Enter');
  await page.getByRole('heading', { name: 'South' }).waitFor();
});

test('a word is mapped after its preview, and taken back', async () => {
  const page = await hub.signedIn('manager', `/trackers/${southId}/mappings`);
  const keys = keyboardOf(page);
  await page.getByRole('group', { name: 'fraud counts as' }).waitFor();
  await keys.tabTo('button', 'Rejected');
  await keys.press('Enter');
  const bar = page.getByRole('region', { name: 'Changes to apply' });
  await bar.getByText('$24.00 → $12.00 \u2212$12.00').waitFor();
  await keys.isAt('button', 'Rejected');
  // The bar at the foot of the window covers nothing that the focus comes to.
  await keys.tabTo('combobox', 'Sub-id of ad set');
  await keys.tabTo('button', 'Apply');
  await keys.press('Enter');
  await page.getByRole('table', { name: 'All words' }).getByTitle('fraud').waitFor();
  await keys.isAt('region', 'Changes to apply');
  await keys.tabTo('button', 'Undo');
  await keys.press('Enter');
  await page.getByRole('table', { name: 'Words to map' }).getByText('fraud').waitFor();
});

test('analytics by another dimension, down and back; the story of a conversion', async () => {
  const page = await hub.signedIn('viewer', '/analytics');
  const keys = keyboardOf(page);
  await page.getByRole('row', { name: /^Alpha/ }).waitFor();
  await keys.tabTo('button', /^Range/);
  await keys.press('Enter');
  await keys.isAt('button', 'Last 7 days');
  await keys.press('ArrowDown');
  await keys.isAt('button', 'Last 14 days');
  await keys.press('Escape');
  await keys.isAt('button', /^Range/);
  await keys.tabTo('button', 'Group');
  await keys.press('Enter');
  await keys.isAt('combobox', 'Group: search');
  await keys.type('count');
  await keys.choose('Country');
  await page.getByRole('row', { name: /^Alpha Germany/ }).waitFor();
  await keys.isAt('button', 'Group');
  await keys.backTo('button', 'Do not group by Campaign');
  await keys.press('Enter');
  await page.getByRole('row', { name: /^Germany/ }).waitFor();
  await keys.tabTo('row', /^Germany/);
  await keys.press('Enter');
  await page.getByRole('button', { name: /Country Germany/ }).waitFor();
  // By the browser's own key, which no page is told of.
  await page.goBack();
  await page.getByRole('button', { name: /Country Germany/ }).waitFor({ state: 'detached' });

  await keys.backTo('link', 'Conversions');
  await keys.press('Enter');
  await page.getByRole('row', { name: /Alpha/ }).first().waitFor();
  await keys.tabTo('row', /fraud/);
  await keys.press('ArrowDown');
  await keys.isAt('row', /Approved/);
  await keys.press('Enter');
  await page.getByRole('list', { name: 'What happened, in order' }).waitFor();
  await keys.press('Escape');
  await keys.isAt('row', /Approved/);
});

test('a person is invited, a key is made and revoked', async () => {
  const page = await hub.signedIn('owner', '/team');
  const keys = keyboardOf(page);
  await page.getByRole('row', { name: /you/ }).waitFor();
  await keys.tabTo('button', 'Invite');
  await keys.press('Enter');
  await keys.isAt('textbox', 'E-mail');
  await keys.type('noa@example.com');
  await keys.tabTo('radio', 'Media buyer');
  await keys.press('ArrowDown');
  await keys.isAt('radio', 'Manager');
  await keys.tabTo('button', 'Invite');
  await keys.press('Enter');
  await page.getByLabel('Invitation link').waitFor();
  await keys.isAt('button', 'Copy');
  await keys.tabTo('button', 'Done');
  await keys.press('Enter');
  await keys.isAt('button', 'Invite');
  await page.getByRole('row', { name: /noa@example.com.*Manager.*Open/ }).waitFor();
  await keys.tabTo('button', 'Revoke the invitation of noa@example.com');
  await keys.press('Enter');
  await keys.isAt('button', 'Cancel');
  await keys.press('Escape');
  await keys.isAt('button', 'Revoke the invitation of noa@example.com');
  await keys.press('Enter');
  await keys.tabTo('button', 'Revoke');
  await keys.press('Enter');
  await page.getByRole('row', { name: /noa@example.com.*Revoked/ }).waitFor();

  await keys.press('Control+k');
  await keys.isAt('combobox', 'Search and commands');
  await keys.type('api keys');
  await keys.press('Enter');
  await page.getByRole('heading', { name: 'API keys' }).waitFor();
  await keys.tabTo('button', 'Make a key');
  await keys.press('Enter');
  await keys.isAt('textbox', 'Name');
  await keys.type('Notebook');
  await keys.press('Enter');
  await keys.isAt('button', 'Copy');
  await keys.press('Escape');
  await keys.tabTo('button', 'Revoke Notebook');
  await keys.press('Enter');
  await keys.tabTo('button', 'Revoke');
  await keys.press('Enter');
  await page.getByRole('row', { name: /Notebook.*revoked/ }).waitFor();
});
