// The lines of the chart: the sum or the busiest values of the first dimension, each with what it was before.
import { useQueries, useQuery } from '@tanstack/react-query';
import type { ReportLine } from '../../../api/reports-answer.ts';
import { coloursOf } from '../../app/colours.ts';
import { filterValueOf, isTime } from '../../app/dimensions.ts';
import { useLabels } from '../../app/labels.ts';
import { dayIn, previousOf, type Range } from '../../app/range.ts';
import { askOf, withFilter } from '../../app/report-search.ts';
import { reportQuery } from '../../app/reports.ts';
import { SERIES } from '../../look/series.ts';
import { isMoney, type Metric } from './columns.ts';
import { type AnalyticsSearch, groupsOf } from './search.ts';
import { lineOf, pointsOf, stepOf, untilThen } from './series.ts';

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
  /** Up to when all is in; null while that is not known. */
  untilMs: number | null;
}

/** @returns null while nothing is known yet */
export function useSeries(search: AnalyticsSearch, range: Range, { metric, currency, untilMs }: Asked) {
  const labels = useLabels();
  const step = stepOf(range);
  const [first = ''] = groupsOf(search);
  const isSplit = search.split === true && !isTime(first);
  const previous = { ...previousOf(range, untilMs ?? Date.parse(range.to)), zone: range.zone, days: range.days };
  const money = search.currency === undefined ? {} : { currency: search.currency };
  const ranked = useQuery({
    ...reportQuery({ ...askOf(search, range), ...money, groupBy: first, sort: `-${metric}`, top: '50' }),
    enabled: isSplit,
  });
  const wanted = (ranked.data?.rows ?? []).filter((row) => !isMoney(metric) || row.currency === currency);
  const busiest = isSplit ? valuesOf(wanted, first).slice(0, MOST_LINES) : [];
  const isReady = !isSplit || (ranked.data !== undefined && !ranked.isPlaceholderData && busiest.length > 0);
  const filter = isSplit ? withFilter(search.filter, first, busiest) : search.filter;
  const groupBy = isSplit ? `${first},${step}` : step;
  const ask = (span: Pick<Range, 'from' | 'to' | 'zone'>) =>
    reportQuery({ ...askOf({ ...search, filter }, span), ...money, groupBy, sort: step, top: MOST_ROWS });
  // Before its first moment is read, a range has nothing to be held against.
  const isCompared = search.compare === true && untilMs !== null && untilMs > Date.parse(range.from);
  const [now, before, sums] = useQueries({
    queries: [
      { ...ask(range), enabled: isReady },
      { ...ask(previous), enabled: isReady && isCompared },
      { ...reportQuery({ ...askOf(search, previous), ...money, groupBy: '' }), enabled: isCompared },
    ],
  });
  const points = pointsOf(range, range.to, step);
  const earlier = pointsOf(previous, new Date(Date.parse(previous.from) + DAY_MS * range.days).toISOString(), step);
  const totalsBefore = isCompared ? (sums?.data?.totals ?? null) : null;
  const data = now?.data;
  if (data === undefined || untilMs === null) return { points, earlier, step, series: null, totalsBefore };
  const until = step === 'day' ? dayIn(range.zone, untilMs) : new Date(untilMs).toISOString();
  const line = (rows: readonly ReportLine[], span: typeof range | typeof previous) =>
    lineOf(rows, metric, { span, step, points: points.length, currency });
  const ids = isSplit ? busiest : ['total'];
  const colours = coloursOf(isSplit ? first : '', ids);
  const isOf = (id: string) => (row: ReportLine) => !isSplit || filterValueOf(first, keyOf(row, first)) === id;
  const compared = isCompared ? before?.data : undefined;
  const passed = untilThen(
    points.map(() => 0),
    points,
    until,
  ).filter((value) => value !== null).length;
  const series = ids.map((id): Series => {
    const own = data.rows.filter(isOf(id));
    const earlierLine = compared === undefined ? null : line(compared.rows.filter(isOf(id)), previous);
    return {
      id,
      name: isSplit ? labels(first, own[0] && keyOf(own[0], first)) : 'All',
      colour: isSplit ? colours.get(id)! : SERIES[0]!,
      now: untilThen(line(own, range), points, until),
      before: earlierLine?.map((value, place) => (place < passed ? value : null)) ?? null,
    };
  });
  return {
    points,
    earlier,
    step,
    series,
    totalsBefore,
  };
}

const DAY_MS = 86_400_000;
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
