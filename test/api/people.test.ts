// Members, invitations and organisations: nobody rises above who lets them in, the last owner stays, a link opens once.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/store/sign-in-roles.ts';
import { makePerson, openBrowser, PASSWORD } from './browser.ts';
import { type Harness, PUBLIC_URL, startHarness } from './harness.ts';

let api: Harness;
const letters: { to: string; subject: string; text: string }[] = [];
let mailIsDown = false;

beforeAll(async () => {
  api = await startHarness({
    mail: async (letter) => {
      if (mailIsDown) throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
      letters.push(letter);
    },
  });
});
afterAll(() => api.end());

const invite = (email: string, role: Role, key = api.ours.keys.admin) =>
  api.ask('POST', '/api/v1/invitations', { key, body: { email, role } });
const tokenOf = (link: string) => link.split('#')[1]!;
const lookUp = (token: string) => api.ask('POST', '/api/v1/invitations/look-up', { key: null, body: { token } });
const person = (name: string, role: Role) =>
  makePerson(api.db, `${name}@example.com`, { roles: { [api.ours.organizationId]: role } });
const changeRole = (userId: string, role: Role, key = api.ours.keys.admin) =>
  api.ask('PATCH', `/api/v1/users/${userId}`, { key, body: { role } });
const remove = (userId: string, key = api.ours.keys.admin) => api.ask('DELETE', `/api/v1/users/${userId}`, { key });
const latestDeed = async () => (await api.ask('GET', '/api/v1/audit-log?limit=1')).json.items[0];

