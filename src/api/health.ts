// Whether the process lives, and whether it can do its work: database, Temporal, workers, each named.
import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'kysely';
import type { ApiDeps } from './deps.ts';
import { createRouter, jsonAnswer } from './router.ts';

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

const DATABASE_PATIENCE_MS = 3_000;

export function health(deps: ApiDeps) {
  return createRouter()
    .openapi(healthz, (c) => c.json({ ok: true as const }, 200))
    .openapi(readyz, async (c) => {
      const [database, temporal] = await Promise.all([databaseHealth(deps), deps.temporal.check()]);
      const parts = {
        database,
        temporal: { ok: temporal.isReachable, detail: temporal.reason },
        workers: workersHealth(temporal.workers),
      };
      const ok = Object.values(parts).every((part) => part.ok);
      return ok ? c.json({ ok, ...parts }, 200) : c.json({ ok, ...parts }, 503);
    });
}

async function databaseHealth({ db }: ApiDeps): Promise<z.infer<typeof partSchema>> {
  const gaveUp = new Promise<'gave up'>((resolve) => {
    setTimeout(() => resolve('gave up'), DATABASE_PATIENCE_MS).unref();
  });
  try {
    const answer = await Promise.race([sql`select 1`.execute(db), gaveUp]);
    return answer === 'gave up' ? { ok: false, detail: 'does not answer' } : { ok: true, detail: null };
  } catch {
    return { ok: false, detail: 'cannot be reached' };
  }
}

function workersHealth(workers: number | null): z.infer<typeof partSchema> {
  if (workers === null) return { ok: false, detail: 'not known' };
  return { ok: workers > 0, detail: workers > 0 ? `${workers} polling` : 'none is polling' };
}
