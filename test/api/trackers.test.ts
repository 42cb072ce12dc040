// Connecting, finding, changing and deleting trackers; and that no credential ever comes back.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withOrganization } from '../../src/store/tenancy.ts';
import { openCredentials } from '../../src/store/vault-credentials.ts';
import { type Harness, startHarness } from './harness.ts';
import { KEY, seedCampaign } from './seed.ts';

let api: Harness;
let count = 0;

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
const connect = (body: unknown, headers: Record<string, string> = {}) =>
  api.ask('POST', '/api/v1/trackers', { body, headers });
const rowOf = (id: string) => api.db.selectFrom('tracker_config').selectAll().where('id', '=', id).executeTakeFirst();

describe('the types', () => {
  test('tell the form and what each tracker gives', async () => {
    const { json } = await api.ask('GET', '/api/v1/trackers/types');
    const [type] = json.filter((one: { type: string }) => one.type === 'keitaro');
    expect(type).toMatchObject({ title: 'Keitaro', urlRequired: true, defaultUrl: null });
    expect(type.credentials.properties.apiKey).toMatchObject({ title: 'API key', secret: 'key' });
    expect(type.credentials.required).toEqual(['apiKey']);
    expect(type.settings.required ?? []).toEqual([]);
    expect(type.settings.properties.backfillDays).toMatchObject({ default: 30, minimum: 1, maximum: 90 });
    expect(type.resources.clicks).toEqual({ evidence: 'documented', note: null });
  });
});

describe('connecting', () => {
  test('answers the config, wakes its workflow, and keeps the key sealed', async () => {
    const body = keitaro({ url: 'panel.example.org/admin_api/v1/', settings: { currency: 'EUR' } });
    const { status, json, text } = await connect(body);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      ...{ type: 'keitaro', name: body.name, url: 'https://panel.example.org', state: 'pending', isStale: false },
      ...{ lastError: null, lastSyncedAt: null, nextSyncAt: null },
      credentials: { apiKey: { set: true, hint: 'wxyz' } },
      settings: { currency: 'EUR', timezone: 'UTC', backfillDays: 30, syncIntervalMinutes: 15 },
      workflowUrl: `http://temporal.example/namespaces/default/workflows/tracker-sync%2F${json.id}`,
    });
    expect(json.resources.clicks).toEqual({
      ...{ state: 'pending', evidence: 'documented', rows: 0, lastSyncedAt: null, reason: null },
    });
    expect(json).not.toHaveProperty('warnings');
    expect(text).not.toContain(KEY);
    expect(api.woken).toContain(json.id);
    const row = (await rowOf(json.id))!;
    expect(JSON.stringify(row)).not.toContain(KEY);
    expect(openCredentials(api.vault, row)).toEqual({ apiKey: KEY });
  });

  test('lays down the default meaning of every status of the tracker', async () => {
    const { json } = await connect(keitaro());
    const map = await api.db.selectFrom('status_map').selectAll().where('tracker_config_id', '=', json.id).execute();
    expect(map.find(({ raw_status }) => raw_status === 'sale')).toMatchObject({ status: 'approved', is_default: true });
    expect(map.length).toBeGreaterThan(4);
  });

  test('is accepted with Temporal away', async () => {
    api.temporal.isAway = true;
    expect((await connect(keitaro())).status).toBe(201);
    api.temporal.isAway = false;
  });

  test('refuses a taken name, in any case, and leaves nothing of the second one', async () => {
    const { json: first } = await connect(keitaro({ name: 'Main Panel' }));
    const { status, json } = await connect(keitaro({ name: 'main panel' }));
    expect([status, json.code]).toEqual([409, 'name_taken']);
    const rows = await api.db.selectFrom('tracker_config').select('id').where('name', 'ilike', 'main panel').execute();
    expect(rows).toEqual([{ id: first.id }]);
    const other = await api.ask('POST', '/api/v1/trackers', {
      body: keitaro({ name: 'Main Panel' }),
      key: api.theirs.keys.manager,
    });
    expect(other.status).toBe(201);
  });

  test('of the same account again is a warning', async () => {
    const account = { url: 'https://twice.example.com', credentials: { apiKey: 'the-same-key-as-before' } };
    expect((await connect(keitaro(account))).json).not.toHaveProperty('warnings');
    const again = await connect(keitaro(account));
    expect([again.status, again.json.warnings]).toEqual([201, ['already_connected']]);
    const otherKey = await connect(keitaro({ ...account, credentials: { apiKey: 'another-key-altogether' } }));
    expect(otherKey.json).not.toHaveProperty('warnings');
  });

  test.each([
    ['no address', { url: undefined }, 'url'],
    ['an address that is none', { url: 'http://' }, 'url'],
    ['a user name in the address', { url: 'https://me:pass@panel.example.com' }, 'url'],
    ['another scheme', { url: 'ftp://panel.example.com' }, 'url'],
    ['no name', { name: '  ' }, 'name'],
    ['no key', { credentials: {} }, 'credentials.apiKey'],
    ['a key too many', { credentials: { apiKey: KEY, password: 'x' } }, 'credentials.password'],
    ['an unknown tracker', { type: 'nope' }, 'type'],
    ['an unknown setting', { settings: { colour: 'red' } }, 'settings.colour'],
    ['too long a history', { settings: { backfillDays: 91 } }, 'settings.backfillDays'],
    ['no time zone', { settings: { timezone: 'Mars/Olympus' } }, 'settings.timezone'],
    ['an unknown field', { state: 'synced' }, 'state'],
  ])('refuses %s by its path', async (_, given, path) => {
    const { status, json, text } = await connect(keitaro(given));
    expect([status, json.code]).toEqual([400, 'invalid_request']);
    expect(json.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(text).not.toContain(KEY);
  });
});

