// A forgotten password: a link that only its owner gets, that works once, and that ends whatever the old password opened.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { join, makePerson, openBrowser } from './browser.ts';
import { type Harness, PUBLIC_URL, startHarness } from './harness.ts';

let api: Harness;
const letters: { to: string; text: string }[] = [];

beforeAll(async () => {
  api = await startHarness({
    mail: async (letter) => {
      letters.push(letter);
    },
  });
});
beforeEach(async () => {
  letters.length = 0;
  await sql`delete from auth.attempt`.execute(api.db);
});
afterAll(() => api.end());

const post = (path: string, body: object) => api.ask('POST', `/api/v1/auth/${path}`, { key: null, body });
const request = (email: string) => post('request-password-reset', { email });
const reset = (token: string, newPassword = 'another password') => post('reset-password', { token, newPassword });
const tokenOf = (text: string) => new RegExp(`${PUBLIC_URL}/reset-password#([\\w-]{43})`).exec(text)![1]!;
const linkFor = (userId: string, key = api.ours.keys.admin) =>
  api.ask('POST', `/api/v1/users/${userId}/password-link`, { key });
let count = 0;
async function person(role: 'viewer' | 'owner' = 'viewer') {
  const email = `person${++count}@example.com`;
  return { email, id: await makePerson(api.db, email, { roles: { [api.ours.organizationId]: role } }) };
}

describe('a link by mail', () => {
  test('changes the password once, and ends every session', async () => {
    const { email } = await person();
    const browser = openBrowser(api);
    await browser.signIn(email);
    const known = await request(email.toUpperCase());
    expect([known.status, known.json]).toEqual([200, { isMailOn: true }]);
    await expect.poll(() => letters).toHaveLength(1);
    expect(letters[0]!.to).toBe(email);
    const token = tokenOf(letters[0]!.text);
    const stored = await sql<{ row: string }>`select v::text as row from auth."verification" v`.execute(api.db);
    expect(stored.rows.some(({ row }) => row.includes(token))).toBe(false);
    expect((await reset(token, 'short')).json.errors[0].path).toBe('newPassword');
    expect((await reset(token)).status).toBe(200);
    expect((await browser.ask('GET', '/api/v1/me')).status).toBe(401);
    expect((await browser.signIn(email)).status).toBe(401);
    expect((await browser.signIn(email, 'another password')).status).toBe(200);
    expect((await reset(token, 'a third password')).status).toBe(404);
    const log = await api.ask('GET', '/api/v1/audit-log?action=password.*');
    expect(log.json.items.map(({ action }: { action: string }) => action)).toEqual([
      'password.reset',
      'password.ask_reset',
    ]);
  });

  test('is sent to nobody for an unknown address, and nobody learns that', async () => {
    const { email } = await person();
    expect((await request('nobody@example.com')).text).toBe((await request(email)).text);
    await expect.poll(() => letters.map(({ to }) => to)).toEqual([email]);
  });

  test('dies with the others when one is used, and after its hour', async () => {
    const { email } = await person();
    await request(email);
    await request(email);
    await expect.poll(() => letters).toHaveLength(2);
    const [one, other] = letters.map(({ text }) => tokenOf(text));
    expect((await reset(one!)).status).toBe(200);
    expect((await reset(other!)).status).toBe(404);
    await request(email);
    await expect.poll(() => letters).toHaveLength(3);
    await sql`update auth."verification" set "expiresAt" = now() - interval '1 second'`.execute(api.db);
    expect((await reset(tokenOf(letters[2]!.text))).status).toBe(404);
    expect((await reset('made up')).status).toBe(404);
  });

  test('is asked for three times in a quarter of an hour', async () => {
    const { email } = await person();
    const answers = await Promise.all([1, 2, 3, 4].map(() => request(email)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429]);
  });
});

describe('a link from an admin', () => {
  test('opens the account of who belongs here alone', async () => {
    const { id, email } = await person();
    const { status, json } = await linkFor(id);
    expect(status).toBe(201);
    expect((await reset(tokenOf(json.link))).status).toBe(200);
    expect((await openBrowser(api).signIn(email, 'another password')).status).toBe(200);
    const [deed] = (await api.ask('GET', '/api/v1/audit-log?action=user.password_link')).json.items;
    expect(deed).toMatchObject({ targetId: id, after: { email } });
    expect(JSON.stringify(deed)).not.toContain(tokenOf(json.link));
  });

  test('is not made for who is more elsewhere, or here', async () => {
    const { id } = await person();
    await join(api.db, api.theirs.organizationId, id, 'owner');
    expect((await linkFor(id)).json.code).toBe('forbidden');
    expect((await linkFor(id, api.ours.keys.owner)).json.code).toBe('forbidden');
    expect((await linkFor(id, api.ours.keys.super_admin)).status).toBe(201);
    expect((await linkFor((await person('owner')).id)).json.code).toBe('forbidden');
  });
});
