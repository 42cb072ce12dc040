// A Voluum of a test's own: logins answered as recorded, everything else as the test says.
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { openSession, type Session, type SessionOptions } from '../../src/adapters/session.ts';
import { voluum } from '../../src/adapters/voluum.ts';
import { bodyOf, serve, type TestServer, testHttp } from './wire.ts';

/** An answer that a real server gave, with invented values in place of personal ones. */
export const recorded = (name: string): string =>
  readFileSync(new URL(`../data/voluum/${name}.json`, import.meta.url), 'utf8');

export const PASSWORD = 'canary-password-0123456789';
export const TOKEN = 'JgiInventedToken';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  token: string | null;
  body: string;
}

export type Answer = string | { status: number; body: string };

export interface FakeVoluum {
  server: TestServer;
  asked: Asked[];
  /** Tokens are numbered: the n-th login gives `TOKEN` + n. */
  answer(asked: Asked): Answer;
  /** What a login answers; by default a token for four hours from `now`. */
  login(asked: Asked, nth: number): Answer;
  now: Date;
  session(more?: Partial<SessionOptions>, credentials?: Record<string, string>): Session;
  logins(): Asked[];
  stop(): Promise<void>;
}

const tokenIn = (request: IncomingMessage): string | null => {
  const given = request.headers['cwauth-token'];
  return typeof given === 'string' ? given : null;
};

export async function startFake(): Promise<FakeVoluum> {
  const http = testHttp();
  const asked: Asked[] = [];
  const logins = (): Asked[] => asked.filter(({ method }) => method === 'POST');
  const fake: FakeVoluum = {
    server: await serve(async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://voluum');
      const [method, body] = [request.method ?? 'GET', await bodyOf(request)];
      const one: Asked = { method, path: url.pathname, query: url.searchParams, token: tokenIn(request), body };
      asked.push(one);
      const told = method === 'POST' ? fake.login(one, logins().length) : fake.answer(one);
      const answer = typeof told === 'string' ? { status: 200, body: told } : told;
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    }),
    ...{ asked, logins, now: new Date('2026-11-01T12:00:00Z') },
    answer: () => '{}',
    login: (_asked, nth) =>
      JSON.stringify({
        ...JSON.parse(recorded('login')),
        ...{ token: `${TOKEN}${nth}`, expirationTimestamp: new Date(fake.now.getTime() + 4 * 3_600_000).toISOString() },
      }),
    session: (more = {}, credentials = { accessId: 'an-access-id', accessKey: PASSWORD }) =>
      openSession(
        voluum,
        { url: fake.server.url, credentials, settings: { currency: 'EUR', timezone: 'UTC' } },
        { http, onCall: () => {}, clock: () => fake.now, ...more },
      ),
    async stop() {
      await fake.server.stop();
      await http.close();
    },
  };
  return fake;
}
