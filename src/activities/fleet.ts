// Care for all configs at once: wakes that were lost, partitions ahead, retention, credentials under an old key.

import { hasWholeClickLog } from '../adapters/index.ts';
import { dropExpiredSignIns } from '../store/attempts.ts';
import { dropOldDeeds } from '../store/audit.ts';
import { dropOldBudgets } from '../store/call-budgets.ts';
import { overdueConfigs } from '../store/overdue.ts';
import { dropOldRequestPartitions, ensureRequestPartitions } from '../store/requests.ts';
import { dropOldClicks, dropOldWindows } from '../store/retention.ts';
import { cleanRollups } from '../store/rollups.ts';
import type { HasClickLog } from '../store/rollups-spend.ts';
import { dropOldSpendChanges } from '../store/spend-changes.ts';
import { freeParked, resealAll } from '../store/vault-rotation.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Where many are late, the load is the reason and not their wakes: telling all of them would be most of the load. The
 * latest few are told, and of the others only those start that are missing.
 */
const MOST_NUDGED = 50;
const MOST_STARTED = 500;

/** @returns how many were told, or started where they were missing */
export async function wakeOverdue(deps: Dependencies): Promise<number> {
  const opened = await freeParked(deps.db, deps.vault);
  const overdue = await overdueConfigs(deps.db);
  const nudged = new Set([...opened, ...overdue.slice(0, MOST_NUDGED)]);
  const started = overdue.filter((id) => !nudged.has(id)).slice(0, MOST_STARTED);
  for (const configId of nudged) await deps.nudge(configId);
  for (const configId of started) await deps.startMissing(configId);
  if (overdue.length > 0) deps.logger.info({ configs: overdue.length }, 'configs are overdue');
  return nudged.size + started.length;
}

export async function keepHouse(deps: Dependencies): Promise<void> {
  const { db, retention, vault } = deps;
  const now = deps.clock();
  await ensureRequestPartitions(db, now);
  await dropOldRequestPartitions(db, now, retention.requestDays);
  await dropOldWindows(db);
  await dropOldBudgets(db);
  await dropExpiredSignIns(db);
  await dropOldDeeds(db);
  await dropOldSpendChanges(db);
  if (retention.clickDays !== null) await dropOldClicks(db, retention.clickDays);
  await resealAll(db, vault);
}

const CLEANING_MS = 20_000;

/** Sums anew what was written since. @returns how many hours of configs */
export function cleanSums(deps: Dependencies, signal: AbortSignal): Promise<number> {
  const endsAt = deps.clock().getTime() + CLEANING_MS;
  const isOver = () => signal.aborted || deps.clock().getTime() >= endsAt;
  const hasLog: HasClickLog = (type) => {
    const adapter = deps.adapterFor(type);
    return adapter === undefined || hasWholeClickLog(adapter);
  };
  return cleanRollups(deps.db, isOver, hasLog);
}
