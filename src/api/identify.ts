// Who sent a request: the holder of an API key, or the person whose session the cookie names.
import type { Context } from 'hono';
import { identifyApiKey } from '../store/api-keys.ts';
import { membershipsOf } from '../store/memberships.ts';
import { authHeaders } from './auth-call.ts';
import { expectOwnPage } from './cross-site.ts';
import type { ApiEnv, Identity, SignInDeps } from './deps.ts';

const BEARER = /^Bearer +([\x21-\x7e]{1,500})$/i;

export const bearerOf = (authorization: string | undefined): string | undefined =>
  BEARER.exec(authorization ?? '')?.[1];

export interface Identified {
  identity: Identity;
  /** A session that was prolonged has a cookie to be sent back. */
  cookies: readonly string[];
}

/**
 * A key, good or bad, goes before a cookie.
 * @returns null where nobody signed
 * @throws Problem `cross_site` for a change that a cookie signs and another site sent
 */
export async function identify(deps: SignInDeps, c: Context<ApiEnv>): Promise<Identified | null> {
  const authorization = c.req.header('authorization');
  if (authorization !== undefined) {
    const key = bearerOf(authorization);
    const found = key === undefined ? null : await identifyApiKey(deps.db, key, deps.now());
    return found === null ? null : { identity: { kind: 'key', ...found }, cookies: [] };
  }
  if (c.req.header('cookie') === undefined) return null;
  const { response, headers } = await deps
    .auth()
    .api.getSession({ headers: authHeaders(deps, c), returnHeaders: true });
  if (response === null) return null;
  expectOwnPage(c.req.raw, deps.config.publicUrl(), true);
  const { user, session } = response;
  const person = {
    ...{ userId: user.id, email: user.email, name: user.name },
    ...{ isSuperAdmin: user.isSuperAdmin === true, twoFactorEnabled: user.twoFactorEnabled === true },
    ...{ sessionId: session.id, sessionEndsAt: session.expiresAt },
    memberships: await membershipsOf(deps.db, user.id),
  };
  return { identity: { kind: 'person', person }, cookies: headers.getSetCookie() };
}
