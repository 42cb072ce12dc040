// A turn for every call of a slice: the lease's permit, the shared budget, and no call to a tracker that does not answer.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Adapter, Connection } from '../adapters/adapter.ts';
import { budgetKeys, ratesOf } from '../adapters/limits.ts';
import type { CallOver } from '../adapters/session.ts';
import type { TrackerRequest } from '../adapters/sources.ts';
import { HINTS } from '../adapters/trouble.ts';
import { silenceAsked } from '../core/backoff.ts';
import { askForSilence, PLACE, type Rate } from '../core/call-budget.ts';
import { isNoAnswer, type LastError, type TrackerError } from '../core/errors.ts';
import * as budgets from '../store/call-budgets.ts';
import { LEASE_SECONDS, type LeaseHolder } from '../store/leases.ts';
import { endOutage, giveUpProbe, noteFailure, takeProbe } from '../store/outages.ts';
import { openPlace } from './call-place.ts';
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

interface Refusal {
  waitsFor: string;
  until: number | null;
  error: LastError | null;
}

export interface CallTurns {
  /** @throws Stopped, TurnAway */
  take(request: TrackerRequest): Promise<CallOver>;
  /** The latest moment until which the tracker asked us to wait, in whichever answer, be it one that nobody waited for. */
  askedWait(): Date | null;
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
  const patienceMs = Math.min(LONGEST_WAIT_MS, deps.sliceMs);
  const place = openPlace(db, keys.budget, holder.configId, adapter.limits.concurrentRequests);
  let isProbing = false;
  let isWaiting = false;
  let silentUntil = 0;
  let waitUntil = 0;
  const stopWaiting = (): void => place.tell(() => budgets.stopWaiting(db, keys.budget, holder.configId));

  /** One try; null: the call may be made. */
  async function ask(around: budgets.Surroundings, rates: readonly Rate[]): Promise<Refusal | null> {
    const { now, outage } = around;
    const refusal = place.refusal(around, rates);
    if (refusal !== null) return { ...refusal, error: null };
    if (outage !== null && outage.openUntil > now)
      return { waitsFor: PLACE, until: outage.openUntil, error: outage.error };
    isProbing ||= outage !== null && outage.openUntil > 0 && (await takeProbe(db, keys.outage, new Date(now)));
    if (outage !== null && outage.openUntil > 0 && !isProbing)
      return { waitsFor: PLACE, until: null, error: outage.error };
    return (await place.take(around, rates)) ? null : { waitsFor: PLACE, until: now, error: null };
  }

  async function take(request: TrackerRequest): Promise<CallOver> {
    const rates = ratesOf(adapter, connection, request);
    const startedAt = performance.now();
    for (;;) {
      await place.settled();
      const askedAt = performance.now();
      const around = signal.aborted ? null : await budgets.lookAround(db, holder, keys, deps.sharedClock());
      if (around === null) throw new Stopped('not wanted any more');
      const refusal = await ask(around, rates);
      if (refusal !== null) {
        await standAside(around, refusal, performance.now() - startedAt);
      } else if (performance.now() - askedAt < STALE_PERMIT_MS) {
        if (around.isWaiting) stopWaiting();
        isWaiting = false;
        return over(around, rates);
      }
    }
  }

  /** Waits a moment in the queue, or goes where that would be long. */
  async function standAside({ now }: budgets.Surroundings, refusal: Refusal, waitedMs: number): Promise<void> {
    place.leave();
    const waitMs = refusal.until === null ? ASK_AGAIN_MS * (0.5 + deps.random()) : refusal.until - now;
    if (waitMs <= 0) return;
    isWaiting = waitedMs + waitMs <= patienceMs;
    const restMs = !isWaiting && refusal.until === null ? REST_MS * (1 + deps.random() / 2) : waitMs;
    const back = now + restMs;
    if (refusal.error === null) {
      const queued = { for: refusal.waitsFor, now, awakeFrom: isWaiting ? now : back, until: back + GRACE_MS };
      await budgets.wait(db, keys.budget, holder.configId, queued);
    }
    if (!isWaiting) throw new TurnAway(new Date(back), refusal.error);
    await sleep(waitMs, null, { signal }).catch(() => {});
  }

  function over({ now, outage, before }: budgets.Surroundings, rates: readonly Rate[]): CallOver {
    const begunAt = performance.now();
    return (trouble) => {
      const endedAt = deps.sharedClock()?.getTime() ?? now + performance.now() - begunAt;
      const askedMs = silenceAsked(trouble);
      if (askedMs > 0) {
        silentUntil = Math.max(silentUntil, endedAt + askedMs);
        place.keepSilent(silentUntil);
        // By our own clock, as all that this config waits for.
        if (trouble?.details.retryAfterMs !== undefined)
          waitUntil = Math.max(waitUntil, deps.clock().getTime() + askedMs);
      }
      // A call that was told to stop has found out nothing.
      if (trouble === null || !isNoAnswer(trouble.kind)) {
        if (outage !== null) place.tell(() => endOutage(db, keys.outage));
        isProbing = false;
      } else if (!signal.aborted) {
        place.tell(() => noteFailure(db, keys.outage, toldOf(trouble, endedAt), new Date(endedAt)));
        isProbing = false;
      }
      place.callEnded(rates, endedAt, before[PLACE] !== undefined);
    };
  }

  return {
    take,
    askedWait: () => (waitUntil === 0 ? null : new Date(waitUntil)),
    async tellSilence() {
      if (silentUntil > 0)
        await budgets.amendBudget(db, keys.budget, null, (state) => askForSilence(state, silentUntil));
    },
    async close() {
      place.leave();
      if (isWaiting) stopWaiting();
      if (isProbing) place.tell(() => giveUpProbe(db, keys.outage));
      await place.settled();
    },
  };
}

/** For those that are not let ask: what it was that another one ran into. */
const toldOf = ({ kind, message }: TrackerError, now: number): LastError => ({
  ...{ kind, message: `${message} (found by another connection)`, hint: HINTS[kind] },
  at: new Date(now).toISOString(),
});
