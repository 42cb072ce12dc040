// The answers of a report under way, by what was asked: kept while its next page has to wait for its turn.
import { sql } from 'kysely';
import type { Json } from '../core/resources.ts';
import type { Db } from './db.ts';

export interface KeptAnswers {
  /** When the latest of them was given. */
  since: Date;
  answers: Map<string, Json>;
}

export async function readAnswers(db: Db, configId: string): Promise<KeptAnswers | null> {
  const { rows } = await sql<{ since: Date; answers: string }>`
    select since, answers from report_answers where tracker_config_id = ${configId}`.execute(db);
  const row = rows[0];
  return row === undefined ? null : { since: row.since, answers: new Map(JSON.parse(row.answers)) };
}

export async function keepAnswers(db: Db, configId: string, { since, answers }: KeptAnswers): Promise<void> {
  await sql`
    insert into report_answers (tracker_config_id, since, answers) values (${configId}, ${since}, ${JSON.stringify([...answers])})
    on conflict (tracker_config_id) do update set since = excluded.since, answers = excluded.answers`.execute(db);
}

export async function dropAnswers(db: Db, configId: string): Promise<void> {
  await sql`delete from report_answers where tracker_config_id = ${configId}`.execute(db);
}
