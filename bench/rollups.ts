// What roll-ups cost: the pace of a whole backfill with them and without, in turn, and how long the sums of its rows take.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerAccess } from '../simulator/hosted-ledgers.ts';
import { createDb } from '../src/store/db.ts';
import { cleanRollups } from '../src/store/rollups.ts';
import { measureBackfill } from './backfill.ts';
import type { Hub } from './hub.ts';

const CLICKS = 1_500_000;

export interface RollupCosts {
  /** Rows per second of each round. */
  withThem: number[];
  without: number[];
  /** Of one process, for a million clicks, beside nothing else. */
  secondsPerMillion: number[];
}

export async function measureRollups(hub: Hub, rounds: number): Promise<RollupCosts> {
  const ledger = await hub.openLedger({
    ...{ name: 'rollups', clicks: CLICKS, conversions: 60_000, growthPerDay: 0 },
    frozenAt: new Date().toISOString(),
  });
  const costs: RollupCosts = { withThem: [], without: [], secondsPerMillion: [] };
  for (let round = 0; round < rounds; round++) {
    costs.without.push(await withoutMarks(hub, () => paceOf(hub, ledger)));
    costs.withThem.push(await paceOf(hub, ledger));
    costs.secondsPerMillion.push(await sumAnew(hub));
    console.log(JSON.stringify(costs));
  }
  return costs;
}

async function paceOf(hub: Hub, ledger: LedgerAccess): Promise<number> {
  const { rowsPerSecond } = await measureBackfill(hub, ledger);
  // What is still to be summed must not fall into the next round.
  await untilSummed(hub);
  return rowsPerSecond;
}

async function untilSummed(hub: Hub): Promise<void> {
  const db = createDb(hub.databaseUrl, { max: 1 });
  while ((await cleanRollups(db)) > 0) await sleep(100);
  await db.destroy();
}

/** No mark is kept, so that there is nothing to be summed. */
async function withoutMarks<T>(hub: Hub, work: () => Promise<T>): Promise<T> {
  await hub.db.query(`
    create function bench_forget_mark() returns trigger language plpgsql as 'begin return null; end';
    create trigger no_marks before insert on rollup_mark for each row execute function bench_forget_mark()`);
  try {
    return await work();
  } finally {
    await hub.db.query('drop trigger no_marks on rollup_mark; drop function bench_forget_mark()');
  }
}

async function sumAnew(hub: Hub): Promise<number> {
  const { rows } = await hub.db.query('select count(*)::int as clicks from click');
  await hub.db.query(`
    insert into rollup_mark (organization_id, tracker_config_id, source, hour)
    select distinct organization_id, tracker_config_id, 'click', hour_of(clicked_at) from click
    union select distinct organization_id, tracker_config_id, 'conversion', hour_of(at)
    from conversion, unnest(array[clicked_at, converted_at]) at where at is not null`);
  const startedAt = performance.now();
  await untilSummed(hub);
  return ((performance.now() - startedAt) / 1_000) * (1_000_000 / rows[0].clicks);
}
