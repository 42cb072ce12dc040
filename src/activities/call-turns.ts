// A turn for every call of a slice: the lease's permit, the shared budget, and no call to a tracker that does not answer.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Adapter, Connection, TrackerRequest } from '../adapters/adapter.ts';
import { budgetKeys, ratesOf } from '../adapters/limits.ts';
import type { CallOver } from '../adapters/session.ts';
import { HINTS } from '../adapters/trouble.ts';
import { LONGEST_RETRY_AFTER_MS } from '../core/backoff.ts';
import { askForSilence, type BudgetState, endCall, giveBack, PLACE, type Rate, takeTurn } from '../core/call-budget.ts';
import type { ErrorKind, LastError, TrackerError } from '../core/errors.ts';
import * as budgets from '../store/call-budgets.ts';
import { LEASE_SECONDS, type LeaseHolder } from '../store/leases.ts';
import { endOutage, noteFailure, takeProbe } from '../store/outages.ts';
import type { Dependencies } from './dependencies.ts';

/** The slice is to end now: paused, deleted, superseded, or told so. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Others have the turn for longer than a worker should be kept: the config rests until then. */
export class TurnAway extends Error {
  override readonly name = 'TurnAway';
  readonly until: Date;
  /** Why the tracker is not asked at all, where that is it. */
  readonly error: LastError | null;
  constructor(until: Date, error: LastError | null) {
    super('others have the turn');
    this.until = until;
    this.error = error;
  }
}

/** A permit that took this long to arrive may belong to a lease that is over. */
const STALE_PERMIT_MS = (LEASE_SECONDS * 1_000) / 2;
const LONGEST_WAIT_MS = 5_000;
const ASK_AGAIN_MS = 150;
/** Where nobody can say how long others take: rested for so long, and half as much again at most. */
const REST_MS = 5_000;
/** Who rests is expected back by then, and afterwards others go first. */
const GRACE_MS = 5_000;
/** Who has a place keeps it so long, also where others wait: each change of turn costs a moment in which nobody calls. */
const TURN_MS = 1_000;
/** A place that no next call wants is given back after this. */
const IDLE_MS = 250;

const NO_ANSWER: ReadonlySet<ErrorKind> = new Set(['dns', 'connection_refused', 'tls', 'timeout', 'network']);

interface Refusal {
  waitsFor: string;
  until: number | null;
  error: LastError | null;
}

export interface CallTurns {
  /** @throws Stopped, TurnAway */
  take(request: TrackerRequest): Promise<CallOver>;
  /** Lets the others know for how long the tracker wants to hear nothing, if it said so. */
  tellSilence(): Promise<void>;
  /** Gives back what is held. */
  close(): Promise<void>;
}

