// Connections that share a tracker: never more calls at a time or a minute than it bears, in turn, and one probe where it is down.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTurns } from '../../src/activities/call-turns.ts';
import type { Dependencies } from '../../src/activities/dependencies.ts';
import type { Http, HttpCall } from '../../src/adapters/http.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { budgetKeys } from '../../src/adapters/limits.ts';
import { redtrack } from '../../src/adapters/redtrack.ts';
import { settingsOf } from '../../src/adapters/settings.ts';
import { TrackerError } from '../../src/core/errors.ts';
import type { Step } from '../../src/core/sync.ts';
import { DAY_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { readBudget } from '../../src/store/call-budgets.ts';
import { createDb } from '../../src/store/db.ts';
import { acquireLease } from '../../src/store/leases.ts';
import { createLoaderConnections } from '../../src/store/loader-connection.ts';
import { noteFailure, takeProbe } from '../../src/store/outages.ts';
import { freshDatabase } from '../setup/database.ts';
import { until } from '../workflows/worker-process.ts';
import { activitiesOf, type Connected, connectTracker, type Ground, openGround } from './ground.ts';

let ground: Ground;
/** Another worker: connections of its own to the same database. */
let other: Dependencies;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  ground = await openGround(database.url);
  other = { ...ground.deps, db: createDb(database.url), loaders: createLoaderConnections(database.url) };
});

afterAll(async () => {
  await Promise.all([other.db.destroy(), other.loaders.close()]);
  await ground.stop();
  await drop();
});

const SMALL = { clicks: 3_000, conversions: 200, days: 2, keitaro: { maxLimit: 300 } };

/** Connections to one account at one tracker. */
async function connections(count: number, settings: object, face = 'keitaro') {
  const first = await ground.connect(SMALL, settings, face);
  const adapter = ground.deps.adapterFor(face)!;
  const ids = [first.configId];
  while (ids.length < count) {
    const access = { ...first, name: `${first.name}-${ids.length}` };
    ids.push(await connectTracker(ground.db, ground.vault, ground.organizationId, access, settings, adapter));
  }
  return { first, ids };
}

/** As a workflow does: works, rests as long as it is told, and looks again; on one of two workers in turn. */
async function follow(deps: Dependencies[], configId: string, isOver: (step: Step) => boolean): Promise<Step[]> {
  const rests: Step[] = [];
  for (let i = 0; ; i++) {
    const activities = activitiesOf(deps[i % deps.length]!);
    let step = await activities.plan(configId);
    if (step.kind === 'work') step = await activities[step.work](configId);
    if (isOver(step)) return rests;
    if (step.kind !== 'rest') continue;
    rests.push(step);
    await sleep(Math.max(50, Date.parse(step.until!) - Date.now()));
  }
}

const isUpToDate = (step: Step): boolean => step.kind === 'rest' && step.details === 'Up to date';

const budgetsLeft = async () => {
  const { rows } = await sql<{ left: number }>`
    select (select count(*) from call_budget where state -> 'underWay' <> '{}') + (select count(*) from call_waiter) as left`.execute(
    ground.db,
  );
  return rows[0]!.left;
};

/** Answers as the real client does, after telling of the call. */
const watched = (deps: Dependencies, onCall: (call: HttpCall) => void): Dependencies => ({
  ...deps,
  http: {
    ...deps.http,
    call: (call) => {
      onCall(call);
      return deps.http.call(call);
    },
  },
});

