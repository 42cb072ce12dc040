// What an honest estimate needs: rows expected of a window, and the pace of a run's last minutes.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table sync_window add column expected_rows bigint;
    alter table run
      add column expected_at timestamptz(3),
      add column pace_rows double precision not null default 0,
      add column pace_windows double precision not null default 0,
      add column pace_ms double precision not null default 0,
      add column paced_at timestamptz(3);
  `.execute(db);
}
