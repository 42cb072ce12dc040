// Where a config's sync stands, as slices read and write it: its row, and its trouble.
import { type Kysely, sql } from 'kysely';
import type { ErrorKind, LastError } from '../core/errors.ts';
import type { JsonObject } from '../core/resources.ts';
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
  last_error: LastError | null;
  /** The latest check against the tracker's own totals. */
  totals_checked_at: Date | null;
  /** How fresh ours was then, and at the latest check of all days. */
  totals_fresh_at: Date | null;
  totals_all_fresh_at: Date | null;
  /** A re-read that a check asked for, until its days are checked again. */
  totals_reread_id: string | null;
  created_at: Date;
  /** When a person last changed it. */
  updated_at: Date;
}

const CONFIG_COLUMNS = [
  ...(['id', 'organization_id', 'type', 'url', 'settings', 'credentials_sealed', 'credentials_version'] as const),
  ...(['desired_state', 'backfill_from', 'backfill_to', 'first_synced_at', 'last_slot_at'] as const),
  ...(['catalog_read_at', 'fruitless_tries', 'last_error', 'created_at', 'updated_at'] as const),
  ...(['totals_checked_at', 'totals_fresh_at', 'totals_all_fresh_at', 'totals_reread_id'] as const),
];

export async function readSyncConfig(db: Db, configId: string): Promise<SyncConfig | null> {
  const row = await db
    .selectFrom('tracker_config')
    .select(CONFIG_COLUMNS)
    .where('id', '=', configId)
    .executeTakeFirst();
  return row ?? null;
}

/** As it was when the slice began: what the slice itself runs into is noted when it ends. */
export const isTroubled = (config: Pick<SyncConfig, 'fruitless_tries' | 'last_error'>): boolean =>
  config.fruitless_tries > 0 || config.last_error !== null;

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

/** Others have the turn until then; with the trouble of one of them, where the tracker answers nobody, unless there is own trouble. */
export async function noteTurn(
  db: Db,
  config: Pick<SyncConfig, 'id' | 'updated_at'>,
  turn: { until: Date; error: LastError | null },
): Promise<void> {
  await db
    .updateTable('tracker_config')
    .set({
      retry_at: turn.until,
      retry_kind: 'turn',
      last_error: sql<string>`coalesce(last_error, ${turn.error === null ? null : JSON.stringify(turn.error)}::jsonb)`,
    })
    .where('id', '=', config.id)
    .where('updated_at', '=', config.updated_at)
    .execute();
}

/** What a tracker asked us to wait stands whatever a person has changed meanwhile. */
export async function noteAskedWait(db: Db, configId: string, until: Date): Promise<void> {
  await db
    .updateTable('tracker_config')
    .set({
      retry_at: sql<Date>`greatest(case when retry_kind = 'rate_limited' then retry_at end, ${until}::timestamptz)`,
      retry_kind: 'rate_limited',
    })
    .where('id', '=', configId)
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
