// API keys of the organisation: made, listed, revoked. The key itself is in one answer only: the one that makes it.
import { createRoute, z } from '@hono/zod-openapi';
import { type ApiKey, findApiKey, listApiKeys, makeApiKey, revokeApiKey, saveApiKey } from '../store/api-keys.ts';
import { recordDeed } from '../store/audit.ts';
import { isAtLeast, ROLES } from '../store/sign-in-roles.ts';
import { withOrganization } from '../store/tenancy.ts';
import { type ApiDeps, userIdOf } from './deps.ts';
import { asId, idParams } from './ids.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { badInput, notFound, Problem, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { id, iso, maybeIso, maybeTime, time, timeQuery } from './wire.ts';

const tags = ['api-keys'];

const apiKeySchema = z
  .object({
    id,
    name: z.string(),
    role: z.enum(ROLES),
    hint: z.string(),
    createdAt: time,
    expiresAt: maybeTime,
    lastUsedAt: maybeTime,
    revokedAt: maybeTime,
    madeBy: z
      .string()
      .nullable()
      .openapi({ description: 'A key has never more than the role that its maker has now.' }),
  })
  .openapi('ApiKey');

const list = createRoute({
  method: 'get',
  path: '/',
  tags,
  summary: 'The keys of the organisation, newest first',
  request: { query: z.strictObject(pagingQuery) },
  responses: {
    200: jsonAnswer('A page of them.', listOf(apiKeySchema)),
    ...problemResponses(400),
  },
});

const create = createRoute({
  method: 'post',
  path: '/',
  tags,
  summary: 'Make a key',
  request: {
    body: jsonBody(
      z
        .strictObject({
          name: z.string().trim().min(1).max(200),
          role: z.enum(ROLES),
          expiresAt: timeQuery.nullable().default(null),
        })
        .openapi('NewApiKey', { example: { name: 'Metabase', role: 'viewer', expiresAt: '2027-01-01T00:00:00Z' } }),
    ),
  },
  responses: {
    201: jsonAnswer('With the key itself, which is never shown again.', apiKeySchema.extend({ key: z.string() })),
    ...problemResponses(400, 413, 415),
  },
});

const revoke = createRoute({
  method: 'delete',
  path: '/{id}',
  tags,
  summary: 'Revoke a key',
  request: { params: idParams },
  responses: { 200: jsonAnswer('It opens nothing any more.', apiKeySchema), ...problemResponses() },
});

export function apiKeys(deps: ApiDeps) {
  return createRouter()
    .openapi(list, async (c) => {
      const ask = pageAsk(c.req.valid('query'));
      const page = await withOrganization(deps.db, c.var.organizationId, (tx) => listApiKeys(tx, ask));
      return c.json(listAnswer(page, toAnswer), 200);
    })
    .openapi(create, async (c) => {
      const { organizationId, actor, role: ownRole, identity } = c.var;
      const { name, role, expiresAt } = c.req.valid('json');
      if (!isAtLeast(ownRole, role))
        throw new Problem('forbidden', 'A key cannot have a higher role than who makes it.');
      if (expiresAt !== null && expiresAt <= deps.now()) throw badInput('expiresAt', 'must be in the future');
      const key = makeApiKey();
      const userId = userIdOf(identity);
      const saved = await withOrganization(deps.db, organizationId, async (tx) => {
        const made = await saveApiKey(tx, key, { organizationId, userId, name, role, expiresAt });
        const deed = { action: 'api_key.create', targetType: 'api_key', targetId: made.id };
        await recordDeed(tx, organizationId, actor, { ...deed, after: { name, role, expiresAt: maybeIso(expiresAt) } });
        return made;
      });
      return c.json({ ...toAnswer(saved), key }, 201);
    })
    .openapi(revoke, async (c) => {
      const { organizationId, actor, role: ownRole } = c.var;
      const keyId = asId(c.req.valid('param').id);
      const revoked = await withOrganization(deps.db, organizationId, async (tx) => {
        const found = await findApiKey(tx, keyId);
        if (found === null) throw notFound();
        if (!isAtLeast(ownRole, found.role)) throw new Problem('forbidden', 'This key has a higher role than yours.');
        await revokeApiKey(tx, keyId, deps.now());
        const { name, role } = found;
        const deed = { action: 'api_key.revoke', targetType: 'api_key', targetId: keyId, before: { name, role } };
        await recordDeed(tx, organizationId, actor, deed);
        return (await findApiKey(tx, keyId))!;
      });
      return c.json(toAnswer(revoked), 200);
    });
}

function toAnswer(key: ApiKey): z.infer<typeof apiKeySchema> {
  return {
    ...key,
    createdAt: iso(key.createdAt),
    expiresAt: maybeIso(key.expiresAt),
    lastUsedAt: maybeIso(key.lastUsedAt),
    revokedAt: maybeIso(key.revokedAt),
  };
}
