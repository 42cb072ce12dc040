// /me: who asks, their organisations, their role, and what it allows; and what they are called.
import { createRoute, z } from '@hono/zod-openapi';
import { recordPersonalDeed } from '../store/audit.ts';
import { findOrganizationName, renamePerson } from '../store/memberships.ts';
import { ROLES } from '../store/sign-in-roles.ts';
import { allowedRoutes } from './access.ts';
import type { ApiEnv, SignInDeps } from './deps.ts';
import { problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { personName, personOf } from './sessions.ts';
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

const read = createRoute({
  method: 'get',
  path: '/',
  tags: ['sign-in'],
  summary: 'Who asks, for which organisation, and what they may do there',
  responses: { 200: jsonAnswer('You.', meSchema), ...problemResponses() },
});

const change = createRoute({
  method: 'patch',
  path: '/',
  tags: ['sign-in'],
  summary: 'Change one’s own name',
  request: {
    body: jsonBody(z.strictObject({ name: personName }).openapi('MeChange'), { name: 'Ann' }),
  },
  responses: { 200: jsonAnswer('You.', meSchema), ...problemResponses(400, 413, 415) },
});

export function me(deps: SignInDeps) {
  async function toMe(variables: ApiEnv['Variables']): Promise<z.infer<typeof meSchema>> {
    const { identity } = variables;
    const { organizationId, role }: Partial<ApiEnv['Variables']> = variables;
    const name = organizationId === undefined ? null : await findOrganizationName(deps.db, organizationId);
    const standing = {
      organization: organizationId === undefined || name === null ? null : { id: organizationId, name },
      role: role ?? null,
      allowed: allowedRoutes(role ?? null),
    };
    if (identity.kind === 'key') {
      const { apiKeyId, organizationId: home, role } = identity;
      const homeName = home === organizationId ? name : await findOrganizationName(deps.db, home);
      const organizations = homeName === null ? [] : [{ id: home, name: homeName, role }];
      return { user: null, apiKey: { id: apiKeyId, name: identity.name }, session: null, organizations, ...standing };
    }
    const { person } = identity;
    return {
      user: {
        ...{ id: person.userId, email: person.email, name: person.name },
        ...{ isTwoFactorOn: person.twoFactorEnabled, isSuperAdmin: person.isSuperAdmin },
      },
      apiKey: null,
      session: { id: person.sessionId, endsAt: iso(person.sessionEndsAt) },
      organizations: person.memberships.map(({ organizationId, name, role }) => ({ id: organizationId, name, role })),
      ...standing,
    };
  }

  return createRouter()
    .openapi(read, async (c) => c.json(await toMe(c.var), 200))
    .openapi(change, async (c) => {
      const person = personOf(c.var.identity);
      const { name } = c.req.valid('json');
      if (name !== person.name) {
        const told = { before: { name: person.name }, after: { name } };
        await deps.db.transaction().execute(async (tx) => {
          await renamePerson(tx, person.userId, name);
          await recordPersonalDeed(tx, person, { action: 'user.rename', ip: c.var.actor.ip, ...told });
        });
      }
      return c.json(await toMe({ ...c.var, identity: { kind: 'person', person: { ...person, name } } }), 200);
    });
}
