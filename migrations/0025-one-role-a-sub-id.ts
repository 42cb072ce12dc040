// A sub-id carries one thing: of two roles that were given the same, the one that was confirmed last stays.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    delete from sub_id_map m using sub_id_map later
    where m.tracker_config_id = later.tracker_config_id and m.sub_id = later.sub_id
      and (m.updated_at, m.role) < (later.updated_at, later.role);
    alter table sub_id_map add constraint sub_id_map_one_role unique (tracker_config_id, sub_id);
  `)
    .execute(db);
}
