// In which currency a day's money was compared, where that is not the account's.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table reconciliation_figure add column cost_currency text, add column revenue_currency text`.execute(
    db,
  );
}
