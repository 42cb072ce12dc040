// Voluum's token: one login for many calls, renewed before its end and once where it is refused, and never written down.
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RecordedCall } from '../../src/adapters/http.ts';
import { peek } from '../../src/adapters/pull-catalog.ts';
import { testConnection } from '../../src/adapters/test-connection.ts';
import { memoryKeeper } from '../../src/adapters/token-keeper.ts';
import { voluum } from '../../src/adapters/voluum.ts';
import { TrackerError } from '../../src/core/errors.ts';
import { HOUR_MS } from '../../src/core/windows.ts';
import { type FakeVoluum, PASSWORD, recorded, startFake, TOKEN } from './voluum-server.ts';
import { testHttp } from './wire.ts';

let fake: FakeVoluum;
beforeEach(async () => {
  fake = await startFake();
  fake.answer = () => '{"alive":true}';
});
afterEach(() => fake.stop());

const ALIVE = { method: 'GET', path: '/auth/session' } as const;
const BY_EMAIL = { email: 'good@example.com', password: PASSWORD };
const refused = { status: 401, body: recorded('login-refused') };
const missing = (status: number) => ({ status, body: '{}' });
const troubleOf = async (work: Promise<unknown>): Promise<TrackerError> => {
  const error = await work.then(
    () => new Error('no trouble'),
    (reason: unknown) => reason,
  );
  if (error instanceof TrackerError) return error;
  throw error;
};

describe('the login', () => {
  test.each([
    ['an access key', { accessId: 'id-1', accessKey: PASSWORD }, '/auth/access/session'],
    ['e-mail and password', BY_EMAIL, '/auth/session'],
    ['the pair that is whole', { ...BY_EMAIL, accessId: 'id-1', accessKey: '' }, '/auth/session'],
    ['the other pair that is whole', { email: 'a@b.c', accessId: 'id-1', accessKey: PASSWORD }, '/auth/access/session'],
  ])('by %s', async (_, credentials, path) => {
    await fake.session({}, credentials as Record<string, string>).call(ALIVE);
    expect(fake.logins().map((login) => login.path)).toEqual([path]);
    const sent = JSON.parse(fake.logins()[0]!.body);
    const isEmail = path === '/auth/session';
    expect(sent).toEqual(isEmail ? BY_EMAIL : { accessId: 'id-1', accessKey: PASSWORD });
    expect(fake.asked.at(-1)).toMatchObject({ path: '/auth/session', token: `${TOKEN}1` });
  });

  test.each([404, 405])('goes to the other path where the first one answers %i, with the same body', async (status) => {
    const { login } = fake;
    fake.login = (asked, nth) => (asked.path === '/auth/session' ? missing(status) : login(asked, nth));
    await fake.session({}, BY_EMAIL).call(ALIVE);
    expect(fake.logins().map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/auth/session', BY_EMAIL],
      ['/auth/access/session', BY_EMAIL],
    ]);
  });

  test.each([401, 403, 500])('does not where it answers %i', async (status) => {
    fake.login = () => missing(status);
    expect((await troubleOf(fake.session({}, BY_EMAIL).call(ALIVE))).details.status).toBe(status);
    expect(fake.asked).toHaveLength(1);
  });

  test('with bad credentials is a bad key, in the words that their support asks for', async () => {
    fake.login = () => refused;
    const { kind, details } = await troubleOf(fake.session().call(ALIVE));
    expect([kind, details.said]).toEqual(['auth', 'BAD_CREDENTIALS (webRequestId req-inventedRequestId01)']);
    expect(fake.asked).toHaveLength(1);
  });

  test('without a whole pair is not tried', async () => {
    expect((await troubleOf(fake.session({}, { email: 'a@b.c' }).call(ALIVE))).kind).toBe('auth');
    expect(fake.asked).toEqual([]);
    const { credentials } = voluum;
    for (const given of [{}, { email: 'a@b.c' }, { accessId: 'x', password: 'y' }, { accessId: 'x', accessKey: '' }])
      expect(credentials.safeParse(given).success).toBe(false);
    for (const given of [BY_EMAIL, { accessId: 'x', accessKey: 'y', email: '' }])
      expect(credentials.safeParse(given).success).toBe(true);
  });

  test.each(['{}', '{"token":""}', '{"token":"abc"}', '[]', 'null'])('that gives %s gives no token', async (body) => {
    fake.login = () => body;
    const { kind, details } = await troubleOf(fake.session().call(ALIVE));
    expect([kind, details.said]).toEqual(['not_the_tracker', 'a login without a token']);
  });
});

