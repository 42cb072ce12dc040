// Many quiet configs: whether every cycle is kept, how late cycles begin, and how much of the machine it takes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { HOUR_MS, MINUTE_MS } from '../src/core/windows.ts';
import { wakeWorkflow } from '../src/temporal.ts';
import { seedFleet } from './fleet-seed.ts';
import { forget, type Hub } from './hub.ts';
import { cpuSecondsOf, memoryOf } from './processes.ts';

export interface FleetAsk {
  configs: number;
  intervalMinutes: number;
  /** How long it is looked at, once all workflows run. */
  minutes: number;
}

export interface FleetResult extends FleetAsk {
  expected: number;
  kept: number;
  cyclesPerSecond: number;
  /** Seconds from a slot to its cycle's beginning. */
  lateness: { median: number; p99: number; max: number };
  /** Cores used over the time looked at. */
  cores: { worker: number; temporal: number; postgres: number; all: number };
  workerMb: number;
}

const STARTS_AT_ONCE = 20;
const GRACE_MS = 20_000;
const LOOK_EVERY_MS = 5_000;
const CHECKS_EVERY_MS = 10_000;
const PROGRAMS = ['worker', 'temporal', 'postgres'] as const;

export async function measureFleet(hub: Hub, ask: FleetAsk): Promise<FleetResult> {
  await forget(hub);
  // Frozen: there is nothing new, whenever it is asked.
  const ledger = await hub.openLedger({
    ...{ name: `fleet-${ask.configs}`, clicks: 200, conversions: 20, campaigns: 1 },
    frozenAt: new Date().toISOString(),
  });
  const ids = await seedFleet(hub, ledger, ask.configs, ask.intervalMinutes);
  await startWorkflows(hub, ids);
  const checks = setInterval(() => void checksFallDue(hub, ask).catch(() => {}), CHECKS_EVERY_MS);
  try {
    return { ...ask, ...(await lookedAt(hub, ask)) };
  } finally {
    clearInterval(checks);
  }
}

/** As many hourly checks fall due as in any other minutes of an hour; by themselves all do when the hour begins. */
async function checksFallDue(hub: Hub, { configs }: FleetAsk): Promise<void> {
  const share = Math.round((configs * CHECKS_EVERY_MS) / HOUR_MS);
  await hub.db.query(
    `update tracker_config set totals_fresh_at = totals_fresh_at - interval '1 hour'
    where id in (select id from tracker_config order by totals_checked_at nulls first limit $1)`,
    [share],
  );
}

async function lookedAt(hub: Hub, ask: FleetAsk): Promise<Omit<FleetResult, keyof FleetAsk>> {
  // The first round fills caches and plans.
  await sleep(Math.min(ask.intervalMinutes, 3) * MINUTE_MS);
  await untilStarted(hub, ask);
  const from = new Date();
  const before = PROGRAMS.map((program) => cpuSecondsOf(hub.pidOf(program)));
  await sleep(ask.minutes * MINUTE_MS);
  const used = PROGRAMS.map((program, i) => (cpuSecondsOf(hub.pidOf(program)) - before[i]!) / (ask.minutes * 60));
  const to = new Date();
  await sleep(GRACE_MS);
  const [worker, temporal, postgres] = used as [number, number, number];
  return {
    ...(await cyclesOf(hub, from, to, ask)),
    cores: { worker, temporal, postgres, all: worker + temporal + postgres },
    workerMb: memoryOf(hub.pidOf('worker')) ?? 0,
  };
}

/** Until what fell due during the start of all at once is done; after a whole interval it is not the start that is late. */
async function untilStarted(hub: Hub, { configs, intervalMinutes }: FleetAsk): Promise<void> {
  const overdue = `select count(*)::int as n from tracker_config where next_sync_at < now() - interval '5 seconds'`;
  const until = Date.now() + intervalMinutes * MINUTE_MS;
  while (Date.now() < until) {
    const { n } = (await hub.db.query(overdue)).rows[0] as { n: number };
    if (n <= configs / 1_000) return;
    await sleep(LOOK_EVERY_MS);
  }
}

async function startWorkflows(hub: Hub, ids: readonly string[]): Promise<void> {
  const { port } = JSON.parse(readFileSync(join(hub.dataDir, 'temporal-ports.json'), 'utf8')) as { port: number };
  const connection = await Connection.connect({ address: `127.0.0.1:${port}` });
  const client = new Client({ connection });
  const left = [...ids];
  const starter = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) await wakeWorkflow(client, id);
  };
  await Promise.all(Array.from({ length: STARTS_AT_ONCE }, starter));
  await connection.close();
}

/** A slot of a config counts as kept when a cycle for exactly it was carried out. */
async function cyclesOf(hub: Hub, from: Date, to: Date, ask: FleetAsk) {
  const { rows } = await hub.db.query(
    `select count(*)::int as kept,
      percentile_cont(0.5) within group (order by extract(epoch from started_at - slot_at))::float8 as median,
      percentile_cont(0.99) within group (order by extract(epoch from started_at - slot_at))::float8 as p99,
      max(extract(epoch from started_at - slot_at))::float8 as max
    from (select distinct on (tracker_config_id, slot_at) * from run
      where kind = 'cycle' and state = 'done' and slot_at > $1 and slot_at <= $2
      order by tracker_config_id, slot_at, started_at) cycle`,
    [from, to],
  );
  const { kept, ...lateness } = rows[0] as { kept: number; median: number; p99: number; max: number };
  const { rows: slots } = await hub.db.query(
    // Slots lie one interval apart, each config's own offset from the next one that it told.
    `select sum(floor(extract(epoch from $2::timestamptz - next_sync_at) / $3)
        - floor(extract(epoch from $1::timestamptz - next_sync_at) / $3))::int as expected
    from tracker_config where desired_state = 'active'`,
    [from, to, ask.intervalMinutes * 60],
  );
  return { expected: slots[0].expected as number, kept, cyclesPerSecond: kept / (ask.minutes * 60), lateness };
}
