// The door: a wrong password, a right one, a code, an invitation, a session that ends while somebody types.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePerson, openBrowser, PASSWORD } from '../api/browser.ts';
import { codeOf } from '../api/one-time-code.ts';
import { type Hub, openHub } from './ground.ts';

let hub: Hub;
beforeAll(async () => {
  hub = await openHub();
});
afterAll(() => hub.end());

test('a wrong password says so and keeps the address; the right one opens the page that was asked for', async () => {
  const { api } = hub;
  await makePerson(api.db, 'ann@example.com', { roles: { [api.ours.organizationId]: 'viewer' } });
  const page = await hub.open('/trackers?q=north');
  await page.getByLabel('E-mail').fill('ann@example.com');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'do not fit' }).waitFor();
  expect(await page.getByLabel('E-mail').inputValue()).toBe('ann@example.com');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Trackers' }).waitFor();
  expect(new URL(page.url()).searchParams.get('q')).toBe('north');
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('who has two-factor sign-in is asked for the code', async () => {
  const { api, address } = hub;
  await makePerson(api.db, 'fay@example.com', { roles: { [api.ours.organizationId]: 'viewer' } });
  const other = openBrowser(api, address);
  await other.signIn('fay@example.com');
  const post = (path: string, body: object) => other.ask('POST', `/api/v1/auth/two-factor/${path}`, { body });
  const { totpUri } = (await post('enable', { password: PASSWORD })).json;
  await post('confirm', { code: await codeOf(totpUri) });

  const page = await hub.open('/trackers');
  await page.getByLabel('E-mail').fill('fay@example.com');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByLabel('Code').fill('000000');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'code is not right' }).waitFor();
  await page.getByLabel('Code').fill(await codeOf(totpUri));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Trackers' }).waitFor();
});

test('an invitation is accepted at its link, which then opens nothing more', async () => {
  const { json } = await hub.api.ask('POST', '/api/v1/invitations', {
    body: { email: 'new@example.com', role: 'manager' },
  });
  const page = await hub.open(json.link);
  await page.getByText('You are invited as manager, with the address new@example.com.').waitFor();
  await page.getByLabel('Your name').fill('Noa');
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByText('must have at least').waitFor();
  expect(await page.getByLabel('Your name').inputValue()).toBe('Noa');
  await page.getByLabel('New password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('heading', { name: 'Trackers' }).waitFor();
  const late = await hub.open(json.link);
  await late.getByText('This invitation is not open any more.').waitFor();
});

test('a session that ends while somebody types is renewed in place, and nothing that was typed is lost', async () => {
  const page = await hub.signedIn('manager', '/trackers?connect=keitaro');
  await page.getByLabel('Name', { exact: true }).fill('Half typed');
  await page.getByLabel('API key').fill('tracker-hub-not-sent');
  await page.getByLabel('Tracker URL').fill('https://panel.example.com');
  await sql`delete from auth."session"`.execute(hub.api.db);
  await page.getByRole('button', { name: 'Save' }).click();
  const over = page.getByRole('dialog', { name: 'Your session has ended' });
  await over.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await over.getByRole('button', { name: 'Sign in' }).click();
  await over.waitFor({ state: 'hidden' });
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Half typed');
  expect(await page.getByLabel('API key').inputValue()).toBe('tracker-hub-not-sent');
});