describe('an invitation', () => {
  test('makes an account for who is new, who is signed in and a member at once', async () => {
    const { status, json } = await invite(' New@Example.com ', 'mediabuyer');
    expect(status).toBe(201);
    expect(json).toMatchObject({ email: 'new@example.com', role: 'mediabuyer', state: 'pending', isSent: true });
    expect(json.link).toMatch(new RegExp(`^${PUBLIC_URL}/invitation#[\\w-]{43}$`));
    expect(letters.at(-1)).toMatchObject({ to: 'new@example.com', subject: 'Invitation to ours' });
    expect(letters.at(-1)?.text).toContain(json.link);

    const token = tokenOf(json.link);
    expect((await lookUp(token)).json).toMatchObject({
      organization: { id: api.ours.organizationId, name: 'ours' },
      email: 'new@example.com',
      isKnown: false,
    });
    const browser = openBrowser(api);
    const accept = (given: object) => browser.ask('POST', '/api/v1/invitations/accept', { body: { token, ...given } });
    expect((await accept({})).json.errors[0].path).toBe('password');
    expect((await accept({ password: 'short' })).json.errors[0].path).toBe('password');
    const accepted = await accept({ name: 'New One', password: 'a good password' });
    expect([accepted.status, accepted.json]).toEqual([200, { organizationId: api.ours.organizationId }]);
    const me = (await browser.ask('GET', '/api/v1/me')).json;
    expect(me).toMatchObject({ user: { name: 'New One', email: 'new@example.com' }, role: 'mediabuyer' });
    expect((await openBrowser(api).signIn('new@example.com', 'a good password')).status).toBe(200);
    const [first] = (await api.ask('GET', '/api/v1/invitations')).json.items;
    expect(first).toMatchObject({ state: 'accepted', invitedBy: null });
    const log = await api.ask('GET', '/api/v1/audit-log');
    expect(log.json.items.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['invitation.accept', 'invitation.create']),
    );
    expect(log.text).not.toContain(token);
  });

  test('opens once, however many hold it', async () => {
    const token = tokenOf((await invite('once@example.com', 'viewer')).json.link);
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        openBrowser(api).ask('POST', '/api/v1/invitations/accept', {
          body: { token, password: `a good password ${n}` },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404]);
    expect((await lookUp(token)).status).toBe(404);
  });

  test('of a known address is accepted by its account alone', async () => {
    await makePerson(api.db, 'known@example.com', { roles: { [api.theirs.organizationId]: 'owner' } });
    await makePerson(api.db, 'other@example.com');
    const token = tokenOf((await invite('Known@example.com', 'manager')).json.link);
    expect((await lookUp(token)).json.isKnown).toBe(true);
    const accept = async (email: string | null) => {
      const browser = openBrowser(api);
      if (email !== null) await browser.signIn(email);
      return browser.ask('POST', '/api/v1/invitations/accept', { body: { token, password: PASSWORD } });
    };
    expect((await accept(null)).status).toBe(401);
    expect((await accept('other@example.com')).status).toBe(401);
    expect((await accept('known@example.com')).status).toBe(200);
    const browser = openBrowser(api);
    await browser.signIn('known@example.com');
    expect((await browser.ask('GET', '/api/v1/me')).json.organizations).toMatchObject([
      { name: 'theirs', role: 'owner' },
      { name: 'ours', role: 'manager' },
    ]);
  });

  test('opens once for a known address too, and brings nobody back who was removed', async () => {
    const id = await makePerson(api.db, 'twice@example.com');
    const token = tokenOf((await invite('twice@example.com', 'viewer')).json.link);
    const browser = openBrowser(api);
    await browser.signIn('twice@example.com');
    const accept = () => browser.ask('POST', '/api/v1/invitations/accept', { body: { token } });
    const answers = await Promise.all([1, 2, 3, 4].map(accept));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404]);
    const log = await api.ask('GET', '/api/v1/audit-log?action=invitation.accept&actor=twice@example.com');
    expect(log.json.items).toHaveLength(1);
    await remove(id);
    expect((await accept()).status).toBe(404);
  });

  test('is over when it is revoked, replaced, or its week is over', async () => {
    const one = (await invite('over@example.com', 'viewer')).json;
    const other = (await invite('OVER@example.com', 'viewer')).json;
    expect((await lookUp(tokenOf(one.link))).status).toBe(404);
    expect((await lookUp(tokenOf(other.link))).status).toBe(200);
    await sql`update auth."invitation" set "expiresAt" = now() where "id" = ${other.id}::uuid`.execute(api.db);
    expect((await lookUp(tokenOf(other.link))).status).toBe(404);
    const states = (await api.ask('GET', '/api/v1/invitations?limit=2')).json.items;
    expect(states.map(({ state }: { state: string }) => state)).toEqual(['expired', 'revoked']);
    const third = (await invite('over@example.com', 'viewer')).json;
    expect((await api.ask('DELETE', `/api/v1/invitations/${third.id}`)).json.state).toBe('revoked');
    expect((await api.ask('DELETE', `/api/v1/invitations/${third.id}`)).json.code).toBe('not_open');
    const accepted = await openBrowser(api).ask('POST', '/api/v1/invitations/accept', {
      body: { token: tokenOf(third.link), password: 'a good password' },
    });
    expect(accepted.status).toBe(404);
  });

  test('is one, however many invite the same address at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => invite('many@example.com', 'viewer')));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    const open = await Promise.all(answers.map(async ({ json }) => (await lookUp(tokenOf(json.link))).status));
    expect(open.sort()).toEqual([200, 404, 404, 404, 404]);
  });

  test('gives no role above the inviter’s, and ends where they lose theirs', async () => {
    expect((await invite('up@example.com', 'owner')).json.code).toBe('forbidden');
    const admin = await person('inviter', 'admin');
    const browser = openBrowser(api);
    await browser.signIn('inviter@example.com');
    const made = await browser.ask('POST', '/api/v1/invitations', { body: { email: 'up@example.com', role: 'admin' } });
    expect(made.json.invitedBy).toBe('inviter@example.com');
    await changeRole(admin, 'manager');
    expect((await lookUp(tokenOf(made.json.link))).status).toBe(404);
  });

  test('is refused for a member, and for what is no address', async () => {
    await person('here', 'viewer');
    expect((await invite('HERE@example.com', 'viewer')).json.code).toBe('already_member');
    for (const email of ['x', 'a@b@c', 'a@b, c@d', 'a@b\nbcc: c@d', '<a@b>', '@b']) {
      expect((await invite(email, 'viewer')).json.errors[0].path, email).toBe('email');
    }
  });

  test('shows its link also where mail is down', async () => {
    mailIsDown = true;
    const { status, json } = await invite('down@example.com', 'viewer');
    mailIsDown = false;
    expect([status, json.isSent]).toEqual([201, false]);
    expect(api.logged.at(-1)).toContain('ECONNREFUSED');
    expect(api.logged.join()).not.toContain(tokenOf(json.link));
  });
});

