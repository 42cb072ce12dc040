// Care for all configs at once: wakes that were lost, partitions ahead, retention, credentials under an old key.
import { overdueConfigs } from '../store/overdue.ts';
import { dropOldRequestPartitions, ensureRequestPartitions } from '../store/requests.ts';
import { dropOldClicks, dropOldWindows } from '../store/retention.ts';
import { freeParked, resealAll } from '../store/vault-rotation.ts';
import type { Dependencies } from './dependencies.ts';

/** @returns how many were woken */
export async function wakeOverdue(deps: Dependencies): Promise<number> {
  const opened = await freeParked(deps.db, deps.vault);
  const overdue = [...new Set([...opened, ...(await overdueConfigs(deps.db))])];
  for (const configId of overdue) await deps.nudge(configId);
  if (overdue.length > 0) deps.logger.info({ configs: overdue.length }, 'woke configs that were overdue');
  return overdue.length;
}

export async function keepHouse(deps: Dependencies): Promise<void> {
  const { db, retention, vault } = deps;
  const now = deps.clock();
  await ensureRequestPartitions(db, now);
  await dropOldRequestPartitions(db, now, retention.requestDays);
  await dropOldWindows(db);
  if (retention.clickDays !== null) await dropOldClicks(db, retention.clickDays);
  await resealAll(db, vault);
}
