// Windows and their checkpoints: planned for a run, read newest first, advanced only by who saw their last state.
import { type Kysely, sql } from 'kysely';
import type { JsonObject, LogResource } from '../core/resources.ts';
import type { Range } from '../core/windows.ts';
import type { Database, Db } from './db.ts';

export interface SyncWindow {
  id: string;
  runId: string;
  resource: LogResource;
  range: Range;
  cursor: JsonObject | null;
  cursorAt: Date | null;
  seq: number;
  isFresh: boolean;
  rows: number;
  /** As far as the tracker tells. */
  expectedRows: number | null;
}

export interface PlannedWindow {
  id?: string;
  resource: LogResource;
  range: Range;
  /** Nothing in its range was ever written. */
  isFresh: boolean;
  expectedRows?: number | null;
}

export interface RunOwner {
  id: string;
  configId: string;
  organizationId: string;
}

/** Another attempt has moved this checkpoint, or the config is going: what was read must not be written. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

export async function planWindows(
  db: Kysely<Database>,
  run: RunOwner,
  windows: readonly PlannedWindow[],
): Promise<void> {
  if (windows.length === 0) return;
  await db
    .insertInto('sync_window')
    .values(
      windows.map(({ id, resource, range, isFresh, expectedRows = null }) => ({
        ...(id === undefined ? {} : { id }),
        organization_id: run.organizationId,
        tracker_config_id: run.configId,
        run_id: run.id,
        resource,
        from_at: range.from,
        to_at: range.to,
        is_fresh: isFresh,
        expected_rows: expectedRows,
      })),
    )
    .execute();
}

/** What of a run is still to be read: begun ones first, then the newest. */
export async function openWindows(
  db: Db,
  runId: string,
  resources: readonly string[],
  limit: number,
): Promise<SyncWindow[]> {
  if (resources.length === 0) return [];
  const rows = await db
    .selectFrom('sync_window')
    .selectAll()
    .where('run_id', '=', runId)
    .where('state', '<>', 'done')
    .where('resource', 'in', resources as LogResource[])
    .orderBy(sql`state = 'running'`, 'desc')
    .orderBy('to_at', 'desc')
    .orderBy('resource', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    resource: row.resource,
    range: { from: row.from_at, to: row.to_at },
    cursor: row.cursor,
    cursorAt: row.cursor_at,
    seq: row.seq,
    isFresh: row.is_fresh,
    rows: row.rows,
    expectedRows: row.expected_rows,
  }));
}

export interface WindowAdvance {
  /** The next page's place, null where the window is read to its end. */
  cursor: JsonObject | null;
  coveredTo: Date;
  rows: number;
  isFresh: boolean;
  /** What is known by now; absent where nothing new is. */
  expectedRows?: number | null;
  /** Where the window now ends, when it was cut. */
  to: Date;
  /** The window is to be read from its start again. */
  restarts?: boolean;
}

/**
 * Moves a checkpoint on, from exactly the state that was read.
 * @throws Superseded where it has moved meanwhile
 */
export async function advanceWindow(db: Kysely<Database>, window: SyncWindow, advance: WindowAdvance): Promise<void> {
  const isDone = advance.cursor === null && advance.restarts !== true;
  const moved = await db
    .updateTable('sync_window')
    .set({
      state: isDone ? 'done' : 'running',
      cursor: advance.cursor === null ? null : JSON.stringify(advance.cursor),
      cursor_at: sql<Date>`now()`,
      covered_to: sql<Date>`greatest(covered_to, ${isDone ? advance.to : advance.coveredTo}::timestamptz)`,
      to_at: advance.to,
      seq: window.seq + 1,
      rows: sql<number>`rows + ${advance.rows}`,
      is_fresh: advance.isFresh,
      ...(advance.expectedRows === undefined ? {} : { expected_rows: advance.expectedRows }),
      started_at: sql<Date>`coalesce(started_at, now())`,
      finished_at: isDone ? sql<Date>`now()` : null,
    })
    .where('id', '=', window.id)
    .where('seq', '=', window.seq)
    .where('state', '<>', 'done')
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n) throw new Superseded(`window ${window.id} has moved on`);
}

/** Locks the config against deletion for the length of a transaction; false where it is going, or gone. */
export async function isKept(db: Kysely<Database>, configId: string): Promise<boolean> {
  const held = await sql`
    select 1 from tracker_config where id = ${configId} and desired_state <> 'deleting' for key share`.execute(db);
  return held.rows.length > 0;
}

/** @throws Superseded where the config is going: what was read for it must not be written */
export async function holdConfig(db: Kysely<Database>, configId: string): Promise<void> {
  if (!(await isKept(db, configId))) throw new Superseded(`config ${configId} is going`);
}
