// Runs as slices carry them out: opened, counted page by page, ended; what a person can look up afterwards.
import { type Kysely, type Selectable, sql } from 'kysely';
import type { LastError } from '../core/errors.ts';
import type { JsonObject, LogResource } from '../core/resources.ts';
import type { RunKind } from '../core/sync.ts';
import type { Range } from '../core/windows.ts';
import type { Database } from './db.ts';
import type { SyncConfig } from './sync-state.ts';
import type { RunTable } from './tables.ts';

export interface OpenRun {
  id: string;
  kind: RunKind;
  state: 'queued' | 'running';
  resources: string[];
  range: Range | null;
  slotAt: Date | null;
  /** False where all that is left of it belongs to resources that are left out for now. */
  isReady: boolean;
  /** Whether it was asked how many rows are to come. */
  isExpected: boolean;
  /** How far a catalog pass is; windows have checkpoints of their own. */
  cursor: JsonObject | null;
}

/** The open runs of a config, the one that waited longest for its turn first. */
export async function openRuns(db: Kysely<Database>, configId: string, now = new Date()): Promise<OpenRun[]> {
  const rows = await db
    .selectFrom('run')
    .selectAll()
    .select(
      // Nothing open means that it can begin, or end.
      sql<boolean>`not exists (select from sync_window w where w.run_id = run.id and w.state <> 'done')
        or exists (select from sync_window w join tracker_resource r using (tracker_config_id, resource)
          where w.run_id = run.id and w.state <> 'done' and coalesce(r.retry_at <= ${now}, true))`.as('is_ready'),
    )
    .where('tracker_config_id', '=', configId)
    .where('state', 'in', ['queued', 'running'])
    .orderBy(sql`worked_at asc nulls first`)
    .orderBy('queued_at')
    .execute();
  return rows.map((row) => openRunOf(row, row.is_ready));
}

const openRunOf = (row: Selectable<RunTable>, isReady: boolean): OpenRun => ({
  id: row.id,
  kind: row.kind,
  state: row.state as 'queued' | 'running',
  resources: row.resources,
  range: row.range_from !== null && row.range_to !== null ? { from: row.range_from, to: row.range_to } : null,
  slotAt: row.slot_at,
  isExpected: row.expected_at !== null,
  cursor: row.cursor,
  isReady,
});

export interface NewRun {
  kind: RunKind;
  resources: readonly LogResource[] | readonly string[];
  range: Range | null;
  slotAt?: Date;
}