export function openTurns(
  deps: Dependencies,
  holder: LeaseHolder,
  adapter: Adapter,
  connection: Connection,
  signal: AbortSignal,
): CallTurns {
  const { db } = deps;
  const keys = budgetKeys(adapter, connection);
  const concurrent = adapter.limits.concurrentRequests;
  const patienceMs = Math.min(LONGEST_WAIT_MS, deps.sliceMs);
  let known: budgets.Budget | null = null;
  let holdsPlace = false;
  let heldSince = 0;
  let waits = false;
  let silentUntil = 0;
  let idle: NodeJS.Timeout | undefined;
  /** What is told behind the calls' back, one after another; what cannot be told ends by itself. */
  let telling: Promise<void> = Promise.resolve();
  const tell = (what: () => Promise<unknown>): void => {
    telling = telling.then(what).then(
      () => {},
      () => {
        known = null;
      },
    );
  };
  const amend = (change: (state: BudgetState) => BudgetState): void =>
    tell(async () => {
      known = await budgets.amendBudget(db, keys.budget, known, change);
    });
  const leave = (): void => {
    clearTimeout(idle);
    if (!holdsPlace) return;
    holdsPlace = false;
    amend((state) => giveBack(state, holder.configId));
  };

  const isToGiveWay = (): boolean => !holdsPlace || performance.now() - heldSince >= TURN_MS;

  /** One try; null: the call may be made. */
  async function ask(around: budgets.Surroundings, rates: readonly Rate[]): Promise<Refusal | null> {
    const { now, outage } = around;
    const before = isToGiveWay() ? around.before : { ...around.before, [PLACE]: 0 };
    const turn = takeTurn(around.state, { connection: holder.configId, concurrent, rates, before, now });
    if (!turn.may) return { ...turn, error: null };
    if (outage !== null && outage.openUntil > now)
      return { waitsFor: PLACE, until: outage.openUntil, error: outage.error };
    const isProbe = outage !== null && outage.openUntil > 0;
    if (isProbe && !(await takeProbe(db, keys.outage, new Date(now))))
      return { waitsFor: PLACE, until: null, error: outage.error };
    known = { version: around.version, state: around.state };
    if (!turn.isNew) return null;
    const version = await budgets.changeBudget(db, keys.budget, { version: around.version, state: turn.state });
    if (version === null) return { waitsFor: PLACE, until: now, error: null };
    known = { version, state: turn.state };
    return null;
  }

  async function take(request: TrackerRequest): Promise<CallOver> {
    const rates = ratesOf(adapter, connection, request);
    clearTimeout(idle);
    const startedAt = performance.now();
    for (;;) {
      await telling;
      const askedAt = performance.now();
      const around = signal.aborted ? null : await budgets.lookAround(db, holder, keys, deps.sharedClock());
      if (around === null) throw new Stopped('not wanted any more');
      const refusal = await ask(around, rates);
      if (refusal === null) {
        if (!holdsPlace) heldSince = performance.now();
        holdsPlace = true;
        if (performance.now() - askedAt >= STALE_PERMIT_MS) continue;
        if (around.isWaiting) tell(() => budgets.stopWaiting(db, keys.budget, holder.configId));
        waits = false;
        return over(around, rates);
      }
      leave();
      const waitMs = refusal.until === null ? ASK_AGAIN_MS * (0.5 + deps.random()) : refusal.until - around.now;
      if (waitMs <= 0) continue;
      const isTooLong = performance.now() - startedAt + waitMs > patienceMs;
      const restMs = isTooLong && refusal.until === null ? REST_MS * (1 + deps.random() / 2) : waitMs;
      const back = around.now + restMs;
      const place = { for: refusal.waitsFor, now: around.now, awakeFrom: isTooLong ? back : around.now };
      waits = !isTooLong;
      if (refusal.error === null)
        await budgets.wait(db, keys.budget, holder.configId, { ...place, until: back + GRACE_MS });
      if (isTooLong) throw new TurnAway(new Date(back), refusal.error);
      await sleep(waitMs, null, { signal }).catch(() => {});
    }
  }

  function over({ now, outage, before }: budgets.Surroundings, rates: readonly Rate[]): CallOver {
    const begunAt = performance.now();
    return (trouble) => {
      const endedAt = deps.sharedClock()?.getTime() ?? now + performance.now() - begunAt;
      const askedMs = trouble?.details.retryAfterMs ?? 0;
      if (askedMs > 0 && askedMs <= LONGEST_RETRY_AFTER_MS) silentUntil = Math.max(silentUntil, endedAt + askedMs);
      if (rates.length > 0) amend((state) => endCall(state, holder.configId, rates, endedAt));
      if (trouble !== null && isNoAnswer(trouble)) {
        if (!signal.aborted) tell(() => noteFailure(db, keys.outage, toldOf(trouble, endedAt), new Date(endedAt)));
      } else if (outage !== null) {
        tell(() => endOutage(db, keys.outage));
      }
      if (before[PLACE] !== undefined && isToGiveWay()) leave();
      else idle = setTimeout(leave, IDLE_MS);
    };
  }

  return {
    take,
    async tellSilence() {
      if (silentUntil > 0)
        await budgets.amendBudget(db, keys.budget, null, (state) => askForSilence(state, silentUntil));
    },
    async close() {
      leave();
      if (waits) tell(() => budgets.stopWaiting(db, keys.budget, holder.configId));
      await telling;
    },
  };
}

/** Any status is an answer, and may be one resource's alone. */
const isNoAnswer = ({ kind }: TrackerError): boolean => NO_ANSWER.has(kind);

/** For those that are not let ask: what it was that another one ran into. */
const toldOf = ({ kind, message }: TrackerError, now: number): LastError => ({
  ...{ kind, message: `${message} (another connection asked)`, hint: HINTS[kind] },
  at: new Date(now).toISOString(),
});
