// Trying a connection: one that is not saved yet, and the stored one.
import { createRoute, type z } from '@hono/zod-openapi';
import type { JsonObject } from '../core/resources.ts';
import { findConfig } from '../store/configs.ts';
import { withOrganization } from '../store/tenancy.ts';
import { VaultError } from '../store/vault.ts';
import { openCredentials } from '../store/vault-credentials.ts';
import type { ApiDeps } from './deps.ts';
import { asId, configParams } from './ids.ts';
import { notFound, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { connectionExample, connectionSchema, nameSchema } from './tracker-input.ts';
import { runTest, testResultSchema } from './tracker-test-run.ts';

export function trackerTests(deps: ApiDeps) {
  const testNew = createRoute({
    method: 'post',
    path: '/test',
    tags: ['trackers'],
    summary: 'Try a connection without saving it',
    // The form sends what it has: a name may be there already.
    request: {
      body: jsonBody(
        connectionSchema(deps.adapters, { name: nameSchema.optional() }),
        connectionExample(deps.adapters),
      ),
    },
    responses: {
      200: jsonAnswer('What works and what is wrong, within 15 seconds.', testResultSchema),
      ...problemResponses(400, 413, 415),
    },
  });
  const testStored = createRoute({
    method: 'post',
    path: '/{configId}/test',
    tags: ['trackers'],
    summary: 'Try the stored connection',
    request: { params: configParams },
    responses: { 200: jsonAnswer('As for a new one.', testResultSchema), ...problemResponses() },
  });

  return createRouter()
    .openapi(testNew, async (c) => {
      const { type, url, credentials, settings } = c.req.valid('json');
      const adapter = deps.adapters[type]!;
      const subject = { organizationId: c.var.organizationId, configId: null, adapter, credentials, settings };
      return c.json(await runTest(deps, { ...subject, url: url ?? adapter.url.default ?? '' }), 200);
    })
    .openapi(testStored, async (c) => {
      const { organizationId } = c.var;
      const stored = await openStored(deps, organizationId, asId(c.req.valid('param').configId));
      if ('ok' in stored) return c.json(stored, 200);
      return c.json(await runTest(deps, { organizationId, ...stored }), 200);
    });
}

type Stored = {
  configId: string;
  adapter: ApiDeps['adapters'][string];
  url: string;
  settings: JsonObject;
  credentials: Readonly<Record<string, string>>;
};
type Failed = Extract<z.infer<typeof testResultSchema>, { ok: false }>;

async function openStored(deps: ApiDeps, organizationId: string, configId: string): Promise<Stored | Failed> {
  const { config, sealed } = await withOrganization(deps.db, organizationId, async (tx) => {
    const config = await findConfig(tx, configId);
    if (config === null) throw notFound();
    const sealed = await tx
      .selectFrom('tracker_config')
      .select(['id', 'organization_id', 'credentials_version', 'credentials_sealed'])
      .where('id', '=', configId)
      .executeTakeFirstOrThrow();
    return { config, sealed };
  });
  const adapter = deps.adapters[config.type];
  if (adapter === undefined) throw new Error(`there is no adapter for ${config.type}`);
  try {
    const credentials = openCredentials(deps.vault, sealed);
    return { configId, adapter, url: config.url, settings: config.settings, credentials };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    const hint = 'The stored key cannot be opened. Restore the encryption key, or enter the credentials anew.';
    return {
      ok: false,
      latencyMs: 0,
      error: { kind: 'vault', message: `Connection test failed: ${error.message}`, hint },
    };
  }
}
