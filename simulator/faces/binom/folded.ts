// One conversion a click: a second postback changes the first, and its payout is added.
import type { Ledger } from '../../ledger/ledger.ts';

export interface Folded {
  clickIndex: number;
  /** Of the first postback. */
  second: number;
  /** As the latest postback left it. */
  status: string;
  payoutMicros: number;
}

/** What the postbacks of a click have come to before a moment; null where none has come. */
export function foldedOf({ conversions }: Ledger, clickIndex: number, asOf: number): Folded | null {
  const ids = conversions.ofClick(clickIndex).filter((id) => conversions.stateAt(id, asOf) !== null);
  const first = firstOf(ids, (id) => conversions.postbackSecondOf(id));
  const latest = firstOf([...ids].reverse(), (id) => -conversions.postbackSecondOf(id));
  if (first === undefined || latest === undefined) return null;
  return {
    clickIndex,
    second: conversions.postbackSecondOf(first),
    status: conversions.stateAt(latest, asOf)!.status,
    payoutMicros: ids.reduce((sum, id) => sum + conversions.stateAt(id, asOf)!.revenueMicros, 0),
  };
}

const firstOf = (ids: readonly number[], key: (id: number) => number): number | undefined =>
  ids.reduce<number | undefined>((best, id) => (best === undefined || key(id) < key(best) ? id : best), undefined);

/** Those whose first postback came in a time, in order; so many at most. */
export function foldedBetween(ledger: Ledger, from: number, to: number, asOf: number, most: number): Folded[] {
  const { conversions } = ledger;
  const { first, end } = conversions.postbacksBetween(from, Math.min(to, asOf));
  const found = new Map<number, Folded>();
  for (let at = first; at < end && found.size < most; at++) {
    const [id] = conversions.inPostbackOrder(at, at + 1);
    const click = conversions.clickIndexOf(id!);
    if (found.has(click)) continue;
    const folded = foldedOf(ledger, click, asOf);
    if (folded !== null && folded.second >= from) found.set(click, folded);
  }
  return [...found.values()];
}
