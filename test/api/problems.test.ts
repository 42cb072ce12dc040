// What goes wrong is told as a problem with a stable code, and without anything from inside.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forwardedFrom } from '../../src/api/client-address.ts';
import { createDb } from '../../src/store/db.ts';
import { type Harness, startHarness } from './harness.ts';
import { KEY } from './seed.ts';

let api: Harness;

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

const connect = (body: unknown, headers?: Record<string, string>) =>
  api.ask('POST', '/api/v1/trackers', { body, ...(headers === undefined ? {} : { headers }) });

test('an unknown route is a problem, signed in or not', async () => {
  for (const path of ['/nothing', '/api/v1/nothing', '/api/v2/trackers', '/api/v1/trackers/types/x']) {
    for (const key of [api.ours.keys.owner, null]) {
      const { status, json, headers } = await api.ask('GET', path, { key });
      expect([status, json.code]).toEqual([404, 'not_found']);
      expect(headers.get('content-type')).toBe('application/problem+json');
    }
  }
});

test.each(['{', '{"type":"keitaro",}', '', 'null\u0000', '{"a":1}{"b":2}'])(
  'a body of %j is not JSON',
  async (body) => {
    const { status, json } = await connect(body, { 'content-type': 'application/json' });
    expect(status).toBe(400);
    expect(['invalid_json', 'invalid_request']).toContain(json.code);
  },
);

test.each(['null', '[]', '"text"', '1'])('a body of %s is told where it is wrong', async (body) => {
  const { status, json } = await connect(body);
  expect([status, json.code]).toEqual([400, 'invalid_request']);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
  'a body of %s is not taken',
  async (type) => {
    const { status, json } = await connect('{}', { 'content-type': type });
    expect([status, json.code]).toEqual([415, 'unsupported_media_type']);
  },
);

test('a body over 1 MB is not read', async () => {
  const { status, json } = await connect({ type: 'keitaro', name: 'x'.repeat(1_100_000) });
  expect([status, json.code]).toEqual([413, 'body_too_large']);
});

test('4-byte and reversed letters are kept as they are; what PostgreSQL cannot hold is refused', async () => {
  const body = { type: 'keitaro', url: 'https://x.example.com', credentials: { apiKey: KEY } };
  const { json } = await connect({ ...body, name: '🦊 ‮ Ünïcode' });
  expect(json.name).toBe('🦊 ‮ Ünïcode');
  const nul = await connect({ ...body, name: 'a\u0000b' });
  expect([nul.status, nul.json.code]).toEqual([400, 'invalid_request']);
  for (const path of ['trackers?q=a%00b', 'clicks?country=%00', 'reports?filter.os=%00']) {
    const { status, json: problem } = await api.ask('GET', `/api/v1/${path}`);
    expect([path, status, problem.code]).toEqual([path, 400, 'invalid_request']);
  }
});

test('every answer of the API forbids caching, and says its type', async () => {
  const { headers } = await api.ask('GET', '/api/v1/trackers');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

describe('trouble inside', () => {
  test('is 503 without the database, and the log holds no secret', async () => {
    const secret = 'pw-of-the-database';
    const db = createDb(`postgres://hub:${secret}@127.0.0.1:1/hub`, { max: 1 });
    const broken = await startHarness({ db });
    const { status, json, text } = await broken.ask('GET', '/api/v1/trackers');
    expect([status, json.code]).toEqual([503, 'unavailable']);
    expect(text).not.toMatch(/127|ECONN/);
    expect(broken.logged.join()).toMatch(/ECONNREFUSED/);
    expect(broken.logged.join()).not.toContain(secret);
    const ready = await broken.ask('GET', '/readyz', { key: null });
    expect([ready.status, ready.json.database]).toEqual([503, { ok: false, detail: 'cannot be reached' }]);
    expect((await broken.ask('GET', '/healthz', { key: null })).status).toBe(200);
    await db.destroy();
    await broken.end();
  });

  test('is 500 without a word of it', async () => {
    const broken = await startHarness({
      wake: () => Promise.reject(new Error(`a bug that knows ${KEY.slice(0, 4)}`)),
    });
    const body = { type: 'keitaro', name: 'x', url: 'https://x.example.com', credentials: { apiKey: KEY } };
    const { status, json } = await broken.ask('POST', '/api/v1/trackers', { body });
    expect([status, json]).toEqual([
      500,
      {
        type: 'urn:tracker-hub:problem:internal_error',
        title: 'Something went wrong here',
        status: 500,
        code: 'internal_error',
      },
    ]);
    expect(broken.logged.join()).not.toContain(KEY);
    await broken.end();
  });
});

describe('readiness', () => {
  test('names each part', async () => {
    const { status, json } = await api.ask('GET', '/readyz', { key: null });
    expect([status, json.ok]).toEqual([200, true]);
    api.temporal.isAway = true;
    const away = await api.ask('GET', '/readyz', { key: null });
    api.temporal.isAway = false;
    expect([away.status, away.json.database.ok, away.json.temporal.ok, away.json.workers.ok]).toEqual([
      503,
      true,
      false,
      false,
    ]);
  });
});

describe('metrics', () => {
  test('count requests by the pattern of their route', async () => {
    await api.ask('GET', '/api/v1/trackers/not-an-id');
    const { text } = await api.ask('GET', '/metrics');
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/trackers\/:configId",status="404"\} \d/,
    );
    expect(text).not.toContain('not-an-id');
    expect(text).toContain('process_resident_memory_bytes');
  });
});

test('the page for people calls no other host', async () => {
  const { text, headers } = await api.ask('GET', '/docs', { key: null });
  expect(text).not.toMatch(/https?:\/\//);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
});

describe('the address of a caller', () => {
  test.each([
    ['198.51.100.7', '', [], '198.51.100.7'],
    ['198.51.100.7', '203.0.113.5', [], '198.51.100.7'],
    ['10.0.0.2', '203.0.113.5', ['10.0.0.0/8'], '203.0.113.5'],
    ['::ffff:10.0.0.2', '203.0.113.5', ['10.0.0.0/8'], '203.0.113.5'],
    ['10.0.0.2', '1.2.3.4, 203.0.113.5, 10.0.0.9', ['10.0.0.0/8'], '203.0.113.5'],
    ['10.0.0.2', 'forged', ['10.0.0.0/8'], '10.0.0.2'],
    ['10.0.0.2', '', ['10.0.0.0/8'], '10.0.0.2'],
    ['fd00::1', '2001:db8::7', ['fd00::/8'], '2001:db8::7'],
  ])('%s, forwarded for %j, trusting %j, is %s', (peer, forwarded, trusted, expected) => {
    expect(forwardedFrom(peer, forwarded, trusted)).toBe(expected);
  });
});
