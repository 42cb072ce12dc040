// Reads unchanged days again: what it costs in time, and what it writes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pace } from './backfill.ts';
import type { Hub } from './hub.ts';

export interface Reread extends Pace {
  rowsWritten: number;
  /** Bytes for 100,000 rows read; checkpoints, runs, the journal of calls and full-page images are not counted. */
  walPer100k: number;
}

interface Run {
  id: string;
  state: string;
  startedAt: string;
  finishedAt: string;
  rowsRead: number;
  rowsWritten: number;
}

export async function measureReread(hub: Hub, configId: string, range: { from: Date; to: Date }): Promise<Reread> {
  await hub.db.query('create extension if not exists pg_walinspect');
  // What the load before has left to the vacuum is not the re-read's.
  await hub.db.query('vacuum (analyze) click, conversion');
  await hub.db.query('checkpoint');
  const from = await walPosition(hub);
  const { id } = await hub.api<Run>(`/trackers/${configId}/resync`, {
    method: 'POST',
    body: { from: range.from.toISOString(), to: range.to.toISOString(), resources: ['clicks'] },
  });
  await untilDone(hub, id);
  const wal = await walBetween(hub, from, await walPosition(hub));
  const { items } = await hub.api<{ items: Run[] }>(`/trackers/${configId}/runs?kind=resync`);
  const run = items.find((one) => one.id === id)!;
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1_000;
  return {
    ...{ rows: run.rowsRead, rowsPerSecond: run.rowsRead / seconds, rowsWritten: run.rowsWritten },
    walPer100k: (wal / run.rowsRead) * 100_000,
  };
}

async function untilDone(hub: Hub, runId: string): Promise<void> {
  const ask = `select 1 from run where id = $1 and state = 'done'`;
  while ((await hub.db.query(ask, [runId])).rowCount === 0) await sleep(100);
}

const walPosition = async (hub: Hub): Promise<string> =>
  (await hub.db.query('select pg_current_wal_lsn() as at')).rows[0].at as string;

/** Of all records but those of the server's own housekeeping and those that touch the tables that keep the books. */
async function walBetween(hub: Hub, from: string, to: string): Promise<number> {
  const { rows } = await hub.db.query(
    `with books as (
      select oid from pg_class where relname ~ '^(sync_window|run|tracker_request(_\\d{4}_\\d\\d_\\d\\d)?)$' and relkind in ('r', 'p')
    ), files as (
      select c.relfilenode from pg_class c where c.oid in (select oid from books)
      union select c.relfilenode from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid in (select oid from books)
      union select t.relfilenode from pg_class c join pg_class t on t.oid = c.reltoastrelid where c.oid in (select oid from books)
    )
    select coalesce(sum(record_length - fpi_length), 0)::float8 as bytes from pg_get_wal_records_info($1, $2) record
    where resource_manager not in ('XLOG', 'Standby') and not exists (
      select from pg_get_wal_block_info($1, $2) block
      where block.start_lsn = record.start_lsn and block.relfilenode in (select relfilenode from files))`,
    [from, to],
  );
  return rows[0].bytes as number;
}
