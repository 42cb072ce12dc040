// The lines of the chart: the sum or the busiest values of the first dimension, each with what it was before.
import { useQueries, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import type { ReportLine } from '../../../api/reports-answer.ts';
import { coloursOf } from '../../app/colours.ts';
import { filterValueOf, isTime } from '../../app/dimensions.ts';
import { useLabels } from '../../app/labels.ts';
import type { Range } from '../../app/range.ts';
import { askOf, withFilter } from '../../app/report-search.ts';
import { type Report, reportQuery } from '../../app/reports.ts';
import { SERIES } from '../../look/series.ts';
import { isMoney, type Metric } from './columns.ts';
import { type AnalyticsSearch, groupsOf } from './search.ts';
import { lineOf, namedAt, pointsOf, stepOf } from './series.ts';
import { untoldOf } from './untold.ts';

export interface Series {
  id: string;
  name: string;
  colour: string;
  now: (number | null)[];
  before: (number | null)[] | null;
}

const MOST_LINES = 5;
const MOST_ROWS = '10000';

interface Asked {
  metric: Metric;
  currency: string;
  /** Of the report above; null while it is not known. */
  untilMs: number | null;
  sinceMs: number | null;
  wholeSinceMs: number | null;
  /** The same days before, of a range that is not over as much of them as has passed; null where nothing is compared. */
  previous: Pick<Range, 'from' | 'to' | 'first'> | null;
}

/** @returns `series` is null while nothing is known yet */
export function useSeries(search: AnalyticsSearch, range: Range, asked: Asked) {
  const { metric, currency, untilMs, sinceMs, wholeSinceMs, previous } = asked;
  const labels = useLabels();
  const step = stepOf(range);
  const [first = ''] = groupsOf(search);
  const isSplit = search.split === true && !isTime(first);
  const money = search.currency === undefined ? {} : { currency: search.currency };
  const ranked = useQuery({
    ...reportQuery({ ...askOf(search, range), ...money, groupBy: first, sort: `-${metric}`, top: '50' }),
    enabled: isSplit,
  });
  const wanted = (ranked.data?.rows ?? []).filter((row) => !isMoney(metric) || row.currency === currency);
  const busiest = isSplit ? valuesOf(wanted, first).slice(0, MOST_LINES) : [];
  const isRanked = ranked.data !== undefined && !ranked.isPlaceholderData;
  const isReady = !isSplit || (isRanked && busiest.length > 0);
  const filter = isSplit ? withFilter(search.filter, first, busiest) : search.filter;
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
  const points = pointsOf(range, range.to, step);
  const earlier = previous === null ? [] : pointsOf({ ...previous, days: range.days }, endOf(previous, range), step);
  const data: Report | undefined = now?.data;
  const named = (atMs: number | null) => (atMs === null ? null : namedAt(atMs, step, range.zone));
  const since = named(sinceMs);
  const wholeSince = isSplit ? named(wholeSinceMs) : null;
  const divided = [...groupBy.split(','), ...Object.keys(search.filter ?? {})];
  const untold = data === undefined ? null : untoldOf(data, divided, [metric]);
  const known = { points, earlier, step, isSplit, since, untold, metric, currency };
  const isNothing = isSplit && isRanked && busiest.length === 0;
  const isCurrent = isReady && now?.isPlaceholderData === false && untilMs !== null;
  const isCompared = previous === null || before?.isError === true || before?.isPlaceholderData === false;
  return useKept(drawn(), isNothing || (isCurrent && isCompared && data !== undefined));

  function drawn() {
    if (isNothing) return { ...known, series: [], openFrom: points.length };
    if (data === undefined || untilMs === null) return { ...known, series: null, openFrom: points.length };
    const until = namedAt(untilMs, step, range.zone);
    const line = { step, currency, isTold: untold === null };
    const ids = isSplit ? busiest : ['total'];
    const colours = coloursOf(isSplit ? first : '', ids);
    const isOf = (id: string) => (row: ReportLine) => !isSplit || filterValueOf(first, keyOf(row, first)) === id;
    const compared = previous === null ? undefined : before?.data;
    // Of the days before, as many are drawn as there are of these.
    const passed = points.filter((point) => point <= until.slice(0, point.length)).length;
    const series = ids.map((id): Series => {
      const own = data.rows.filter(isOf(id));
      return {
        id,
        name: isSplit ? labels(first, own[0] && keyOf(own[0], first)) : 'All',
        colour: isSplit ? colours.get(id)! : SERIES[0]!,
        now: lineOf(own, metric, { ...line, span: range, points, known: { since, wholeSince, until } }),
        before:
          compared === undefined || previous === null || passed === 0
            ? null
            : lineOf(compared.rows.filter(isOf(id)), metric, {
                ...{ ...line, span: { ...previous, days: range.days }, points: earlier },
                known: { since, wholeSince, until: earlier.slice(0, passed).at(-1) ?? '' },
              }),
      };
    });
    // The day or hour that is under way, and what came in since.
    const openFrom = untilMs >= Date.parse(range.to) ? points.length : Math.max(0, passed - 1);
    return { ...known, series, openFrom };
  }
}

/** What was drawn stays until all of what comes next is there. */
function useKept<T>(value: T, isSettled: boolean): T {
  const kept = useRef<T>(null);
  if (isSettled) kept.current = value;
  return isSettled ? value : (kept.current ?? value);
}

const DAY_MS = 86_400_000;
const endOf = ({ from }: Pick<Range, 'from'>, { days }: Range): string =>
  new Date(Date.parse(from) + DAY_MS * days).toISOString();
const keyOf = ({ keys }: ReportLine, name: string) => keys[name as keyof typeof keys];

/** In the order of the rows, each once, whatever its currencies. */
const valuesOf = (rows: readonly ReportLine[], name: string): string[] => [
  ...new Set(
    rows.flatMap((row) => {
      const value = row.isRest ? null : filterValueOf(name, keyOf(row, name));
      return value === null ? [] : [value];
    }),
  ),
];