describe('an Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'retry-1' };

  test('makes a repeat harmless, also when both come at once', async () => {
    const body = keitaro();
    const answers = await Promise.all([connect(body, headers), connect(body, headers), connect(body, headers)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
    expect(api.woken.filter((id) => id === answers[0]?.json.id)).toHaveLength(1);
    const deeds = await api.db
      .selectFrom('audit_log')
      .select('id')
      .where('target_id', '=', answers[0]?.json.id)
      .execute();
    expect(deeds).toHaveLength(1);
  });

  test('refuses another request, also one that differs in the credentials only', async () => {
    const body = keitaro();
    const used = { 'idempotency-key': 'retry-2' };
    await connect(body, used);
    for (const other of [keitaro(), { ...body, credentials: { apiKey: 'something else' } }]) {
      const { status, json } = await connect(other, used);
      expect([status, json.code]).toEqual([409, 'idempotency_key_reused']);
    }
  });

  test('belongs to its organisation', async () => {
    const body = keitaro();
    const asTheirs = await api.ask('POST', '/api/v1/trackers', { body, headers, key: api.theirs.keys.manager });
    expect(asTheirs.status).toBe(201);
  });

  test('of a deleted tracker is not used again', async () => {
    const body = keitaro();
    const used = { 'idempotency-key': 'retry-3' };
    const { json } = await connect(body, used);
    await api.ask('DELETE', `/api/v1/trackers/${json.id}`);
    expect((await connect(body, used)).json.code).toBe('idempotency_key_reused');
  });
});

describe('the list', () => {
  test('goes through all of them in pages, newest first, and filters', async () => {
    const key = api.theirs.keys.manager;
    const made: string[] = [];
    for (let i = 0; i < 5; i++) {
      const body = keitaro({ name: `Listed_${i}` });
      made.push((await api.ask('POST', '/api/v1/trackers', { body, key })).json.id);
    }
    const list = async (query: string) => (await api.ask('GET', `/api/v1/trackers?${query}`, { key })).json;
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: { id: string }[]; nextCursor: string | null } = await list(
        `q=listed&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(made.toReversed());
    expect((await list('q=LISTED_3')).items.map(({ id }: { id: string }) => id)).toEqual([made[3]]);
    expect((await list('q=listed%25')).items).toEqual([]);
    expect((await list('type=voluum')).items).toEqual([]);
    expect((await list('state=synced')).items).toEqual([]);
    expect((await list('state=pending&q=listed')).items).toHaveLength(5);
  });

  test.each(['cursor=x', 'cursor=WyJhIiwiYiJd', 'limit=0', 'limit=1001', 'limit=ten', 'state=fine'])(
    'refuses ?%s',
    async (query) => {
      const { status, json } = await api.ask('GET', `/api/v1/trackers?${query}`);
      expect([status, json.errors[0].path]).toEqual([400, query.split('=')[0]]);
    },
  );
});

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

    const changed = await change(json.id, { credentials: { apiKey: 'a-new-key-of-some-length' } });
    expect(changed.json).toMatchObject({
      ...{ state: 'pending', lastError: null },
      credentials: { apiKey: { set: true, hint: 'ngth' } },
      resources: { clicks: { state: 'pending', reason: null } },
    });
    const row = (await rowOf(json.id))!;
    expect(row).toMatchObject({ credentials_version: 2, fruitless_tries: 0, retry_at: null });
    expect(openCredentials(api.vault, row)).toEqual({ apiKey: 'a-new-key-of-some-length' });
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
    const before = await withOrganization(api.db, api.ours.organizationId, (tx) =>
      tx.selectFrom('audit_log').select('id').execute(),
    );
    await connect(keitaro({ name: 'Main Panel' }));
    const after = await withOrganization(api.db, api.ours.organizationId, (tx) =>
      tx.selectFrom('audit_log').select('id').execute(),
    );
    expect(after).toHaveLength(before.length);
  });
});

test('no key was ever logged', () => {
  expect(api.logged.join('\n')).not.toContain(KEY);
});
