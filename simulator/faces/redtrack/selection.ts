// Which rows of a log whole days mean, and in which order: the newest first, or scattered, since none is promised.
import type { Ledger } from '../../ledger/ledger.ts';
import type { Days } from './query.ts';

/** Numbers of clicks or conversions, readable from any position. */
export interface Selection {
  total: number;
  page(offset: number, limit: number): number[];
}

export function clicksOf({ order }: Ledger, { from, to }: Days, asOf: number): Selection {
  const end = Math.min(to, asOf);
  return { total: order.count(from, end), page: (offset, limit) => order.slice(from, end, offset, limit) };
}

export function conversionsOf({ conversions }: Ledger, { from, to }: Days, asOf: number): Selection {
  const { first, end } = conversions.postbacksBetween(from, Math.min(to, asOf));
  return {
    total: end - first,
    page: (offset, limit) =>
      conversions.inPostbackOrder(Math.min(first + offset, end), Math.min(first + offset + limit, end)),
  };
}

export function newestFirst({ total, page }: Selection): Selection {
  return {
    total,
    page(offset, limit) {
      const end = Math.max(0, total - offset);
      const start = Math.max(0, end - limit);
      return page(start, end - start).reverse();
    },
  };
}

/** A row more moves all others: what an order that nobody promised may do. */
export function scattered({ total, page }: Selection): Selection {
  let step = Math.max(1, Math.floor(total * 0.618));
  while (commonDivisor(step, total) > 1) step++;
  return {
    total,
    page: (offset, limit) =>
      Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i) => ((offset + i) * step) % total).map(
        (position) => page(position, 1)[0]!,
      ),
  };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
