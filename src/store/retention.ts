// What is not kept for ever: checkpoints of finished small runs, and clicks where a limit is set.
import { CompiledQuery, sql } from 'kysely';
import type { Db } from './db.ts';
import { markTimes, placesOfConversions, turnOf } from './rollup-marks.ts';

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
const DROP_BATCH = `
  with gone as (
    delete from click where tracker_config_id = $1::uuid and ctid = any(array(
      select ctid from click where tracker_config_id = $1::uuid and organization_id = $2::uuid
        and clicked_at < now() - make_interval(days => $3::int) limit ${ROWS_A_BATCH}))
    returning external_id, clicked_at
  ),
  marked as (${markTimes(`select 'click' as source, clicked_at as at from gone union all ${placesOfConversions('gone w', ['w.clicked_at'])}`, '$2::uuid')})
  select count(*)::int as dropped from gone`;

async function dropBatch(db: Db, config: { id: string; organization_id: string }, keepDays: number): Promise<number> {
  const drop = async (tx: Db): Promise<number> => {
    await sql`select ${turnOf(config.id)}`.execute(tx);
    const asked = CompiledQuery.raw(DROP_BATCH, [config.id, config.organization_id, keepDays]);
    return (await tx.executeQuery<{ dropped: number }>(asked)).rows[0]!.dropped;
  };
  return db.isTransaction ? drop(db) : db.transaction().execute(drop);
}
