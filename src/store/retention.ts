// What is not kept for ever: checkpoints of finished small runs, and clicks where a limit is set.
import { sql } from 'kysely';
import type { Db } from './db.ts';

const WINDOW_DAYS = 7;
const RUN_DAYS = 90;
const ROWS_A_BATCH = 20_000;

/** Windows of cycles and re-reads are of use while they run; the backfill's stay as the map of what was read. */
export async function dropOldWindows(db: Db): Promise<void> {
  await sql`
    delete from sync_window w using run r
    where r.id = w.run_id and r.kind <> 'backfill' and r.finished_at < now() - make_interval(days => ${WINDOW_DAYS})`.execute(
    db,
  );
  await sql`
    delete from run where kind in ('cycle', 'catalog', 'reread') and finished_at < now() - make_interval(days => ${RUN_DAYS})`.execute(
    db,
  );
}

/** @param beat called between batches */
export async function dropOldClicks(db: Db, keepDays: number, beat: () => void): Promise<void> {
  for (;;) {
    const deleted = await sql`
      delete from click where (tableoid, ctid) in (
        select tableoid, ctid from click where clicked_at < now() - make_interval(days => ${keepDays}) limit ${ROWS_A_BATCH})`.execute(
      db,
    );
    beat();
    if (Number(deleted.numAffectedRows ?? 0n) < ROWS_A_BATCH) return;
  }
}
