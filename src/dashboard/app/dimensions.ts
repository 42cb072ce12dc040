// What reports can be grouped and filtered by: the words, their order, and how each value is called.
import { useQuery } from '@tanstack/react-query';
import { daySpan } from './format.ts';
import { shiftDay } from './range.ts';
import type { ReportKey } from './reports.ts';
import { typesQuery } from './trackers.ts';

export type Kind = 'entity' | 'config' | 'ad' | 'time' | 'text';

interface Group {
  group: string;
  items: Readonly<Record<string, readonly [title: string, kind: Kind]>>;
}

const subIds: Group['items'] = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [`subId${i + 1}`, [`Sub-id ${i + 1}`, 'text'] as const]),
);

export const GROUPS: readonly Group[] = [
  {
    group: 'Campaigns',
    items: {
      campaign: ['Campaign', 'entity'],
      offer: ['Offer', 'entity'],
      landingPage: ['Landing page', 'entity'],
      flow: ['Flow', 'entity'],
      trafficSource: ['Traffic source', 'entity'],
      affiliateNetwork: ['Affiliate network', 'entity'],
    },
  },
  { group: 'Ads', items: { adCampaign: ['Ad campaign', 'ad'], adSet: ['Ad set', 'ad'], ad: ['Ad', 'ad'] } },
  {
    group: 'Time',
    items: { day: ['Day', 'time'], hour: ['Hour', 'time'], week: ['Week', 'time'], month: ['Month', 'time'] },
  },
  {
    group: 'Visitors',
    items: {
      country: ['Country', 'text'],
      deviceType: ['Device', 'text'],
      os: ['System', 'text'],
      browser: ['Browser', 'text'],
    },
  },
  { group: 'Trackers', items: { config: ['Tracker', 'config'], trackerType: ['Kind of tracker', 'text'] } },
  { group: 'Conversions', items: { status: ['Status', 'text'], rawStatus: ['Status in the tracker', 'text'] } },
  { group: 'Sub-ids', items: subIds },
];

const ALL = new Map(GROUPS.flatMap(({ items }) => Object.entries(items)));

export const isDimension = (name: unknown): name is string => typeof name === 'string' && ALL.has(name);
export const titleOf = (name: string): string => ALL.get(name)?.[0] ?? name;
export const isTime = (name: string): boolean => ALL.get(name)?.[1] === 'time';
export const isAd = (name: string): boolean => ALL.get(name)?.[1] === 'ad';

/** What a filter calls it; null where it has no name to ask for. */
export function filterValueOf(name: string, key: ReportKey | undefined): string | null {
  if (key === null || key === undefined || typeof key === 'string') return key ?? null;
  return ALL.get(name)?.[1] === 'ad' ? key.externalId : key.id;
}

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });
const dayName = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const monthName = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const utc = (day: string): Date => new Date(`${day}T00:00:00Z`);

export type Labels = (dimension: string, key: ReportKey | undefined) => string;

/** How values are called; *None* where a click or conversion has none. */
export function useLabels(): Labels {
  const { data: types = [] } = useQuery(typesQuery);
  return (dimension, key) => {
    if (key === null || key === undefined || key === '') return 'None';
    if (typeof key !== 'string') return key.name ?? key.externalId;
    if (dimension === 'trackerType') return types.find(({ type }) => type === key)?.title ?? key;
    return wordsOf(dimension, key);
  };
}

function wordsOf(dimension: string, key: string): string {
  switch (dimension) {
    case 'country':
      return /^[A-Z]{2}$/.test(key) ? (countries.of(key) ?? key) : key;
    case 'day':
      return dayName.format(utc(key));
    case 'week':
      return daySpan(key, shiftDay(key, 6));
    case 'month':
      return monthName.format(utc(`${key}-01`));
    case 'hour':
      return `${dayName.format(utc(key.slice(0, 10)))} ${key.slice(11, 16)}`;
    case 'status':
    case 'deviceType':
      return key === 'hold' ? 'On hold' : `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
    default:
      return key;
  }
}