const stateOf = ({ configId }: Pick<Connected, 'configId'>) =>
  ground.db
    .selectFrom('tracker_config')
    .select(['retry_at', 'retry_kind', 'last_error', 'fruitless_tries'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();

test('five connections, two workers: never three calls at a time, everybody’s turn comes, nothing is left', async () => {
  const { first, ids } = await connections(5, { backfillDays: 2 });
  await first.ledger.addFault({ match: { times: null }, fault: { kind: 'delay', ms: 25 } });
  const doneAt: number[] = [];
  const startedAt = Date.now();
  await Promise.all(
    ids.map(async (id, i) => {
      await follow(i % 2 === 0 ? [ground.deps, other] : [other, ground.deps], id, isUpToDate);
      doneAt.push(Date.now() - startedAt);
    }),
  );
  const requests = await first.ledger.requests();
  expect(Math.max(...requests.map(({ inFlight }) => inFlight))).toBe(2);
  expect(requests.length).toBeGreaterThan(5 * 15);
  // In turn: the first is done when the last is nearly done, too.
  expect(Math.min(...doneAt) / Math.max(...doneAt)).toBeGreaterThan(0.5);
  expect(await budgetsLeft()).toBe(0);
}, 120_000);

test('where two have the tracker for long, the third goes back to rest, and has its place when it returns', async () => {
  const { first, ids } = await connections(3, { backfillDays: 2 });
  const gate = Promise.withResolvers<void>();
  const standing: Http = { ...ground.deps.http, call: (call) => gate.promise.then(() => ground.deps.http.call(call)) };
  const slow = ids.slice(0, 2).map((id) => activitiesOf({ ...ground.deps, http: standing }).catalog(id));
  await sleep(300);
  const third = { configId: ids[2]! };
  const step = await activitiesOf(other).catalog(third.configId);
  expect(step).toMatchObject({ kind: 'rest', due: null, details: 'Waiting for its turn' });
  expect(await stateOf(third)).toMatchObject({ retry_kind: 'turn', last_error: null, fruitless_tries: 0 });
  expect((await first.ledger.requests()).length).toBe(0);
  gate.resolve();
  await Promise.all(slow);
  expect(await follow([other], third.configId, isUpToDate)).not.toEqual([]);
  expect(await budgetsLeft()).toBe(0);
}, 60_000);

describe('what one call tells', () => {
  async function oneTurn(signal = new AbortController().signal) {
    const { ids } = await connections(1, { backfillDays: 2 });
    const row = await ground.db
      .selectFrom('tracker_config')
      .selectAll()
      .where('id', '=', ids[0]!)
      .executeTakeFirstOrThrow();
    const holder = {
      configId: row.id,
      organizationId: row.organization_id,
      token: randomUUID(),
      changedAt: row.updated_at,
    };
    await acquireLease(ground.db, holder);
    const connection = { url: row.url, credentials: {}, settings: settingsOf(keitaro, row.settings) };
    const keys = budgetKeys(keitaro, connection);
    const turns = openTurns(ground.deps, holder, keitaro, connection, signal);
    return { turns, keys, over: await turns.take({ method: 'GET', path: '/campaigns' }) };
  }

  test.each([
    ['a time to wait', { retryAfterMs: 60_000 }, 55_000],
    ['no time', {}, 1_000],
  ])(
    '429 with %s: the others know it before the place is theirs, and before the slice is over',
    async (_, more, leastMs) => {
      const { turns, keys, over } = await oneTurn();
      over(new TrackerError('rate_limited', '429', { status: 429, ...more }));
      const { state } = await until(
        () => readBudget(ground.db, keys.budget),
        (budget) => budget.state.silentUntil > 0,
        2_000,
      );
      expect(state.silentUntil - Date.now()).toBeGreaterThan(leastMs);
      expect(Object.keys(state.underWay)).toHaveLength(1);
      await turns.close();
      expect((await readBudget(ground.db, keys.budget)).state.underWay).toEqual({});
    },
  );

  test('a probe that was told to stop has found out nothing, and is the next one’s', async () => {
    const stop = new AbortController();
    const { turns, keys, over } = await oneTurn(stop.signal);
    over(null);
    const error = { kind: 'dns', message: 'ENOTFOUND', hint: null, at: '' } as const;
    for (let i = 0; i < 3; i++) await noteFailure(ground.db, keys.outage, error, new Date(Date.now() - 61_000));
    const probed = await turns.take({ method: 'GET', path: '/campaigns' });
    stop.abort();
    probed(new TrackerError('network', 'called off'));
    await turns.close();
    expect(await takeProbe(ground.db, keys.outage, new Date())).toBe(true);
  });

  test('a probe that is not made after all is the next one’s', async () => {
    const { turns, keys, over } = await oneTurn();
    over(null);
    const error = { kind: 'dns', message: 'ENOTFOUND', hint: null, at: '' } as const;
    for (let i = 0; i < 3; i++) await noteFailure(ground.db, keys.outage, error, new Date(Date.now() - 61_000));
    await turns.take({ method: 'GET', path: '/campaigns' });
    expect(await takeProbe(ground.db, keys.outage, new Date())).toBe(false);
    await turns.close();
    expect(await takeProbe(ground.db, keys.outage, new Date())).toBe(true);
  });
});

describe('a clock that a test moves', () => {
  let now = Date.now();
  const at = (deps: Dependencies): Dependencies => ({ ...deps, clock: () => new Date(now) });

  test('three connections on one key never make more calls a minute than it allows, and all get on', async () => {
    const { ids } = await connections(3, { backfillDays: 30, callsPerMinute: undefined }, 'redtrack');
    const calls: { at: number; path: string; id: string }[] = [];
    const deps = (id: string) => watched(at(ground.deps), ({ url }) => calls.push({ at: now, path: url.pathname, id }));
    const isDone = new Set<string>();
    // Every round a second later; far more calls are wanted than one minute has.
    for (let round = 0; isDone.size < 3 && round < 1_000; round++) {
      for (const id of ids) {
        const step = await activitiesOf(deps(id)).plan(id);
        const next = step.kind === 'work' ? await activitiesOf(deps(id))[step.work](id) : step;
        if (isUpToDate(next)) isDone.add(id);
      }
      now += 1_000;
    }
    const limited = calls.filter(({ path }) => path.endsWith('/tracks'));
    for (let i = 10; i < limited.length; i++)
      expect(limited[i]!.at - limited[i - 10]!.at).toBeGreaterThanOrEqual(MINUTE_MS);
    expect(limited.length).toBeGreaterThan(10);
    expect(isDone.size).toBe(3);
  }, 60_000);

  test('a report with more pages than a minute has calls goes on where it was, page by page, to its end', async () => {
    const { ids } = await connections(1, { backfillDays: 30, callsPerMinute: 2 }, 'redtrack');
    const short = { ...redtrack, totals: { ...redtrack.totals, paging: { ...redtrack.totals.paging, limit: 4 } } };
    const pages: string[] = [];
    const deps = watched({ ...at(ground.deps), adapterFor: () => short }, ({ url }) => {
      if (url.pathname.endsWith('/report')) pages.push(url.searchParams.get('page')!);
    });
    const checked = async () =>
      (
        await ground.db
          .selectFrom('tracker_config')
          .select('totals_checked_at')
          .where('id', '=', ids[0]!)
          .executeTakeFirstOrThrow()
      ).totals_checked_at;
    for (let round = 0; round < 200 && (await checked()) === null; round++) {
      const step = await activitiesOf(deps).plan(ids[0]!);
      // The estimate asks for it, too, and does without where it would have to wait.
      if (step.kind === 'work' && step.work !== 'reconcile') pages.length = 0;
      if (step.kind === 'work') await activitiesOf(deps)[step.work](ids[0]!);
      now += 15_000;
    }
    expect(await checked()).not.toBeNull();
    expect(pages.length).toBeGreaterThan(4);
    expect(new Set(pages).size).toBe(pages.length);
    const { rows } = await sql`select 1 from report_answers`.execute(ground.db);
    expect(rows).toEqual([]);
  }, 60_000);

  test('a wait that one is asked for binds the others of the same tracker', async () => {
    const { first, ids } = await connections(2, { backfillDays: 2 });
    const fault = { kind: 'status', status: 429, headers: { 'retry-after': '300' } } as const;
    await first.ledger.addFault({ match: { nth: 2 }, fault });
    await activitiesOf(at(ground.deps)).catalog(ids[0]!);
    const asked = (await first.ledger.requests()).length;
    const step = await activitiesOf(at(other)).catalog(ids[1]!);
    expect((await first.ledger.requests()).length).toBe(asked);
    expect(step).toMatchObject({ kind: 'rest', details: 'Waiting for its turn' });
    expect(Date.parse((step as { until: string }).until) - now).toBeGreaterThan(299_000);
    now += 301_000;
    await activitiesOf(at(other)).catalog(ids[1]!);
    expect((await first.ledger.requests()).length).toBeGreaterThan(asked);
  });

  test('a tracker that is down costs one probe a minute, whoever is connected; one answer ends it for all', async () => {
    const { ids } = await connections(12, { backfillDays: 2 });
    let isDown = true;
    const calls: number[] = [];
    const call: Http['call'] = (asked) => {
      calls.push(now);
      return isDown
        ? Promise.reject(new TrackerError('connection_refused', 'ECONNREFUSED'))
        : ground.deps.http.call(asked);
    };
    const deps = { ...at(ground.deps), http: { ...ground.deps.http, call } };
    const round = async () => {
      for (const id of ids) {
        const step = await activitiesOf(deps).plan(id);
        if (step.kind === 'work') await activitiesOf(deps)[step.work](id);
      }
    };
    await round();
    expect(calls.length).toBe(3);
    expect((await stateOf({ configId: ids[11]! })).last_error).toMatchObject({
      kind: 'connection_refused',
      message: 'ECONNREFUSED (found by another connection)',
    });
    for (let second = 0; second < 300; second += 10) {
      now += 10_000;
      await round();
    }
    expect(calls.length - 3).toBeGreaterThanOrEqual(4);
    expect(calls.length - 3).toBeLessThanOrEqual(5);
    isDown = false;
    for (let second = 0; second < 120; second += 10) {
      now += 10_000;
      await round();
    }
    for (const configId of ids) expect((await stateOf({ configId })).last_error).toBeNull();
  }, 60_000);

  test('what nobody has touched for a day is forgotten', async () => {
    const past = new Date(Date.now() - 2 * DAY_MS);
    await sql`insert into call_budget (key, version, state, changed_at) values ('old', 1, '{}', ${past})`.execute(
      ground.db,
    );
    await activitiesOf(ground.deps).keepHouse();
    const kept = await ground.db.selectFrom('call_budget').select('key').execute();
    expect(kept.map(({ key }) => key)).not.toContain('old');
  });
});
