// How far a tracker's sync is: progress, windows, runs, and every call that was made to it.
import { createRoute, z } from '@hono/zod-openapi';
import { LOG_RESOURCES } from '../core/resources.ts';
import { RUN_KINDS } from '../core/sync.ts';
import { findConfig } from '../store/configs.ts';
import type { Tx } from '../store/db.ts';
import { listRequests, listRuns, listWindows } from '../store/runs-read.ts';
import { progressFacts } from '../store/runs-read-progress.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { asId, configParams } from './ids.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { notFound, problemResponses } from './problems.ts';
import { PHASES, paceOf, percentOf, phaseOf } from './progress-phase.ts';
import { requestSchema, toRequest } from './request-log.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { runSchema, toRun } from './tracker-run.ts';
import { iso, maybeIso, maybeTime, time, timeQuery } from './wire.ts';

const tags = ['trackers'];

const progressSchema = z
  .object({
    phase: z.enum(PHASES),
    percent: z.number(),
    windows: z.object({ done: z.int(), running: z.int(), planned: z.int() }),
    rows: z.object({ clicks: z.int(), conversions: z.int() }),
    rowsPerSecond: z.number().nullable(),
    etaSeconds: z.int().nullable(),
    oldestReadAt: maybeTime,
    newestReadAt: maybeTime,
  })
  .openapi('Progress');

const progress = createRoute({
  method: 'get',
  path: '/{configId}/progress',
  tags,
  summary: 'How far the sync is',
  request: { params: configParams },
  responses: { 200: jsonAnswer('Of the open backfill or re-sync.', progressSchema), ...problemResponses() },
});

const windowSchema = z
  .object({
    resource: z.enum(LOG_RESOURCES),
    from: time,
    to: time,
    state: z.enum(['planned', 'running', 'done']),
    rows: z.int(),
  })
  .openapi('Window');

const windows = createRoute({
  method: 'get',
  path: '/{configId}/windows',
  tags,
  summary: 'The windows of the open runs, else of the backfill',
  request: { params: configParams },
  responses: { 200: jsonAnswer('Newest range first.', z.array(windowSchema)), ...problemResponses() },
});

const runs = createRoute({
  method: 'get',
  path: '/{configId}/runs',
  tags,
  summary: 'What was carried out, newest first',
  request: { params: configParams, query: z.strictObject({ ...pagingQuery, kind: z.enum(RUN_KINDS).optional() }) },
  responses: { 200: jsonAnswer('A page of runs.', listOf(runSchema)), ...problemResponses(400) },
});

const requests = createRoute({
  method: 'get',
  path: '/{configId}/requests',
  tags,
  summary: 'Every call to the tracker, newest first',
  request: {
    params: configParams,
    query: z.strictObject({ ...pagingQuery, from: timeQuery.optional(), to: timeQuery.optional() }),
  },
  responses: { 200: jsonAnswer('A page of calls.', listOf(requestSchema)), ...problemResponses(400) },
});

export function trackerProgress(deps: ApiDeps) {
  /** Reads something of a config of the caller's organisation. */
  const ofConfig = <T>(
    organizationId: string,
    pathId: string,
    read: (tx: Tx, configId: string) => Promise<T>,
  ): Promise<T> => {
    const configId = asId(pathId);
    return withOrganization(deps.db, organizationId, async (tx) => {
      if ((await findConfig(tx, configId)) === null) throw notFound();
      return read(tx, configId);
    });
  };

  return createRouter()
    .openapi(progress, async (c) => {
      const facts = await ofConfig(c.var.organizationId, c.req.valid('param').configId, progressFacts);
      if (facts === null) throw notFound();
      const { rows, oldestReadAt, newestReadAt } = facts;
      const shown = {
        phase: phaseOf(facts),
        percent: percentOf(facts),
        windows: facts.windows,
        rows,
        ...paceOf(facts),
      };
      return c.json({ ...shown, oldestReadAt: maybeIso(oldestReadAt), newestReadAt: maybeIso(newestReadAt) }, 200);
    })
    .openapi(windows, async (c) => {
      const found = await ofConfig(c.var.organizationId, c.req.valid('param').configId, listWindows);
      return c.json(
        found.map((window) => ({ ...window, from: iso(window.from), to: iso(window.to) })),
        200,
      );
    })
    .openapi(runs, async (c) => {
      const { kind, ...paging } = c.req.valid('query');
      const ask = pageAsk(paging);
      const page = await ofConfig(c.var.organizationId, c.req.valid('param').configId, (tx, configId) =>
        listRuns(tx, configId, kind, ask),
      );
      return c.json(listAnswer(page, toRun), 200);
    })
    .openapi(requests, async (c) => {
      const { from, to, ...paging } = c.req.valid('query');
      const ask = pageAsk(paging);
      const page = await ofConfig(c.var.organizationId, c.req.valid('param').configId, (tx, configId) =>
        listRequests(tx, { configId, from, to }, ask),
      );
      return c.json(listAnswer(page, toRequest), 200);
    });
}
