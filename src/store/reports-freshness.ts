// What a report's numbers rest on: up to when all is in and since when, whose newest rows are missing, who gives no click log.
import { sql } from 'kysely';
import { configIsStale } from './config-state.ts';
import type { Tx } from './db.ts';
import type { ReportAsk } from './reports-ask.ts';
import { isSpokenOf, leadsToAds } from './reports-configs.ts';
import { hasNoClicks } from './reports-untold.ts';

interface ReportFreshness {
  /** Everything before this moment is in, but for those behind; of them, where all are. Null while nothing is. */
  asOf: Date | null;
  /** Before it nothing was read of any of them. Null while nothing is. */
  since: Date | null;
  /** From it on all of them were. */
  wholeSince: Date | null;
  /** Configs whose newest rows are missing: stale, paused, waiting for a person, or not read to the end yet. */
  behind: string[];
  /** Configs without a complete click log: their daily totals tell clicks and cost. */
  totalsOnly: string[];
  /** Some of those lead to ads. */
  haveAds: boolean;
}

/** Of a first sync that is under way, what both logs were read from. */
const readSince = sql<Date | null>`(case when tracker_config.first_synced_at is not null then tracker_config.backfill_from else (
  select max(oldest) from (
    select min(from_at) as oldest from sync_window w
    where w.tracker_config_id = tracker_config.id and w.state = 'done' and w.resource in ('clicks', 'conversions') group by w.resource
  ) logs) end)`;

/** Of the configs that a report speaks of. */
export async function reportFreshness(
  tx: Tx,
  { filters, typesWithoutClickLog = [] }: Pick<ReportAsk, 'filters' | 'typesWithoutClickLog'>,
): Promise<ReportFreshness> {
  const query = tx
    .selectFrom('tracker_config')
    .select(['tracker_config.id', 'type', configIsStale.as('isStale'), 'first_synced_at as firstSyncedAt'])
    .select([readSince.as('since'), hasNoClicks.as('hasNoClicks'), leadsToAds.as('leadsToAds')])
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
  const ofTrackers = filters.filter(({ dimension }) => dimension === 'config' || dimension === 'trackerType');
  const some = await query.where(isSpokenOf(filters)).orderBy('created_at').execute();
  // Of a filter that nothing can meet no other tracker is known to be missing.
  const configs = some.length > 0 ? some : await query.where(isSpokenOf(ofTrackers)).orderBy('created_at').execute();
  const { late = [], current = [] } = Object.groupBy(configs, ({ isStale, firstSyncedAt, isHalted }) =>
    isStale || firstSyncedAt === null || isHalted ? 'late' : 'current',
  );
  // One that is paused for weeks does not make the others' figures old.
  const told = current.length > 0 ? current : late;
  const starts = configs.map(({ since }) => since);
  const totalsOnly = configs.filter(({ type, hasNoClicks: lacks }) => lacks || typesWithoutClickLog.includes(type));
  return {
    asOf: extreme(
      Math.min,
      told.map(({ readTo }) => readTo),
    ),
    since: extreme(Math.min, starts),
    wholeSince: extreme(Math.max, starts),
    behind: late.map(({ id }) => id),
    totalsOnly: totalsOnly.map(({ id }) => id),
    haveAds: totalsOnly.some(({ leadsToAds: leads }) => leads),
  };
}

function extreme(choose: (...times: number[]) => number, times: readonly (Date | null)[]): Date | null {
  const known = times.flatMap((time) => (time === null ? [] : [time.getTime()]));
  return known.length === 0 ? null : new Date(choose(...known));
}
