// What a chart draws: a line for the sum or for each of some values, each with what it was before.
import type { ReportLine } from '../../../api/reports-answer.ts';
import { coloursOf } from '../../app/colours.ts';
import { filterValueOf, type ReportKey } from '../../app/dimensions.ts';
import type { Range } from '../../app/range.ts';
import type { Whose } from '../../app/shared-names.ts';
import { SERIES } from '../../look/series.ts';
import type { Metric } from './columns.ts';
import { lineOf, namedAt, type Step } from './series.ts';

export interface Series {
  id: string;
  name: string;
  /** The tracker's name or the id, where several lines have one name. */
  whose: string | null;
  colour: string;
  now: (number | null)[];
  before: (number | null)[] | null;
}

export interface Drawing {
  metric: Metric;
  currency: string;
  step: Step;
  points: readonly string[];
  /** Of the period before, in the same places. */
  earlier: readonly string[];
  /** Named as the points are; `wholeSince` where a line may be of one tracker. */
  since: string | null;
  wholeSince: string | null;
  /** Whether a point without rows made nothing. */
  isTold: boolean;
  /** The values of the first dimension; null for the sum. */
  split: {
    by: string;
    values: readonly string[];
    labels(by: string, value: ReportKey | undefined): string;
    whose: Whose;
  } | null;
}

interface Read {
  range: Range;
  untilMs: number;
  rows: readonly ReportLine[];
  before: { first: string; from: string; rows: readonly ReportLine[] } | null;
}

/** @returns with the first point that is not over: what came in since the common moment is on it, or after */
export function linesOf(
  drawing: Drawing,
  { range, untilMs, rows, before }: Read,
): { series: Series[]; openFrom: number } {
  const { metric, points, earlier, since, wholeSince, split, ...line } = drawing;
  const until = namedAt(untilMs, drawing.step, range.zone);
  // Of the days before, as many are drawn as there are of these.
  const passed = points.filter((point) => point <= until.slice(0, point.length)).length;
  const untilBefore = earlier.slice(0, passed).at(-1);
  const colours = coloursOf(split?.by ?? '', split?.values ?? []);
  const series = (split?.values ?? ['total']).map((id): Series => {
    const isOwn = (row: ReportLine): boolean => split === null || filterValueOf(split.by, keyOf(row, split.by)) === id;
    const own = rows.filter(isOwn);
    return {
      id,
      name: split === null ? 'All' : split.labels(split.by, own[0] && keyOf(own[0], split.by)),
      whose: split === null ? null : split.whose(own[0] && keyOf(own[0], split.by)),
      colour: colours.get(id) ?? SERIES[0]!,
      now: lineOf(own, metric, { ...line, span: range, points, known: { since, wholeSince, until } }),
      before:
        before === null || untilBefore === undefined
          ? null
          : lineOf(before.rows.filter(isOwn), metric, {
              ...{ ...line, span: { ...before, days: range.days }, points: earlier },
              known: { since, wholeSince, until: untilBefore },
            }),
    };
  });
  return { series, openFrom: untilMs >= Date.parse(range.to) ? points.length : Math.max(0, passed - 1) };
}

export const keyOf = ({ keys }: ReportLine, name: string): ReportKey | undefined => keys[name as keyof typeof keys];

/** In the order of the rows, each once, whatever its currencies. */
export const valuesOf = (rows: readonly ReportLine[], name: string): string[] => [
  ...new Set(
    rows.flatMap((row) => {
      const value = row.isRest ? null : filterValueOf(name, keyOf(row, name));
      return value === null ? [] : [value];
    }),
  ),
];
