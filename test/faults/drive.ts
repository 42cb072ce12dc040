// Drives an account as its workflow would, its clock jumping over every rest, until it is up to date.
import { expect } from 'vitest';
import { LOG_RESOURCES } from '../../src/core/resources.ts';
import type { Step } from '../../src/core/sync.ts';
import { HOUR_MS, readableUntil } from '../../src/core/windows.ts';
import { changeConfig } from '../../src/store/configs-change.ts';
import { openRuns } from '../../src/store/runs.ts';
import { type Account, INTERVAL_MS } from './account.ts';
import { troubleEndOf } from './checks.ts';

export const MOST_STEPS = 400;
/** What a few rests are longer by. */
const MOMENTS_MS = 100;

/** Works until everything since the last trouble is in: within two intervals of it. */
export async function becomeCurrent(account: Account): Promise<void> {
  let since = account.time.now().getTime();
  let step = await account.activities.plan(account.configId);
  for (let steps = 0; ; steps++) {
    if (steps > MOST_STEPS) throw new Error(`still at work after ${steps} steps: ${JSON.stringify(step)}`);
    const trouble = await lastTroubleOf(account, since);
    const missing = await missingSince(account, new Date(trouble));
    if (missing === null) return;
    // Refused three times running before it ever answered: not given, by design, and shown so.
    if (missing.includes('unavailable')) {
      await changeConnection(account);
      since = account.time.now().getTime();
      step = await account.activities.plan(account.configId);
      continue;
    }
    const late = account.time.now().getTime() - trouble - 2 * INTERVAL_MS;
    if (late > MOMENTS_MS)
      throw new Error(`not current ${late / 1_000} s after two intervals since the last trouble: ${missing}`);
    step = await carryOut(account, step);
  }
}

/** The next cycle, and whatever else is due with it. */
export async function oneMore(account: Account): Promise<void> {
  await pass(account, INTERVAL_MS);
  await becomeCurrent(account);
}

/** An hour on, and all that is due by then: the comparison with the tracker's totals, and what is read again because of it. */
export async function compared(account: Account): Promise<void> {
  await pass(account, HOUR_MS);
  let step = await account.activities.plan(account.configId);
  for (let steps = 0; step.kind === 'work'; steps++) {
    if (steps > MOST_STEPS) throw new Error(`still at work after ${steps} steps: ${JSON.stringify(step)}`);
    step = await carryOut(account, step);
  }
  await becomeCurrent(account);
}

/** With `FAULT_TRACE` each step is told: what it is, and when. */
export async function carryOut(account: Account, step: Step): Promise<Step> {
  const { activities, configId, time } = account;
  if (process.env.FAULT_TRACE) process.stderr.write(`${time.now().toISOString()} ${JSON.stringify(step)}\n`);
  if (step.kind === 'gone') throw new Error('the config is gone');
  if (step.kind === 'work') return activities[step.work](configId);
  if (step.until === null) throw new Error(`nothing to wait for: ${step.details}`);
  // A moment more: what is waited for may be told in parts of a millisecond.
  await pass(account, Math.max(0, Date.parse(step.until) - time.now().getTime()) + 1);
  return step.due === null ? activities.plan(configId) : activities[step.due](configId);
}

export async function pass({ time, ledger }: Account, ms: number): Promise<void> {
  const to = new Date(time.now().getTime() + ms);
  await ledger.setClock({ freezeAt: to.toISOString() });
  time.jumpTo(to);
}

/** What a person does with one PATCH: the credentials once more. */
export async function changeConnection({ ground, configId, credentials }: Account): Promise<void> {
  const isThere = await ground.db
    .transaction()
    .execute((tx) => changeConfig(tx, ground.vault, configId, { credentials }));
  expect(isThere).toBe(true);
}

async function lastTroubleOf({ ledger, faults, time }: Account, since: number): Promise<number> {
  const hit = (await ledger.requests()).filter(({ fault }) => fault !== null);
  return Math.max(since, ...hit.map((request) => troubleEndOf(request, faults, time)));
}

/** What is not as it should be for a config that is up to date since a moment; null where nothing is. */
async function missingSince({ ground: { db }, configId, adapter }: Account, since: Date): Promise<string | null> {
  const config = await db
    .selectFrom('tracker_config')
    .select(['blocked_kind', 'first_synced_at'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  if (config.blocked_kind !== null) return `blocked: ${config.blocked_kind}`;
  const rows = await db
    .selectFrom('tracker_resource')
    .select(['resource', 'state', 'read_to', 'reason'])
    .where('tracker_config_id', '=', configId)
    .execute();
  const logs = LOG_RESOURCES.filter((name) => adapter.logs[name] !== undefined);
  const states = logs.map((resource) => rows.find((row) => row.resource === resource)!);
  const ungiven = states.find(({ state }) => state === 'unavailable');
  if (ungiven !== undefined) return `${ungiven.resource}: unavailable, ${ungiven.reason}`;
  if (config.first_synced_at === null) return 'the backfill';
  const open = (await openRuns(db, configId)).filter(({ kind }) => kind !== 'catalog' && kind !== 'cycle');
  if (open.length > 0) return `open: ${open.map(({ kind, state }) => `${kind} ${state}`).join(', ')}`;
  const behind = states.find(({ read_to }) => read_to === null || read_to < readableUntil(since));
  return behind === undefined ? null : `${behind.resource} since ${behind.read_to?.toISOString()}, ${behind.reason}`;
}
