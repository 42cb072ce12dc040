// A connection test's calls, each with a turn of its own: a person waits for it, so it waits for seconds and then says why.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Adapter, Connection } from '../adapters/adapter.ts';
import { budgetKeys, ratesOf } from '../adapters/limits.ts';
import type { CallOver } from '../adapters/session.ts';
import type { TrackerRequest } from '../adapters/sources.ts';
import { silenceAsked } from '../core/backoff.ts';
import { askForSilence, type BudgetState, endCall, giveBack, type Rate, takeTurn } from '../core/call-budget.ts';
import { isNoAnswer, TrackerError } from '../core/errors.ts';
import { amendBudget, changeBudget, readBudget } from '../store/call-budgets.ts';
import { endOutage } from '../store/outages.ts';
import type { ApiDeps } from './deps.ts';

/** All its calls together: of a test's 15 seconds enough must be left for the calls themselves. */
const PATIENCE_MS = 6_000;
const ASK_AGAIN_MS = 150;

export interface TestTurns {
  /** @throws TrackerError where the connections to this tracker have used up what it allows */
  take(request: TrackerRequest): Promise<CallOver>;
  /** Gives back what is held; never throws. */
  close(): Promise<void>;
}

export function openTestTurns({ db, logger }: ApiDeps, adapter: Adapter, connection: Connection): TestTurns {
  const keys = budgetKeys(adapter, connection);
  const key = keys.budget;
  const holder = `test ${randomUUID()}`;
  let patienceMs = PATIENCE_MS;
  let telling: Promise<unknown> = Promise.resolve();

  const tell = (what: () => Promise<unknown>): void => {
    telling = telling.then(what).catch((error: unknown) => {
      logger.warn({ error: error instanceof Error ? error.message : 'unknown' }, 'a call of a test was not counted');
    });
  };

  const amend = (change: (state: BudgetState) => BudgetState): void => tell(() => amendBudget(db, key, null, change));

  /** What the call has shown is known to all from now on; what brought no answer is no news of a tracker that may not be one. */
  const callOver =
    (rates: readonly Rate[], begun: { now: number; at: number }): CallOver =>
    (trouble) => {
      const endedAt = begun.now + performance.now() - begun.at;
      const silentMs = silenceAsked(trouble);
      amend((state) => {
        const ended = endCall(state, holder, rates, endedAt);
        return silentMs > 0 ? askForSilence(ended, endedAt + silentMs) : ended;
      });
      if (trouble === null || !isNoAnswer(trouble.kind)) tell(() => endOutage(db, keys.outage));
    };

  async function wait(now: number, until: number | null): Promise<void> {
    const waitMs = until === null ? ASK_AGAIN_MS : Math.max(until - now, 1);
    if (waitMs > patienceMs) throw usedUp(until === null ? null : until - now);
    patienceMs -= waitMs;
    await sleep(waitMs);
  }

  return {
    async take(request) {
      const rates = ratesOf(adapter, connection, request);
      await telling;
      for (;;) {
        const { now, ...budget } = await readBudget(db, key);
        const { concurrentRequests: concurrent } = adapter.limits;
        const turn = takeTurn(budget.state, { connection: holder, concurrent, rates, before: {}, now });
        if (!turn.may) {
          await wait(now, turn.until);
        } else if ((await changeBudget(db, key, { ...budget, state: turn.state })) !== null) {
          return callOver(rates, { now, at: performance.now() });
        }
      }
    },
    async close() {
      amend((state) => giveBack(state, holder));
      await telling;
    },
  };
}

function usedUp(forMs: number | null): TrackerError {
  const when = forMs === null ? 'in a moment' : `in ${Math.ceil(forMs / 1_000)} s`;
  return new TrackerError('rate_limited', `429 was to be expected: it is asked as often as it allows, free ${when}`, {
    hint: 'Try again then. What is connected already goes on by itself.',
  });
}
