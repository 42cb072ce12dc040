// One level deeper: a value becomes a filter, and its dimension makes room for the next finer one.

import type { ReportKey } from '../../app/dimensions.ts';
import { filterValueOf, isTime } from '../../app/dimensions.ts';
import { type Range, shiftDay } from '../../app/range.ts';
import { withFilter } from '../../app/report-search.ts';
import { type AnalyticsSearch, groupsOf } from './search.ts';

/** What people ask next, in this order; what is already shown or filtered is passed over. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  config: ['campaign'],
  trackerType: ['config', 'campaign'],
  trafficSource: ['campaign'],
  affiliateNetwork: ['offer'],
  adCampaign: ['adSet', 'ad'],
  adSet: ['ad'],
  ad: ['campaign', 'landingPage'],
  campaign: ['offer', 'landingPage'],
  offer: ['landingPage', 'campaign'],
  country: ['deviceType', 'os'],
  deviceType: ['os', 'browser'],
  status: ['rawStatus', 'offer'],
  rawStatus: ['offer'],
  month: ['day'],
  week: ['day'],
  day: ['hour'],
};
const THEN = ['campaign', 'offer', 'landingPage', 'flow', 'country', 'deviceType', 'os', 'browser', 'day', 'hour'];

/** @returns null where there is no way down: what has no name to ask for, an hour */
export function deeper(
  search: AnalyticsSearch,
  range: Pick<Range, 'first' | 'last'>,
  dimension: string,
  key: ReportKey | undefined,
): AnalyticsSearch | null {
  const value = filterValueOf(dimension, key);
  if (value === null) return null;
  const days = isTime(dimension) ? daysOf(dimension, value, range) : null;
  if (isTime(dimension) && days === null) return null;
  const filter = days === null ? withFilter(search.filter, dimension, [value]) : search.filter;
  const groups = groupsOf(search);
  const isOpen = (name: string): boolean =>
    !groups.includes(name) && filter?.[name] === undefined && (!isTime(name) || name === 'day' || name === 'hour');
  const next = [...(NEXT[dimension] ?? []), ...THEN].find(isOpen);
  const group = groups.flatMap((name) => (name !== dimension ? [name] : next === undefined ? [] : [next]));
  return {
    ...search,
    ...(days === null ? {} : { range: undefined, from: days[0], to: days[1] }),
    ...{ filter, group: group.join(',') },
    sort: search.sort?.replace(/^-/, '') === dimension ? undefined : search.sort,
  };
}

/** No more of a week or a month than was shown. */
function daysOf(dimension: string, value: string, { first, last }: Pick<Range, 'first' | 'last'>) {
  const whole = wholeOf(dimension, value);
  if (whole === null) return null;
  const [from, to] = whole;
  return [from < first ? first : from, to > last ? last : to] as const;
}

function wholeOf(dimension: string, value: string): [string, string] | null {
  if (dimension === 'day') return [value, value];
  if (dimension === 'week') return [value, shiftDay(value, 6)];
  if (dimension !== 'month') return null;
  const [year, month] = value.split('-').map(Number) as [number, number];
  return [`${value}-01`, new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)];
}
