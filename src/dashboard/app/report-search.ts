// The part of a report's question that every page of figures has in its address.
import { isDimension, isTime, mayBeNone, NONE } from './dimensions.ts';
import { type Range, type RangeSearch, readRange } from './range.ts';

export type Filters = Readonly<Record<string, readonly string[]>>;

export interface ReportSearch extends RangeSearch {
  /** Whose time counts; clicks' where it says nothing. */
  by?: 'conversion';
  /** Dimension to its values. */
  filter?: Filters;
}

export function readReportSearch(search: Record<string, unknown>): ReportSearch {
  const filter = readFilters(search.filter);
  return {
    ...readRange(search),
    ...(search.by === 'conversion' ? { by: 'conversion' } : {}),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
  };
}

function readFilters(given: unknown): Filters {
  if (typeof given !== 'object' || given === null) return {};
  const pairs = Object.entries(given).flatMap(([name, values]) => {
    const told = Array.isArray(values) ? [...new Set(values.map(String))] : [];
    const texts = told.filter((value) => value !== NONE || mayBeNone(name));
    return isDimension(name) && !isTime(name) && texts.length > 0 ? [[name, texts] as const] : [];
  });
  return Object.fromEntries(pairs);
}

/** The filters with other values of one dimension; of none, it is gone. */
export function withFilter(filters: Filters = {}, name: string, values: readonly string[]): Filters | undefined {
  const { [name]: _, ...others } = filters;
  const all = values.length === 0 ? others : { ...filters, [name]: values };
  return Object.keys(all).length === 0 ? undefined : all;
}

/** What is asked of every report of a page. */
export function askOf({ by, filter = {} }: ReportSearch, { from, to, zone }: Pick<Range, 'from' | 'to' | 'zone'>) {
  const filters = Object.entries(filter).map(([name, values]) => [`filter.${name}`, [...values]]);
  return { from, to, tz: zone, ...(by === undefined ? {} : { by }), ...Object.fromEntries(filters) };
}
