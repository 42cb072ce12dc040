// Statuses that a tracker names by itself: where it has one meaning for all that it does not know, they are written down as met.
import { type Kysely, sql } from 'kysely';
import type { ConversionStatus } from '../core/statuses.ts';
import type { Database } from './db.ts';
import type { SyncConfig } from './sync-state.ts';

/** What is in the map already stays, above all what a person has said. */
export async function learnStatuses(
  db: Kysely<Database>,
  config: Pick<SyncConfig, 'id' | 'organization_id'>,
  words: ReadonlySet<string>,
  meaning: ConversionStatus | undefined,
): Promise<void> {
  if (meaning === undefined || words.size === 0) return;
  await sql`
    insert into status_map (tracker_config_id, organization_id, raw_status, status)
    select ${config.id}, ${config.organization_id}, word, ${meaning}
    from (select distinct lower(told) as word from unnest(${[...words]}::text[]) told) met
    where not exists (select from status_map m where m.tracker_config_id = ${config.id} and m.raw_status = word)
    on conflict do nothing`.execute(db);
}
