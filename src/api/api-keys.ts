// API keys of the organisation: made, listed, revoked. The key itself is in one answer only: the one that makes it.
import { createRoute, z } from '@hono/zod-openapi';
import { type ApiKey, findApiKey, listApiKeys, makeApiKey, revokeApiKey, saveApiKey } from '../store/api-keys.ts';
import { recordDeed } from '../store/audit.ts';
import { isAtLeast, ROLES } from '../store/sign-in-roles.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { asId, idParams } from './ids.ts';
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
  })
  .openapi('ApiKey');

const list = createRoute({
  method: 'get',
  path: '/',
  tags,
  summary: 'The keys of the organisation, newest first',
  responses: {
    200: jsonAnswer('All of them.', z.object({ items: z.array(apiKeySchema), nextCursor: z.null() })),
    ...problemResponses(),
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
        .openapi('NewApiKey'),
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
      const keys = await listApiKeys(deps.db, c.var.organizationId);
      return c.json({ items: keys.map(toAnswer), nextCursor: null }, 200);
    })
    .openapi(create, async (c) => {
      const { organizationId, actor, role: ownRole } = c.var;
      const { name, role, expiresAt } = c.req.valid('json');
      if (!isAtLeast(ownRole, role))
        throw new Problem('forbidden', 'A key cannot have a higher role than who makes it.');
      if (expiresAt !== null && expiresAt <= deps.now()) throw badInput('expiresAt', 'must be in the future');
      const key = makeApiKey();
      const saved = await saveApiKey(deps.db, key, { organizationId, userId: null, name, role, expiresAt });
      const deed = { action: 'api_key.create', targetType: 'api_key', targetId: saved.id, after: { name, role } };
      await withOrganization(deps.db, organizationId, (tx) => recordDeed(tx, organizationId, actor, deed));
      return c.json({ ...toAnswer(saved), key }, 201);
    })
    .openapi(revoke, async (c) => {
      const { organizationId, actor, role: ownRole } = c.var;
      const keyId = asId(c.req.valid('param').id);
      const found = await findApiKey(deps.db, organizationId, keyId);
      if (found === null) throw notFound();
      if (!isAtLeast(ownRole, found.role)) throw new Problem('forbidden', 'This key has a higher role than yours.');
      await revokeApiKey(deps.db, organizationId, keyId, deps.now());
      const deed = { action: 'api_key.revoke', targetType: 'api_key', targetId: keyId, before: { name: found.name } };
      await withOrganization(deps.db, organizationId, (tx) => recordDeed(tx, organizationId, actor, deed));
      const revoked = await findApiKey(deps.db, organizationId, keyId);
      if (revoked === null) throw notFound();
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
