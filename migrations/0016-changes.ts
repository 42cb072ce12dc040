// What moved since a time is found by when it was seen.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index conversion_change_seen_idx on conversion_change (organization_id, seen_at)`.execute(db);
}
