// What a config needs next, decided from the database alone, so that the workflow need carry nothing but the answer.

import { type CheckFacts, dueCheck } from '../core/reconciliation.ts';
import { shiftOf, slotAfter, slotAt } from '../core/slots.ts';
import type { RunKind, Step, WorkKind } from '../core/sync.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/windows.ts';
import { configState } from './config-state.ts';
import type { Db } from './db.ts';
import { isAsked, readResources } from './resource-state.ts';
import { type OpenRun, openRuns } from './runs.ts';
import type { SyncConfig } from './sync-state.ts';

const CATALOG_EVERY_MS = HOUR_MS;
/** Two machines' clocks differ by less: what lies further ahead was written by one that was wrong, and binds nobody. */
const CLOCKS_DIFFER_MS = MINUTE_MS;

/** Runs that take turns when no cycle is due. */
const WORK_OF: Partial<Record<RunKind, WorkKind>> = {
  catalog: 'catalog',
  backfill: 'backfill',
  reread: 'reread',
  resync: 'resync',
};

export async function nextStep(db: Db, configId: string, now: Date): Promise<Step> {
  const config = await db
    .selectFrom('tracker_config')
    .select(['id', 'type', 'organization_id', 'settings', 'desired_state', 'blocked_kind', 'last_error'])
    .select(['retry_at', 'retry_kind'])
    .select(['last_slot_at', 'catalog_read_at', 'backfill_from', 'backfill_to', 'created_at', configState.as('state')])
    .select(['first_synced_at', 'totals_fresh_at', 'totals_all_fresh_at', 'totals_reread_id'])
    .where('id', '=', configId)
    .executeTakeFirst();
  if (config === undefined) return { kind: 'gone' };
  const facts = {
    trackerType: config.type,
    organizationId: config.organization_id,
    state: config.state,
    lastErrorKind: config.last_error?.kind ?? null,
    attributes: [],
  };
  const work = (kind: WorkKind, details: string): Step => ({ kind: 'work', work: kind, facts, details });
  const rest = (until: Date | null, due: WorkKind | null, details: string): Step => ({
    ...{ kind: 'rest', facts, details, due },
    until: until?.toISOString() ?? null,
  });

  if (config.desired_state === 'deleting') return work('delete', 'Deleting its rows');
  if (config.desired_state === 'paused') return rest(null, null, 'Paused');
  if (config.blocked_kind !== null) return rest(null, null, `Needs attention: ${config.blocked_kind}`);
  const intervalMs = intervalOf(config.settings);
  // No wait of our own choice is longer than an interval.
  const isRetryTooFar = config.retry_kind === 'backoff' && isTooFar(config.retry_at, now, intervalMs);
  if (config.retry_at !== null && config.retry_at > now && !isRetryTooFar) {
    const isTurn = config.retry_kind === 'turn' && config.last_error === null;
    return rest(
      config.retry_at,
      null,
      isTurn ? 'Waiting for its turn' : `Trying again after ${config.last_error?.kind ?? 'trouble'}`,
    );
  }
  const runs = await openRuns(db, configId, now);
  const lastSlotAt = lastSlotOf(config);
  const isOpen = (kind: RunKind): boolean => runs.some((run) => run.kind === kind);
  const isCycleDue = isOpen('cycle') || isSlotOver(config, now);
  if (isCycleDue && config.backfill_from !== null) return work('cycle', 'Reading what is new');
  const catalogAgeMs = now.getTime() - (config.catalog_read_at?.getTime() ?? 0);
  const isCatalogOld = catalogAgeMs >= CATALOG_EVERY_MS || isTooFar(config.catalog_read_at, now);
  if (isCatalogOld && !isOpen('catalog')) return work('catalog', 'Reading the catalog');
  if (isBackfillMissing(config)) return work('backfill', 'Planning the backfill');
  // What is being read can neither be compared nor asked for once more.
  const isRead = config.first_synced_at !== null && !isOpen('backfill') && !isOpen('reread');
  if (isRead && dueCheck(checkFactsOf(config)) !== null) {
    const states = await readResources(db, configId);
    if (isAsked(states.get('totals'), now)) return work('reconcile', "Comparing with the tracker's own totals");
  }
  const turn = runs.find((run: OpenRun) => WORK_OF[run.kind] !== undefined && run.isReady);
  if (turn !== undefined) return work(WORK_OF[turn.kind]!, `Reading a ${turn.kind}`);
  const until = slotAfter(configId, new Date(Math.max(now.getTime(), lastSlotAt.getTime())), intervalMs);
  return rest(until, 'quickCycle', 'Up to date');
}

const isTooFar = (at: Date | null, now: Date, mostMs = 0): boolean =>
  at !== null && at.getTime() > now.getTime() + mostMs + CLOCKS_DIFFER_MS;

type SlotFacts = Pick<SyncConfig, 'id' | 'last_slot_at' | 'created_at' | 'settings'>;

const lastSlotOf = ({ id, last_slot_at, created_at, settings }: SlotFacts): Date =>
  last_slot_at ?? slotAt(id, created_at, intervalOf(settings));

/** A slot has come that no cycle was carried out for. */
export function isSlotOver(config: SlotFacts, now: Date): boolean {
  const last = lastSlotOf(config);
  return slotAt(config.id, now, intervalOf(config.settings)) > last || isTooFar(last, now);
}

export const checkFactsOf = (
  config: Pick<
    SyncConfig,
    'id' | 'last_slot_at' | 'backfill_to' | 'totals_fresh_at' | 'totals_all_fresh_at' | 'totals_reread_id'
  >,
): CheckFacts => ({
  freshAt: config.last_slot_at ?? config.backfill_to,
  checkedFreshAt: config.totals_fresh_at,
  allCheckedFreshAt: config.totals_all_fresh_at,
  rereadId: config.totals_reread_id,
  shiftMs: shiftOf(config.id),
});

export const intervalOf = (settings: { syncIntervalMinutes?: unknown }): number =>
  Number(settings.syncIntervalMinutes ?? 15) * MINUTE_MS;

export const backfillDaysOf = (settings: { backfillDays?: unknown }): number => Number(settings.backfillDays ?? 30);

/** Never planned, or the history wanted now begins before what was planned: then only the missing part is read. */
function isBackfillMissing(config: {
  backfill_from: Date | null;
  backfill_to: Date | null;
  settings: object;
}): boolean {
  if (config.backfill_from === null || config.backfill_to === null) return true;
  const wantedFrom = config.backfill_to.getTime() - backfillDaysOf(config.settings) * DAY_MS;
  return wantedFrom < config.backfill_from.getTime();
}
