// Saved views: one's own or shared, changed by their owner or an admin, and unseen by others where they are private.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePerson, openBrowser } from './browser.ts';
import { type Asked, type Harness, startHarness } from './harness.ts';

let api: Harness;

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

const CONTENT = { name: 'Profit by ad', page: 'analytics', query: { groupBy: ['ad'], filter: { country: 'DE' } } };
const views = (method: string, path = '', asked: Asked = {}) => api.ask(method, `/api/v1/views${path}`, asked);
const namesFor = async (key: string, query = '') =>
  (await views('GET', query, { key })).json.items.map(({ name }: { name: string }) => name);

test('a view comes back as it was saved, is changed, and is deleted', async () => {
  const { status, json } = await views('POST', '', { body: CONTENT });
  expect([status, json]).toMatchObject([201, { ...CONTENT, isShared: false, isOwn: true, ownerName: 'ours owner' }]);
  expect((await views('GET', `/${json.id}`)).json).toEqual(json);
  const { json: changed } = await views('PATCH', `/${json.id}`, { body: { name: 'Renamed', query: {} } });
  expect(changed).toMatchObject({ name: 'Renamed', page: 'analytics', query: {}, isShared: false });
  expect((await views('DELETE', `/${json.id}`)).status).toBe(200);
  expect((await views('GET', `/${json.id}`)).status).toBe(404);
});

test('a private view is there for its owner alone, as if it did not exist', async () => {
  const { viewer, owner } = api.ours.keys;
  const { json } = await views('POST', '', { key: viewer, body: { ...CONTENT, name: 'Mine' } });
  const missing = await views('GET', '/00000000-0000-7000-8000-00000000000a', { key: owner });
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const body = method === 'PATCH' ? { name: 'x' } : undefined;
    expect((await views(method, `/${json.id}`, { key: owner, body })).text, method).toBe(missing.text);
  }
  expect(await namesFor(owner)).not.toContain('Mine');
  expect(await namesFor(viewer)).toContain('Mine');
});

test('a shared one is seen by all of the organisation, and changed by its owner or an admin', async () => {
  const { mediabuyer, finance, admin } = api.ours.keys;
  const { json } = await views('POST', '', { key: mediabuyer, body: { ...CONTENT, name: 'Ours', isShared: true } });
  expect((await views('GET', `/${json.id}`, { key: finance })).json.isOwn).toBe(false);
  expect(await namesFor(api.theirs.keys.owner)).toEqual([]);
  const change = (key: string, body: object) => views('PATCH', `/${json.id}`, { key, body });
  expect((await change(finance, { name: 'x' })).json.code).toBe('forbidden');
  expect((await views('DELETE', `/${json.id}`, { key: finance })).status).toBe(403);
  expect((await change(admin, { name: 'Ours, better' })).json.name).toBe('Ours, better');
  expect((await change(mediabuyer, { isShared: false })).json.isShared).toBe(false);
  expect((await views('GET', `/${json.id}`, { key: admin })).status).toBe(404);
});

test('an admin who takes a view of somebody’s back from the others is told so', async () => {
  const { mediabuyer, admin } = api.ours.keys;
  const { json } = await views('POST', '', { key: mediabuyer, body: { ...CONTENT, name: 'Loud', isShared: true } });
  const body = { name: 'Quiet', isShared: false };
  const { json: changed } = await views('PATCH', `/${json.id}`, { key: admin, body });
  expect(changed).toMatchObject({ ...CONTENT, ...body, isOwn: false, ownerName: 'ours mediabuyer' });
  const { json: seen } = await views('GET', `/${json.id}`, { key: mediabuyer });
  expect({ ...seen, isOwn: false }).toEqual(changed);
});

test('what an admin does to somebody’s view is written down, what its owner does is not', async () => {
  const { mediabuyer, admin } = api.ours.keys;
  const make = async () =>
    (await views('POST', '', { key: mediabuyer, body: { ...CONTENT, name: 'Watched', isShared: true } })).json.id;
  const deeds = async (id: string) => (await api.ask('GET', `/api/v1/audit-log?targetId=${id}`)).json.items;
  const own = await make();
  await views('PATCH', `/${own}`, { key: mediabuyer, body: { name: 'Mine' } });
  await views('DELETE', `/${own}`, { key: mediabuyer });
  expect(await deeds(own)).toEqual([]);
  const id = await make();
  await views('PATCH', `/${id}`, { key: admin, body: { name: 'Theirs' } });
  await views('DELETE', `/${id}`, { key: admin });
  const owner = 'ours mediabuyer';
  expect(await deeds(id)).toMatchObject([
    { action: 'view.delete', actorName: 'ours admin', before: { ...CONTENT, name: 'Theirs', owner }, after: null },
    { action: 'view.change', targetType: 'view', before: { name: 'Watched', owner }, after: { name: 'Theirs' } },
  ]);
});

test('views belong to the person, whichever browser or key they use', async () => {
  await makePerson(api.db, 'ann@example.com', { roles: { [api.ours.organizationId]: 'admin' } });
  const ann = openBrowser(api);
  await ann.signIn('ann@example.com');
  await ann.ask('POST', '/api/v1/views', { body: { ...CONTENT, name: 'Ann’s' } });
  const { key } = (await ann.ask('POST', '/api/v1/api-keys', { body: { name: 'k', role: 'viewer' } })).json;
  expect(await namesFor(key)).toContain('Ann’s');
});

test('they come in pages, and by page of the dashboard', async () => {
  const key = api.ours.keys.manager;
  for (const name of ['1', '2', '3']) await views('POST', '', { key, body: { ...CONTENT, page: 'paths', name } });
  const { json } = await views('GET', '?page=paths&limit=2', { key });
  expect(json.items.map(({ name }: { name: string }) => name)).toEqual(['3', '2']);
  expect(await namesFor(key, `?page=paths&limit=2&cursor=${json.nextCursor}`)).toEqual(['1']);
});

test.each([
  [{ ...CONTENT, name: ' ' }, 'name'],
  [{ ...CONTENT, name: 'a\0b' }, 'name'],
  [{ ...CONTENT, page: '../x' }, 'page'],
  [{ ...CONTENT, query: [] }, 'query'],
  [{ ...CONTENT, query: { q: 'a\0b' } }, 'query'],
  [{ ...CONTENT, query: { q: '\ud800' } }, 'query'],
  [{ ...CONTENT, query: { q: 'x'.repeat(20_001) } }, 'query'],
  [{ ...CONTENT, owner: 'me' }, 'owner'],
])('%j is refused', async (body, path) => {
  const { status, json } = await views('POST', '', { body });
  expect([status, json.errors[0].path]).toEqual([400, path]);
});
