// The budgets that connections share, and who waits for a turn: read with the permit, changed only if nobody else has meanwhile.
import { sql } from 'kysely';
import { type BudgetState, NO_BUDGET } from '../core/call-budget.ts';
import type { LastError } from '../core/errors.ts';
import type { Db } from './db.ts';
import { LEASE_SECONDS, type LeaseHolder, mayCall } from './leases.ts';

/** What is known of a budget; `version` 0 where there is none yet. */
export interface Budget {
  version: number;
  state: BudgetState;
}

/** A tracker that does not answer: nobody calls until `openUntil`, and then one, until it is known how that went. */
export interface Outage {
  failures: number;
  openUntil: number;
  probeUntil: number;
  error: LastError;
}

export interface Surroundings extends Budget {
  /** The time that all workers share, in milliseconds since 1970. */
  now: number;
  outage: Outage | null;
  /** Whether we are among those who wait. */
  isWaiting: boolean;
  /** By what they wait for: those who began to wait before us. Who rests still counts for a rate. */
  before: Record<string, number>;
}

const NOW = (now: Date | null) => sql`coalesce(${now}::timestamptz, clock_timestamp())`;
const MS = (time: ReturnType<typeof sql>) => sql`(extract(epoch from ${time}) * 1000)::float8`;

/**
 * The permit of the lease (as `mayCall` gives it) and all that decides on a turn, in one statement. It writes nothing
 * while the lease has long to go: whoever holds it renews it.
 * @param now null for the database's clock, which all workers share
 * @returns null where no call may be made: paused, superseded, changed
 */
export async function lookAround(
  db: Db,
  holder: LeaseHolder,
  keys: { budget: string; outage: string },
  now: Date | null,
): Promise<Surroundings | null> {
  const { rows } = await sql<{
    now: number;
    version: number | null;
    state: BudgetState | null;
    outage: Outage | null;
    is_waiting: boolean;
    before: Record<string, number> | null;
  }>`
    select ${MS(sql`clock.at`)} as now,
      (select version from call_budget where key = ${keys.budget}),
      (select state from call_budget where key = ${keys.budget}),
      (select jsonb_build_object('failures', failures, 'error', error, 'openUntil', coalesce(${MS(sql`open_until`)}, 0),
        'probeUntil', coalesce(${MS(sql`probe_until`)}, 0)) from outage where key = ${keys.outage}) as outage,
      exists (select from call_waiter own where own.budget_key = ${keys.budget} and own.tracker_config_id = l.tracker_config_id)
        as is_waiting,
      (select jsonb_object_agg(waits_for, n) from (
        select waits_for, count(*) as n from call_waiter w
        where w.budget_key = ${keys.budget} and w.tracker_config_id <> l.tracker_config_id and w.until > clock.at
          and (w.awake_from <= clock.at or w.waits_for <> 'place')
          and w.since < coalesce((select since from call_waiter own where own.budget_key = w.budget_key
            and own.tracker_config_id = l.tracker_config_id and own.until > clock.at), 'infinity')
        group by waits_for) waiting) as before
    from sync_lease l join tracker_config c on c.id = l.tracker_config_id cross join (select ${NOW(now)} as at) clock
    where l.tracker_config_id = ${holder.configId} and l.token = ${holder.token}
      and l.until > now() + make_interval(secs => ${LEASE_SECONDS / 2})
      and c.desired_state = 'active' and c.updated_at = ${holder.changedAt}`.execute(db);
  const found = rows[0];
  if (found === undefined) return (await mayCall(db, holder)) ? lookAround(db, holder, keys, now) : null;
  const { now: at, version, state, outage, is_waiting, before } = found;
  const budget = { version: version ?? 0, state: state ?? NO_BUDGET };
  return { ...budget, now: at, outage, isWaiting: is_waiting, before: before ?? {} };
}

/** @returns the new version; null where somebody was faster */
export async function changeBudget(db: Db, key: string, { version, state }: Budget): Promise<number | null> {
  const given = JSON.stringify(state);
  const { rows } =
    version === 0
      ? await sql<{ version: number }>`
          insert into call_budget (key, version, state) values (${key}, 1, ${given}) on conflict do nothing returning version`.execute(
          db,
        )
      : await sql<{ version: number }>`
          update call_budget set version = version + 1, state = ${given}, changed_at = now()
          where key = ${key} and version = ${version} returning version`.execute(db);
  return rows[0]?.version ?? null;
}

/** With the time that all share. */
export async function readBudget(db: Db, key: string): Promise<Budget & { now: number }> {
  const { rows } = await sql<{ now: number; version: number; state: BudgetState | null }>`
    select ${MS(sql`clock_timestamp()`)} as now, coalesce(version, 0) as version, state
    from (select) here left join call_budget on key = ${key}`.execute(db);
  const { now, version, state } = rows[0]!;
  return { now, version, state: state ?? NO_BUDGET };
}

/**
 * Changes what is there, whoever else changes it at the same time.
 * @param known what was there when last looked
 * @returns what is there now
 */
export async function amendBudget(
  db: Db,
  key: string,
  known: Budget | null,
  change: (state: BudgetState) => BudgetState,
): Promise<Budget> {
  for (let budget: Budget = known ?? (await readBudget(db, key)); ; budget = await readBudget(db, key)) {
    const state = change(budget.state);
    if (state === budget.state) return budget;
    const version = await changeBudget(db, key, { version: budget.version, state });
    if (version !== null) return { version, state };
  }
}

/** Keeps the place in the queue; who was there once keeps the time of that. Times in milliseconds since 1970. */
export async function wait(
  db: Db,
  key: string,
  configId: string,
  waiting: { for: string; now: number; awakeFrom: number; until: number },
): Promise<void> {
  const at = (ms: number) => new Date(ms);
  await sql`
    insert into call_waiter as w (budget_key, tracker_config_id, waits_for, since, awake_from, until)
    values (${key}, ${configId}, ${waiting.for}, ${at(waiting.now)}, ${at(waiting.awakeFrom)}, ${at(waiting.until)})
    on conflict (budget_key, tracker_config_id) do update set waits_for = excluded.waits_for,
      since = case when w.until > excluded.since then w.since else excluded.since end,
      awake_from = excluded.awake_from, until = excluded.until`.execute(db);
}

export async function stopWaiting(db: Db, key: string, configId: string): Promise<void> {
  await sql`delete from call_waiter where budget_key = ${key} and tracker_config_id = ${configId}`.execute(db);
}

/** What nobody has touched for a day. */
export async function dropOldBudgets(db: Db): Promise<void> {
  await sql`delete from call_budget where changed_at < now() - interval '1 day'`.execute(db);
  await sql`delete from call_waiter where until < now() - interval '1 day'`.execute(db);
  await sql`delete from outage where failed_at < now() - interval '1 day'`.execute(db);
}
