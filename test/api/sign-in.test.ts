// Signing in: cookies, limits, the second factor, sessions, and changes that only our own page may ask for.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, join, makePerson, openBrowser, PASSWORD } from './browser.ts';
import { type Harness, PUBLIC_URL, startHarness } from './harness.ts';
import { codeOf } from './one-time-code.ts';

let api: Harness;
let browser: Browser;

beforeAll(async () => {
  api = await startHarness();
  await makePerson(api.db, 'ann@example.com', { roles: { [api.ours.organizationId]: 'manager' } });
});
beforeEach(async () => {
  await sql`delete from auth.attempt`.execute(api.db);
  browser = openBrowser(api);
});
afterAll(() => api.end());

const me = async (from = browser) => (await from.ask('GET', '/api/v1/me')).json;
const actions = async (): Promise<string[]> =>
  (await api.ask('GET', '/api/v1/audit-log')).json.items.map(({ action }: { action: string }) => action);

describe('a password', () => {
  test('opens a session in a cookie that no script reads, and that ends', async () => {
    const answer = await browser.signIn('Ann@Example.com');
    expect([answer.status, answer.json]).toEqual([200, { isCodeNeeded: false }]);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Secure-tracker-hub\.session_token=[^;]+;/);
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Secure', 'Path=/', 'Max-Age=604800'])
      expect(cookie).toContain(part);
    expect(await me()).toMatchObject({
      user: { email: 'ann@example.com', name: 'ann', isTwoFactorOn: false, isSuperAdmin: false },
      apiKey: null,
      organization: { id: api.ours.organizationId, name: 'ours' },
      role: 'manager',
      organizations: [{ id: api.ours.organizationId, name: 'ours', role: 'manager' }],
      session: { endsAt: expect.any(String) },
    });
    expect((await browser.ask('POST', '/api/v1/auth/sign-out')).status).toBe(200);
    expect(browser.cookies.size).toBe(0);
    expect((await browser.ask('GET', '/api/v1/me')).status).toBe(401);
    expect((await actions()).slice(0, 2)).toEqual(['sign_out', 'sign_in']);
  });

  test('opens for as long as the browser is open, where nobody is to be remembered', async () => {
    const body = { email: 'ann@example.com', password: PASSWORD, rememberMe: false };
    const answer = await browser.ask('POST', '/api/v1/auth/sign-in/email', { body });
    const cookie = answer.headers.getSetCookie().find((line) => line.includes('session_token'));
    expect(cookie).toContain('HttpOnly');
    expect(cookie).not.toMatch(/Max-Age|Expires/i);
    expect((await me()).user.email).toBe('ann@example.com');
  });

  test('that is wrong is refused like an address that nobody has', async () => {
    const wrong = await browser.signIn('ann@example.com', 'not the password');
    expect([wrong.status, wrong.json.code]).toEqual([401, 'wrong_credentials']);
    expect((await browser.signIn('nobody@example.com')).text).toBe(wrong.text);
    expect(browser.cookies.size).toBe(0);
    const { json } = await api.ask('GET', '/api/v1/audit-log?action=sign_in.failed');
    expect(json.items[0]).toMatchObject({ actorType: 'user', actorName: 'ann@example.com', targetType: 'user' });
    expect(json.items).toHaveLength(1);
  });

  test('of an address without a dot opens too, as the first user has one', async () => {
    await makePerson(api.db, 'admin@localhost', { isSuperAdmin: true });
    expect((await browser.signIn('admin@localhost')).status).toBe(200);
    expect(await me()).toMatchObject({ organization: null, role: null, organizations: [] });
    const lost = await browser.ask('GET', '/api/v1/trackers');
    expect([lost.status, lost.json.code]).toEqual([403, 'no_organization']);
    const headers = { 'x-organization': api.theirs.organizationId };
    expect((await browser.ask('GET', '/api/v1/me', { headers })).json.role).toBe('super_admin');
  });

  test('is tried ten times, whoever counts, and then not for a while; what succeeded does not count', async () => {
    expect((await browser.signIn('ann@example.com')).status).toBe(200);
    const tries = await Promise.all(
      Array.from({ length: 12 }, () => openBrowser(api).signIn('ann@example.com', 'wrong')),
    );
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(10);
    const [refused] = tries.filter(({ status }) => status === 429);
    expect(refused!.json.code).toBe('too_many_requests');
    expect(Number(refused!.headers.get('retry-after'))).toBeGreaterThan(800);
    const right = await browser.signIn('ANN@example.com');
    expect(right.status).toBe(429);
    expect((await browser.signIn('bob@example.com')).status).toBe(401);
    await sql`update auth.attempt set ends_at = now()`.execute(api.db);
    expect((await browser.signIn('ann@example.com')).status).toBe(200);
  });

  test('makes no account: nobody signs up', async () => {
    for (const path of ['sign-up/email', 'organization/create', 'organization/invite-member', 'two-factor/send-otp']) {
      expect((await browser.ask('POST', `/api/v1/auth/${path}`, { body: {} })).status, path).toBe(404);
    }
  });
});

