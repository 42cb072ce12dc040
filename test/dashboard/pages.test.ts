// Every page as others have it: a viewer is offered nothing that he may not do, and nothing is out of reach for who cannot see.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedConfig } from '../api/seed.ts';
import { expectAccessible } from './accessible.ts';
import { type Hub, openHub } from './ground.ts';

let hub: Hub;
let configId: string;
beforeAll(async () => {
  hub = await openHub();
  const { db, ours } = hub.api;
  configId = await seedConfig(db, ours.organizationId, {
    name: 'A tracker with a rather long name, as people give them',
  });
  const last_error = JSON.stringify({
    kind: 'auth',
    message: 'Keitaro refused the key (401)',
    hint: 'Make a new one.',
  });
  await seedConfig(db, ours.organizationId, { name: 'Refused', blocked_kind: 'auth', last_error });
});
afterAll(() => hub.end());

test('a viewer sees what there is, and no button that he may not press', async () => {
  const page = await hub.signedIn('viewer');
  await page.getByRole('row', { name: /Refused/ }).waitFor();
  expect(await page.getByRole('button', { name: 'Connect tracker' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Actions for/ }).count()).toBe(0);
  await page.goto('/trackers?connect=keitaro');
  await page.getByRole('row', { name: /Refused/ }).click();
  await page.getByRole('heading', { name: 'Refused' }).waitFor();
  await page.getByText('Keitaro refused the key (401).').waitFor();
  await page.getByText('Make a new one.').waitFor();
  for (const name of ['Pause', 'Resume', 'Sync now', 'Test connection', 'Change connection', 'Try again']) {
    expect(await page.getByRole('main').getByRole('button', { name }).count(), name).toBe(0);
  }
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem').first().waitFor();
  expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Workflow in Temporal UI']);

  const manager = await hub.signedIn('manager', page.url());
  await manager.getByRole('button', { name: 'Test connection' }).waitFor();
  await manager.getByRole('button', { name: 'More actions' }).click();
  await manager.getByRole('menuitem').first().waitFor();
  expect(await manager.getByRole('menuitem').count()).toBeGreaterThan(2);
});

describe.each(['light', 'dark'] as const)('in the %s', (scheme) => {
  test.each([
    ['sign-in', null, '/trackers', 'Sign in'],
    ['the trackers', 'manager', '/trackers', 'Refused'],
    ['connecting one', 'manager', '/trackers?connect=voluum', 'Access ID'],
    ['one tracker', 'manager', '/trackers/:id', 'Do the numbers match?'],
    ['the team', 'owner', '/team', 'Invitations'],
    ['API keys', 'admin', '/api-keys', 'Last used'],
    ['the audit log', 'admin', '/audit-log', 'Signed in'],
    ['the system', 'admin', '/system', 'Latest migration'],
    ['one’s account', 'viewer', '/account', 'Where you are signed in'],
    ['a forgotten password', null, '/reset-password', 'Send me a link'],
    ['what is not there', 'viewer', '/nowhere', 'There is no such page'],
  ] as const)('axe finds nothing serious: %s', async (_, role, path, text) => {
    const address = path.replace(':id', configId);
    await expectAccessible(hub, { role, path: address, text, scheme });
  });
});
