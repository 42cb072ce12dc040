// A connected tracker in answers: state with its reason, resources, hints of credentials; never a credential.
import { z } from '@hono/zod-openapi';
import type { Adapter } from '../adapters/adapter.ts';
import { RESOURCES, type Resource } from '../core/resources.ts';
import { CONFIG_STATES, syncWorkflowId } from '../core/sync.ts';
import type { ConfigRecord } from '../store/configs.ts';
import type { ApiDeps } from './deps.ts';
import { stateReason } from './state-reason.ts';
import { id, iso, json, maybeIso, maybeTime, time } from './wire.ts';

const resourceSchema = z.object({
  state: z.enum(['ok', 'unavailable', 'pending']),
  evidence: z.enum(['documented', 'observed', 'assumed']),
  rows: z.int(),
  lastSyncedAt: maybeTime,
  reason: z.string().nullable(),
});

export const errorSchema = z
  .object({ kind: z.string(), message: z.string(), hint: z.string().nullable(), at: time })
  .openapi('TrackerError');

export const trackerConfigSchema = z
  .object({
    id,
    type: z.string(),
    name: z.string(),
    url: z.string(),
    state: z.enum(CONFIG_STATES),
    stateReason: z.string().nullable(),
    isStale: z.boolean().openapi({ description: 'Three sync intervals without a finished cycle.' }),
    resources: z.partialRecord(z.enum(RESOURCES), resourceSchema),
    lastSyncedAt: maybeTime,
    nextSyncAt: maybeTime,
    lastError: errorSchema.nullable(),
    credentials: z.record(z.string(), z.object({ set: z.boolean(), hint: z.string().nullable() })),
    settings: z.record(z.string(), json),
    workflowUrl: z.string().nullable(),
    warnings: z.array(z.enum(['already_connected'])).optional(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('TrackerConfig');

export type TrackerConfigAnswer = z.infer<typeof trackerConfigSchema>;

export function toTrackerConfig(deps: ApiDeps, record: ConfigRecord): TrackerConfigAnswer {
  const adapter = deps.adapters[record.type];
  return {
    id: record.id,
    type: record.type,
    name: record.name,
    url: record.url,
    state: record.state,
    stateReason: stateReason(record, deps.now()),
    isStale: record.isStale,
    resources: Object.fromEntries(
      record.resources.map(({ resource, state, rows, lastSyncedAt, reason }) => [
        resource,
        { state, evidence: evidenceOf(adapter, resource), rows, lastSyncedAt: maybeIso(lastSyncedAt), reason },
      ]),
    ),
    lastSyncedAt: maybeIso(record.lastSyncedAt),
    nextSyncAt: maybeIso(record.nextSyncAt),
    lastError: record.lastError,
    credentials: credentialsOf(adapter, record.credentialHints),
    settings: record.settings,
    workflowUrl: workflowUrl(deps, record.id),
    createdAt: iso(record.createdAt),
    updatedAt: iso(record.updatedAt),
  };
}

/** What an adapter declares, in the order of the vocabulary. */
export function declaredResources(adapter: Adapter): Resource[] {
  return RESOURCES.filter((resource) => sourceOf(adapter, resource) !== undefined);
}

export function sourceOf(adapter: Adapter, resource: Resource) {
  if (resource === 'totals') return adapter.totals;
  return resource === 'clicks' || resource === 'conversions' ? adapter.logs[resource] : adapter.catalog[resource];
}

const evidenceOf = (adapter: Adapter | undefined, resource: Resource) =>
  (adapter === undefined ? undefined : sourceOf(adapter, resource))?.evidence ?? 'assumed';

function credentialsOf(adapter: Adapter | undefined, hints: Record<string, string | null>) {
  const fields = new Set([...Object.keys(adapter?.credentials.shape ?? {}), ...Object.keys(hints)]);
  return Object.fromEntries(
    [...fields].map((field) => [field, { set: Object.hasOwn(hints, field), hint: hints[field] ?? null }]),
  );
}

function workflowUrl({ config }: ApiDeps, configId: string): string | null {
  const { temporalUiUrl, temporalNamespace } = config;
  if (temporalUiUrl === null) return null;
  return `${temporalUiUrl}/namespaces/${encodeURIComponent(temporalNamespace)}/workflows/${encodeURIComponent(syncWorkflowId(configId))}`;
}
