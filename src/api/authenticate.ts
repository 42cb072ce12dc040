// Who asks, for which organisation, and whether the role suffices: before anything of the request is read.
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Actor } from '../store/audit.ts';
import { findOrganizationName } from '../store/memberships.ts';
import { isAtLeast, type Role } from '../store/sign-in-roles.ts';
import { ACCESS } from './access.ts';
import { callerOf, clientAddress } from './client-address.ts';
import { expectOwnPage } from './cross-site.ts';
import type { ApiEnv, Identity, SignInDeps } from './deps.ts';
import { type Identified, identify } from './identify.ts';
import { isUuid } from './ids.ts';
import { createKnownCallers } from './known-callers.ts';
import { notFound, Problem, tooMany } from './problems.ts';
import { createRateLimit } from './rate-limit.ts';

export function authenticate(deps: SignInDeps): MiddlewareHandler<ApiEnv> {
  const { signed, unsigned } = deps.config.requestsPerMinute;
  const nowMs = () => deps.now().getTime();
  const limits = { signed: createRateLimit(signed, nowMs), unsigned: createRateLimit(unsigned, nowMs) };
  const expectPatience = (kind: keyof typeof limits, subject: string | null): void => {
    const wait = subject === null ? null : limits[kind].take(subject);
    if (wait !== null) throw tooMany(wait, 'You ask too often.');
  };

  const known = createKnownCallers();

  /** A stranger is counted by address before the database is asked who it is; who turns out to be somebody does not count. */
  async function expectIdentity(c: Context<ApiEnv>, address: string | null): Promise<Identified> {
    const caller = address === null ? null : callerOf(address);
    const credential = c.req.header('authorization') ?? c.req.header('cookie') ?? '';
    const isStranger = !known.has(credential);
    if (isStranger) expectPatience('unsigned', caller);
    const found = await identify(deps, c);
    if (found === null) {
      known.forget(credential);
      if (!isStranger) expectPatience('unsigned', caller);
      throw new Problem('unauthenticated', 'Sign in, or send a valid API key as a bearer token.');
    }
    known.add(credential);
    if (isStranger && caller !== null) limits.unsigned.giveBack(caller);
    return found;
  }

  return async (c, next) => {
    const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
    // Nothing is there: the router says so by itself.
    if (route === undefined) return next();
    const wanted = ACCESS[`${route.method} ${route.path}`];
    if (wanted === undefined) throw new Error(`${route.method} ${route.path} has no entry in the table of access`);
    const address = clientAddress(c, deps.config.trustedProxies);
    if (wanted === 'public') {
      // Probes of the process come from one address, however often.
      if (route.path.startsWith('/api/')) expectPatience('unsigned', address === null ? null : callerOf(address));
      expectOwnPage(c.req.raw, deps.config.publicUrl(), false);
      return next();
    }

    const { identity, cookies } = await expectIdentity(c, address);
    expectPatience('signed', identity.kind === 'key' ? identity.apiKeyId : identity.person.userId);
    // Browsers send no header of ours when they listen to events.
    const named = route.path === '/api/v1/events' ? c.req.query('organization') : undefined;
    const standing = await standingOf(deps, identity, c.req.header('x-organization') ?? named);
    if (wanted !== 'signed in') {
      if (standing === null)
        throw new Problem('no_organization', 'Ask for an invitation, or choose one by X-Organization.');
      if (!isAtLeast(standing.role, wanted))
        throw new Problem('forbidden', `This needs the role ${wanted} or a higher one.`);
    }
    c.set('identity', identity);
    if (standing !== null) {
      c.set('organizationId', standing.organizationId);
      c.set('role', standing.role);
    }
    c.set('actor', actorOf(identity, address));
    await next();
    keepSession(c, cookies);
  };
}

interface Standing {
  organizationId: string;
  role: Role;
}

/**
 * The organisation that is asked for, else the only or oldest one; null for a person who has none.
 * @throws Problem `not_found` for one that is not theirs, as for one that does not exist
 */
async function standingOf(
  { db }: SignInDeps,
  identity: Identity,
  chosen: string | undefined,
): Promise<Standing | null> {
  const isSuperAdmin = identity.kind === 'key' ? identity.role === 'super_admin' : identity.person.isSuperAdmin;
  const own = identity.kind === 'key' ? [identity] : identity.person.memberships;
  const member = chosen === undefined ? own[0] : own.find(({ organizationId }) => organizationId === chosen);
  if (member !== undefined) {
    return { organizationId: member.organizationId, role: isSuperAdmin ? 'super_admin' : member.role };
  }
  if (chosen === undefined) return null;
  const mayCross = isSuperAdmin && isUuid(chosen);
  if (!mayCross || (await findOrganizationName(db, chosen)) === null) throw notFound();
  return { organizationId: chosen, role: 'super_admin' };
}

export function actorOf(identity: Identity, ip: string | null): Actor {
  if (identity.kind === 'key') return { type: 'api_key', id: identity.apiKeyId, name: identity.name, ip };
  return { type: 'user', id: identity.person.userId, name: identity.person.email, ip };
}

/** A prolonged session's cookie goes with the answer, unless the route has set one of its own. */
function keepSession(c: Context<ApiEnv>, cookies: readonly string[]): void {
  if (c.res.headers.has('set-cookie')) return;
  for (const cookie of cookies) c.res.headers.append('set-cookie', cookie);
}
