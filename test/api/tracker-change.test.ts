// Changing and deleting connected trackers, and the journal of who did it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withOrganization } from '../../src/store/tenancy.ts';
import { openCredentials } from '../../src/store/vault-credentials.ts';
import { canaryKey } from '../leaks/canary.ts';
import { type Harness, startHarness } from './harness.ts';
import { KEY, seedCampaign } from './seed.ts';

let api: Harness;
let count = 0;
const NEW_KEY = canaryKey();

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

const keitaro = (given: object = {}) => ({
  type: 'keitaro',
  name: `Panel ${++count}`,
  url: `https://panel-${count}.example.com`,
  credentials: { apiKey: KEY },
  ...given,
});
const connect = (body: unknown) => api.ask('POST', '/api/v1/trackers', { body });
const rowOf = (id: string) => api.db.selectFrom('tracker_config').selectAll().where('id', '=', id).executeTakeFirst();

describe('changing', () => {
  const change = (id: string, body: unknown) => api.ask('PATCH', `/api/v1/trackers/${id}`, { body });

  test('a name touches nothing else', async () => {
    const { json } = await connect(keitaro());
    await api.db.updateTable('tracker_config').set({ blocked_kind: 'auth' }).where('id', '=', json.id).execute();
    const changed = await change(json.id, { name: 'Renamed' });
    expect(changed.json).toMatchObject({ name: 'Renamed', state: 'needs_attention', url: json.url });
    expect(api.woken.at(-1)).toBe(json.id);
  });

  test('credentials are sealed anew, and everything is tried afresh', async () => {
    const { json } = await connect(keitaro());
    const error = { kind: 'auth', message: '401', hint: null, at: new Date().toISOString() };
    await api.db
      .updateTable('tracker_config')
      .set({ blocked_kind: 'auth', fruitless_tries: 4, retry_at: new Date(), retry_kind: 'backoff' })
      .set({ last_error: JSON.stringify(error) })
      .where('id', '=', json.id)
      .execute();
    await api.db
      .updateTable('tracker_resource')
      .set({ state: 'unavailable', reason: '402', refusals: 3 })
      .where('tracker_config_id', '=', json.id)
      .where('resource', '=', 'clicks')
      .execute();
    expect((await api.ask('GET', `/api/v1/trackers/${json.id}`)).json.state).toBe('needs_attention');

    const changed = await change(json.id, { credentials: { apiKey: NEW_KEY } });
    expect(changed.json).toMatchObject({
      ...{ state: 'pending', lastError: null },
      credentials: { apiKey: { set: true, hint: NEW_KEY.slice(-4) } },
      resources: { clicks: { state: 'pending', reason: null } },
    });
    const row = (await rowOf(json.id))!;
    expect(row).toMatchObject({ credentials_version: 2, fruitless_tries: 0, retry_at: null });
    expect(openCredentials(api.vault, row)).toEqual({ apiKey: NEW_KEY });
  });

  test('settings are merged; null goes back to the default', async () => {
    const { json } = await connect(keitaro({ settings: { currency: 'EUR', backfillDays: 7 } }));
    const changed = await change(json.id, { settings: { backfillDays: null, syncIntervalMinutes: 5 } });
    expect(changed.json.settings).toMatchObject({ currency: 'EUR', backfillDays: 30, syncIntervalMinutes: 5 });
    const refused = await change(json.id, { settings: { backfillDays: 'many' } });
    expect([refused.status, refused.json.errors[0].path]).toEqual([400, 'settings.backfillDays']);
  });

  test('another host is refused once rows of the old one are here', async () => {
    const { json } = await connect(keitaro());
    expect((await change(json.id, { url: 'https://moved.example.com' })).json.url).toBe('https://moved.example.com');
    await seedCampaign(api.db, { configId: json.id, organizationId: api.ours.organizationId }, '1');
    const refused = await change(json.id, { url: 'https://elsewhere.example.com' });
    expect([refused.status, refused.json.code]).toEqual([409, 'other_host']);
    expect((await change(json.id, { url: 'http://moved.example.com/sub' })).status).toBe(200);
  });

  test('to a taken name is refused', async () => {
    const { json: one } = await connect(keitaro());
    const { json: other } = await connect(keitaro());
    expect((await change(one.id, { name: other.name.toUpperCase() })).json.code).toBe('name_taken');
    expect((await change(one.id, { name: one.name.toUpperCase() })).status).toBe(200);
  });

  test.each([
    [{ type: 'voluum' }, 'type'],
    [{ url: '::' }, 'url'],
    [{ credentials: { apiKey: '' } }, 'credentials.apiKey'],
    [{ credentials: 'x' }, 'credentials'],
  ])('refuses %j', async (body, path) => {
    const { json } = await connect(keitaro());
    const refused = await change(json.id, body);
    expect([refused.status, refused.json.errors[0].path]).toEqual([400, path]);
  });
});

describe('deleting', () => {
  test('makes it not found at once, everywhere, and frees its name', async () => {
    const { json } = await connect(keitaro({ name: 'Short-lived' }));
    await seedCampaign(api.db, { configId: json.id, organizationId: api.ours.organizationId }, '77');
    expect((await api.ask('GET', '/api/v1/campaigns?q=77')).json.items).toHaveLength(1);
    const deleted = await api.ask('DELETE', `/api/v1/trackers/${json.id}`);
    expect([deleted.status, deleted.json]).toEqual([202, { id: json.id }]);
    expect(api.woken.at(-1)).toBe(json.id);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PATCH', ''],
      ['POST', '/pause'],
      ['GET', '/runs'],
    ]) {
      const body = method === 'PATCH' ? {} : undefined;
      expect((await api.ask(method!, `/api/v1/trackers/${json.id}${path}`, { body })).status, path).toBe(404);
    }
    expect((await api.ask('GET', '/api/v1/trackers?q=Short-lived')).json.items).toEqual([]);
    expect((await api.ask('GET', '/api/v1/campaigns?q=77')).json.items).toEqual([]);
    expect((await connect(keitaro({ name: 'Short-lived' }))).status).toBe(201);
  });
});

describe('the journal', () => {
  test('tells who did what, before and after, without secrets', async () => {
    const { json } = await connect(keitaro({ name: 'Watched' }));
    const id = json.id;
    await api.ask('PATCH', `/api/v1/trackers/${id}`, { body: { name: 'Seen', credentials: { apiKey: `${KEY}2` } } });
    await api.ask('POST', `/api/v1/trackers/${id}/pause`);
    const { json: log, text } = await api.ask('GET', `/api/v1/audit-log?configId=${id}`);
    const actions = log.items.map(({ action, actorName }: Record<string, string>) => `${actorName}: ${action}`);
    expect(actions).toEqual(['ours owner: tracker.pause', 'ours owner: tracker.change', 'ours owner: tracker.create']);
    expect(log.items[1]).toMatchObject({
      before: { name: 'Watched' },
      after: { name: 'Seen', credentials: 'replaced' },
    });
    expect(text).not.toContain(KEY);
  });

  test('is not written where the deed failed', async () => {
    await connect(keitaro({ name: 'Twice' }));
    const before = await withOrganization(api.db, api.ours.organizationId, (tx) =>
      tx.selectFrom('audit_log').select('id').execute(),
    );
    expect((await connect(keitaro({ name: 'Twice' }))).status).toBe(409);
    const after = await withOrganization(api.db, api.ours.organizationId, (tx) =>
      tx.selectFrom('audit_log').select('id').execute(),
    );
    expect(after).toHaveLength(before.length);
  });
});
