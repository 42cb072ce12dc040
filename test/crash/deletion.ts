// A config that is deleted while it is read, and a process that dies meanwhile: at the end nothing of it is left.
import { sql } from 'kysely';
import { expect } from 'vitest';
import { until } from '../workflows/worker-process.ts';
import type { Connected, Hub } from './hub.ts';
import { configOf } from './invariants.ts';
import { becomesSynced, PATIENCE_MS, place, provoke, type Round, struck } from './round.ts';
import { workflowState } from './temporal-client.ts';

/** A deletion surely takes so many batches: one or more for each table. */
const BATCHES = 10;

/** Strikes while a page stands at the moment and the deletion has been ordered, and again while the rows go. */
export async function playDeletion(round: Round, isConnected: (config: Connected) => void): Promise<Connected> {
  const { hub, chance, moment } = round;
  const config = await hub.connect({ clicks: 800, conversions: 60 });
  isConnected(config);
  await becomesSynced(hub, config);
  const { configId } = config;
  const inDeletion =
    moment === 'before-report' ? { moment, nth: 1 } : { moment: 'after-rows', nth: chance.int(1, BATCHES) };
  const page = place(round, 'resync', configId);
  await struck(round, { ...inDeletion, phase: 'delete', configId }, () =>
    struck(
      round,
      page,
      () => provoke(hub, config, 'resync'),
      () => hub.ask('DELETE', `/api/v1/trackers/${configId}`),
    ),
  );
  await until(
    () => configOf(hub.db, configId),
    (row) => row === undefined,
    PATIENCE_MS,
  );
  return config;
}

/** Neither a row in any table nor a workflow. */
export async function expectNothingLeft(hub: Hub, { configId }: Connected): Promise<void> {
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
      and a.attname = 'tracker_config_id' and not a.attisdropped`.execute(hub.db);
  expect(tables.length).toBeGreaterThan(10);
  for (const { name } of tables) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(name)} where tracker_config_id = ${configId}`.execute(hub.db);
    expect(rows[0]!.count, `rows of a deleted config in ${name}`).toBe(0);
  }
  await until(
    () => workflowState(hub, configId),
    (state) => state !== 'RUNNING',
  );
}
