// What networks have sent: a row for each conversion, and a row of the difference for each change of its money.
import type { Ledger } from '../../ledger/ledger.ts';

export interface Postback {
  conversion: number;
  second: number;
  /** Less than nothing where money is taken back. */
  micros: number;
}

/** There are no statuses: what is rejected has no money. */
const moneyOf = ({ status, revenueMicros }: { status: string; revenueMicros: number }): number =>
  status === 'rejected' || status === 'trash' ? 0 : revenueMicros;

/** Of one conversion, in order of time. */
export function postbacksOf({ conversions }: Ledger, conversion: number, asOf: number): Postback[] {
  let before = 0;
  return conversions.stepsBefore(conversion, asOf).flatMap((step, i) => {
    const micros = moneyOf(step) - before;
    before = moneyOf(step);
    return i === 0 || micros !== 0 ? [{ conversion, second: step.second, micros }] : [];
  });
}

/** Those with `from` ≤ second < `to`, in order of time. */
export function postbacksBetween(ledger: Ledger, from: number, to: number, asOf: number): Postback[] {
  const end = Math.min(to, asOf);
  const { first, end: last } = ledger.conversions.postbacksBetween(0, end);
  return ledger.conversions
    .inPostbackOrder(first, last)
    .flatMap((conversion) => postbacksOf(ledger, conversion, end))
    .filter(({ second }) => second >= from)
    .sort((a, b) => a.second - b.second || a.conversion - b.conversion);
}
