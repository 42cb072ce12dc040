// A report over time as lines: a point for each day or hour of the range, gaps where nothing is known.

import type { ReportLine } from '../../../api/reports-answer.ts';
import { dayIn, type Range, shiftDay } from '../../app/range.ts';
import { drawnOf, isMoney, type Metric } from './columns.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Ranges up to this many days are drawn by hours. */
const MOST_DAYS_BY_HOUR = 2;

export type Step = 'day' | 'hour';
export const stepOf = ({ days }: Pick<Range, 'days'>): Step => (days <= MOST_DAYS_BY_HOUR ? 'hour' : 'day');

export interface Span {
  first: string;
  from: string;
  days: number;
}

/** The name of each point: its day, or the moment at which its hour begins. */
export function pointsOf({ first, from, days }: Span, to: string, step: Step): string[] {
  if (step === 'day') return Array.from({ length: days }, (_, i) => shiftDay(first, i));
  const hours = Math.round((Date.parse(to) - Date.parse(from)) / HOUR_MS);
  return Array.from({ length: hours }, (_, i) => new Date(Date.parse(from) + i * HOUR_MS).toISOString());
}

const placeOf = ({ first, from }: Span, step: Step, key: string): number =>
  step === 'day'
    ? Math.round((Date.parse(key) - Date.parse(first)) / DAY_MS)
    : Math.floor((Date.parse(key) - Date.parse(from)) / HOUR_MS);

/** All by name, as the points have theirs. */
export interface Known {
  /** Points before it and after `until` are gaps, unless they have rows. */
  since: string | null;
  /** Of a line that may be one tracker's: points before it are gaps as long as no row has come. */
  wholeSince: string | null;
  until: string;
}

interface Place {
  span: Span;
  step: Step;
  /** By name, in order. */
  points: readonly string[];
  known: Known;
  /** Whether a point without rows made nothing; else that is not known either. */
  isTold: boolean;
  currency: string;
}

/** The numbers of a line; money of one currency alone, counts of all of them. What is not known is a gap and no nought. */
export function lineOf(
  rows: readonly ReportLine[],
  metric: Metric,
  { span, step, points, known, isTold, currency }: Place,
): (number | null)[] {
  const sums = points.map((point): number | null => (isRatio(metric) || !isTold || !isKnown(point, known) ? null : 0));
  const parts = new Map<number, { clicks: number; conversions: number }>();
  // What one of them does not tell, their sum does not tell either.
  const untold = new Set<number>();
  let begun = points.length;
  for (const row of rows) {
    const key = row.keys[step];
    const place = typeof key === 'string' ? placeOf(span, step, key) : -1;
    if (row.isRest || place < 0 || place >= points.length) continue;
    begun = Math.min(begun, place);
    if (isMoney(metric) && row.currency !== currency) continue;
    const value = drawnOf(row, metric);
    if (metric === 'cr' ? row.clicks === null : value === null) untold.add(place);
    if (metric === 'cr') {
      const before = parts.get(place) ?? { clicks: 0, conversions: 0 };
      const part = { clicks: before.clicks + (row.clicks ?? 0), conversions: before.conversions + row.conversions };
      parts.set(place, part);
      sums[place] = part.clicks === 0 ? null : (100 * part.conversions) / part.clicks;
    } else if (isRatio(metric)) sums[place] = value;
    else sums[place] = (sums[place] ?? 0) + (value ?? 0);
  }
  const isBegun = (place: number): boolean => place >= begun || !isBefore(points[place]!, known.wholeSince);
  return sums.map((sum, place) => (untold.has(place) || !isBegun(place) ? null : sum));
}

const isRatio = (metric: Metric): boolean => metric === 'cr' || metric === 'roi' || metric === 'epc';

const isBefore = (point: string, moment: string | null): boolean =>
  moment !== null && point < moment.slice(0, point.length);
const isKnown = (point: string, { since, until }: Known): boolean =>
  point <= until.slice(0, point.length) && !isBefore(point, since);

/** A moment as points are named. */
export const namedAt = (atMs: number, step: Step, zone: string): string =>
  step === 'day' ? dayIn(zone, atMs) : new Date(atMs).toISOString();