describe('a member', () => {
  test('is listed, gets another role, and is removed, each written down', async () => {
    const id = await person('ida', 'viewer');
    const { json } = await api.ask('GET', '/api/v1/users?limit=1');
    expect(json.items).toMatchObject([{ id, email: 'ida@example.com', role: 'viewer', isTwoFactorOn: false }]);
    const next = await api.ask('GET', `/api/v1/users?limit=1&cursor=${json.nextCursor}`);
    expect(next.json.items[0].id).not.toBe(id);
    expect((await changeRole(id, 'finance')).json.role).toBe('finance');
    expect(await latestDeed()).toMatchObject({
      action: 'user.change_role',
      targetId: id,
      before: { email: 'ida@example.com', role: 'viewer' },
      after: { role: 'finance' },
    });
    expect((await remove(id)).status).toBe(200);
    expect(await latestDeed()).toMatchObject({ action: 'user.remove', before: { role: 'finance' } });
    expect((await remove(id)).status).toBe(404);
  });

  test('is out of reach for who has a lower role, and rises no higher than theirs', async () => {
    const owner = await person('olga', 'owner');
    const viewer = await person('vic', 'viewer');
    const root = await makePerson(api.db, 'root@example.com', {
      roles: { [api.ours.organizationId]: 'viewer' },
      isSuperAdmin: true,
    });
    expect((await changeRole(owner, 'viewer')).json.code).toBe('forbidden');
    expect((await remove(owner)).json.code).toBe('forbidden');
    expect((await changeRole(viewer, 'owner')).json.code).toBe('forbidden');
    expect((await changeRole(viewer, 'super_admin', api.ours.keys.super_admin)).status).toBe(400);
    expect((await remove(root, api.ours.keys.owner)).json.code).toBe('forbidden');
    expect((await changeRole(viewer, 'owner', api.ours.keys.owner)).status).toBe(200);
  });

  test('who is the last owner stays, also where two owners go at once', async () => {
    const { json: made } = await api.ask('POST', '/api/v1/organizations', {
      key: api.ours.keys.super_admin,
      body: { name: 'Two owners' },
    });
    const ids = await Promise.all(
      ['pat', 'quin'].map((name) => makePerson(api.db, `${name}@example.com`, { roles: { [made.id]: 'owner' } })),
    );
    const headers = { 'x-organization': made.id };
    const answers = await Promise.all(
      ids.map((id) => api.ask('DELETE', `/api/v1/users/${id}`, { key: api.ours.keys.super_admin, headers })),
    );
    expect(answers.map(({ status, json }) => json.code ?? status).sort()).toEqual([200, 'last_owner']);
    const [left] = (await api.ask('GET', '/api/v1/users', { key: api.ours.keys.super_admin, headers })).json.items;
    const lowered = await api.ask('PATCH', `/api/v1/users/${left.id}`, {
      ...{ key: api.ours.keys.super_admin, headers },
      body: { role: 'admin' },
    });
    expect([lowered.status, lowered.json.code]).toEqual([409, 'last_owner']);
  });

  test('has keys that fall and end with them, for good', async () => {
    const id = await person('kim', 'admin');
    const browser = openBrowser(api);
    await browser.signIn('kim@example.com');
    const make = (role: Role) => browser.ask('POST', '/api/v1/api-keys', { body: { name: 'Kim', role } });
    expect((await make('owner')).json.code).toBe('forbidden');
    const { json } = await make('admin');
    expect(json.madeBy).toBe('kim@example.com');
    const { key } = json;
    // A key makes keys for the same person.
    const child = (await api.ask('POST', '/api/v1/api-keys', { key, body: { name: 'Child', role: 'viewer' } })).json
      .key;
    const roleOf = async (asked: string) => (await api.ask('GET', '/api/v1/me', { key: asked })).json.role;
    expect([await roleOf(key), await roleOf(child)]).toEqual(['admin', 'viewer']);
    await changeRole(id, 'finance');
    expect([await roleOf(key), await roleOf(child)]).toEqual(['finance', 'viewer']);
    expect((await api.ask('GET', '/api/v1/users', { key })).status).toBe(403);
    await remove(id);
    for (const asked of [key, child]) expect((await api.ask('GET', '/api/v1/me', { key: asked })).status).toBe(401);
    await sql`insert into auth."member" ("organizationId", "userId", "role", "createdAt")
      values (${api.ours.organizationId}::uuid, ${id}::uuid, 'admin', now())`.execute(api.db);
    for (const asked of [key, child]) expect((await api.ask('GET', '/api/v1/me', { key: asked })).status).toBe(401);
  });
});

