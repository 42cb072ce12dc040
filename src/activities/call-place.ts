// One slice's place among those who call a tracker: kept from call to call, given back where others wait or nobody calls.
import { askForSilence, type BudgetState, endCall, giveBack, PLACE, type Rate, takeTurn } from '../core/call-budget.ts';
import { amendBudget, type Budget, changeBudget, type Surroundings } from '../store/call-budgets.ts';
import type { Db } from '../store/db.ts';

/** Who has a place keeps it so long, also where others wait: each change of turn costs a moment in which nobody calls. */
const TURN_MS = 1_000;
/** A place that no next call wants is given back after this. */
const IDLE_MS = 1_000;

export function openPlace(db: Db, key: string, connection: string, concurrent: number) {
  let known: Budget | null = null;
  let heldSince: number | null = null;
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
      known = await amendBudget(db, key, known, change);
    });
  const isToGiveWay = (): boolean => heldSince === null || performance.now() - heldSince >= TURN_MS;
  const turnOf = ({ state, before, now }: Surroundings, rates: readonly Rate[]) =>
    takeTurn(state, {
      ...{ connection, concurrent, rates, now },
      before: isToGiveWay() ? before : { ...before, [PLACE]: 0 },
    });
  const leave = (): void => {
    clearTimeout(idle);
    if (heldSince === null) return;
    heldSince = null;
    amend((state) => giveBack(state, connection));
  };
  return {
    tell,
    leave,
    /** All that was told so far is written. */
    settled: (): Promise<void> => telling,
    /** Why no call may begin now; null where one may. */
    refusal(around: Surroundings, rates: readonly Rate[]) {
      const turn = turnOf(around, rates);
      return turn.may ? null : turn;
    },
    /** @returns false where somebody else was faster */
    async take(around: Surroundings, rates: readonly Rate[]): Promise<boolean> {
      const turn = turnOf(around, rates);
      if (!turn.may) return false;
      clearTimeout(idle);
      const { version } = around;
      const taken = turn.isNew ? await changeBudget(db, key, { version, state: turn.state }) : version;
      if (taken === null) return false;
      known = { version: taken, state: turn.state };
      heldSince ??= performance.now();
      return true;
    },
    /** Told before the place is given back: whoever gets it must know. */
    keepSilent: (until: number): void => amend((state) => askForSilence(state, until)),
    callEnded(rates: readonly Rate[], endedAt: number, othersWait: boolean): void {
      if (rates.length > 0) amend((state) => endCall(state, connection, rates, endedAt));
      if (othersWait && isToGiveWay()) leave();
      else idle = setTimeout(leave, IDLE_MS);
    },
  };
}
