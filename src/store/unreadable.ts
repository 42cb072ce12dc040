// Rows that could not be read: set aside once each, with the reason, so that none vanishes.
import { hash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Resource, UnreadableRow } from '../core/resources.ts';
import type { Database } from './db.ts';
import type { Owner } from './page-format.ts';

const LONGEST_RAW = 20_000;

/** A row seen again keeps its first sighting. */
export async function setAside(
  db: Kysely<Database>,
  owner: Owner & { runId: string | null },
  resource: Resource,
  rows: readonly UnreadableRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const byHash = new Map(
    rows.map(({ reason, raw }) => {
      const kept = raw.replaceAll('\0', '').toWellFormed().slice(0, LONGEST_RAW);
      return [hash('md5', kept), { reason, raw: kept }];
    }),
  );
  const values = [...byHash].map(([raw_hash, { reason, raw }]) => ({
    organization_id: owner.organizationId,
    tracker_config_id: owner.configId,
    run_id: owner.runId,
    resource,
    reason,
    raw,
    raw_hash,
  }));
  await db
    .insertInto('unreadable_row')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['tracker_config_id', 'resource', 'raw_hash']).doUpdateSet({ seen_at: sql<Date>`now()` }),
    )
    .execute();
}
