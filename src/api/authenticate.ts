// Who asks, for which organisation, and whether the role suffices: before anything of the request is read.
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { identifyApiKey } from '../store/api-keys.ts';
import { hasOrganization } from '../store/sign-in.ts';
import { isAtLeast } from '../store/sign-in-roles.ts';
import { ACCESS } from './access.ts';
import { clientAddress } from './client-address.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { isUuid } from './ids.ts';
import { notFound, Problem } from './problems.ts';

const BEARER = /^Bearer +([\x21-\x7e]{1,500})$/i;

export function authenticate(deps: ApiDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
    // Nothing is there: the router says so by itself.
    if (route === undefined) return next();
    const wanted = ACCESS[`${route.method} ${route.path}`];
    if (wanted === undefined) throw new Error(`${route.method} ${route.path} has no entry in the table of access`);
    if (wanted === 'public') return next();

    const key = BEARER.exec(c.req.header('authorization') ?? '')?.[1];
    const identity = key === undefined ? null : await identifyApiKey(deps.db, key, deps.now());
    if (identity === null) throw new Problem('unauthenticated', 'Send a valid API key as a bearer token.');
    const chosen = c.req.header('x-organization');
    const organizationId = chosen ?? identity.organizationId;
    if (organizationId !== identity.organizationId) {
      const mayCross = identity.role === 'super_admin' && isUuid(organizationId);
      if (!mayCross || !(await hasOrganization(deps.db, organizationId))) throw notFound();
    }
    if (!isAtLeast(identity.role, wanted))
      throw new Problem('forbidden', `This needs the role ${wanted} or a higher one.`);
    c.set('organizationId', organizationId);
    c.set('role', identity.role);
    c.set('actor', {
      type: 'api_key',
      id: identity.apiKeyId,
      name: identity.name,
      ip: clientAddress(c, deps.config.trustedProxies),
    });
    return next();
  };
}
