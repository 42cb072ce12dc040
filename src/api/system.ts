// GET /system: health and backlog for people: what the hub stands on, what waits, and which versions are at work.
import { createRoute, z } from '@hono/zod-openapi';
import { CONFIG_STATES } from '../core/sync.ts';
import { type Backlog, readBacklog } from '../store/backlog.ts';
import { databaseHealth } from '../store/database-health.ts';
import { ONE_SNAPSHOT, withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { id, iso, maybeIso, maybeTime, time } from './wire.ts';

const text = z.string().nullable();
const part = { ok: z.boolean(), detail: text };

const backlogSchema = z.object({
  states: z.partialRecord(z.enum(CONFIG_STATES), z.int()).openapi({ description: 'Trackers by state.' }),
  stale: z.int(),
  late: z
    .array(z.object({ configId: id, name: z.string(), dueAt: time }))
    .openapi({ description: 'Trackers that should have been read a minute ago or more, the latest fifty.' }),
  runs: z.object({ queued: z.int(), running: z.int() }),
  windows: z.object({ planned: z.int(), running: z.int() }),
  marks: z
    .object({ hours: z.int(), oldestHour: maybeTime })
    .openapi({ description: 'Hours whose sums are to be made anew; reports read the logs for them until then.' }),
});

const systemSchema = z
  .object({
    ok: z.boolean(),
    database: z.object({ ...part, latencyMs: z.int().nullable() }),
    temporal: z.object({ ...part, uiUrl: text }),
    workers: z.object({ ...part, count: z.int().nullable() }),
    backlog: backlogSchema.openapi({ description: 'Of the organisation.' }),
    versions: z.object({ hub: z.string(), node: z.string(), postgres: text, migration: text }),
  })
  .openapi('System');

const route = createRoute({
  method: 'get',
  path: '/',
  tags: ['operations'],
  summary: 'Health, backlog and versions, for people',
  responses: { 200: jsonAnswer('How it stands.', systemSchema), ...problemResponses() },
});

export function system(deps: ApiDeps) {
  return createRouter().openapi(route, async (c) => {
    const [database, temporal, backlog] = await Promise.all([
      databaseHealth(deps.db),
      deps.temporal.check(),
      withOrganization(deps.db, c.var.organizationId, readBacklog, ONE_SNAPSHOT),
    ]);
    const workers = workersHealth(temporal.workers);
    const { ok, detail, latencyMs, version, migration } = database;
    return c.json(
      {
        ok: ok && temporal.isReachable && workers.ok,
        database: { ok, detail, latencyMs },
        temporal: { ok: temporal.isReachable, detail: temporal.reason, uiUrl: deps.config.temporalUiUrl },
        workers: { ...workers, count: temporal.workers },
        backlog: toBacklog(backlog),
        versions: { hub: deps.config.version, node: process.version, postgres: version, migration },
      },
      200,
    );
  });
}

export function workersHealth(workers: number | null): { ok: boolean; detail: string } {
  if (workers === null) return { ok: false, detail: 'not known' };
  return { ok: workers > 0, detail: workers > 0 ? `${workers} polling` : 'none is polling' };
}

const toBacklog = ({ late, marks, ...backlog }: Backlog): z.infer<typeof backlogSchema> => ({
  ...backlog,
  late: late.map(({ dueAt, ...config }) => ({ ...config, dueAt: iso(dueAt) })),
  marks: { ...marks, oldestHour: maybeIso(marks.oldestHour) },
});
