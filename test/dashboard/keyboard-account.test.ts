// One's own account by the keyboard alone: a forgotten password, a second factor, another password, the way out.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePerson, PASSWORD } from '../api/browser.ts';
import { codeOf } from '../api/one-time-code.ts';
import { type Hub, openHub } from './ground.ts';
import { keyboardOf } from './keyboard.ts';

const ANOTHER = 'staple of the horse';

let hub: Hub;
beforeAll(async () => {
  hub = await openHub();
});
afterAll(() => hub.end());

test('a second factor is turned on, asked for at the next sign-in, and turned off', async () => {
  const { api } = hub;
  await makePerson(api.db, 'kim@example.com', { roles: { [api.ours.organizationId]: 'viewer' } });
  const page = await hub.open('/account');
  const keys = keyboardOf(page);
  const signIn = async () => {
    await keys.isAt('textbox', 'E-mail');
    await keys.type('kim@example.com');
    await keys.tabTo('textbox', 'Password');
    await keys.type(PASSWORD);
    await keys.press('Enter');
  };
  await signIn();
  await page.getByRole('heading', { name: 'Account' }).waitFor();
  await keys.tabTo('button', 'Turn on');
  await keys.press('Enter');
  await keys.isAt('textbox', 'Your password');
  await keys.type(PASSWORD);
  await keys.press('Enter');
  await keys.isAt('textbox', 'Code');
  const secret = (await page.getByLabel('Secret').textContent())!;
  const code = () => codeOf(`otpauth://totp/x?secret=${secret}`);
  await keys.type('000000');
  await keys.press('Enter');
  const steps = page.getByRole('dialog', { name: 'Turn two-factor sign-in on' });
  await steps.getByRole('alert').waitFor();
  await keys.isAt('textbox', 'Code');
  await keys.press('Control+a');
  await keys.type(await code());
  await keys.press('Enter');
  const backup = page.getByRole('list', { name: 'Backup codes' });
  await backup.waitFor();
  const [first] = await backup.getByRole('listitem').allTextContents();
  await keys.tabTo('button', 'Done');
  await keys.press('Enter');
  await page.getByText('On: beside your password').waitFor();

  await keys.backTo('button', 'Account');
  await keys.press('Enter');
  await keys.choose('Sign out');
  await signIn();
  await keys.isAt('textbox', 'Code');
  await keys.tabTo('button', 'Use a backup code instead');
  await keys.press('Enter');
  await keys.isAt('textbox', 'Backup code');
  await keys.type(first!);
  await keys.press('Enter');
  await page.getByRole('heading', { name: 'Account' }).waitFor();
  await keys.tabTo('button', 'Turn off');
  await keys.press('Enter');
  await keys.isAt('textbox', 'Your password');
  await keys.type(PASSWORD);
  await keys.press('Enter');
  await page.getByText('Off: your password alone').waitFor();
  await keys.isAt('button', 'Turn on');
});

test('another password; a forgotten one by the link that an admin made', async () => {
  const owner = await hub.signedIn('owner', '/account');
  const keys = keyboardOf(owner);
  await owner.getByRole('heading', { name: 'Account' }).waitFor();
  await keys.tabTo('textbox', 'Password now');
  await keys.type(PASSWORD);
  await keys.tabTo('textbox', 'New password');
  await keys.type(ANOTHER);
  await keys.press('Enter');
  await owner.getByText('Everywhere else you are signed out.').waitFor();
  await keys.isAt('textbox', 'New password');

  await makePerson(hub.api.db, 'noa@example.com', { roles: { [hub.api.ours.organizationId]: 'viewer' } });
  await keys.backTo('link', 'Team');
  await keys.press('Enter');
  await owner.getByRole('row', { name: /noa@example.com/ }).waitFor();
  await keys.tabTo('button', /^Actions for noa/i);
  await keys.press('Enter');
  await keys.choose('Link for a new password…');
  await keys.isAt('button', 'Copy');
  const link = (await owner.getByLabel('Link for a new password').textContent())!;
  await keys.press('Escape');
  await keys.isAt('button', /^Actions for noa/i);

  const noa = await hub.open('/trackers');
  const hers = keyboardOf(noa);
  await hers.tabTo('link', 'Forgotten password?');
  await hers.press('Enter');
  // Signing in asks for it too.
  await noa.getByRole('heading', { name: 'Forgotten password' }).waitFor();
  await hers.tabTo('textbox', 'E-mail');
  await hers.type('noa@example.com');
  await hers.press('Enter');
  await noa.getByText('This hub sends no mail.').waitFor();
  await noa.goto(link);
  await hers.tabTo('textbox', 'New password');
  await hers.type(ANOTHER);
  await hers.press('Enter');
  await noa.getByRole('heading', { name: 'Sign in' }).waitFor();
  await hers.isAt('textbox', 'E-mail');
  await hers.type('noa@example.com');
  await hers.tabTo('textbox', 'Password');
  await hers.type(ANOTHER);
  await hers.press('Enter');
  await noa.getByRole('heading', { name: 'Trackers' }).waitFor();
  expect(new URL(noa.url()).hash).toBe('');
});
