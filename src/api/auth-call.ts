// The way into better-auth: what it is told of a request, its cookies on the answer, and its errors as our problems.

import { isAPIError } from 'better-auth/api';
import type { Context } from 'hono';
import { ADDRESS_HEADER } from '../store/auth.ts';
import { clientAddress } from './client-address.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { badInput, notFound, Problem } from './problems.ts';

/** Cookies, browser, and the address as we know it: nothing else of the request. */
export function authHeaders(deps: ApiDeps, c: Context<ApiEnv>): Headers {
  const headers = new Headers();
  for (const name of ['cookie', 'user-agent']) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  const address = clientAddress(c, deps.config.trustedProxies);
  if (address !== null) headers.set(ADDRESS_HEADER, address);
  return headers;
}

/** @throws Problem for whatever better-auth refuses */
export async function callAuth<T>(
  deps: ApiDeps,
  c: Context<ApiEnv>,
  call: (headers: Headers) => Promise<{ headers: Headers; response: T }>,
): Promise<T> {
  try {
    const { headers, response } = await call(authHeaders(deps, c));
    for (const cookie of headers.getSetCookie()) c.header('set-cookie', cookie, { append: true });
    return response;
  } catch (error) {
    if (!isAPIError(error)) throw error;
    throw problemOf(error.body?.code ?? '', error.statusCode);
  }
}

function problemOf(code: string, status: number): Error {
  if (code === 'INVALID_EMAIL_OR_PASSWORD') return new Problem('wrong_credentials');
  if (code === 'INVALID_PASSWORD') return badInput('password', 'is not your password');
  if (code === 'INVALID_TOKEN') return notFound();
  if (code === 'INVALID_TWO_FACTOR_COOKIE') return new Problem('wrong_code', 'Sign in again: the time for it is over.');
  if (/^TOO_MANY_ATTEMPTS|LOCKED/.test(code)) {
    return new Problem('wrong_code', 'There were too many wrong codes. Sign in again, a while later.');
  }
  if (/^INVALID_.*CODE/.test(code)) return new Problem('wrong_code');
  if (code === 'TOTP_ALREADY_ENABLED') return badInput('password', 'two-factor sign-in is on already');
  if (/^(TWO_FACTOR|TOTP|BACKUP_CODES)_NOT_ENABLED/.test(code)) return badInput('code', 'two-factor sign-in is not on');
  if (status === 401) return new Problem('unauthenticated');
  return new Error(`better-auth answered ${status} ${code}`);
}
