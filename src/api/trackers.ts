// Connecting trackers, and looking at them.
import { createRoute, z } from '@hono/zod-openapi';
import { statusMeaning } from '../core/statuses.ts';
import { CONFIG_STATES } from '../core/sync.ts';
import { recordDeed } from '../store/audit.ts';
import { findConfig, listConfigs } from '../store/configs.ts';
import { createConfig } from '../store/configs-create.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { asId, configParams } from './ids.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { notFound, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { declaredResources, toTrackerConfig, trackerConfigSchema } from './tracker-config.ts';
import { connectionExample, connectionSchema, credentialHints, nameSchema, urlOf } from './tracker-input.ts';

const tags = ['trackers'];

const list = createRoute({
  method: 'get',
  path: '/',
  tags,
  summary: 'The connected trackers, newest first',
  request: {
    query: z.strictObject({
      ...pagingQuery,
      type: z.string().max(50).optional(),
      state: z.enum(CONFIG_STATES).optional(),
      q: z.string().min(1).max(200).optional().openapi({ description: 'Part of the name or the address.' }),
    }),
  },
  responses: { 200: jsonAnswer('A page of them.', listOf(trackerConfigSchema)), ...problemResponses(400) },
});

const read = createRoute({
  method: 'get',
  path: '/{configId}',
  tags,
  summary: 'One connected tracker',
  request: { params: configParams },
  responses: { 200: jsonAnswer('It.', trackerConfigSchema), ...problemResponses() },
});

export function trackers(deps: ApiDeps) {
  const create = createRoute({
    method: 'post',
    path: '/',
    tags,
    summary: 'Connect a tracker; its first sync begins at once',
    request: {
      headers: z.object({
        'idempotency-key': z
          .string()
          .min(1)
          .max(200)
          .optional()
          .openapi({ description: 'A repeat with the same key and body is harmless.' }),
      }),
      body: jsonBody(connectionSchema(deps.adapters, { name: nameSchema }), {
        ...connectionExample(deps.adapters),
        name: 'Main account',
      }),
    },
    responses: {
      201: jsonAnswer('Connected; a passed test is not required.', trackerConfigSchema),
      ...problemResponses(400, 409, 413, 415),
    },
  });

  return createRouter()
    .openapi(list, async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      const ask = pageAsk({ limit, cursor });
      const page = await withOrganization(deps.db, c.var.organizationId, (tx) => listConfigs(tx, filter, ask));
      return c.json(
        listAnswer(page, (record) => toTrackerConfig(deps, record)),
        200,
      );
    })
    .openapi(read, async (c) => {
      const configId = asId(c.req.valid('param').configId);
      const record = await withOrganization(deps.db, c.var.organizationId, (tx) => findConfig(tx, configId));
      if (record === null) throw notFound();
      return c.json(toTrackerConfig(deps, record), 200);
    })
    .openapi(create, async (c) => {
      const { organizationId, actor } = c.var;
      const { type, name, credentials, settings, ...given } = c.req.valid('json');
      const adapter = deps.adapters[type]!;
      const url = urlOf(adapter, given.url);
      const statuses = Object.entries(adapter.statuses).map(([raw, entry]) => [raw, statusMeaning(entry)]);
      const config = {
        ...{ organizationId, type, name, url, settings, credentials },
        credentialHints: credentialHints(adapter, credentials),
        // Daily totals join when they are first read: until then there is no state of theirs to show.
        resources: declaredResources(adapter).filter((resource) => resource !== 'totals'),
        statuses: Object.fromEntries(statuses),
      };
      const key = c.req.valid('header')['idempotency-key'] ?? null;
      const { record, warnings, isRepeat } = await withOrganization(deps.db, organizationId, async (tx) => {
        const created = await createConfig(tx, deps.vault, config, key);
        const { configId } = created;
        if (!created.isRepeat) {
          const deed = { action: 'tracker.create', targetType: 'tracker', targetId: configId };
          await recordDeed(tx, organizationId, actor, { ...deed, after: { type, name, url, settings } });
        }
        const found = await findConfig(tx, configId);
        if (found === null) throw notFound();
        return { ...created, record: found };
      });
      if (!isRepeat) await deps.wake(record.id);
      const answer = toTrackerConfig(deps, record);
      return c.json(warnings.length === 0 ? answer : { ...answer, warnings }, 201);
    });
}
