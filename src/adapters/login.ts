// A login: the way whose credentials are filled in, the path that the tracker knows, and how long its token is used.
import { TrackerError } from '../core/errors.ts';
import type { Json } from '../core/resources.ts';
import type { Token } from '../core/token.ts';
import { MINUTE_MS } from '../core/windows.ts';
import type { Connection, TokenSource } from './adapter.ts';
import type { TrackerRequest } from './sources.ts';
import { HINTS, troubleWithAnswer } from './trouble.ts';

/** Whoever keeps tokens for several processes lets one of them try for longer than this. */
export const LONGEST_LOGIN_MS = 20_000;
/** A token is used so long at least: a clock that is wrong must not make every call a login. */
const SHORTEST_USE_MS = 5 * MINUTE_MS;

/**
 * @param send a call without a token
 * @throws TrackerError `auth` where no pair of credentials is whole; whatever the tracker answers
 */
export async function logIn(
  source: TokenSource,
  { credentials }: Connection,
  title: string,
  send: (request: TrackerRequest) => Promise<Json>,
  now: Date,
): Promise<Token> {
  const way = source.logins.find((login) => login.credentials.every((name) => isFilled(credentials[name])));
  if (way === undefined) throw new TrackerError('auth', 'no pair of credentials is filled in', { hint: HINTS.auth });
  const body = Object.fromEntries(way.credentials.map((name) => [name, credentials[name]!]));
  const answer = await firstKnown(way.paths, (path) => send({ method: 'POST', path, body }));
  const issued = source.tokenOf(answer);
  if (issued === null) throw troubleWithAnswer(200, title, 'a login without a token');
  const latest = now.getTime() + source.lifeMs;
  const renewAt = Math.min(issued.expiresAt.getTime(), latest) - source.renewBeforeMs;
  return { value: issued.value, renewAt: new Date(Math.max(renewAt, now.getTime() + SHORTEST_USE_MS)) };
}

const isFilled = (value: string | undefined): boolean => value !== undefined && value !== '';

async function firstKnown<T>(paths: readonly string[], ask: (path: string) => Promise<T>): Promise<T> {
  for (const [i, path] of paths.entries()) {
    try {
      return await ask(path);
    } catch (error) {
      const isMissing = error instanceof TrackerError && [404, 405].includes(error.details.status ?? 0);
      if (!isMissing || i === paths.length - 1) throw error;
    }
  }
  throw new RangeError('a login needs a path');
}
