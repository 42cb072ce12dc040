// Where a config's sync stands, as slices read and write it: its row, its trouble, its resources.
import { type Kysely, sql } from 'kysely';
import type { ErrorKind, LastError } from '../core/errors.ts';
import type { JsonObject, Resource } from '../core/resources.ts';
import type { Database, Db } from './db.ts';

export interface SyncConfig {
  id: string;
  organization_id: string;
  type: string;
  url: string;
  settings: JsonObject;
  credentials_sealed: string;
  credentials_version: number;
  desired_state: 'active' | 'paused' | 'deleting';
  backfill_from: Date | null;
  backfill_to: Date | null;
  first_synced_at: Date | null;
  last_slot_at: Date | null;
  catalog_read_at: Date | null;
  fruitless_tries: number;
  created_at: Date;
  /** When a person last changed it. */
  updated_at: Date;
}

const CONFIG_COLUMNS = [
  ...(['id', 'organization_id', 'type', 'url', 'settings', 'credentials_sealed', 'credentials_version'] as const),
  ...(['desired_state', 'backfill_from', 'backfill_to', 'first_synced_at', 'last_slot_at'] as const),
  ...(['catalog_read_at', 'fruitless_tries', 'created_at', 'updated_at'] as const),
];

export async function readSyncConfig(db: Db, configId: string): Promise<SyncConfig | null> {
  const row = await db
    .selectFrom('tracker_config')
    .select(CONFIG_COLUMNS)
    .where('id', '=', configId)
    .executeTakeFirst();
  return row ?? null;
}

export interface ResourceState {
  resource: Resource;
  state: 'pending' | 'ok' | 'unavailable';
  readTo: Date | null;
  variant: string | null;
  refusals: number;
  askedAt: Date | null;
}

export async function readResources(db: Kysely<Database>, configId: string): Promise<Map<string, ResourceState>> {
  const rows = await db.selectFrom('tracker_resource').selectAll().where('tracker_config_id', '=', configId).execute();
  return new Map(
    rows.map((row) => [
      row.resource,
      {
        resource: row.resource as Resource,
        state: row.state,
        readTo: row.read_to,
        variant: row.variant,
        refusals: row.refusals,
        askedAt: row.asked_at,
      },
    ]),
  );
}

/** A resource that gave something: readable, and so many rows more. */
export async function noteResourceRead(
  db: Kysely<Database>,
  config: Pick<SyncConfig, 'id' | 'organization_id'>,
  resource: Resource,
  found: { inserted: number; variant: string | null },
): Promise<void> {
  const now = sql<Date>`now()`;
  await db
    .insertInto('tracker_resource')
    .values({
      tracker_config_id: config.id,
      organization_id: config.organization_id,
      resource,
      state: 'ok',
      rows: found.inserted,
      variant: found.variant,
      last_synced_at: now,
      asked_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['tracker_config_id', 'resource']).doUpdateSet({
        state: 'ok',
        reason: null,
        refusals: 0,
        rows: sql`tracker_resource.rows + excluded.rows`,
        variant: sql`coalesce(excluded.variant, tracker_resource.variant)`,
        last_synced_at: now,
        asked_at: now,
      }),
    )
    .execute();
}

/** A page went in: trouble, if there was any, is over. */
export async function noteProgress(db: Kysely<Database>, configId: string): Promise<void> {
  await db
    .updateTable('tracker_config')
    .set({ fruitless_tries: 0, retry_at: null, retry_kind: null, blocked_kind: null, last_error: null })
    .where('id', '=', configId)
    .where((where) => where.or([where('fruitless_tries', '>', 0), where('last_error', 'is not', null)]))
    .execute();
}

/** Trouble that passes: tried again at a time. Not where a person has changed the config since: it may be over. */
export async function noteRetry(
  db: Db,
  config: Pick<SyncConfig, 'id' | 'updated_at'>,
  error: LastError,
  retry: { at: Date; kind: 'backoff' | 'rate_limited' },
): Promise<void> {
  await db
    .updateTable('tracker_config')
    .set({
      last_error: JSON.stringify(error),
      retry_at: retry.at,
      retry_kind: retry.kind,
      fruitless_tries: sql<number>`fruitless_tries + 1`,
    })
    .where('id', '=', config.id)
    .where('updated_at', '=', config.updated_at)
    .execute();
}

/**
 * Trouble that only a person can mend. Not where a person has changed the config since: then it is over already.
 */
export async function noteBlocked(
  db: Db,
  config: Pick<SyncConfig, 'id' | 'updated_at'>,
  error: LastError,
  kind: ErrorKind,
): Promise<void> {
  await db
    .updateTable('tracker_config')
    .set({ last_error: JSON.stringify(error), blocked_kind: kind, retry_at: null, retry_kind: null })
    .where('id', '=', config.id)
    .where('updated_at', '=', config.updated_at)
    .execute();
}

/** One more refusal of a resource; answers how many there are now, and whether another resource answers. */
export async function noteRefusal(
  db: Db,
  configId: string,
  resource: Resource,
): Promise<{ refusals: number; othersAnswer: boolean }> {
  const row = await db
    .updateTable('tracker_resource')
    .set({ refusals: sql<number>`refusals + 1`, asked_at: sql<Date>`now()` })
    .where('tracker_config_id', '=', configId)
    .where('resource', '=', resource)
    .returning('refusals')
    .executeTakeFirst();
  const others = await db
    .selectFrom('tracker_resource')
    .select('resource')
    .where('tracker_config_id', '=', configId)
    .where('resource', '<>', resource)
    .where('state', '=', 'ok')
    .execute();
  return { refusals: row?.refusals ?? 1, othersAnswer: others.length > 0 };
}

/**
 * A resource that its tracker does not give. Its open windows are dropped; when it answers again, all of it is read.
 */
export async function markUnavailable(db: Db, configId: string, resource: Resource, reason: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('tracker_resource')
      .set({ state: 'unavailable', reason, read_to: null, asked_at: sql<Date>`now()` })
      .where('tracker_config_id', '=', configId)
      .where('resource', '=', resource)
      .execute();
    await tx
      .deleteFrom('sync_window')
      .where('tracker_config_id', '=', configId)
      .where(sql`resource`, '=', resource)
      .where('state', '<>', 'done')
      .execute();
    await tx
      .updateTable('tracker_config')
      .set({ fruitless_tries: 0, retry_at: null, retry_kind: null, last_error: null })
      .where('id', '=', configId)
      .execute();
  });
}
