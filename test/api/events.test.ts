// Server-sent events: the picture first, then what changes, of one's own organisation, until the session or the right ends.
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { join, makePerson, openBrowser } from './browser.ts';
import { type Harness, PUBLIC_URL, startHarness } from './harness.ts';
import { seedConfig } from './seed.ts';

let api: Harness;
const open: Listening[] = [];

beforeAll(async () => {
  api = await startHarness();
});
afterEach(async () => {
  for (const listening of open.splice(0)) await listening.close();
});
afterAll(() => api.end());

interface Told {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every kind
  data: any;
}

class Listening {
  readonly told: Told[] = [];
  beats = 0;
  isOver = false;
  readonly status: number;
  private readonly reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(response: Response) {
    this.status = response.status;
    this.reader = response.body?.getReader();
    if (response.status === 200) this.read();
    else this.isOver = true;
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const { value, done } = await this.reader!.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      const parts = text.split('\n\n');
      text = parts.pop()!;
      for (const part of parts) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
        if (event === undefined) this.beats++;
        else this.told.push({ event, data: JSON.parse(data!) });
      }
    }
    this.isOver = true;
  }

  async close(): Promise<void> {
    await this.reader?.cancel().catch(() => {});
  }
}

async function listen(headers: Record<string, string>, query = ''): Promise<Listening> {
  const listening = new Listening(await api.app.request(`/api/v1/events${query}`, { headers }));
  open.push(listening);
  return listening;
}
const byKey = (key: string, query = '') => listen({ authorization: `Bearer ${key}` }, query);
const until = (check: () => unknown) => expect.poll(check, { timeout: 5_000, interval: 20 });
const of = (listening: Listening, configId: string, event = 'tracker') =>
  listening.told.filter((told) => told.event === event && told.data.configId === configId).map(({ data }) => data);

test('who listens is told how things are, and then what changes, once', async () => {
  const configId = await seedConfig(api.db, api.ours.organizationId);
  const one = await byKey(api.ours.keys.viewer);
  await until(() => of(one, configId)).toMatchObject([{ state: 'pending', lastErrorKind: null }]);
  expect(of(one, configId, 'progress')).toEqual([{ configId, percent: null, rows: { clicks: 0, conversions: 0 } }]);
  await api.ask('POST', `/api/v1/trackers/${configId}/pause`);
  await until(() => of(one, configId).map(({ state }) => state)).toEqual(['pending', 'paused']);
  const late = await byKey(api.ours.keys.viewer);
  await until(() => of(late, configId).map(({ state }) => state)).toEqual(['paused']);

  await sql`insert into run (organization_id, tracker_config_id, kind, state, started_at)
    values (${api.ours.organizationId}, ${configId}, 'backfill', 'running', now())`.execute(api.db);
  await sql`insert into sync_window (organization_id, tracker_config_id, run_id, resource, from_at, to_at, state)
    select organization_id, tracker_config_id, id, 'clicks', '2026-11-01'::timestamptz + n * interval '1 day',
      '2026-11-02'::timestamptz + n * interval '1 day', case n when 0 then 'done' else 'planned' end
    from run, generate_series(0, 3) n where tracker_config_id = ${configId}`.execute(api.db);
  await until(() => of(one, configId, 'progress').at(-1)).toMatchObject({ percent: 25 });
  await api.ask('DELETE', `/api/v1/trackers/${configId}`);
  await until(() => of(one, configId, 'gone')).toEqual([{ configId }]);
  expect(of(one, configId)).toHaveLength(2);
});

test('a changed mapping is told', async () => {
  const configId = await seedConfig(api.db, api.ours.organizationId);
  const listening = await byKey(api.ours.keys.viewer);
  await until(() => of(listening, configId)).toMatchObject([{ mappedAt: null }]);
  const at = `/api/v1/trackers/${configId}/mappings`;
  await api.ask('PUT', `${at}/statuses`, { body: { 'trial won': 'approved' } });
  await until(() => of(listening, configId)).toMatchObject([{}, { mappedAt: expect.any(String) }]);
  await api.ask('POST', `${at}/undo`, { body: {} });
  await until(() => new Set(of(listening, configId).map(({ mappedAt }) => mappedAt)).size).toBe(3);
});

test('nothing is told of another organisation', async () => {
  const theirs = await seedConfig(api.db, api.theirs.organizationId);
  const ours = await seedConfig(api.db, api.ours.organizationId);
  const listening = await byKey(api.ours.keys.owner);
  await until(() => of(listening, ours)).toHaveLength(1);
  await sql`update tracker_config set desired_state = 'paused'`.execute(api.db);
  await until(() => of(listening, ours)).toHaveLength(2);
  expect(of(listening, theirs)).toEqual([]);
  const crossing = await byKey(api.ours.keys.super_admin, `?organization=${api.theirs.organizationId}`);
  await until(() => of(crossing, theirs)).toHaveLength(1);
  expect((await byKey(api.ours.keys.owner, `?organization=${api.theirs.organizationId}`)).status).toBe(404);
});

test('a silent stream shows that it lives', async () => {
  const listening = await byKey(api.theirs.keys.viewer);
  await until(() => listening.beats).toBeGreaterThan(2);
});

test('a stream ends with the session, the membership, or the key', async () => {
  const userId = await makePerson(api.db, 'ann@example.com', { roles: { [api.ours.organizationId]: 'viewer' } });
  const browser = openBrowser(api);
  await browser.signIn('ann@example.com');
  const cookie = () => [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = () => ({ cookie: cookie(), origin: PUBLIC_URL });
  const one = await listen(headers());
  await until(() => one.beats).toBeGreaterThan(2);
  expect(one.isOver).toBe(false);
  await browser.ask('POST', '/api/v1/auth/sign-out');
  await until(() => one.isOver).toBe(true);

  await browser.signIn('ann@example.com');
  const other = await listen(headers());
  await sql`delete from auth."member" where "userId" = ${userId}::uuid`.execute(api.db);
  await until(() => other.isOver).toBe(true);
  await join(api.db, api.ours.organizationId, userId, 'viewer');

  const { json } = await api.ask('POST', '/api/v1/api-keys', { body: { name: 'k', role: 'viewer' } });
  const third = await byKey(json.key);
  await api.ask('DELETE', `/api/v1/api-keys/${json.id}`);
  await until(() => third.isOver).toBe(true);
});

test('nobody has more than ten, and those who left leave room', async () => {
  const key = api.ours.keys.finance;
  const ten = await Promise.all(Array.from({ length: 10 }, () => byKey(key)));
  expect(ten.map(({ status }) => status)).toEqual(Array(10).fill(200));
  const refused = await api.ask('GET', '/api/v1/events', { key });
  expect([refused.status, refused.json.code]).toEqual([429, 'too_many_requests']);
  expect((await byKey(api.ours.keys.manager)).status).toBe(200);
  await ten[0]!.close();
  expect((await byKey(key)).status).toBe(200);
});

test('a slow reader is told the newest, not all that was', async () => {
  const configId = await seedConfig(api.db, api.ours.organizationId);
  const response = await api.app.request('/api/v1/events', {
    headers: { authorization: `Bearer ${api.ours.keys.admin}` },
  });
  for (const name of ['one', 'two', 'three']) {
    await api.ask('PATCH', `/api/v1/trackers/${configId}`, { body: { name } });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const late = new Listening(response);
  open.push(late);
  await until(() => of(late, configId).at(-1)?.name).toBe('three');
  expect(of(late, configId).length).toBeLessThan(4);
});
