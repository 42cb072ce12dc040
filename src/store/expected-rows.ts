// How many rows a run's windows will have, as far as the tracker's daily totals tell: for the estimate alone.
import { sql } from 'kysely';
import { LOG_RESOURCES } from '../core/resources.ts';
import type { Db } from './db.ts';

export interface RowsOfDay {
  /** UTC. */
  day: string;
  clicks: number;
  conversions: number;
}

/** Notes that it was asked. A window gets its share of each of its days; days that are not told are empty, unless none is told. */
export async function setExpectedRows(db: Db, runId: string, days: readonly RowsOfDay[]): Promise<void> {
  const told = LOG_RESOURCES.flatMap((resource) =>
    days.map((day) => ({ resource, day: day.day, rows: day[resource] })),
  );
  await db.transaction().execute(async (tx) => {
    if (told.length > 0) {
      await sql`
        with told as (
          select resource, rows, day::timestamp at time zone 'UTC' as starts_at, (day + 1)::timestamp at time zone 'UTC' as ends_at
          from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as t (resource text, day date, rows bigint)
        ), part as (
          select w.id, w.resource, starts_at, told.rows,
            extract(epoch from least(w.to_at, ends_at) - greatest(w.from_at, starts_at)) as seconds
          from sync_window w join told on told.resource = w.resource and w.from_at < ends_at and w.to_at > starts_at
          where w.run_id = ${runId}
        ), share as (
          select id, sum(rows * seconds / day_seconds) as rows
          from (select *, sum(seconds) over (partition by resource, starts_at) as day_seconds from part) p group by id
        )
        update sync_window w set expected_rows = round(coalesce((select rows from share where share.id = w.id), 0))
        where w.run_id = ${runId} and w.state <> 'done'`.execute(tx);
    }
    await tx.updateTable('run').set({ expected_at: sql<Date>`now()` }).where('id', '=', runId).execute();
  });
}
