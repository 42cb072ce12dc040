// One run of the sweep: a small ledger behind one face, a config that is driven as its workflow would drive it, and faults in between.
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type LedgerControl, ledgerControl, openLedger } from '../../simulator/client.ts';
import type { LoggedRequest } from '../../simulator/request-log.ts';
import type { Dependencies } from '../../src/activities/dependencies.ts';
import type { Activities } from '../../src/activities/index.ts';
import type { Adapter } from '../../src/adapters/adapter.ts';
import { createHttp, type Http } from '../../src/adapters/http.ts';
import { openSession } from '../../src/adapters/session.ts';
import { settingsOf } from '../../src/adapters/settings.ts';
import { LOG_RESOURCES } from '../../src/core/resources.ts';
import type { Step } from '../../src/core/sync.ts';
import { DAY_MS, MINUTE_MS, readableUntil } from '../../src/core/windows.ts';
import { changeConfig } from '../../src/store/configs-change.ts';
import { openRuns } from '../../src/store/runs.ts';
import { type Chance, chanceOf } from '../crash/seed.ts';
import { canaryKey } from '../leaks/canary.ts';
import { activitiesOf, connectTracker, type Ground, STILL } from '../sync/ground.ts';
import { expectFewAtOnce, expectPatience, expectRowsAndSums, troubleEndOf } from './checks.ts';
import { FOR_A_PERSON, type Laid, type Plan, planOf } from './draw.ts';
import { withSmallPages } from './small-pages.ts';
import { type RunTime, runTime } from './time.ts';

const INTERVAL_MS = MINUTE_MS;
const LEDGER = { days: 3, clicks: 450, conversions: 100, campaigns: 3, growthPerDay: 2_000 };
const SETTINGS = { backfillDays: 2, syncIntervalMinutes: 1 };
/** Short enough to be waited for two hundred times, long enough for a busy machine. */
const PATIENCE = { firstByteMs: 700, idleMs: 700, wholeMs: 6_000 };
const MOST_STEPS = 400;

/** How often each kind was thrown. */
export type Thrown = Record<string, number>;

interface Run {
  ground: Ground;
  face: string;
  plan: Plan;
  time: RunTime;
  http: Http;
  ledger: LedgerControl;
  adapter: Adapter;
  configId: string;
  credentials: Record<string, string>;
  activities: Activities;
  faults: Map<number, Laid>;
}

/**
 * Plays one run and checks what must hold.
 * @returns what was thrown; throws where something does not hold
 */
export async function playRun(ground: Ground, face: string, seed: number, name: string): Promise<Thrown> {
  const chance = chanceOf(seed, name);
  const run = await begin(ground, face, planOf(chance), chance);
  try {
    await lay(run, run.plan.first);
    for (const { after, secondsAgo, count } of run.plan.arrivals) {
      const at = new Date(run.time.now().getTime() - secondsAgo * 1_000).toISOString();
      await run.ledger.overlayAfter(after, { kind: 'addClicks', at, count });
    }
    await becomeCurrent(run);
    await lay(run, run.plan.later);
    await oneMore(run);
    if (run.plan.forPerson !== null) await askPerson(run, run.plan.forPerson);
    await run.ledger.clearFaults();
    await oneMore(run);
    await expectAll(run);
    return await thrownIn(run);
  } finally {
    await run.ledger.close();
    await run.http.close();
  }
}

