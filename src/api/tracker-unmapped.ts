// GET /trackers/unmapped: the status words that nobody has given a meaning, of every tracker in one answer.
import { createRoute, z } from '@hono/zod-openapi';
import { readUnmapped } from '../store/status-mappings.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { id } from './wire.ts';

const unmappedSchema = z
  .object({ configId: id, rawStatuses: z.array(z.string()) })
  .openapi('UnmappedWords', { description: 'Their conversions count as pending.' });

const route = createRoute({
  method: 'get',
  path: '/unmapped',
  tags: ['mappings'],
  summary: 'Status words that were seen and mean nothing yet, by tracker',
  responses: { 200: jsonAnswer('Trackers that have any.', z.array(unmappedSchema)), ...problemResponses() },
});

export function trackerUnmapped(deps: ApiDeps) {
  return createRouter().openapi(route, async (c) =>
    c.json(await withOrganization(deps.db, c.var.organizationId, readUnmapped, { access: 'read only' }), 200),
  );
}
