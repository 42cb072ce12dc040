// Pause, resume, sync now, re-sync: each commits a row, then wakes the workflow. With Temporal away the row waits.
import { setTimeout as sleep } from 'node:timers/promises';
import { createRoute, z } from '@hono/zod-openapi';
import { LOG_RESOURCES } from '../core/resources.ts';
import { DAY_MS } from '../core/windows.ts';
import { recordDeed } from '../store/audit.ts';
import { type ConfigRecord, findConfig } from '../store/configs.ts';
import { pauseConfig, requestResync, requestSync, resumeConfig } from '../store/configs-commands.ts';
import type { Tx } from '../store/db.ts';
import { findRun, type RunRecord } from '../store/runs-read.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { asId, configParams } from './ids.ts';
import { badInput, notFound, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { toTrackerConfig, trackerConfigSchema } from './tracker-config.ts';
import { runSchema, toRun } from './tracker-run.ts';
import { timeQuery } from './wire.ts';

const tags = ['trackers'];
const request = { params: configParams };
const LONGEST_RESYNC_DAYS = 400;
const LOOK_EVERY_MS = 100;

const pause = createRoute({
  method: 'post',
  path: '/{configId}/pause',
  tags,
  summary: 'Stop reading this tracker',
  request,
  responses: {
    200: jsonAnswer('Stopped: no request is made any more.', trackerConfigSchema),
    202: jsonAnswer('Accepted; still stopping after 10 s, or the workflow engine is away.', trackerConfigSchema),
    ...problemResponses(),
  },
});

const resume = createRoute({
  method: 'post',
  path: '/{configId}/resume',
  tags,
  summary: 'Go on reading; also after needs_attention',
  request,
  responses: { 200: jsonAnswer('Active again.', trackerConfigSchema), ...problemResponses() },
});

const sync = createRoute({
  method: 'post',
  path: '/{configId}/sync',
  tags,
  summary: 'Read what is new now',
  request,
  responses: {
    202: jsonAnswer('The queued run, or the one that is open already.', runSchema),
    ...problemResponses(),
  },
});

const resync = createRoute({
  method: 'post',
  path: '/{configId}/resync',
  tags,
  summary: 'Read a range again; nothing that the tracker no longer serves is removed',
  request: {
    ...request,
    body: jsonBody(
      z
        .strictObject({
          from: timeQuery,
          to: timeQuery,
          resources: z.array(z.enum(LOG_RESOURCES)).min(1).max(LOG_RESOURCES.length).optional(),
        })
        .openapi('Resync', { example: { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' } }),
    ),
  },
  responses: { 202: jsonAnswer('The queued run.', runSchema), ...problemResponses(400, 409, 413, 415) },
});

export function trackerCommands(deps: ApiDeps) {
  /** Carries a command out on a config of the caller's organisation, with its entry in the journal. */
  async function command<T>(
    { organizationId, actor }: ApiEnv['Variables'],
    pathId: string,
    action: string,
    work: (tx: Tx, config: ConfigRecord) => Promise<T>,
  ): Promise<{ configId: string; result: T }> {
    const configId = asId(pathId);
    const result = await withOrganization(deps.db, organizationId, async (tx) => {
      const config = await findConfig(tx, configId);
      if (config === null) throw notFound();
      const done = await work(tx, config);
      await recordDeed(tx, organizationId, actor, { action, targetType: 'tracker', targetId: configId });
      return done;
    });
    return { configId, result };
  }

  async function current(organizationId: string, configId: string): Promise<ConfigRecord> {
    const record = await withOrganization(deps.db, organizationId, (tx) => findConfig(tx, configId));
    if (record === null) throw notFound();
    return record;
  }

  /** Looks until the slice's lease has ended, or the patience has. */
  async function stopped(organizationId: string, configId: string): Promise<ConfigRecord> {
    const until = performance.now() + deps.config.pauseWaitMs;
    for (;;) {
      const record = await current(organizationId, configId);
      if (record.state !== 'pausing' || performance.now() >= until) return record;
      await sleep(LOOK_EVERY_MS);
    }
  }

  return createRouter()
    .openapi(pause, async (c) => {
      const { configId } = await command(c.var, c.req.valid('param').configId, 'tracker.pause', (tx, config) =>
        pauseConfig(tx, config.id),
      );
      const isAwake = await deps.wake(configId);
      const { organizationId } = c.var;
      const record = await (isAwake ? stopped(organizationId, configId) : current(organizationId, configId));
      const isStopped = isAwake && record.state !== 'pausing';
      return isStopped ? c.json(toTrackerConfig(deps, record), 200) : c.json(toTrackerConfig(deps, record), 202);
    })
    .openapi(resume, async (c) => {
      const { configId } = await command(c.var, c.req.valid('param').configId, 'tracker.resume', (tx, config) =>
        resumeConfig(tx, config.id),
      );
      await deps.wake(configId);
      return c.json(toTrackerConfig(deps, await current(c.var.organizationId, configId)), 200);
    })
    .openapi(sync, async (c) => {
      const { configId, result } = await command(c.var, c.req.valid('param').configId, 'tracker.sync', (tx, config) =>
        queued(tx, requestSync(tx, config)),
      );
      await deps.wake(configId);
      return c.json(toRun(result), 202);
    })
    .openapi(resync, async (c) => {
      const { from, to, resources } = c.req.valid('json');
      if (from >= to) throw badInput('to', 'must be after from');
      if (to > deps.now()) throw badInput('to', 'must not be in the future');
      if (to.getTime() - from.getTime() > LONGEST_RESYNC_DAYS * DAY_MS) {
        throw badInput('from', `must not be more than ${LONGEST_RESYNC_DAYS} days before to`);
      }
      const { configId, result } = await command(
        c.var,
        c.req.valid('param').configId,
        'tracker.resync',
        (tx, config) => {
          const declared = LOG_RESOURCES.filter((log) => deps.adapters[config.type]?.logs[log] !== undefined);
          const wanted = resources === undefined ? declared : declared.filter((log) => resources.includes(log));
          if (wanted.length === 0) throw badInput('resources', 'this tracker has none of them');
          return queued(tx, requestResync(tx, config, { from, to }, wanted));
        },
      );
      await deps.wake(configId);
      return c.json(toRun(result), 202);
    });
}

async function queued(tx: Tx, runId: Promise<string>): Promise<RunRecord> {
  const run = await findRun(tx, await runId);
  if (run === null) throw new Error('the queued run is not there');
  return run;
}
