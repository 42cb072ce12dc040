// Connected trackers as they are shown: the row, its computed state, and its resources. Never the sealed credentials.
import { type SelectQueryBuilder, sql } from 'kysely';
import type { LastError } from '../core/errors.ts';
import type { JsonObject, Resource } from '../core/resources.ts';
import type { ConfigState } from '../core/sync.ts';
import { configIsStale, configNextSyncAt, configState } from './config-state.ts';
import type { Database, Tx } from './db.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';

export interface ConfigResource {
  resource: Resource;
  state: 'ok' | 'unavailable' | 'pending';
  reason: string | null;
  rows: number;
  lastSyncedAt: Date | null;
}

export interface ConfigRecord {
  id: string;
  organizationId: string;
  type: string;
  name: string;
  url: string;
  settings: JsonObject;
  credentialHints: Record<string, string | null>;
  credentialsVersion: number;
  state: ConfigState;
  isStale: boolean;
  blockedKind: string | null;
  retryAt: Date | null;
  firstSyncedAt: Date | null;
  lastSyncedAt: Date | null;
  nextSyncAt: Date | null;
  lastError: LastError | null;
  createdAt: Date;
  updatedAt: Date;
  resources: ConfigResource[];
}

export interface ConfigFilter {
  type?: string | undefined;
  state?: ConfigState | undefined;
  /** Part of the name or the address, in any case. */
  q?: string | undefined;
}

/** A config that is being deleted is not there any more. */
export async function findConfig(tx: Tx, configId: string): Promise<ConfigRecord | null> {
  const row = await selectConfigs(tx).where('tracker_config.id', '=', configId).executeTakeFirst();
  return row === undefined ? null : ((await withResources(tx, [row]))[0] ?? null);
}

/** Newest first. */
export async function listConfigs(tx: Tx, filter: ConfigFilter, ask: PageAsk): Promise<Page<ConfigRecord>> {
  const { after } = ask;
  let query = selectConfigs(tx)
    .orderBy('tracker_config.created_at', 'desc')
    .orderBy('tracker_config.id', 'desc')
    .limit(ask.limit + 1);
  if (after !== null) {
    query = query.where(behind({ at: 'tracker_config.created_at', id: 'tracker_config.id' }, after));
  }
  if (filter.type !== undefined) query = query.where('tracker_config.type', '=', filter.type);
  if (filter.state !== undefined) query = query.where(sql<boolean>`${configState} = ${filter.state}`);
  if (filter.q !== undefined) {
    const part = `%${filter.q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where((eb) =>
      eb.or([eb('tracker_config.name', 'ilike', part), eb('tracker_config.url', 'ilike', part)]),
    );
  }
  const page = pageOf(await query.execute(), ask.limit, (row) => ({ at: row.createdAt, id: row.id }));
  return { items: await withResources(tx, page.items), next: page.next };
}

type ConfigRow = Omit<ConfigRecord, 'resources'>;

function selectConfigs(tx: Tx): SelectQueryBuilder<Database, 'tracker_config', ConfigRow> {
  return tx
    .selectFrom('tracker_config')
    .where('tracker_config.desired_state', '<>', 'deleting')
    .select([
      'tracker_config.id',
      'tracker_config.organization_id as organizationId',
      'tracker_config.type',
      'tracker_config.name',
      'tracker_config.url',
      'tracker_config.settings',
      'tracker_config.credential_hints as credentialHints',
      'tracker_config.credentials_version as credentialsVersion',
      configState.as('state'),
      configIsStale.as('isStale'),
      'tracker_config.blocked_kind as blockedKind',
      'tracker_config.retry_at as retryAt',
      'tracker_config.first_synced_at as firstSyncedAt',
      'tracker_config.last_synced_at as lastSyncedAt',
      configNextSyncAt.as('nextSyncAt'),
      'tracker_config.last_error as lastError',
      'tracker_config.created_at as createdAt',
      'tracker_config.updated_at as updatedAt',
    ]);
}

async function withResources(tx: Tx, rows: ConfigRow[]): Promise<ConfigRecord[]> {
  if (rows.length === 0) return [];
  const resources = await tx
    .selectFrom('tracker_resource')
    .select(['tracker_config_id', 'resource', 'state', 'reason', 'rows', 'last_synced_at as lastSyncedAt'])
    .where(
      'tracker_config_id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  const byConfig = Map.groupBy(resources, (resource) => resource.tracker_config_id);
  return rows.map((row) => ({
    ...row,
    resources: (byConfig.get(row.id) ?? []).map(({ tracker_config_id: _, resource, ...rest }) => ({
      ...rest,
      resource: resource as Resource,
    })),
  }));
}