/** Null where a run of this kind is open already and only one may be. */
export async function addRun(
  db: Kysely<Database>,
  config: Pick<SyncConfig, 'id' | 'organization_id'>,
  run: NewRun,
): Promise<string | null> {
  const added = await db
    .insertInto('run')
    .values({
      organization_id: config.organization_id,
      tracker_config_id: config.id,
      kind: run.kind,
      resources: [...run.resources],
      range_from: run.range?.from ?? null,
      range_to: run.range?.to ?? null,
      slot_at: run.slotAt ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return added?.id ?? null;
}

/**
 * Begins the cycle that is asked for, or a new one.
 * @returns null where one is under way already: who comes second must not plan its windows once more
 */
export async function beginCycle(
  tx: Kysely<Database>,
  config: Pick<SyncConfig, 'id' | 'organization_id'>,
  { resources, range, slotAt }: Omit<NewRun, 'kind'>,
): Promise<OpenRun | null> {
  const begun = {
    state: 'running' as const,
    resources: [...resources],
    range_from: range?.from ?? null,
    range_to: range?.to ?? null,
    slot_at: slotAt ?? null,
    started_at: sql<Date>`now()`,
    worked_at: sql<Date>`now()`,
  };
  const row = await tx
    .insertInto('run')
    .values({ organization_id: config.organization_id, tracker_config_id: config.id, kind: 'cycle', ...begun })
    .onConflict((conflict) =>
      conflict
        .column('tracker_config_id')
        .where(sql<boolean>`kind = 'cycle' and state in ('queued', 'running')`)
        .doUpdateSet(begun)
        .where('run.state', '=', 'queued'),
    )
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : openRunOf(row, true);
}

/** @returns whether it was still to be begun: who comes second must not plan its windows once more */
export async function isQueued(tx: Kysely<Database>, runId: string): Promise<boolean> {
  const run = await tx
    .selectFrom('run')
    .select('id')
    .where('id', '=', runId)
    .where('state', '=', 'queued')
    .forUpdate()
    .executeTakeFirst();
  return run !== undefined;
}

export async function beginRun(db: Kysely<Database>, runId: string): Promise<void> {
  await db
    .updateTable('run')
    .set({
      state: 'running',
      started_at: sql<Date>`coalesce(started_at, now())`,
      worked_at: sql<Date>`now()`,
      // What lay between two slices, be it a pause or a worker that died, is no part of the pace.
      paced_at: sql<Date>`case when paced_at is not null then clock_timestamp() end`,
    })
    .where('id', '=', runId)
    .where('state', 'in', ['queued', 'running'])
    .execute();
}

export async function saveRunCursor(db: Kysely<Database>, runId: string, cursor: object): Promise<void> {
  await db
    .updateTable('run')
    .set({ cursor: JSON.stringify(cursor) })
    .where('id', '=', runId)
    .execute();
}

export interface RunCounts {
  requests: number;
  rowsRead: number;
  rowsWritten: number;
  rowsUnchanged: number;
  rowsUnreadable: number;
  firstUnreadableReason: string | null;
  /** Windows that these rows began; their way to the database is counted into the pace. Absent where none is measured. */
  windowsBegun?: number;
}

export function runCounted(db: Kysely<Database>, runId: string, counts: RunCounts) {
  return db
    .updateTable('run')
    .set({
      requests: sql<number>`requests + ${counts.requests}`,
      rows_read: sql<number>`rows_read + ${counts.rowsRead}`,
      rows_written: sql<number>`rows_written + ${counts.rowsWritten}`,
      rows_unchanged: sql<number>`rows_unchanged + ${counts.rowsUnchanged}`,
      rows_unreadable: sql<number>`rows_unreadable + ${counts.rowsUnreadable}`,
      first_unreadable_reason: sql<string>`coalesce(first_unreadable_reason, ${counts.firstUnreadableReason})`,
      ...(counts.windowsBegun === undefined ? {} : paced(counts.rowsRead, counts.windowsBegun)),
    })
    .where('id', '=', runId);
}

/** The past fades with this: an estimate goes by the last minutes. */
const PACE_FADES_MS = 120_000;
/** A longer gap was a pause or an outage: no part of the pace. */
const LONGEST_GAP_MS = 120_000;

function paced(rows: number, windows: number) {
  const gapMs = sql`extract(epoch from clock_timestamp() - paced_at)::float8 * 1000`;
  const after = (column: string, more: unknown) => sql<number>`case when ${gapMs} <= ${LONGEST_GAP_MS}::float8
    then ${sql.ref(column)} * exp(-(${gapMs}) / ${PACE_FADES_MS}::float8) + ${more} else ${sql.ref(column)} end`;
  return {
    pace_rows: after('pace_rows', sql`${rows}::float8`),
    pace_windows: after('pace_windows', sql`${windows}::float8`),
    pace_ms: after('pace_ms', gapMs),
    paced_at: sql<Date>`clock_timestamp()`,
  };
}

/**
 * Ends a run that has nothing left to read.
 * @returns false where it has, or had ended already: what it leaves behind has been settled by who ended it
 */
export async function endReadRun(db: Kysely<Database>, runId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update run set state = 'done', finished_at = now(), started_at = coalesce(started_at, now()), error = null
    where id = ${runId} and state in ('queued', 'running')
      and not exists (select from sync_window w where w.run_id = run.id and w.state <> 'done')`.execute(db);
  return numAffectedRows === 1n;
}

/** @returns false where it had ended already */
export async function endRun(
  db: Kysely<Database>,
  runId: string,
  state: 'done' | 'failed' | 'cancelled',
  error: LastError | null = null,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('run')
    .set({
      state,
      finished_at: sql<Date>`now()`,
      started_at: sql<Date>`coalesce(started_at, now())`,
      error: error === null ? null : JSON.stringify(error),
    })
    .where('id', '=', runId)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Trouble of a run that goes on: shown beside it. */
export async function noteRunTrouble(
  db: Kysely<Database>,
  runId: string,
  requests: number,
  error: LastError | null,
): Promise<void> {
  await db
    .updateTable('run')
    .set({
      requests: sql<number>`requests + ${requests}`,
      ...(error === null ? {} : { error: JSON.stringify(error) }),
    })
    .where('id', '=', runId)
    .execute();
}
