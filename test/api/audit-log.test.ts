// The audit log: what people did and every call to a tracker, filtered, paged, as CSV; nobody changes it, least of all the API.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropOldDeeds } from '../../src/store/audit.ts';
import { recordRequests } from '../../src/store/requests.ts';
import { withOrganization } from '../../src/store/tenancy.ts';
import { canaryKey } from '../leaks/canary.ts';
import { makePerson, openBrowser } from './browser.ts';
import { type Harness, startHarness } from './harness.ts';

let api: Harness;
let configId: string;
const SECRET = canaryKey();

beforeAll(async () => {
  api = await startHarness();
  const body = { type: 'keitaro', name: '=1+1', url: 'https://a.example.com', credentials: { apiKey: SECRET } };
  configId = (await api.ask('POST', '/api/v1/trackers', { body })).json.id;
  await api.ask('PATCH', `/api/v1/trackers/${configId}`, { body: { credentials: { apiKey: canaryKey() } } });
  await api.ask('PUT', `/api/v1/trackers/${configId}/mappings/statuses`, { body: { trial: 'hold' } });
  await makePerson(api.db, 'ann@example.com', { roles: { [api.ours.organizationId]: 'admin' } });
  const ann = openBrowser(api);
  await ann.signIn('ann@example.com', 'wrong');
  await ann.signIn('ann@example.com');
  await ann.ask('PATCH', `/api/v1/trackers/${configId}`, { body: { name: 'Renamed, "twice"' } });
  const call = { method: 'GET', url: 'https://a.example.com/clicks', durationMs: 5, bytes: 10, resource: 'clicks' };
  const at = new Date();
  await recordRequests(api.db, { organizationId: api.ours.organizationId, configId, runId: null }, [
    { ...call, at, status: 200, error: null },
    { ...call, at, status: 429, error: 'too many' },
    { ...call, at, status: null, error: 'ECONNRESET' },
    { ...call, at, status: 200, error: 'not Keitaro' },
  ]);
  await recordRequests(api.db, { organizationId: api.theirs.organizationId, configId: null, runId: null }, [
    { ...call, at, status: 200, error: null },
  ]);
});
afterAll(() => api.end());

const log = (query: string, headers?: Record<string, string>) =>
  api.ask('GET', `/api/v1/audit-log${query}`, headers === undefined ? {} : { headers });
const actions = async (query: string): Promise<string[]> =>
  (await log(query)).json.items.map(({ action }: { action: string }) => action);
const ALL = ['tracker.change', 'sign_in', 'sign_in.failed', 'tracker.map_statuses', 'tracker.change', 'tracker.create'];

describe('what people did', () => {
  test('is told with before and after, and no secret', async () => {
    expect(await actions('')).toEqual(ALL);
    const { json, text } = await log('');
    expect(json.items[0]).toMatchObject({
      actorType: 'user',
      actorName: 'ann@example.com',
      targetId: configId,
      before: { name: '=1+1' },
      after: { name: 'Renamed, "twice"' },
    });
    expect(json.items[4]).toMatchObject({ actorType: 'api_key', after: { credentials: 'replaced' } });
    expect(text).not.toContain(SECRET);
  });

  test.each<[string, string[]]>([
    ['?actor=ann@example.com', ['tracker.change', 'sign_in', 'sign_in.failed']],
    ['?actor=ours%20owner', ['tracker.map_statuses', 'tracker.change', 'tracker.create']],
    ['?action=tracker.change', ['tracker.change', 'tracker.change']],
    ['?action=sign_in.*', ['sign_in.failed']],
    ['?action=tracker.*', ['tracker.change', 'tracker.map_statuses', 'tracker.change', 'tracker.create']],
    ['?targetType=user', ['sign_in', 'sign_in.failed']],
    ['?status=failed', ['sign_in.failed']],
    ['?status=ok&targetType=user', ['sign_in']],
    ['?from=2100-01-01T00:00:00Z', []],
    ['?to=2020-01-01T00:00:00Z', []],
    ['?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z', ALL],
    ['?configId=00000000-0000-7000-8000-00000000000a', []],
  ])('%s', async (query, expected) => {
    expect(await actions(query)).toEqual(expected);
  });

  test('is found by what it was done to, and comes in pages', async () => {
    expect(await actions(`?configId=${configId}`)).toEqual(ALL.filter((action) => action.startsWith('tracker')));
    expect(await actions(`?targetId=${configId}&action=tracker.create`)).toEqual(['tracker.create']);
    const { json } = await log('?limit=4');
    expect(await actions(`?limit=4&cursor=${json.nextCursor}`)).toEqual(ALL.slice(4));
  });

  test('is a CSV where that is asked for, with nothing that a spreadsheet would run', async () => {
    const { text, headers } = await log(`?configId=${configId}`, { accept: 'text/csv' });
    expect(headers.get('content-disposition')).toContain('audit-log.csv');
    const [head, first, ...rest] = text.trimEnd().split('\r\n');
    expect(head).toBe('at,actorType,actorId,actorName,action,targetType,targetId,ip,before,after');
    expect(first).toContain(`tracker.change,tracker,${configId},,"{""name"":""=1+1""}"`);
    expect(rest).toHaveLength(3);
  });

  test('is changed and removed by nobody who uses the API', async () => {
    const { organizationId } = api.ours;
    const tryTo = (statement: string) =>
      withOrganization(api.db, organizationId, (tx) => sql.raw(statement).execute(tx));
    for (const statement of [
      "update audit_log set action = 'nothing'",
      'delete from audit_log',
      'truncate audit_log',
    ]) {
      await expect(tryTo(statement), statement).rejects.toThrow(/permission denied/);
    }
  });

  test('is kept for two years', async () => {
    await sql`update audit_log set at = now() - interval '23 months' where action = 'tracker.create'`.execute(api.db);
    await sql`update audit_log set at = now() - interval '25 months' where action = 'sign_in'`.execute(api.db);
    await dropOldDeeds(api.db);
    expect(await actions('')).toEqual(ALL.filter((action) => action !== 'sign_in'));
  });
});

describe('calls to trackers', () => {
  test.each<[string, (number | null)[]]>([
    ['', [200, 200, 429, null]],
    ['&status=ok', [200]],
    ['&status=failed', [200, 429, null]],
    ['&status=429', [429]],
    ['&to=2020-01-01T00:00:00Z', []],
  ])('source=tracker%s', async (query, expected) => {
    const { json } = await log(`?source=tracker${query}`);
    const statuses = json.items.map(({ status }: { status: number | null }) => status);
    expect(statuses.sort()).toEqual(expected.toSorted());
  });

  test('are a CSV too', async () => {
    const { text } = await log(`?source=tracker&configId=${configId}`, { accept: 'text/csv' });
    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]).toBe('at,configId,runId,resource,method,url,status,durationMs,bytes,error');
    expect(lines).toHaveLength(5);
  });

  test('are not asked for by what only people have', async () => {
    for (const field of ['actor', 'action', 'targetType', 'targetId']) {
      expect((await log(`?source=tracker&${field}=x`)).json.errors[0].path).toBe(field);
    }
    expect((await log('?status=200')).json.errors[0].path).toBe('status');
    expect((await log('?source=tracker&status=wrong')).json.errors[0].path).toBe('status');
  });
});
