// What the address says of a report, whole: whoever opens it sees the same.
import { text } from '../../app/address.ts';
import { isDimension, isOfConversions, isTime } from '../../app/dimensions.ts';
import { type ReportSearch, readReportSearch } from '../../app/report-search.ts';
import { isMetric, type Metric, rememberedColumns } from './columns.ts';

export const MOST_GROUPS = 3;

export interface AnalyticsSearch extends ReportSearch {
  /** Dimensions, comma-separated. */
  group?: string;
  /** Columns, comma-separated. */
  columns?: string;
  /** A column or a dimension, `-` before it for descending. */
  sort?: string;
  /** What the chart draws. */
  chart?: Metric;
  /** Of which money it draws, where there are several. */
  draw?: string;
  /** By the first dimension, or the sum alone. */
  split?: boolean;
  compare?: boolean;
  /** By how much the sorted column moved, where it is compared. */
  moved?: boolean;
  /** All money in this one, by the uploaded rates. */
  currency?: string;
  /** A saved view that this began as. */
  view?: string;
}

const currencyIn = (value: unknown): string | undefined => text(value)?.match(/^[A-Z]{3}$/)?.[0];
const flag = (value: unknown): true | undefined => (value === true ? true : undefined);

export function readAnalyticsSearch(search: Record<string, unknown>): AnalyticsSearch {
  const named = (text(search.group) ?? 'campaign').split(',').filter(isDimension);
  const group = [...new Set(named)].slice(0, MOST_GROUPS);
  const columns = [...new Set((text(search.columns) ?? '').split(',').filter(isMetric))];
  const shown = columns.length === 0 ? rememberedColumns() : columns;
  const sort = text(search.sort);
  const sorted = sort?.replace(/^-/, '') ?? '';
  // What is not shown does not rank.
  const maySort = group.includes(sorted) || shown.some((metric) => metric === sorted);
  const { chart } = search;
  const found: AnalyticsSearch = {
    ...readReportSearch(search),
    group: group.length === 0 ? 'campaign' : group.join(','),
    columns: shown.join(','),
    sort: maySort ? sort : undefined,
    chart: isMetric(chart) ? chart : undefined,
    draw: currencyIn(search.draw),
    split: flag(search.split),
    compare: flag(search.compare),
    moved: flag(search.moved),
    currency: currencyIn(search.currency),
    view: text(search.view),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export const groupsOf = ({ group = 'campaign' }: AnalyticsSearch): string[] => group.split(',');
export const columnsOf = ({ columns = '' }: AnalyticsSearch): Metric[] => columns.split(',').filter(isMetric);

/** Where nothing is asked: by time in its order, by status the most conversions, else the most clicks, or of the first column. */
export function sortOf({ sort, ...search }: AnalyticsSearch): { by: string; isDescending: boolean } {
  if (sort !== undefined) return { by: sort.replace(/^-/, ''), isDescending: sort.startsWith('-') };
  const groups = groupsOf(search);
  const [first = ''] = groups;
  if (isTime(first)) return { by: first, isDescending: false };
  const columns = columnsOf(search);
  const usual = groups.some(isOfConversions) ? 'conversions' : 'clicks';
  return { by: columns.find((metric) => metric === usual) ?? columns[0] ?? 'clicks', isDescending: true };
}
