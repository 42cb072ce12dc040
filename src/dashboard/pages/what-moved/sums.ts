// A day's figures before and after, and what of the difference each kind of move did.
import { add, signOf, subtract } from '../../../core/decimal.ts';
import type { Item, MovedDay } from './search.ts';

export const KINDS = { turned: 'Statuses turned', restated: 'Money restated', late: 'Came late' } as const;
export type Kind = keyof typeof KINDS;

export interface DayFigures {
  currency: string;
  now: { revenue: string; approvedRevenue: string; conversions: number };
  by: { revenue: string; approvedRevenue: string; conversions: number };
  kinds: { kind: Kind; moved: number; revenue: string }[];
}

interface Row {
  currency: string;
  revenue: string;
  approvedRevenue: string;
  conversions: number;
}

export function figuresOf({ totals, items }: MovedDay, now: readonly Row[]): DayFigures[] {
  return totals.map(({ currency, ...by }): DayFigures => {
    const own = items.filter((item) => item.currency === currency);
    const none = { revenue: '0', approvedRevenue: '0', conversions: 0 };
    return {
      ...{ currency, by },
      now: now.find((one) => one.currency === currency) ?? none,
      kinds: (Object.keys(KINDS) as Kind[]).flatMap((kind) => {
        const ones = own.filter((item) => item.kind === kind);
        if (ones.length === 0) return [];
        const moved = ones.reduce((sum, item) => sum + item.moved, 0);
        return [{ kind, moved, revenue: ones.reduce((sum, { revenue }) => add(sum, revenue), '0') }];
      }),
    };
  });
}

export const before = (now: string, by: string): string => subtract(now, by);

/** What moved the most money first. */
export const largestFirst = (items: readonly Item[]): Item[] =>
  items.toSorted((one, other) => sizeOf(other) - sizeOf(one) || other.moved - one.moved);

/** To put in order only: money itself is never a number. */
const sizeOf = ({ revenue, approvedRevenue }: Item): number =>
  Math.max(Math.abs(Number(revenue)), Math.abs(Number(approvedRevenue)));

export const withSign = (value: string, told: string): string => (signOf(value) > 0 ? `+${told}` : told);
