// What our days and the tracker's add up to, and the days that differ: those with one known reason are one line.
import { add } from '../../../core/decimal.ts';
import { dayOf, daySpan } from '../../app/format.ts';

export interface Compared {
  day: string;
  column: 'clicks' | 'cost' | 'conversions' | 'revenue';
  /** Of money. */
  currency: string | null;
  ours: string;
  theirs: string;
  reason: string | null;
  state: 'equal' | 'differs' | 'rereading' | 'explained';
}

export interface Line {
  id: string;
  title: string;
  /** Which days; null for all of them. */
  days: string | null;
  currency: string | null;
  ours: string;
  theirs: string;
  reason: string | null;
  isExplained: boolean;
}

const WORDS = { clicks: 'Clicks', cost: 'Cost', conversions: 'Conversions', revenue: 'Revenue' } as const;

export const sumsOf = (compared: readonly Compared[]): Line[] =>
  linesBy(compared, ({ column, currency }) => `${column} ${currency}`).map((line) => ({
    ...line,
    ...{ days: null, reason: null },
  }));

/** What nobody can explain first, then the newest. */
export function differencesOf(compared: readonly Compared[]): Line[] {
  const differing = compared.filter(({ state }) => state !== 'equal').toReversed();
  const lines = linesBy(differing, ({ day, column, currency, reason, state }) =>
    JSON.stringify([column, currency, state, state === 'explained' ? reason : day]),
  );
  return lines.toSorted((one, other) => Number(one.isExplained) - Number(other.isExplained));
}

/** How many days have no difference at all. */
export function equalDays(compared: readonly Compared[]): number {
  const differing = new Set(compared.filter(({ state }) => state !== 'equal').map(({ day }) => day));
  return new Set(compared.map(({ day }) => day).filter((day) => !differing.has(day))).size;
}

function linesBy(compared: readonly Compared[], nameOf: (one: Compared) => string): Line[] {
  return [...Map.groupBy(compared, nameOf)].map(([id, ones]): Line => {
    const { column, currency, reason } = ones[0]!;
    const sum = (of: 'ours' | 'theirs') => ones.reduce((all, one) => add(all, one[of]), '0');
    return {
      ...{ id, title: WORDS[column], currency, reason, days: daysOf(ones.map(({ day }) => day)) },
      ...{ ours: sum('ours'), theirs: sum('theirs') },
      isExplained: ones.every(({ state }) => state === 'equal' || state === 'explained'),
    };
  });
}

function daysOf(days: readonly string[]): string {
  const [first, last] = [days.toSorted()[0]!, days.toSorted().at(-1)!];
  return first === last ? dayOf(first) : `${daySpan(first, last)}, ${days.length} days`;
}
