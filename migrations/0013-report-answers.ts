// What a tracker has answered of a report that takes longer than one slice may wait.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table report_answers (
      tracker_config_id uuid primary key references tracker_config (id) on delete cascade,
      since timestamptz(3) not null,
      answers text not null
    )
  `.execute(db);
}
