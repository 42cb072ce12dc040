// GET /audit-log: who did what, and every call to the trackers.
import { createRoute, z } from '@hono/zod-openapi';
import { type AuditEntry, listDeeds } from '../store/audit.ts';
import { listRequests } from '../store/runs-read.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { asId } from './ids.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { problemResponses } from './problems.ts';
import { requestSchema, toRequest } from './request-log.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { id, iso, json, time, timeQuery } from './wire.ts';

const content = z.record(z.string(), json).nullable();

const deedSchema = z
  .object({
    id,
    at: time,
    actorType: z.enum(['user', 'api_key', 'system']),
    actorId: z.string().nullable(),
    actorName: z.string().nullable(),
    action: z.string(),
    targetType: z.string().nullable(),
    targetId: z.string().nullable(),
    before: content,
    after: content,
    ip: z.string().nullable(),
  })
  .openapi('AuditEntry');

const route = createRoute({
  method: 'get',
  path: '/',
  tags: ['audit'],
  summary: 'Who did what (source=user), or every call to the trackers (source=tracker), newest first',
  request: {
    query: z.strictObject({
      ...pagingQuery,
      source: z.enum(['user', 'tracker']).default('user'),
      from: timeQuery.optional(),
      to: timeQuery.optional(),
      configId: z.string().max(100).optional(),
      action: z.string().max(100).optional().openapi({ description: 'For source=user.' }),
    }),
  },
  responses: {
    200: jsonAnswer('A page of entries.', listOf(z.union([deedSchema, requestSchema]))),
    ...problemResponses(400),
  },
});

const toDeed = (entry: AuditEntry): z.infer<typeof deedSchema> => ({ ...entry, at: iso(entry.at) });

export function auditLog(deps: ApiDeps) {
  return createRouter().openapi(route, async (c) => {
    const { source, from, to, action, ...query } = c.req.valid('query');
    const configId = query.configId === undefined ? undefined : asId(query.configId);
    const ask = pageAsk(query);
    const { organizationId } = c.var;
    if (source === 'user') {
      const filter = { action, targetId: configId, from, to };
      const page = await withOrganization(deps.db, organizationId, (tx) => listDeeds(tx, filter, ask));
      return c.json(listAnswer(page, toDeed), 200);
    }
    const page = await withOrganization(deps.db, organizationId, (tx) => listRequests(tx, { configId, from, to }, ask));
    return c.json(listAnswer(page, toRequest), 200);
  });
}
