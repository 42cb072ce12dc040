// GET /me: who asks, their organisations, their role, and what it allows.
import { createRoute, z } from '@hono/zod-openapi';
import { findOrganizationName } from '../store/memberships.ts';
import { ROLES, type Role } from '../store/sign-in-roles.ts';
import { allowedRoutes } from './access.ts';
import type { SignInDeps } from './deps.ts';
import { problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { id, iso, time } from './wire.ts';

const role = z.enum(ROLES);
const organizationSchema = z.object({ id, name: z.string() });

const meSchema = z
  .object({
    user: z
      .object({ id, email: z.string(), name: z.string(), isTwoFactorOn: z.boolean(), isSuperAdmin: z.boolean() })
      .nullable()
      .openapi({ description: 'Null for an API key.' }),
    apiKey: z.object({ id, name: z.string() }).nullable(),
    session: z.object({ id, endsAt: time }).nullable(),
    organization: organizationSchema
      .nullable()
      .openapi({ description: 'The one that X-Organization names, or the oldest.' }),
    role: role.nullable(),
    organizations: z.array(organizationSchema.extend({ role })),
    allowed: z
      .array(z.string())
      .openapi({ description: 'The routes that this role may use.', example: ['GET /api/v1/trackers'] }),
  })
  .openapi('Me');

const route = createRoute({
  method: 'get',
  path: '/',
  tags: ['sign-in'],
  summary: 'Who asks, for which organisation, and what they may do there',
  responses: { 200: jsonAnswer('You.', meSchema), ...problemResponses() },
});

export function me(deps: SignInDeps) {
  return createRouter().openapi(route, async (c) => {
    const { identity } = c.var;
    const organizationId: string | undefined = c.get('organizationId');
    const ownRole: Role | undefined = c.get('role');
    const name = organizationId === undefined ? null : await findOrganizationName(deps.db, organizationId);
    const standing = {
      organization: organizationId === undefined || name === null ? null : { id: organizationId, name },
      role: ownRole ?? null,
      allowed: allowedRoutes(ownRole ?? null),
    };
    if (identity.kind === 'key') {
      const { apiKeyId, organizationId: home, role } = identity;
      const homeName = home === organizationId ? name : await findOrganizationName(deps.db, home);
      const organizations = homeName === null ? [] : [{ id: home, name: homeName, role }];
      return c.json(
        { user: null, apiKey: { id: apiKeyId, name: identity.name }, session: null, organizations, ...standing },
        200,
      );
    }
    const { person } = identity;
    return c.json(
      {
        user: {
          ...{ id: person.userId, email: person.email, name: person.name },
          ...{ isTwoFactorOn: person.twoFactorEnabled, isSuperAdmin: person.isSuperAdmin },
        },
        apiKey: null,
        session: { id: person.sessionId, endsAt: iso(person.sessionEndsAt) },
        organizations: person.memberships.map(({ organizationId, name, role }) => ({ id: organizationId, name, role })),
        ...standing,
      },
      200,
    );
  });
}
