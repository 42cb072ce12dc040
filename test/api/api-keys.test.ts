// API keys over the API: shown once, never above who makes them, dead at once when revoked.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

let api: Harness;

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

const make = (body: object, key = api.ours.keys.admin) => api.ask('POST', '/api/v1/api-keys', { body, key });

test('a key is shown once, works, and stops when it is revoked', async () => {
  const { status, json } = await make({ name: 'CI', role: 'viewer' });
  expect(status).toBe(201);
  expect(json).toMatchObject({ name: 'CI', role: 'viewer', expiresAt: null, lastUsedAt: null, revokedAt: null });
  expect((await api.ask('GET', '/api/v1/trackers', { key: json.key })).status).toBe(200);
  const list = await api.ask('GET', '/api/v1/api-keys');
  expect(list.text).not.toContain(json.key);
  expect(list.json.items[0]).toMatchObject({
    id: json.id,
    hint: `th_…${json.key.slice(-4)}`,
    lastUsedAt: expect.any(String),
  });
  const revoked = await api.ask('DELETE', `/api/v1/api-keys/${json.id}`);
  expect(revoked.json.revokedAt).not.toBeNull();
  expect((await api.ask('GET', '/api/v1/trackers', { key: json.key })).status).toBe(401);
  const log = await api.ask('GET', '/api/v1/audit-log');
  expect(log.json.items.map(({ action }: { action: string }) => action)).toEqual(['api_key.revoke', 'api_key.create']);
  expect(log.text).not.toContain(json.key);
});

test('a key has no higher role than who makes it, and is not revoked by less', async () => {
  const refused = await make({ name: 'Up', role: 'owner' });
  expect([refused.status, refused.json.code]).toEqual([403, 'forbidden']);
  const { json } = await make({ name: 'Up', role: 'owner' }, api.ours.keys.owner);
  const kept = await api.ask('DELETE', `/api/v1/api-keys/${json.id}`, { key: api.ours.keys.admin });
  expect(kept.status).toBe(403);
});

test.each([
  [{ name: '', role: 'viewer' }, 'name'],
  [{ name: 'x', role: 'king' }, 'role'],
  [{ name: 'x', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  [{ name: 'x', role: 'viewer', key: 'mine' }, 'key'],
])('%j is refused', async (body, path) => {
  const { status, json } = await make(body);
  expect([status, json.errors[0].path]).toEqual([400, path]);
});
