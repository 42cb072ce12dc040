// Whatever stands in one field of a request about people, nothing fails inside, and only documented answers come.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browser, makePerson, openBrowser, PASSWORD } from './browser.ts';
import { type Harness, startHarness } from './harness.ts';

let api: Harness;
let browser: Browser;

beforeAll(async () => {
  api = await startHarness({ mail: async () => {} });
  await makePerson(api.db, 'ann@example.com', { roles: { [api.ours.organizationId]: 'owner' } });
  browser = openBrowser(api);
  await browser.signIn('ann@example.com');
});
afterAll(() => api.end());

const NASTY: unknown[] = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b@c',
    '\ud800',
    '\ud800@b.c',
    "' or 1=1 --",
    '🦊@🦊.🦊',
    'x'.repeat(5_000),
    'a@b',
    '\r\nBcc: x@y',
  ],
  ...[null, 0, -1, 1e308, true, [], {}, { toString: 'x' }, ['a@b.c']],
];

const BODIES: [string, Record<string, unknown>][] = [
  ['POST /api/v1/auth/sign-in/email', { email: 'ann@example.com', password: 'wrong', rememberMe: true }],
  ['POST /api/v1/auth/two-factor/verify-totp', { code: '000000', trustDevice: true }],
  ['POST /api/v1/auth/two-factor/verify-backup-code', { code: 'aaaaa-bbbbb', trustDevice: false }],
  ['POST /api/v1/auth/two-factor/confirm', { code: '000000' }],
  ['POST /api/v1/auth/two-factor/enable', { password: 'wrong' }],
  ['POST /api/v1/auth/two-factor/disable', { password: 'wrong' }],
  ['POST /api/v1/auth/two-factor/generate-backup-codes', { password: 'wrong' }],
  ['POST /api/v1/auth/change-password', { password: 'wrong', newPassword: PASSWORD }],
  ['POST /api/v1/auth/request-password-reset', { email: 'nobody@example.com' }],
  ['POST /api/v1/auth/reset-password', { token: 'none', newPassword: PASSWORD }],
  ['PATCH /api/v1/me', { name: 'Ann' }],
  ['POST /api/v1/organizations', { name: 'x' }],
  ['PATCH /api/v1/organizations/ours', { name: 'x' }],
  ['POST /api/v1/invitations', { email: 'bob@example.com', role: 'viewer' }],
  ['POST /api/v1/invitations/look-up', { token: 'none' }],
  ['POST /api/v1/invitations/accept', { token: 'none', name: 'Bob', password: PASSWORD }],
  ['POST /api/v1/api-keys', { name: 'k', role: 'viewer', expiresAt: '2100-01-01T00:00:00Z' }],
  ['POST /api/v1/views', { name: 'v', page: 'p', query: { a: 1 }, isShared: true }],
];

test.each(BODIES)('%s', async (route, body) => {
  const [method = '', path = ''] = route.replace('/ours', `/${api.ours.organizationId}`).split(' ');
  const variants = Object.keys(body).flatMap((field) => NASTY.map((value) => ({ ...body, [field]: value })));
  for (const variant of [...variants, [], 'text', null, { ...body, more: 1 }]) {
    await sql`delete from auth.attempt`.execute(api.db);
    const answer = await browser.ask(method, path, { body: JSON.stringify(variant) });
    expect(answer.status, `${JSON.stringify(variant).slice(0, 200)}: ${api.logged.at(-1)}`).toBeLessThan(500);
  }
});

test('cookies that are none sign nobody, and break nothing', async () => {
  const name = [...browser.cookies.keys()][0]!;
  for (const value of ['', '%', '%00', 'a.b', '🦊', `${'x'.repeat(4_000)}.y`, '.', 'null', '%ED%A0%80.x']) {
    const cookie = `${name}=${encodeURI(value.toWellFormed())}; other=${encodeURIComponent(value)}`;
    const answer = await api.ask('GET', '/api/v1/me', { key: null, headers: { cookie } });
    expect(answer.status, `${value}: ${api.logged.at(-1)}`).toBe(401);
  }
});
