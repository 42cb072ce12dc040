// A row's figures in the period before: the row of the same values, of days the one that many days earlier.
import type { ReportLine } from '../../../api/reports-answer.ts';
import { filterValueOf, isTime, type ReportKey } from '../../app/dimensions.ts';
import { shiftDay } from '../../app/range.ts';
import { drawnOf, type Figures, isRate, METRICS, type Metric } from './columns.ts';

/** Null where it is not known. */
export type Before = (row: ReportLine) => Figures | null;

/** @param days how far the period before lies back */
export function beforeOf({ rows }: { rows: readonly ReportLine[] }, groups: readonly string[], days: number): Before {
  if (!groups.every((name) => hasBefore(name, days))) return () => null;
  const isWhole = rows.every(({ isRest }) => !isRest);
  const known = new Map(rows.filter(({ isRest }) => !isRest).map((row) => [nameOf(row, groups, days), row]));
  return (row) => (row.isRest ? null : (known.get(nameOf(row, groups, 0)) ?? (isWhole ? NONE : null)));
}

/** What was not there made nothing. */
const NONE = Object.fromEntries(METRICS.map((metric) => [metric, isRate(metric) ? null : 0])) as unknown as Figures;

const hasBefore = (name: string, days: number): boolean => name !== 'month' && (name !== 'week' || days % 7 === 0);

function nameOf({ keys, currency }: ReportLine, groups: readonly string[], days: number): string {
  const values = groups.map((name) => {
    const key: ReportKey | undefined = keys[name as keyof typeof keys];
    if (isTime(name) && typeof key === 'string') return `${shiftDay(key.slice(0, 10), days)}${key.slice(10, 16)}`;
    return typeof key === 'object' && key !== null ? (filterValueOf(name, key) ?? key.externalId) : (key ?? null);
  });
  return JSON.stringify([currency, ...values]);
}

/** By how much a figure has moved; null where that is not known. */
export function moveOf(row: ReportLine, metric: Metric, before: Before): number | null {
  const then = before(row);
  const [now, earlier] = [drawnOf(row, metric), then === null ? null : drawnOf(then, metric)];
  return now === null || earlier === null ? null : now - earlier;
}

/** What moved most first, or last; what is not known, and the rest, behind. */
export function byMove(
  rows: readonly ReportLine[],
  metric: Metric,
  before: Before,
  isDescending: boolean,
): ReportLine[] {
  const moves = new Map(rows.map((row) => [row, moveOf(row, metric, before)]));
  return rows.toSorted((one, other) => {
    const [a, b] = [moves.get(one) ?? null, moves.get(other) ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return isDescending ? b - a : a - b;
  });
}