describe('a session', () => {
  test('signs calls as a key does, with the role of the member as it is now', async () => {
    const userId = await makePerson(api.db, 'cora@example.com', { roles: { [api.ours.organizationId]: 'viewer' } });
    await browser.signIn('cora@example.com');
    expect((await browser.ask('GET', '/api/v1/trackers')).status).toBe(200);
    expect((await browser.ask('GET', '/api/v1/api-keys')).json.code).toBe('forbidden');
    await sql`update auth."member" set "role" = 'admin' where "userId" = ${userId}::uuid`.execute(api.db);
    expect((await browser.ask('GET', '/api/v1/api-keys')).status).toBe(200);
    await sql`delete from auth."member" where "userId" = ${userId}::uuid`.execute(api.db);
    expect((await browser.ask('GET', '/api/v1/trackers')).json.code).toBe('no_organization');
  });

  test('chooses among several organisations, and finds no other', async () => {
    const { ours, theirs } = api;
    const userId = await makePerson(api.db, 'dora@example.com', { roles: { [ours.organizationId]: 'viewer' } });
    await browser.signIn('dora@example.com');
    const at = (id: string) => browser.ask('GET', '/api/v1/me', { headers: { 'x-organization': id } });
    const missing = await at('00000000-0000-7000-8000-00000000000a');
    expect(missing.status).toBe(404);
    expect((await at(theirs.organizationId)).text).toBe(missing.text);
    await join(api.db, theirs.organizationId, userId, 'owner');
    expect((await at(theirs.organizationId)).json).toMatchObject({ organization: { name: 'theirs' }, role: 'owner' });
    expect((await me()).organization.name).toBe('ours');
  });

  test('is seen and ended from another one, by its owner alone', async () => {
    const other = openBrowser(api);
    await browser.signIn('ann@example.com');
    await other.signIn('ann@example.com');
    const { json } = await browser.ask('GET', '/api/v1/auth/sessions');
    expect(json.items.filter(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toHaveLength(1);
    expect(JSON.stringify(json)).not.toMatch(/token/i);
    const stranger = openBrowser(api);
    await makePerson(api.db, 'eve@example.com');
    await stranger.signIn('eve@example.com');
    const theirs = (await me(other)).session.id;
    const missing = await stranger.ask('DELETE', '/api/v1/auth/sessions/00000000-0000-7000-8000-00000000000a');
    expect((await stranger.ask('DELETE', `/api/v1/auth/sessions/${theirs}`)).text).toBe(missing.text);
    expect((await browser.ask('DELETE', `/api/v1/auth/sessions/${theirs}`)).json).toEqual({ ended: 1 });
    expect((await other.ask('GET', '/api/v1/me')).status).toBe(401);
    await other.signIn('ann@example.com');
    await browser.ask('DELETE', '/api/v1/auth/sessions');
    expect((await other.ask('GET', '/api/v1/me')).status).toBe(401);
    expect((await me()).user.email).toBe('ann@example.com');
  });

  test('with a cookie that somebody made up is none', async () => {
    await browser.signIn('ann@example.com');
    const [[name, value] = ['', '']] = [...browser.cookies];
    for (const forged of [`${value}x`, value.replace(/^./, 'Z'), 'x.y', '']) {
      const { status } = await api.ask('GET', '/api/v1/me', { key: null, headers: { cookie: `${name}=${forged}` } });
      expect(status, forged).toBe(401);
    }
  });

  test('ends when the password changes, except the one that changed it', async () => {
    await makePerson(api.db, 'finn@example.com', { roles: { [api.ours.organizationId]: 'viewer' } });
    const other = openBrowser(api);
    await browser.signIn('finn@example.com');
    await other.signIn('finn@example.com');
    const change = (password: string, newPassword: string) =>
      browser.ask('POST', '/api/v1/auth/change-password', { body: { password, newPassword } });
    expect((await change('wrong', 'another password')).json.errors).toEqual([
      { path: 'password', message: 'is not your password' },
    ]);
    expect((await change(PASSWORD, 'short')).json.errors[0].path).toBe('newPassword');
    expect((await change(PASSWORD, 'another password')).status).toBe(200);
    expect((await other.ask('GET', '/api/v1/me')).status).toBe(401);
    expect((await browser.ask('GET', '/api/v1/me')).status).toBe(200);
    expect((await other.signIn('finn@example.com')).status).toBe(401);
    expect((await other.signIn('finn@example.com', 'another password')).status).toBe(200);
  });
});

describe('a second factor', () => {
  test('is asked for once it is confirmed, and until it is off', async () => {
    await makePerson(api.db, 'gus@example.com', { roles: { [api.ours.organizationId]: 'viewer' } });
    await browser.signIn('gus@example.com');
    const post = (path: string, body: object, from = browser) =>
      from.ask('POST', `/api/v1/auth/two-factor/${path}`, { body });
    const begun = (await post('enable', { password: PASSWORD })).json;
    expect(begun.backupCodes).toHaveLength(10);
    expect((await me()).user.isTwoFactorOn).toBe(false);
    expect((await post('confirm', { code: '000000' })).json.code).toBe('wrong_code');
    expect((await post('confirm', { code: await codeOf(begun.totpUri) })).status).toBe(200);
    expect((await me()).user.isTwoFactorOn).toBe(true);

    const other = openBrowser(api);
    expect((await other.signIn('gus@example.com')).json).toEqual({ isCodeNeeded: true });
    expect((await other.ask('GET', '/api/v1/me')).status).toBe(401);
    expect((await post('verify-totp', { code: '000000' }, other)).json.code).toBe('wrong_code');
    expect((await post('verify-totp', { code: await codeOf(begun.totpUri) }, other)).status).toBe(200);
    expect((await me(other)).user.email).toBe('gus@example.com');

    const third = openBrowser(api);
    await third.signIn('gus@example.com');
    const [backup] = begun.backupCodes;
    expect((await post('verify-backup-code', { code: backup }, third)).status).toBe(200);
    const fourth = openBrowser(api);
    await fourth.signIn('gus@example.com');
    expect((await post('verify-backup-code', { code: backup }, fourth)).json.code).toBe('wrong_code');
    expect((await post('verify-totp', { code: '1' }, openBrowser(api))).json.code).toBe('wrong_code');
    const { json: log } = await api.ask('GET', '/api/v1/audit-log?action=sign_in.failed&actor=gus@example.com');
    expect(log.items).toHaveLength(2);

    expect((await post('generate-backup-codes', { password: PASSWORD })).json.backupCodes).not.toContain(backup);
    expect((await post('disable', { password: 'wrong' })).status).toBe(400);
    expect((await post('disable', { password: PASSWORD })).status).toBe(200);
    expect((await openBrowser(api).signIn('gus@example.com')).json).toEqual({ isCodeNeeded: false });
    expect((await actions()).filter((action) => action.startsWith('two_factor'))).toEqual([
      'two_factor.disable',
      'two_factor.renew_codes',
      'two_factor.enable',
    ]);
  });

  test('cannot be guessed by asking again and again', async () => {
    await makePerson(api.db, 'hal@example.com');
    await browser.signIn('hal@example.com');
    const post = (path: string, body: object, from = browser) =>
      from.ask('POST', `/api/v1/auth/two-factor/${path}`, { body });
    const begun = (await post('enable', { password: PASSWORD })).json;
    await post('confirm', { code: await codeOf(begun.totpUri) });
    const thief = openBrowser(api);
    for (let round = 0; round < 4; round++) {
      await thief.signIn('hal@example.com');
      for (let i = 0; i < 5; i++) await post('verify-totp', { code: '000000' }, thief);
    }
    await thief.signIn('hal@example.com');
    expect((await post('verify-totp', { code: await codeOf(begun.totpUri) }, thief)).status).toBe(401);
  });
});

describe('a change that the cookie signs', () => {
  const FOREIGN: [string, Record<string, string>][] = [
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another port', { origin: `${PUBLIC_URL}:8443`, 'sec-fetch-site': 'same-site' }],
    ['a name below ours', { origin: 'https://x.hub.example.com', 'sec-fetch-site': 'same-site' }],
    ['plain http', { origin: 'http://hub.example.com' }],
    ['a frame without an origin', { origin: 'null' }],
    ['a form, as a browser sends it', { 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' }],
    ['who says nothing', {}],
  ];

  test.each(FOREIGN)('is refused from %s', async (_, headers) => {
    await browser.signIn('ann@example.com');
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const send = (method: string, path: string, body?: object) =>
      api.ask(method, path, { key: null, body, headers: { cookie, ...headers } });
    const body = { type: 'keitaro', name: 'Planted', url: 'https://a.example', credentials: { apiKey: 'x' } };
    for (const answer of [
      await send('POST', '/api/v1/trackers', body),
      await send('DELETE', '/api/v1/trackers/00000000-0000-7000-8000-00000000000a'),
      await send('POST', '/api/v1/auth/change-password', { password: PASSWORD, newPassword: 'taken over' }),
    ]) {
      expect([answer.status, answer.json.code]).toEqual([403, 'cross_site']);
    }
    expect((await send('GET', '/api/v1/trackers')).status).toBe(200);
  });

  test('goes through from our own page', async () => {
    await browser.signIn('ann@example.com');
    const missing = await browser.ask('DELETE', '/api/v1/trackers/00000000-0000-7000-8000-00000000000a');
    expect(missing.status).toBe(404);
  });

  test('a key signs from anywhere: no browser adds it by itself', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const path = '/api/v1/trackers/00000000-0000-7000-8000-00000000000a';
    expect((await api.ask('DELETE', path, { headers })).status).toBe(404);
  });

  test('nor does another site sign somebody in or out', async () => {
    const headers = { origin: 'https://evil.example' };
    const body = { email: 'ann@example.com', password: PASSWORD };
    const planted = await api.ask('POST', '/api/v1/auth/sign-in/email', { key: null, body, headers });
    expect([planted.status, planted.json.code]).toEqual([403, 'cross_site']);
    expect((await api.ask('POST', '/api/v1/auth/sign-out', { key: null, headers })).status).toBe(403);
  });
});

test('a person changes their own name', async () => {
  await makePerson(api.db, 'ida@example.com');
  await browser.signIn('ida@example.com');
  expect((await browser.ask('PATCH', '/api/v1/me', { body: { name: ' Ida B. ' } })).json.user.name).toBe('Ida B.');
  expect((await me()).user.name).toBe('Ida B.');
  expect((await browser.ask('PATCH', '/api/v1/me', { body: { email: 'x@example.com' } })).status).toBe(400);
  expect((await api.ask('PATCH', '/api/v1/me', { body: { name: 'Key' } })).json.code).toBe('session_needed');
});

test('an API key has no account of its own', async () => {
  const refused = await api.ask('GET', '/api/v1/auth/sessions');
  expect([refused.status, refused.json.code]).toEqual([403, 'session_needed']);
  expect((await api.ask('GET', '/api/v1/me', { key: api.ours.keys.finance })).json).toMatchObject({
    user: null,
    apiKey: { name: 'ours finance' },
    role: 'finance',
    organization: { name: 'ours' },
    allowed: expect.not.arrayContaining(['POST /api/v1/trackers']),
  });
});
