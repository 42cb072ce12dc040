// What reports can be grouped and filtered by: the words and their order.
import type { ReportLine } from '../../api/reports-answer.ts';

export type ReportKey = NonNullable<ReportLine['keys']['campaign']> | null;

export type Kind = 'entity' | 'config' | 'ad' | 'time' | 'text';

interface Group {
  group: string;
  items: Readonly<Record<string, readonly [title: string, kind: Kind]>>;
}

const subIds: Group['items'] = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [`subId${i + 1}`, [`Sub-id ${i + 1}`, 'text'] as const]),
);

export const GROUPS: readonly Group[] = [
  { group: 'Ads', items: { adCampaign: ['Ad campaign', 'ad'], adSet: ['Ad set', 'ad'], ad: ['Ad', 'ad'] } },
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

/** No click has one. */
export const isOfConversions = (name: string): boolean => name === 'status' || name === 'rawStatus';

/** What a filter calls rows without a value. */
export const NONE = '';
/** Whether it can be asked for them: a tracker, a status and a time are told of every row. */
export const mayBeNone = (name: string): boolean =>
  !isTime(name) && name !== 'config' && name !== 'trackerType' && name !== 'status';

/** What a filter calls it; null where it has no name to ask for. */
export function filterValueOf(name: string, key: ReportKey | undefined): string | null {
  if (key === null || key === undefined || key === NONE) return mayBeNone(name) ? NONE : null;
  if (typeof key === 'string') return key;
  return ALL.get(name)?.[1] === 'ad' ? key.externalId : key.id;
}
