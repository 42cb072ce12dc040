// Whether the process lives, and whether it can do its work: database, Temporal, workers, each named.
import { createRoute, z } from '@hono/zod-openapi';
import { databaseHealth } from '../store/database-health.ts';
import type { ApiDeps } from './deps.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { workersHealth } from './system.ts';

const partSchema = z.object({ ok: z.boolean(), detail: z.string().nullable() });
const readySchema = z
  .object({ ok: z.boolean(), database: partSchema, temporal: partSchema, workers: partSchema })
  .openapi('Readiness');

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['operations'],
  summary: 'The process lives',
  responses: { 200: jsonAnswer('It does.', z.object({ ok: z.literal(true) })) },
});

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['operations'],
  summary: 'Everything that the work needs is there',
  responses: { 200: jsonAnswer('All of it.', readySchema), 503: jsonAnswer('Something is missing.', readySchema) },
});

export function health(deps: ApiDeps) {
  return createRouter()
    .openapi(healthz, (c) => c.json({ ok: true as const }, 200))
    .openapi(readyz, async (c) => {
      const [database, temporal] = await Promise.all([databaseHealth(deps.db), deps.temporal.check()]);
      const parts = {
        database: { ok: database.ok, detail: database.detail },
        temporal: { ok: temporal.isReachable, detail: temporal.reason },
        workers: workersHealth(temporal.workers),
      };
      const ok = Object.values(parts).every((part) => part.ok);
      return ok ? c.json({ ok, ...parts }, 200) : c.json({ ok, ...parts }, 503);
    });
}