describe('an organisation', () => {
  const root = () => api.ours.keys.super_admin;

  test('is made by a super_admin, and renamed by its owner', async () => {
    const { status, json } = await api.ask('POST', '/api/v1/organizations', { key: root(), body: { name: ' North ' } });
    expect([status, json.name]).toEqual([201, 'North']);
    const renamed = await api.ask('PATCH', `/api/v1/organizations/${api.ours.organizationId}`, {
      body: { name: 'Ours' },
    });
    expect(renamed.json.name).toBe('Ours');
    expect(await latestDeed()).toMatchObject({ action: 'organization.rename', before: { name: 'ours' } });
    const names = async (key: string) =>
      (await api.ask('GET', '/api/v1/organizations', { key })).json.items.map(({ name }: { name: string }) => name);
    expect(await names(root())).toEqual(expect.arrayContaining(['North', 'Ours', 'theirs']));
    expect(await names(api.ours.keys.viewer)).toEqual(['Ours']);
  });

  test('is renamed by an admin too, and ended by its owner alone', async () => {
    const path = `/api/v1/organizations/${api.ours.organizationId}`;
    const { admin, manager } = api.ours.keys;
    const rename = (key: string) => api.ask('PATCH', path, { key, body: { name: 'Ours' } });
    expect((await rename(admin)).json.name).toBe('Ours');
    expect((await rename(manager)).status).toBe(403);
    expect((await api.ask('DELETE', path, { key: admin })).status).toBe(403);
  });

  test('that ends is gone for everybody at once, and its trackers go', async () => {
    const { json: made } = await api.ask('POST', '/api/v1/organizations', { key: root(), body: { name: 'Short' } });
    const headers = { 'x-organization': made.id };
    await makePerson(api.db, 'rita@example.com', { roles: { [made.id]: 'owner' } });
    const rita = openBrowser(api);
    await rita.signIn('rita@example.com');
    const { key } = (await rita.ask('POST', '/api/v1/api-keys', { body: { name: 'k', role: 'viewer' } })).json;
    const { link } = (
      await rita.ask('POST', '/api/v1/invitations', { body: { email: 's@example.com', role: 'viewer' } })
    ).json;
    const body = { type: 'keitaro', name: 'T', url: 'https://a.example.com', credentials: { apiKey: 'k' } };
    const tracker = (await rita.ask('POST', '/api/v1/trackers', { body })).json.id;
    expect((await rita.ask('DELETE', `/api/v1/organizations/${made.id}`)).status).toBe(202);
    expect(api.woken.at(-1)).toBe(tracker);
    expect((await rita.ask('GET', '/api/v1/trackers')).json.code).toBe('no_organization');
    expect((await api.ask('GET', '/api/v1/me', { key })).status).toBe(401);
    expect((await lookUp(tokenOf(link))).status).toBe(404);
    expect((await api.ask('GET', '/api/v1/me', { key: root(), headers })).status).toBe(404);
    expect((await api.ask('DELETE', `/api/v1/organizations/${made.id}`, { key: root() })).status).toBe(404);
    const { desired_state } = await api.db
      .selectFrom('tracker_config')
      .select('desired_state')
      .where('id', '=', tracker)
      .executeTakeFirstOrThrow();
    expect(desired_state).toBe('deleting');
  });
});
