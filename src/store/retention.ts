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

export async function dropOldClicks(db: Db, keepDays: number): Promise<void> {
  const configs = await db.selectFrom('tracker_config').select(['id', 'organization_id']).execute();
  for (const config of configs) {
    while ((await dropBatch(db, config, keepDays)) === ROWS_A_BATCH);
  }
}

/** A config's clicks are all in one partition: no other is opened, and there `ctid` alone tells the row. */
async function dropBatch(db: Db, config: { id: string; organization_id: string }, keepDays: number): Promise<number> {
  const deleted = await sql`
    delete from click where tracker_config_id = ${config.id} and ctid = any(array(
      select ctid from click where tracker_config_id = ${config.id} and organization_id = ${config.organization_id}
        and clicked_at < now() - make_interval(days => ${keepDays}) limit ${ROWS_A_BATCH}))`.execute(db);
  return Number(deleted.numAffectedRows ?? 0n);
}
