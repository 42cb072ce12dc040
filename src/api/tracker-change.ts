// Changing and deleting a connected tracker.
import { createRoute, z } from '@hono/zod-openapi';
import type { JsonObject } from '../core/resources.ts';
import { recordDeed } from '../store/audit.ts';
import { type ConfigRecord, findConfig } from '../store/configs.ts';
import { type ConfigChange, changeConfig, deleteConfig } from '../store/configs-change.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { asId, configParams } from './ids.ts';
import { notFound, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { toTrackerConfig, trackerConfigSchema } from './tracker-config.ts';
import { credentialHints, credentialsFor, mergedSettings, nameSchema, urlOf, urlSchema } from './tracker-input.ts';
import { json } from './wire.ts';

const tags = ['trackers'];

const changeSchema = z
  .strictObject({
    name: nameSchema.optional(),
    url: urlSchema.optional(),
    settings: z
      .record(z.string(), json)
      .optional()
      .openapi({ description: "Fields to change, by the tracker's type; null goes back to the default." }),
    credentials: z
      .record(z.string(), z.string())
      .optional()
      .openapi({ description: 'All fields of the credentials: they replace the stored ones.' }),
  })
  .openapi('TrackerChange');

const change = createRoute({
  method: 'patch',
  path: '/{configId}',
  tags,
  summary: 'Change name, address, settings or credentials',
  request: {
    params: configParams,
    body: jsonBody(changeSchema, { name: 'Main account', settings: { syncIntervalMinutes: 30 } }),
  },
  responses: {
    200: jsonAnswer('As it is now. An old trouble is forgotten and everything is tried afresh.', trackerConfigSchema),
    ...problemResponses(400, 409, 413, 415),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/{configId}',
  tags,
  summary: 'Disconnect a tracker and delete its rows',
  request: { params: configParams },
  responses: {
    202: jsonAnswer('Not found from now on; its rows go in the background.', z.object({ id: z.string() })),
    ...problemResponses(),
  },
});

export function trackerChange(deps: ApiDeps) {
  return createRouter()
    .openapi(change, async (c) => {
      const { organizationId, actor } = c.var;
      const configId = asId(c.req.valid('param').configId);
      const given = c.req.valid('json');
      const record = await withOrganization(deps.db, organizationId, async (tx) => {
        const before = await findConfig(tx, configId);
        if (before === null) throw notFound();
        const wanted = changeOf(deps, before, given);
        if (!(await changeConfig(tx, deps.vault, configId, wanted))) throw notFound();
        const deed = { action: 'tracker.change', targetType: 'tracker', targetId: configId };
        await recordDeed(tx, organizationId, actor, { ...deed, ...difference(before, wanted) });
        return findConfig(tx, configId);
      });
      if (record === null) throw notFound();
      await deps.wake(configId);
      return c.json(toTrackerConfig(deps, record), 200);
    })
    .openapi(remove, async (c) => {
      const { organizationId, actor } = c.var;
      const configId = asId(c.req.valid('param').configId);
      await withOrganization(deps.db, organizationId, async (tx) => {
        const before = await findConfig(tx, configId);
        if (before === null || !(await deleteConfig(tx, configId))) throw notFound();
        const { type, name, url, settings } = before;
        const deed = { action: 'tracker.delete', targetType: 'tracker', targetId: configId };
        await recordDeed(tx, organizationId, actor, { ...deed, before: { type, name, url, settings } });
      });
      await deps.wake(configId);
      return c.json({ id: configId }, 202);
    });
}

/** @throws Problem where something of it is not right for this tracker's type */
function changeOf(deps: ApiDeps, before: ConfigRecord, given: z.infer<typeof changeSchema>): ConfigChange {
  const adapter = deps.adapters[before.type];
  if (adapter === undefined) throw new Error(`there is no adapter for ${before.type}`);
  const wanted: ConfigChange = {};
  if (given.name !== undefined) wanted.name = given.name;
  if (given.url !== undefined) wanted.url = urlOf(adapter, given.url);
  if (given.settings !== undefined) wanted.settings = mergedSettings(adapter, before.settings, given.settings);
  if (given.credentials !== undefined) {
    wanted.credentials = credentialsFor(adapter, given.credentials);
    wanted.credentialHints = credentialHints(adapter, wanted.credentials);
  }
  return wanted;
}

/** What the journal says of it: that credentials were replaced, never what they are. */
function difference(before: ConfigRecord, wanted: ConfigChange): { before: JsonObject; after: JsonObject } {
  const old: JsonObject = {};
  const now: JsonObject = {};
  for (const field of ['name', 'url', 'settings'] as const) {
    const value = wanted[field];
    if (value === undefined || JSON.stringify(value) === JSON.stringify(before[field])) continue;
    old[field] = before[field];
    now[field] = value;
  }
  if (wanted.credentials !== undefined) now.credentials = 'replaced';
  return { before: old, after: now };
}