describe('a token', () => {
  test('serves every call of an account, also at the same time', async () => {
    const session = fake.session();
    await Promise.all(Array.from({ length: 50 }, () => session.call(ALIVE)));
    await session.call(ALIVE);
    expect([fake.logins().length, fake.asked.length]).toEqual([1, 52]);
  });

  test('is renewed half an hour before its end, once for all that ask', async () => {
    const session = fake.session();
    const start = fake.now.getTime();
    await session.call(ALIVE);
    fake.now = new Date(start + 3.5 * HOUR_MS - 1);
    await session.call(ALIVE);
    expect(fake.logins()).toHaveLength(1);
    fake.now = new Date(start + 3.5 * HOUR_MS);
    await Promise.all(Array.from({ length: 50 }, () => session.call(ALIVE)));
    expect(fake.logins()).toHaveLength(2);
    expect(fake.asked.at(-1)!.token).toBe(`${TOKEN}2`);
  });

  test('that is refused is renewed once, and the call made once more', async () => {
    const session = fake.session();
    await session.call(ALIVE);
    fake.answer = ({ token }) => (token === `${TOKEN}1` ? { status: 401, body: '{}' } : '{"alive":true}');
    await Promise.all(Array.from({ length: 50 }, () => session.call(ALIVE)));
    expect(fake.logins()).toHaveLength(2);
  });

  test('that is refused again is a bad key, and no loop', async () => {
    fake.answer = () => refused;
    expect((await troubleOf(fake.session().call(ALIVE))).kind).toBe('auth');
    expect([fake.logins().length, fake.asked.length]).toEqual([2, 4]);
  });

  test('is renewed where a call is refused by a token that others have renewed already', async () => {
    const tokens = memoryKeeper();
    const [one, other] = [fake.session({ tokens }), fake.session({ tokens })];
    await one.call(ALIVE);
    await other.call(ALIVE);
    expect(fake.logins()).toHaveLength(1);
    fake.answer = ({ token }) => (token === `${TOKEN}1` ? refused : '{"alive":true}');
    await one.call(ALIVE);
    await other.call(ALIVE);
    expect(fake.logins()).toHaveLength(2);
  });

  test.each([
    ['has ended already', -HOUR_MS],
    ['ends in a year', 365 * 24 * HOUR_MS],
  ])('whose own time says that it %s is neither asked for at every call nor used for ever', async (_, lifeMs) => {
    const expirationTimestamp = new Date(fake.now.getTime() + lifeMs).toISOString();
    fake.login = (_asked, nth) => JSON.stringify({ token: `${TOKEN}${nth}`, expirationTimestamp });
    const session = fake.session();
    for (let i = 0; i < 3; i++) await session.call(ALIVE);
    expect(fake.logins()).toHaveLength(1);
    fake.now = new Date(fake.now.getTime() + 4 * HOUR_MS);
    await session.call(ALIVE);
    expect(fake.logins()).toHaveLength(2);
  });

  test('is in nothing that is written down, however the tracker quotes it', async () => {
    const calls: RecordedCall[] = [];
    const session = fake.session({ onCall: (call) => calls.push(call) });
    fake.answer = ({ token }) => ({
      status: 400,
      body: JSON.stringify({ error: { code: `bad ${token} ${PASSWORD}` } }),
    });
    const trouble = await troubleOf(session.call(ALIVE));
    expect(trouble.details.said).toBe('bad [redacted] [redacted]');
    expect(calls.map(({ method, status }) => [method, status])).toEqual([
      ['POST', 200],
      ['GET', 400],
    ]);
    expect(JSON.stringify([calls, trouble.details])).not.toMatch(new RegExp(`${TOKEN}|${PASSWORD}`));
  });
});

describe('a test of the connection', () => {
  const http = testHttp();
  afterAll(() => http.close());
  const tried = () =>
    testConnection(
      voluum,
      { url: fake.server.url, credentials: BY_EMAIL, settings: { currency: 'USD', timezone: 'UTC' } },
      { http, onCall: () => {}, now: fake.now },
    );

  test('logs in once, and asks whether the session is alive', async () => {
    await tried();
    expect(fake.logins()).toHaveLength(1);
    expect(fake.asked[1]).toMatchObject({ method: 'GET', path: '/auth/session', token: `${TOKEN}1` });
  });

  test('fails where it is not, although the answer is 200', async () => {
    fake.answer = () => '{"alive":false}';
    const result = await tried();
    expect(result).toMatchObject({ ok: false, error: { kind: 'auth' } });
    if (!result.ok) expect(result.error.message).toContain('the session is not alive');
  });

  test.each(['{}', '[]', '{"alive":"yes"}'])('fails where the answer is %s', async (body) => {
    fake.answer = () => body;
    expect(await tried()).toMatchObject({ ok: false, error: { kind: 'not_the_tracker' } });
  });
});

describe('too many requests from our address', () => {
  const WORD = 'NUMBER_OF_REQUEST_FOR_IP_EXCEEDED';
  test.each([
    [401, JSON.stringify({ error: { code: WORD, webRequestId: 'req-1' } })],
    [403, WORD],
    [500, `{"message":"${WORD}"}`],
    [200, JSON.stringify({ error: { code: WORD } })],
    [200, WORD],
  ])('are a wait, also with %i: %s', async (status, body) => {
    fake.answer = () => ({ status, body });
    const { kind, details } = await troubleOf(peek(fake.session(), voluum.test, null));
    expect([kind, details.said]).toEqual(['rate_limited', expect.stringContaining(WORD)]);
    expect(fake.asked).toHaveLength(2);
  });

  test('of a login, too', async () => {
    fake.login = () => ({ status: 401, body: WORD });
    expect((await troubleOf(fake.session().call(ALIVE))).kind).toBe('rate_limited');
    expect(fake.asked).toHaveLength(1);
  });

  test('are none where a row of a report tells of it', async () => {
    fake.answer = () => JSON.stringify({ alive: true, note: WORD });
    await peek(fake.session(), voluum.test, null);
  });
});
