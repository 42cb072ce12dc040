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

/** Notes that it was asked. A window gets its share of its days; those that are not told are empty, unless none is told. */
export async function setExpectedRows(db: Db, runId: string, days: readonly RowsOfDay[]): Promise<void> {
  const told = LOG_RESOURCES.flatMap((resource) =>
    days.map((day) => ({ resource, day: day.day, rows: day[resource] })),
  );
  await db.transaction().execute(async (tx) => {
    if (told.length > 0) {
      await sql`
        with part as (
          select w.id, w.resource, d::date as day, extract(epoch from
            least(w.to_at at time zone 'UTC', d + interval '1 day') - greatest(w.from_at at time zone 'UTC', d)) as seconds
          from sync_window w, generate_series(date_trunc('day', w.from_at at time zone 'UTC'),
            w.to_at at time zone 'UTC' - interval '1 microsecond', interval '1 day') d
          where w.run_id = ${runId}
        ), day as (
          select resource, day, sum(seconds) as seconds from part group by resource, day
        ), told as (
          select * from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as t (resource text, day date, rows bigint)
        ), expected as (
          select part.id, round(sum(coalesce(told.rows, 0) * part.seconds / day.seconds)) as rows
          from part join day using (resource, day) left join told using (resource, day) group by part.id
        )
        update sync_window w set expected_rows = expected.rows
        from expected where w.id = expected.id and w.state <> 'done'`.execute(tx);
    }
    await tx.updateTable('run').set({ expected_at: sql<Date>`now()` }).where('id', '=', runId).execute();
  });
}
