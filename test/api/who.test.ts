// Who did it: everybody may know a name, admins alone the address and the id; and what people do with their own name.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browser, makePerson, openBrowser } from './browser.ts';
import { type Harness, startHarness } from './harness.ts';
import { seedConfig, seedConversions } from './seed.ts';

let api: Harness;
let olga: Browser;
let configId: string;
let userId: string;
const EMAIL = 'olga@example.com';

beforeAll(async () => {
  api = await startHarness();
  const { organizationId } = api.ours;
  userId = await makePerson(api.db, EMAIL, { roles: { [organizationId]: 'manager' } });
  olga = openBrowser(api);
  await olga.signIn(EMAIL);
  configId = await seedConfig(api.db, organizationId);
  await seedConversions(api.db, { configId, organizationId }, [
    { converted_at: '2026-11-02T11:00:00Z', raw_status: 'odd', revenue: '5' },
  ]);
});
afterAll(() => api.end());

test('one’s own name is changed, and the journal tells from what to what', async () => {
  expect((await olga.ask('PATCH', '/api/v1/me', { body: { name: 'Olga' } })).json.user.name).toBe('Olga');
  await olga.ask('PATCH', '/api/v1/me', { body: { name: 'Olga' } });
  const { items } = (await api.ask('GET', '/api/v1/audit-log?action=user.rename')).json;
  expect(items).toMatchObject([
    { actorName: EMAIL, targetId: userId, before: { name: 'olga' }, after: { name: 'Olga' } },
  ]);
  expect(items).toHaveLength(1);
});

test('a change of mappings tells a viewer the name, an admin the address', async () => {
  const path = `/api/v1/trackers/${configId}/mappings`;
  await api.ask('PUT', `${path}/statuses`, { key: api.ours.keys.manager, body: { odd: 'hold' } });
  // The manager's own answer too.
  const put = await olga.ask('PUT', `${path}/statuses`, { body: { odd: 'approved' } });
  const since = `/api/v1/changes?since=${new Date(Date.now() - 60_000).toISOString()}`;
  const told = async (role: 'viewer' | 'manager' | 'admin') => {
    const key = api.ours.keys[role];
    const [mappings, changes] = [await api.ask('GET', path, { key }), await api.ask('GET', since, { key })];
    type Change = { actorType: string; actorId: string | null; actorName: string | null };
    return {
      text: mappings.text + changes.text,
      who: mappings.json.changes.map(({ actorId, actorName }: Change) => [actorId, actorName]),
      since: changes.json.mappings.map(({ actorName }: Change) => actorName),
    };
  };
  for (const role of ['viewer', 'manager'] as const) {
    const { text, who, since: moved } = await told(role);
    expect([who, moved], role).toEqual([
      [
        [null, 'Olga'],
        [null, 'ours manager'],
      ],
      ['Olga', 'ours manager'],
    ]);
    expect(text).not.toContain(EMAIL);
    expect(text).not.toContain(userId);
  }
  expect(put.text).not.toContain(EMAIL);
  expect(await told('admin')).toMatchObject({
    who: [
      [userId, EMAIL],
      [expect.any(String), 'ours manager'],
    ],
    since: [EMAIL, 'ours manager'],
  });
});
