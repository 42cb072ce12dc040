// What a page leaves behind beside its rows, in one statement: its resource, its run's counts, its calls on record.
import { type Kysely, sql } from 'kysely';
import type { Resource, UnreadableRow } from '../core/resources.ts';
import type { Database } from './db.ts';
import { type RequestEntry, requestsMade } from './requests.ts';
import { resourceRead } from './resource-state.ts';
import { type RunCounts, runCounted } from './runs.ts';
import type { SyncConfig } from './sync-state.ts';

export interface PageJournal {
  resource: Resource;
  variant: string | null;
  at: Date;
  inserted: number;
  counts: Omit<RunCounts, 'requests' | 'rowsUnreadable' | 'firstUnreadableReason'>;
  unreadable: readonly UnreadableRow[];
  calls: readonly RequestEntry[];
}

export async function notePage(
  tx: Kysely<Database>,
  config: Pick<SyncConfig, 'id' | 'organization_id'>,
  runId: string,
  { resource, counts, unreadable, calls, ...found }: PageJournal,
): Promise<void> {
  const counted = {
    ...counts,
    requests: calls.length,
    rowsUnreadable: unreadable.length,
    firstUnreadableReason: unreadable[0]?.reason ?? null,
  };
  const noted = tx
    .with('resource_noted', () => resourceRead(tx, config, resource, found))
    .with('run_noted', () => runCounted(tx, runId, counted));
  const owner = { organizationId: config.organization_id, configId: config.id, runId };
  const all = calls.length === 0 ? noted : noted.with('calls_noted', () => requestsMade(tx, owner, calls));
  await all.selectNoFrom(sql`1`.as('one')).execute();
}
