// The report that the address asks for, and the same of the period before where it is compared with.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { previousOf, rangeOf } from '../../app/range.ts';
import { askOf } from '../../app/report-search.ts';
import { type Report, reportQuery } from '../../app/reports.ts';
import { useNow } from '../../parts/now.ts';
import { beforeOf, byMove } from './before.ts';
import { isMetric } from './columns.ts';
import { type AnalyticsSearch, groupsOf, sortOf } from './search.ts';

const MOST_ROWS = '10000';

export function useAnalytics(search: AnalyticsSearch) {
  const nowMs = useNow(60_000);
  const range = rangeOf(search, nowMs);
  const groups = groupsOf(search);
  const sort = sortOf(search);
  const money = search.currency === undefined ? {} : { currency: search.currency };
  const question = {
    ...money,
    ...{ groupBy: groups.join(','), sort: `${sort.isDescending ? '-' : ''}${sort.by}`, top: MOST_ROWS },
  };
  const query = { ...askOf(search, range), ...question };
  const { data: report, error, isPlaceholderData } = useQuery(reportQuery(query));
  const readMs = report?.asOf == null ? nowMs : Date.parse(report.asOf);
  const untilMs = report === undefined ? null : Math.min(nowMs, readMs);
  const sinceMs = report?.since == null ? null : Date.parse(report.since);
  const wholeSinceMs = report?.wholeSince == null ? null : Date.parse(report.wholeSince);
  // Before its first moment is read, a range has nothing to be held against.
  const isCompared = search.compare === true && untilMs !== null && untilMs > Date.parse(range.from);
  const previous = isCompared ? previousOf(range, untilMs) : null;
  // A part of it would make a growth of what was merely not read.
  const isKnown = previous !== null && sinceMs !== null && sinceMs <= Date.parse(previous.from);
  const askBefore = { ...askOf(search, { ...range, ...previous }), ...question };
  const earlier = useQuery({
    ...reportQuery(askBefore),
    enabled: isKnown,
    // As time goes on, so does the end of what is compared with: its figures stay until the next are there.
    placeholderData: (report, query) => (isSameRows(query?.queryKey[1], askBefore) ? report : undefined),
  });
  const reportBefore: Report | undefined = isKnown ? earlier.data : undefined;
  const names = groups.join(',');
  const before = useMemo(
    () => (reportBefore === undefined ? null : beforeOf(reportBefore, names.split(','), range.days)),
    [reportBefore, names, range.days],
  );
  const isByMove = isKnown && search.moved === true;
  const rows = useMemo(() => {
    const own = report?.rows ?? [];
    return isByMove && before !== null && isMetric(sort.by) ? byMove(own, sort.by, before, sort.isDescending) : own;
  }, [report, isByMove, before, sort.by, sort.isDescending]);
  return {
    ...{ range, groups, sort, query, report, rows, error, isPlaceholderData },
    ...{ untilMs, sinceMs, wholeSinceMs, previous, isKnown, before, totalsBefore: reportBefore?.totals ?? null },
  };
}

/** Whatever their end, and their order. */
const isSameRows = (one: unknown, other: object): boolean =>
  typeof one === 'object' && one !== null && rowsOf(one) === rowsOf(other);
const rowsOf = (ask: object): string => JSON.stringify({ ...ask, to: null, sort: null });
