// Deletes a config that nobody wants any more: its rows in batches, then the config itself.

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Step } from '../core/sync.ts';
import type { Db } from '../store/db.ts';
import { acquireLease, releaseLease } from '../store/leases.ts';
import { nextStep } from '../store/plan.ts';
import { readSyncConfig } from '../store/sync-state.ts';
import type { Dependencies, Execution } from './dependencies.ts';
import { waitFor } from './slice.ts';

const ROWS_A_BATCH = 20_000;
/** Marks first: a cleaner that has seen them fails, and writes no sums behind our back. */
const TABLES = [
  ...['rollup_mark', 'click', 'conversion_change', 'conversion', 'unreadable_row', 'tracker_request'],
  ...['click_hour', 'click_day', 'conversion_hour', 'conversion_day', 'spend_hour', 'spend_day'],
  ...['reconciliation_day', 'reconciliation_figure', 'call_waiter'],
  ...['flow', 'campaign', 'offer', 'landing_page', 'traffic_source', 'affiliate_network'],
];

export async function deleteConfig(deps: Dependencies, execution: Execution, configId: string): Promise<Step> {
  const { db } = deps;
  const config = await readSyncConfig(db, configId);
  if (config === null || config.desired_state !== 'deleting') return nextStep(db, configId, deps.clock());
  const holder = {
    configId,
    organizationId: config.organization_id,
    token: randomUUID(),
    changedAt: config.updated_at,
  };
  const heldUntil = await acquireLease(db, holder);
  if (heldUntil !== null) return waitFor(await nextStep(db, configId, deps.clock()), heldUntil);
  const endsAt = deps.clock().getTime() + deps.sliceMs;
  try {
    await letPagesEnd(db, configId);
    for (const table of TABLES) {
      for (;;) {
        execution.heartbeat();
        const deleted = await sql`
          delete from ${sql.table(table)} where tracker_config_id = ${configId} and (tableoid, ctid) in (
            select tableoid, ctid from ${sql.table(table)} where tracker_config_id = ${configId} limit ${ROWS_A_BATCH})`.execute(
          db,
        );
        if (Number(deleted.numAffectedRows ?? 0n) < ROWS_A_BATCH) break;
        if (execution.signal.aborted || deps.clock().getTime() >= endsAt) return nextStep(db, configId, deps.clock());
      }
    }
    await db.deleteFrom('idempotency_key').where('tracker_config_id', '=', configId).execute();
    await db.deleteFrom('tracker_config').where('id', '=', configId).execute();
  } finally {
    await releaseLease(db, holder);
  }
  return { kind: 'gone' };
}

/** A page that is being written holds the row; whoever comes later is refused it. Without this, its rows would stay behind. */
async function letPagesEnd(db: Db, configId: string): Promise<void> {
  await sql`select 1 from tracker_config where id = ${configId} for update`.execute(db);
}
