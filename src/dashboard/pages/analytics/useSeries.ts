// What the chart asks for: the days of the first values of the table, and the days before.
import { useQueries } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { isTime } from '../../app/dimensions.ts';
import { useLabels } from '../../app/labels.ts';
import type { Range } from '../../app/range.ts';
import { askOf, withFilter } from '../../app/report-search.ts';
import { type Report, reportQuery } from '../../app/reports.ts';
import { useWhose } from '../../app/whose.ts';
import { isMoney, type Metric } from './columns.ts';
import { type Drawing, keyOf, linesOf, valuesOf } from './lines.ts';
import { type AnalyticsSearch, groupsOf } from './search.ts';
import { namedAt, pointsOf, stepOf } from './series.ts';
import { untoldOf } from './untold.ts';

const MOST_LINES = 5;
const MOST_ROWS = '10000';

interface Asked {
  report: Report | undefined;
  /** In the table's order. */
  rows: Report['rows'];
  /** They are those of an earlier question. */
  isPlaceholderData: boolean;
  /** Why there is no report. */
  error: Error | null;
  metric: Metric;
  currency: string;
  /** Of the report above; null while it is not known. */
  untilMs: number | null;
  sinceMs: number | null;
  wholeSinceMs: number | null;
  /** The same days before, of a range that is not over as much of them as has passed; null where nothing is compared. */
  previous: Pick<Range, 'from' | 'to' | 'first'> | null;
}

/** @returns `series` is null while nothing is known yet; with an `error` there is none, whatever was drawn before */
export function useSeries(search: AnalyticsSearch, range: Range, asked: Asked) {
  const { metric, currency, untilMs, sinceMs, wholeSinceMs, previous } = asked;
  const labels = useLabels();
  const step = stepOf(range);
  const [first = ''] = groupsOf(search);
  const isSplit = search.split === true && !isTime(first);
  const money = search.currency === undefined ? {} : { currency: search.currency };
  const wanted = isSplit ? asked.rows.filter((row) => !isMoney(metric) || row.currency === currency) : [];
  const values = valuesOf(wanted, first).slice(0, MOST_LINES);
  const isRanked = asked.report !== undefined && !asked.isPlaceholderData;
  const isReady = !isSplit || (isRanked && values.length > 0);
  const filter = isSplit ? withFilter(search.filter, first, values) : search.filter;
  const groupBy = isSplit ? `${first},${step}` : step;
  const ask = (span: Pick<Range, 'from' | 'to'>) =>
    reportQuery({
      ...askOf({ ...search, filter }, { ...span, zone: range.zone }),
      ...{ ...money, groupBy, sort: step, top: MOST_ROWS },
    });
  const [now, before] = useQueries({
    queries: [
      { ...ask(range), enabled: isReady },
      { ...ask(previous ?? range), enabled: isReady && previous !== null },
    ],
  });
  const data: Report | undefined = now?.data;
  const keys = useMemo(
    () => (isSplit ? (data?.rows ?? []).map((row) => keyOf(row, first)) : []),
    [isSplit, data, first],
  );
  const whose = useWhose(keys);
  const named = (atMs: number | null) => (atMs === null ? null : namedAt(atMs, step, range.zone));
  const divided = [...groupBy.split(','), ...Object.keys(search.filter ?? {})];
  const untold = data === undefined ? null : untoldOf(data, divided, [metric]);
  const drawing: Drawing = {
    ...{ metric, currency, step },
    points: pointsOf(range, range.to, step),
    earlier: previous === null ? [] : pointsOf({ ...previous, days: range.days }, endOf(previous, range), step),
    ...{ since: named(sinceMs), wholeSince: isSplit ? named(wholeSinceMs) : null },
    isTold: untold === null,
    split: isSplit ? { by: first, values, labels, whose } : null,
  };
  const isNothing = isSplit && isRanked && values.length === 0;
  const error = refusalOf({ data: asked.report, error: asked.error });
  const refusal = error ?? (isReady ? refusalOf(now) : null);
  const isCurrent = isReady && now?.isPlaceholderData === false && untilMs !== null;
  const isCompared = previous === null || before?.isError === true || before?.isPlaceholderData === false;
  const compared = previous === null || before?.data === undefined ? null : { ...previous, rows: before.data.rows };
  const lines =
    refusal !== null || isNothing || data === undefined || untilMs === null
      ? { series: isNothing || refusal !== null ? [] : null, openFrom: drawing.points.length }
      : linesOf(drawing, { range, untilMs, rows: data.rows, before: compared });
  const isSettled = refusal !== null || isNothing || (isCurrent && isCompared && data !== undefined);
  return useKept({ ...drawing, ...lines, untold, error: refusal }, isSettled);
}

interface Answer {
  data: Report | undefined;
  error: Error | null;
}

/** What is known already outlives a refusal to refresh it. */
const refusalOf = (answer: Answer | undefined): Error | null =>
  answer === undefined || answer.data !== undefined ? null : answer.error;

/** What was drawn stays until all of what comes next is there. */
function useKept<T>(value: T, isSettled: boolean): T {
  const kept = useRef<T>(null);
  if (isSettled) kept.current = value;
  return isSettled ? value : (kept.current ?? value);
}

const DAY_MS = 86_400_000;
const endOf = ({ from }: Pick<Range, 'from'>, { days }: Range): string =>
  new Date(Date.parse(from) + DAY_MS * days).toISOString();