async function begin(ground: Ground, face: string, plan: Plan, chance: Chance): Promise<Run> {
  const at = plan.startsAt.toISOString();
  const opened = await openLedger(ground.simulator, {
    ...{ name: `f-${randomUUID().slice(0, 8)}`, apiKey: canaryKey(), seed: plan.seed, limits: false },
    ...{ ...LEDGER, ...STILL, anchorAt: at, frozenAt: at },
  });
  const ledger = ledgerControl(ground.simulator, opened.name);
  const found = (await ledger.faces()).find((one) => one.face === face)!;
  const adapter = withSmallPages(ground.deps.adapterFor(found.type)!);
  const access = { ...opened, ...found };
  const settings = { ...found.settings, ...SETTINGS };
  const configId = await connectTracker(ground.db, ground.vault, ground.organizationId, access, settings, adapter);
  const time = runTime(plan.startsAt);
  const http = createHttp({ allowedNetworks: ['127.0.0.0/8'], timeouts: PATIENCE, maxBodyBytes: 8 * 1024 * 1024 });
  const deps: Dependencies = {
    ...ground.deps,
    ...{ http, clock: time.now, adapterFor: () => adapter, random: () => chance.int(0, 999) / 1_000 },
  };
  const { credentials } = found;
  const activities = activitiesOf(deps);
  return { ground, face, plan, time, http, ledger, adapter, configId, credentials, activities, faults: new Map() };
}

