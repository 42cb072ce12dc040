// Connecting trackers and finding them; and that no credential ever comes back.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCredentials } from '../../src/store/vault-credentials.ts';
import { type Harness, startHarness } from './harness.ts';
import { KEY } from './seed.ts';

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
    expect(type.resources.clicks).toEqual({ evidence: 'documented', note: null, recentOnly: false });
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

test('no key was ever logged', () => {
  expect(api.logged.join('\n')).not.toContain(KEY);
});
