// How fresh a report is: up to when all is in, and whose newest rows are missing.
import { sql } from 'kysely';
import { configIsStale } from './config-state.ts';
import type { Tx } from './db.ts';

interface ReportFreshness {
  /** Everything before this moment is in, but for those behind; of them, where all are. Null while nothing is. */
  asOf: Date | null;
  /** Configs whose newest rows are missing: stale, paused, waiting for a person, or not read to the end yet. */
  behind: string[];
}

/** How far the configs that a report speaks of are read; all of the organisation's where none is named. */
export async function reportFreshness(tx: Tx, configIds: readonly string[] | null): Promise<ReportFreshness> {
  let query = tx
    .selectFrom('tracker_config')
    .select(['tracker_config.id', configIsStale.as('isStale'), 'first_synced_at as firstSyncedAt'])
    .select(sql<boolean>`desired_state = 'paused' or blocked_kind is not null`.as('isHalted'))
    .select((eb) =>
      eb
        .selectFrom('tracker_resource')
        .select((inner) => inner.fn.min('read_to').as('readTo'))
        .whereRef('tracker_config_id', '=', 'tracker_config.id')
        .where('resource', 'in', ['clicks', 'conversions'])
        .where('tracker_resource.state', '<>', 'unavailable')
        .as('readTo'),
    )
    .where('desired_state', '<>', 'deleting');
  if (configIds !== null) query = query.where('tracker_config.id', 'in', configIds);
  const configs = await query.orderBy('created_at').execute();
  const { late = [], current = [] } = Object.groupBy(configs, ({ isStale, firstSyncedAt, isHalted }) =>
    isStale || firstSyncedAt === null || isHalted ? 'late' : 'current',
  );
  // One that is paused for weeks does not make the others' figures old.
  const told = current.length > 0 ? current : late;
  const times = told.flatMap(({ readTo }) => (readTo === null ? [] : [readTo.getTime()]));
  return {
    asOf: times.length === 0 ? null : new Date(Math.min(...times)),
    behind: late.map(({ id }) => id),
  };
}