/** Paths of the logs, by what a face calls them: whatever is asked for with a window. */
async function logPathsOf({ ledger }: Run): Promise<string> {
  const asked = (await ledger.requests()).filter(({ window }) => window !== null).map(({ path }) => path);
  const paths = [...new Set(asked)].map((path) => path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // Nothing was asked yet: words that every tracker has in the paths of its logs.
  return paths.length === 0 ? 'log|click|track|visit|conversion|lead' : `^(${paths.join('|')})$`;
}

async function lay(run: Run, faults: readonly Laid[]): Promise<void> {
  const ofLogs = await logPathsOf(run);
  for (const laid of faults) {
    const match = { nth: laid.nth, times: laid.times, ...(laid.isOfLogs ? { path: ofLogs } : {}) };
    const { id } = await run.ledger.addFault({ match, fault: laid.fault });
    run.faults.set(id, laid);
  }
}

/** Works as the workflow does until everything since the last trouble is in: within two intervals of it. */
async function becomeCurrent(run: Run, since = run.time.now().getTime()): Promise<void> {
  let step = await run.activities.plan(run.configId);
  for (let steps = 0; ; steps++) {
    if (steps > MOST_STEPS) throw new Error(`still at work after ${steps} steps: ${JSON.stringify(step)}`);
    const trouble = await lastTroubleOf(run, since);
    const missing = await missingSince(run, new Date(trouble));
    if (missing === null) return;
    const late = run.time.now().getTime() - trouble - 2 * INTERVAL_MS;
    if (late > 0)
      throw new Error(`not current ${late / 1_000} s after two intervals since the last trouble: ${missing}`);
    step = await carryOut(run, step);
  }
}

/** The next cycle, and whatever else is due with it. */
async function oneMore(run: Run): Promise<void> {
  await pass(run, INTERVAL_MS);
  await becomeCurrent(run);
}

async function carryOut(run: Run, step: Step): Promise<Step> {
  const { activities, configId, time } = run;
  if (step.kind === 'gone') throw new Error('the config is gone');
  if (step.kind === 'work') return activities[step.work](configId);
  if (step.until === null) throw new Error(`nothing to wait for: ${step.details}`);
  await pass(run, Math.max(0, Date.parse(step.until) - time.now().getTime()));
  return step.due === null ? activities.plan(configId) : activities[step.due](configId);
}

async function pass({ time, ledger }: Run, ms: number): Promise<void> {
  const to = new Date(time.now().getTime() + ms);
  await ledger.setClock({ freezeAt: to.toISOString() });
  time.jumpTo(to);
}

async function lastTroubleOf({ ledger, faults, time }: Run, since: number): Promise<number> {
  const hit = (await ledger.requests()).filter(({ fault }) => fault !== null);
  return Math.max(since, ...hit.map((request) => troubleEndOf(request, faults, time)));
}

/** What is not as it should be for a config that is up to date since a moment; null where nothing is. */
async function missingSince({ ground: { db }, configId, adapter }: Run, since: Date): Promise<string | null> {
  const config = await db
    .selectFrom('tracker_config')
    .select(['blocked_kind', 'first_synced_at'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  if (config.blocked_kind !== null) return `blocked: ${config.blocked_kind}`;
  if (config.first_synced_at === null) return 'the backfill';
  const open = (await openRuns(db, configId)).filter(({ kind }) => kind !== 'catalog' && kind !== 'cycle');
  if (open.length > 0) return `open: ${open.map(({ kind, state }) => `${kind} ${state}`).join(', ')}`;
  const rows = await db
    .selectFrom('tracker_resource')
    .select(['resource', 'state', 'read_to', 'reason'])
    .where('tracker_config_id', '=', configId)
    .execute();
  for (const resource of LOG_RESOURCES.filter((name) => adapter.logs[name] !== undefined)) {
    const row = rows.find((one) => one.resource === resource);
    if (row?.state !== 'ok') return `${resource}: ${row?.state} ${row?.reason}`;
    if (row.read_to === null || row.read_to < readableUntil(since))
      return `${resource} since ${row.read_to?.toISOString()}`;
  }
  return null;
}

/** What only a person can mend is shown, nothing is asked meanwhile, and one change of the connection is enough. */
async function askPerson(run: Run, kind: keyof typeof FOR_A_PERSON): Promise<void> {
  const { ground, ledger, configId, activities, faults } = run;
  const fault = FOR_A_PERSON[kind]();
  const laid = { name: kind, ...fault, nth: 1, isOfLogs: false };
  faults.set((await ledger.addFault({ match: { times: null }, fault: fault.fault })).id, laid);
  let step = await activities.plan(configId);
  for (let steps = 0; step.kind !== 'rest' || step.until !== null; steps++) {
    if (steps > MOST_STEPS) throw new Error(`${kind} is not shown after ${steps} steps`);
    step = await carryOut(run, step);
  }
  const shown = await ground.db
    .selectFrom('tracker_config')
    .select(['blocked_kind', 'last_error'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  expect(shown, kind).toMatchObject({
    blocked_kind: expect.any(String),
    last_error: { hint: expect.stringMatching(/\S/) },
  });
  const asked = (await ledger.requests()).length;
  await pass(run, 10 * INTERVAL_MS);
  expect(await activities.plan(configId)).toMatchObject({ kind: 'rest', until: null });
  expect((await ledger.requests()).length, `asked although ${kind}`).toBe(asked);
  await ledger.clearFaults();
  const { credentials } = run;
  await ground.db.transaction().execute((tx) => changeConfig(tx, ground.vault, configId, { credentials }));
  await becomeCurrent(run);
}

async function expectAll(run: Run): Promise<void> {
  const { ground, ledger, adapter, configId, face, http, time, faults } = run;
  const requests = await ledger.requests();
  expectPatience(requests, faults, time);
  expectFewAtOnce(requests, adapter.limits.concurrentRequests);
  const { url, settings, backfill_from } = await ground.db
    .selectFrom('tracker_config')
    .select(['url', 'settings', 'backfill_from'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  const connection = { url, credentials: run.credentials, settings: settingsOf(adapter, settings) };
  const session = openSession(adapter, connection, { http, onCall: () => {} });
  // What the last cycle has read, a moment before its end: a row of its last second may have come after it.
  const range = { from: backfill_from!, to: readableUntil(new Date(time.now().getTime() - INTERVAL_MS)) };
  expect(range.to.getTime() - range.from.getTime()).toBeGreaterThan(DAY_MS);
  const rows = await expectRowsAndSums({ db: ground.db, configId, ledger, face, session, range });
  expect(rows).toBeGreaterThan(200);
}

async function thrownIn({ ledger, faults, plan }: Run): Promise<Thrown> {
  const thrown: Thrown = {};
  const hits = (await ledger.requests()).flatMap(({ faultId }: LoggedRequest) => faults.get(faultId ?? 0)?.name ?? []);
  for (const name of hits) thrown[name] = (thrown[name] ?? 0) + 1;
  thrown['rows while paging'] = plan.arrivals.length;
  thrown['a night of DST'] = plan.isNightOfDst ? 1 : 0;
  return thrown;
}
