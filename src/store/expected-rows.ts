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

/** Notes that it was asked. A window gets its share of its day; days that are not told are empty, unless none is told. */
export async function setExpectedRows(db: Db, runId: string, days: readonly RowsOfDay[]): Promise<void> {
  const told = LOG_RESOURCES.flatMap((resource) =>
    days.map((day) => ({ resource, day: day.day, rows: day[resource] })),
  );
  await db.transaction().execute(async (tx) => {
    if (told.length > 0) {
      await sql`
        with day as (
          select resource, (from_at at time zone 'UTC')::date as day, sum(extract(epoch from to_at - from_at)) as seconds
          from sync_window where run_id = ${runId} group by 1, 2
        ), told as (
          select * from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as t (resource text, day date, rows bigint)
        )
        update sync_window w
        set expected_rows = round(coalesce(told.rows, 0) * extract(epoch from w.to_at - w.from_at) / day.seconds)
        from day left join told using (resource, day)
        where w.run_id = ${runId} and w.state <> 'done'
          and day.resource = w.resource and day.day = (w.from_at at time zone 'UTC')::date`.execute(tx);
    }
    await tx.updateTable('run').set({ expected_at: sql<Date>`now()` }).where('id', '=', runId).execute();
  });
}
