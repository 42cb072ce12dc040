// Limits on requests: a bucket for each key, person and unsigned address; problems that say how long to wait.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRateLimit } from '../../src/api/rate-limit.ts';
import { type Harness, startHarness } from './harness.ts';

describe('a bucket', () => {
  test('holds ten seconds’ worth, and fills steadily', () => {
    let now = 0;
    const limit = createRateLimit(60, () => now);
    for (let i = 0; i < 10; i++) expect(limit.take('a')).toBeNull();
    expect(limit.take('a')).toBe(1);
    expect(limit.take('b')).toBeNull();
    now += 999;
    expect(limit.take('a')).toBe(1);
    now += 1;
    expect(limit.take('a')).toBeNull();
    expect(limit.take('a')).toBe(1);
    now += 3_600_000;
    for (let i = 0; i < 10; i++) expect(limit.take('a')).toBeNull();
    expect(limit.take('a')).toBe(1);
  });

  test('gives nothing for a clock that goes back', () => {
    let now = 100_000;
    const limit = createRateLimit(6, () => now);
    expect(limit.take('a')).toBeNull();
    now = 0;
    expect(limit.take('a')).toBe(10);
  });

  test('is forgotten when ten thousand others came after it', () => {
    const limit = createRateLimit(6, () => 0);
    limit.take('a');
    for (let i = 0; i < 10_000; i++) limit.take(`other ${i}`);
    expect(limit.take('a')).toBeNull();
    expect(limit.take('other 9999')).toBe(10);
  });
});

describe('the API', () => {
  let api: Harness;
  let now = Date.now();

  beforeAll(async () => {
    api = await startHarness(
      { now: () => new Date(now) },
      { requestsPerMinute: { signed: 18, unsigned: 12 }, trustedProxies: ['10.0.0.0/8'] },
    );
  });
  afterAll(() => api.end());

  const from = (remoteAddress: string, headers: Record<string, string> = {}, path = '/api/v1/me') =>
    api.app.request(path, { headers }, { incoming: { socket: { remoteAddress } } });

  test('answers one key 429 with the time to wait, and others as before', async () => {
    const { viewer, finance } = api.ours.keys;
    for (let i = 0; i < 3; i++) expect((await api.ask('GET', '/api/v1/me', { key: viewer })).status).toBe(200);
    const refused = await api.ask('GET', '/api/v1/me', { key: viewer });
    expect([refused.status, refused.json.code]).toEqual([429, 'too_many_requests']);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.headers.get('retry-after')).toBe('4');
    expect((await api.ask('GET', '/api/v1/me', { key: finance })).status).toBe(200);
    now += 4_000;
    expect((await api.ask('GET', '/api/v1/me', { key: viewer })).status).toBe(200);
  });

  test('counts who does not sign by address, and wrong keys with them; probes are free', async () => {
    const wrong = { authorization: 'Bearer wrong' };
    const signed = { authorization: `Bearer ${api.ours.keys.manager}` };
    expect((await from('192.0.2.1', signed)).status).toBe(200);
    expect((await from('192.0.2.1')).status).toBe(401);
    expect((await from('192.0.2.1', wrong)).status).toBe(401);
    expect((await from('192.0.2.1')).status).toBe(429);
    expect((await from('192.0.2.1', wrong)).status).toBe(429);
    expect((await from('192.0.2.2')).status).toBe(401);
    expect((await from('192.0.2.1', {}, '/healthz')).status).toBe(200);
    // Who is known goes on; who is not, good or bad, is not even looked up.
    expect((await from('192.0.2.1', signed)).status).toBe(200);
    const unknown = { authorization: `Bearer ${api.ours.keys.admin}` };
    expect((await from('192.0.2.1', unknown)).status).toBe(429);
    expect((await from('192.0.2.2', unknown)).status).toBe(200);
  });

  test('asks nothing more of the address for keys that are good', async () => {
    for (const role of ['mediabuyer', 'owner', 'super_admin'] as const) {
      const signed = { authorization: `Bearer ${api.theirs.keys[role]}` };
      expect((await from('192.0.2.77', signed)).status, role).toBe(200);
    }
  });

  test('counts a key that is good no more like any wrong one', async () => {
    const authorization = `Bearer ${api.theirs.keys.viewer}`;
    expect((await from('192.0.2.78', { authorization })).status).toBe(200);
    await sql`delete from auth.api_key where name = 'theirs viewer'`.execute(api.db);
    const answers = [1, 2, 3].map(() => from('192.0.2.78', { authorization }));
    expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([401, 401, 429]);
  });

  test('takes the /64 of an IPv6 address for one', async () => {
    expect((await from('2001:db8:0:1::1')).status).toBe(401);
    expect((await from('2001:db8:0:1:ffff::2')).status).toBe(401);
    expect((await from('2001:db8::1:0:0:0:3')).status).toBe(429);
    expect((await from('2001:db8:0:2::1')).status).toBe(401);
    expect((await from('::ffff:192.0.2.90')).status).toBe(401);
    expect((await from('::ffff:192.0.2.91')).status).toBe(401);
    expect((await from('::ffff:192.0.2.92')).status).toBe(401);
  });

  test('counts what is open to everybody too', async () => {
    const lookUp = () =>
      api.app.request(
        '/api/v1/invitations/look-up',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"token":"none"}' },
        { incoming: { socket: { remoteAddress: '192.0.2.3' } } },
      );
    expect([await lookUp(), await lookUp(), await lookUp()].map(({ status }) => status)).toEqual([404, 404, 429]);
  });

  test('believes X-Forwarded-For of trusted proxies alone', async () => {
    const as = (peer: string, client: string) => from(peer, { 'x-forwarded-for': client });
    for (const client of ['198.51.100.1', '198.51.100.2', '198.51.100.3']) {
      expect((await as('10.0.0.1', client)).status).toBe(401);
    }
    const forged = ['203.0.113.1', '203.0.113.2', '203.0.113.3'].map((client) => as('192.0.2.9', client));
    expect((await Promise.all(forged)).map(({ status }) => status).sort()).toEqual([401, 401, 429]);
  });
});

test('attempts to sign in are limited by address too, whichever account is tried', async () => {
  const api = await startHarness();
  try {
    const attempt = (remoteAddress: string, n: number) =>
      api.app.request(
        '/api/v1/auth/sign-in/email',
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: `person${n}@example.com`, password: 'a guess' }),
        },
        { incoming: { socket: { remoteAddress } } },
      );
    const answers = await Promise.all(Array.from({ length: 55 }, (_, n) => attempt('192.0.2.1', n)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(50);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
    expect((await attempt('192.0.2.2', 0)).status).toBe(401);
    const near = await Promise.all(
      Array.from({ length: 55 }, (_, n) => attempt(`2001:db8::${n.toString(16)}`, 100 + n)),
    );
    expect(near.filter(({ status }) => status === 429)).toHaveLength(5);
  } finally {
    await api.end();
  }
});
