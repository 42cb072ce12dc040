// One run of the sweep, from the connection to the last comparison, with the faults that its chance has drawn.
import { expect } from 'vitest';
import { openSession } from '../../src/adapters/session.ts';
import { settingsOf } from '../../src/adapters/settings.ts';
import { DAY_MS, readableUntil } from '../../src/core/windows.ts';
import { chanceOf } from '../crash/seed.ts';
import type { Ground } from '../sync/ground.ts';
import { type Account, closeAccount, INTERVAL_MS, lay, openAccount } from './account.ts';
import { expectFewAtOnce, expectPatience, expectRowsAndSums } from './checks.ts';
import { FOR_A_PERSON, LOSING, planOf } from './draw.ts';
import { becomeCurrent, carryOut, changeConnection, compared, MOST_STEPS, oneMore, pass } from './drive.ts';

/** How often each kind was thrown. */
export type Thrown = Record<string, number>;

export interface SweptFace {
  ground: Ground;
  name: string;
  /** A pattern of the paths that are asked for with a window: its logs, and its report. */
  logPaths: string;
}

/** A face when nothing is wrong: everything must hold then, too; and what it calls its logs. */
export async function lookAtFace(ground: Ground, name: string): Promise<SweptFace> {
  const chance = chanceOf(1, name);
  const account = await openAccount(ground, name, planOf(chance), chance);
  try {
    await becomeCurrent(account);
    await expectAll(account);
    const asked = (await account.ledger.requests()).filter(({ window }) => window !== null).map(({ path }) => path);
    const paths = [...new Set(asked)].map((path) => path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return { ground, name, logPaths: `^(${paths.join('|')})$` };
  } finally {
    await closeAccount(account);
  }
}

/**
 * Plays one run and checks what must hold.
 * @returns what was thrown; throws where something does not hold
 */
export async function playRun({ ground, name: face, logPaths }: SweptFace, seed: number, name: string) {
  const chance = chanceOf(seed, name);
  const account = await openAccount(ground, face, planOf(chance), chance);
  const { plan, ledger, time } = account;
  try {
    await lay(account, logPaths, plan.first);
    for (const { after, secondsAgo, count } of plan.arrivals) {
      const at = new Date(time.now().getTime() - secondsAgo * 1_000).toISOString();
      await ledger.overlayAfter(after, { kind: 'addClicks', at, count });
    }
    await becomeCurrent(account);
    await lay(account, logPaths, plan.later);
    await oneMore(account);
    if (plan.forPerson !== null) await askPerson(account, plan.forPerson);
    await ledger.clearFaults();
    await untilAllHasCome(account);
    await oneMore(account);
    const thrown = await thrownIn(account);
    if (Object.keys(thrown).some((kind) => LOSING.has(kind))) await compared(account);
    await expectAll(account);
    return thrown;
  } finally {
    await closeAccount(account);
  }
}

/** What comes in after so many requests must not come in while the end is looked at. */
async function untilAllHasCome(account: Account): Promise<void> {
  const most = Math.max(0, ...account.plan.arrivals.map(({ after }) => after));
  while ((await account.ledger.requests()).length <= most) await oneMore(account);
}

/** What only a person can mend is shown, nothing is asked meanwhile, and one change of the connection is enough. */
async function askPerson(account: Account, kind: keyof typeof FOR_A_PERSON): Promise<void> {
  const { ground, ledger, configId, activities, faults } = account;
  const fault = FOR_A_PERSON[kind]();
  const { id } = await ledger.addFault({ match: { times: null }, fault: fault.fault });
  faults.set(id, { name: kind, ...fault, nth: 1, isOfLogs: false });
  let step = await activities.plan(configId);
  for (let steps = 0; step.kind !== 'rest' || step.until !== null; steps++) {
    if (steps > MOST_STEPS) throw new Error(`${kind} is not shown after ${steps} steps`);
    step = await carryOut(account, step);
  }
  const shown = await ground.db
    .selectFrom('tracker_config')
    .select(['blocked_kind', 'last_error'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  const error = { hint: expect.stringMatching(/\S/) };
  expect(shown, kind).toMatchObject({ blocked_kind: expect.any(String), last_error: error });
  const asked = (await ledger.requests()).length;
  await pass(account, 10 * INTERVAL_MS);
  expect(await activities.plan(configId)).toMatchObject({ kind: 'rest', until: null });
  expect((await ledger.requests()).length, `asked although ${kind}`).toBe(asked);
  await ledger.clearFaults();
  await changeConnection(account);
  await becomeCurrent(account);
}

async function expectAll(account: Account): Promise<void> {
  const { ground, ledger, adapter, configId, face, http, time, faults, credentials } = account;
  const requests = await ledger.requests();
  expectPatience(requests, faults, time);
  expectFewAtOnce(requests, adapter.limits.concurrentRequests);
  const { url, settings, backfill_from } = await ground.db
    .selectFrom('tracker_config')
    .select(['url', 'settings', 'backfill_from'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  const connection = { url, credentials, settings: settingsOf(adapter, settings) };
  const session = openSession(adapter, connection, { http, onCall: () => {} });
  // Up to what the last cycle has read for certain.
  const range = { from: backfill_from!, to: readableUntil(new Date(time.now().getTime() - INTERVAL_MS)) };
  expect(range.to.getTime() - range.from.getTime()).toBeGreaterThan(DAY_MS);
  const rows = await expectRowsAndSums({ db: ground.db, configId, ledger, face, session, range });
  expect(rows).toBeGreaterThan(30);
}

async function thrownIn({ ledger, faults, plan }: Account): Promise<Thrown> {
  const thrown: Thrown = { 'rows while paging': plan.arrivals.length, 'a night of DST': plan.isNightOfDst ? 1 : 0 };
  for (const { faultId } of await ledger.requests()) {
    const name = faults.get(faultId ?? 0)?.name;
    if (name !== undefined) thrown[name] = (thrown[name] ?? 0) + 1;
  }
  return thrown;
}
