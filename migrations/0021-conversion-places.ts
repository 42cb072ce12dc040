// Conversions take from their click all that they do not tell themselves: their sums are made anew.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into rollup_mark (organization_id, tracker_config_id, source, hour)
    select distinct organization_id, tracker_config_id, 'conversion', hour_of(at) from conversion_hour`.execute(db);
}
