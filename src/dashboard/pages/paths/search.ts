// What the address says of the paths.
import { type ReportSearch, readReportSearch } from '../../app/report-search.ts';

export const METRICS = ['clicks', 'conversions', 'revenue', 'profit'] as const;
export type PathMetric = (typeof METRICS)[number];

export interface PathsSearch extends ReportSearch {
  metric?: PathMetric;
  /** Of which money is drawn, where there are several. */
  currency?: string;
  /** An id whose story is told. */
  click?: string;
}

export function readPathsSearch(search: Record<string, unknown>): PathsSearch {
  const { metric, currency, click } = search;
  const id = typeof click === 'number' ? String(click) : click;
  return {
    ...readReportSearch(search),
    ...(METRICS.some((name) => name === metric) ? { metric: metric as PathMetric } : {}),
    ...(typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? { currency } : {}),
    ...(typeof id === 'string' && id.trim() !== '' ? { click: id.trim() } : {}),
  };
}
