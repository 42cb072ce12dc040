// Commands are rows: pause, resume, sync now, re-sync. The workflow reads them when it is woken, or when it next looks.
import { sql } from 'kysely';
import type { LogResource } from '../core/resources.ts';
import type { Range } from '../core/windows.ts';
import { askAgain, TROUBLE_CLEARED } from './configs-change.ts';
import { ConfigConflict } from './configs-conflict.ts';
import type { Tx } from './db.ts';

const MOST_OPEN_RESYNCS = 20;

/** @returns whether anything changed */
export async function pauseConfig(tx: Tx, configId: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('tracker_config')
    .set({ desired_state: 'paused', updated_at: sql<Date>`now()` })
    .where('id', '=', configId)
    .where('desired_state', '=', 'active')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Also the way out of `needs_attention` for who mended something at the tracker itself. */
export async function resumeConfig(tx: Tx, configId: string): Promise<void> {
  await tx
    .updateTable('tracker_config')
    .set({ desired_state: 'active', ...TROUBLE_CLEARED, updated_at: sql<Date>`now()` })
    .where('id', '=', configId)
    .where('desired_state', '<>', 'deleting')
    .execute();
  await askAgain(tx, configId);
}

/**
 * Queues a cycle, or finds the one that is open already. A wait that we chose ourselves ends; one that the tracker
 * asked for (429) stays.
 * @returns the run's id
 */
export async function requestSync(tx: Tx, config: { id: string; organizationId: string }): Promise<string> {
  await tx
    .updateTable('tracker_config')
    .set({ retry_at: null, retry_kind: null })
    .where('id', '=', config.id)
    .where('retry_kind', 'in', ['backoff', 'turn'])
    .execute();
  // The open one may end between the two statements; then the second try queues a new one.
  for (let attempt = 0; attempt < 3; attempt++) {
    const { rows } = await sql<{ id: string }>`
      insert into run (organization_id, tracker_config_id, kind) values (${config.organizationId}::uuid, ${config.id}::uuid, 'cycle')
      on conflict (tracker_config_id) where kind = 'cycle' and state in ('queued', 'running') do nothing
      returning id`.execute(tx);
    const id = rows[0]?.id ?? (await openCycle(tx, config.id));
    if (id !== null) return id;
  }
  throw new Error('the open cycle could not be found');
}

async function openCycle(tx: Tx, configId: string): Promise<string | null> {
  const run = await tx
    .selectFrom('run')
    .select('id')
    .where('tracker_config_id', '=', configId)
    .where('kind', '=', 'cycle')
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  return run?.id ?? null;
}

/**
 * Queues a range to be read again. The cursor of the ordinary sync stays where it is.
 * @returns the run's id
 * @throws ConfigConflict `too_many_resyncs`
 */
export async function requestResync(
  tx: Tx,
  config: { id: string; organizationId: string },
  range: Range,
  resources: readonly LogResource[],
): Promise<string> {
  const open = await tx
    .selectFrom('run')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('tracker_config_id', '=', config.id)
    .where('kind', '=', 'resync')
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow();
  if (open.count >= MOST_OPEN_RESYNCS) {
    throw new ConfigConflict('too_many_resyncs', `${MOST_OPEN_RESYNCS} re-syncs of this tracker are open already.`);
  }
  const run = await tx
    .insertInto('run')
    .values({
      organization_id: config.organizationId,
      tracker_config_id: config.id,
      kind: 'resync',
      resources: [...resources],
      range_from: range.from,
      range_to: range.to,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return run.id;
}
