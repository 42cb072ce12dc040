// Runs, their windows and their progress, as a person looks them up.
import { sql } from 'kysely';
import type { LastError } from '../core/errors.ts';
import type { LogResource } from '../core/resources.ts';
import type { RunKind, RunState } from '../core/sync.ts';
import type { Tx } from './db.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';

export interface RunRecord {
  id: string;
  kind: RunKind;
  state: RunState;
  resources: string[];
  from: Date | null;
  to: Date | null;
  queuedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  requests: number;
  rowsRead: number;
  rowsWritten: number;
  rowsUnchanged: number;
  rowsUnreadable: number;
  firstUnreadableReason: string | null;
  error: LastError | null;
}

export interface WindowRecord {
  resource: LogResource;
  from: Date;
  to: Date;
  state: 'planned' | 'running' | 'done';
  rows: number;
}

const MOST_WINDOWS = 5_000;

const selectRuns = (tx: Tx) =>
  tx
    .selectFrom('run')
    .select(['id', 'kind', 'state', 'resources', 'range_from as from', 'range_to as to', 'queued_at as queuedAt'])
    .select(['started_at as startedAt', 'finished_at as finishedAt', 'requests', 'rows_read as rowsRead'])
    .select(['rows_written as rowsWritten', 'rows_unchanged as rowsUnchanged', 'rows_unreadable as rowsUnreadable'])
    .select(['first_unreadable_reason as firstUnreadableReason', 'error']);

export async function findRun(tx: Tx, runId: string): Promise<RunRecord | null> {
  return (await selectRuns(tx).where('id', '=', runId).executeTakeFirst()) ?? null;
}

/** Newest first. */
export async function listRuns(
  tx: Tx,
  configId: string,
  kind: RunKind | undefined,
  { limit, after }: PageAsk,
): Promise<Page<RunRecord>> {
  let query = selectRuns(tx)
    .where('tracker_config_id', '=', configId)
    .orderBy('queued_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (after !== null) query = query.where(behind({ at: 'queued_at', id: 'id' }, after));
  return pageOf(await query.execute(), limit, ({ queuedAt, id }) => ({ at: queuedAt, id }));
}

/** Of the open runs; where none has windows, of the newest backfill. Newest range first. */
export async function listWindows(tx: Tx, configId: string): Promise<WindowRecord[]> {
  const { rows } = await sql<WindowRecord>`
    with shown as (
      select distinct r.id from run r join sync_window w on w.run_id = r.id
      where r.tracker_config_id = ${configId}::uuid and r.state in ('queued', 'running')
    ), latest as (
      select r.id from run r where r.tracker_config_id = ${configId}::uuid and r.kind = 'backfill'
      order by r.queued_at desc limit 1
    )
    select w.resource, w.from_at as "from", w.to_at as "to", w.state, w.rows
    from sync_window w
    where w.run_id in (select id from shown union select id from latest where not exists (select from shown))
    order by w.to_at desc, w.resource, w.from_at desc
    limit ${MOST_WINDOWS}`.execute(tx);
  return rows;
}

export interface RequestRecord {
  id: string;
  at: Date;
  configId: string | null;
  runId: string | null;
  resource: string | null;
  method: string;
  url: string;
  status: number | null;
  durationMs: number;
  bytes: number;
  error: string | null;
}

export interface RequestFilter {
  configId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** `ok`, `failed`, or three digits. */
  status?: string | undefined;
}

/** Every call to the trackers, newest first; of one config where one is named. */
export async function listRequests(
  tx: Tx,
  filter: RequestFilter,
  { limit, after }: PageAsk,
): Promise<Page<RequestRecord>> {
  let query = tx
    .selectFrom('tracker_request')
    .select(['id', 'at', 'tracker_config_id as configId', 'run_id as runId', 'resource', 'method', 'url', 'status'])
    .select(['duration_ms as durationMs', 'bytes', 'error'])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (filter.configId !== undefined) query = query.where('tracker_config_id', '=', filter.configId);
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('at', '<', filter.to);
  // What was not answered at all has failed too.
  const isOk = sql<boolean>`coalesce(status between 200 and 299 and error is null, false)`;
  if (filter.status === 'ok') query = query.where(isOk);
  else if (filter.status === 'failed') query = query.where(sql<boolean>`not ${isOk}`);
  else if (filter.status !== undefined) query = query.where('status', '=', Number(filter.status));
  if (after !== null) query = query.where(behind({ at: 'at', id: 'id' }, after));
  return pageOf(await query.execute(), limit, ({ at, id }) => ({ at, id }));
}
