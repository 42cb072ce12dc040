// What Voluum's reports are asked for: live visits campaign by campaign, conversions, sums by day and campaign.
import type { JsonObject } from '../core/resources.ts';
import { DAY_MS, HOUR_MS, type Range } from '../core/windows.ts';
import type { Adapter } from './adapter.ts';
import { decimal, listUnder, orZero, required, requiredCount, requiredDay, text } from './reading.ts';
import type { LogVariant, PageAsk, TotalsSource, TrackerRequest } from './sources.ts';
import {
  CONVERSION_COLUMNS,
  clickOfConversion,
  mapConversion,
  mapVisit,
  postbackTime,
  visitTime,
} from './voluum-logs.ts';
import { told, totalRows } from './voluum-values.ts';

const utc = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

/** A report of whole hours in UTC; pages are cut to a hundred rows where no limit is sent. */
const report = (
  path: string,
  { from, to }: Range,
  { limit, offset }: PageAsk,
  query: Record<string, string | readonly string[]>,
): TrackerRequest => ({
  method: 'GET',
  path,
  query: { from: utc(from), to: utc(to), tz: 'Etc/GMT', limit, offset, ...query },
});

const PAGES = { style: 'offset', limit: 10_000, maxPages: 2_000, onRepeat: 'fail' } as const;

const conversions = (columns: readonly string[]): LogVariant => ({
  request: (window, page) =>
    report('/report/conversions', window, page, { sort: 'postbackTimestamp', direction: 'ASC', columns }),
});

/** The latest rows of one campaign: the more the better, as far as the account gives them. */
const liveVisits = (limit: number): LogVariant => ({
  request: (_window, _page, campaignId) => ({
    method: 'GET',
    path: `/report/live/visits/${encodeURIComponent(campaignId ?? '')}`,
    query: { limit, tz: 'Etc/GMT' },
  }),
});

export const voluumLogs: Adapter['logs'] = {
  clicks: {
    evidence: 'observed',
    note: 'Recent clicks only: the latest visits of each campaign with traffic. Of older ones those with a conversion are known, as derived clicks.',
    grainMs: HOUR_MS,
    marginMs: 0,
    unordered: true,
    reachMs: DAY_MS,
    parents: {
      request: (window, page) => report('/report', window, page, { groupBy: 'campaign', include: 'TRAFFIC' }),
      paging: PAGES,
      items: listUnder('rows'),
      total: totalRows,
      idOf: (row) => told(row.campaignId),
    },
    paging: { style: 'whole' },
    variants: {
      'latest 10,000': liveVisits(10_000),
      'latest 1,000': liveVisits(1_000),
      'latest 100': liveVisits(100),
    },
    items: listUnder('rows'),
    total: () => null,
    timeOf: visitTime,
    map: mapVisit,
  },
  conversions: {
    evidence: 'observed',
    note: 'By the time of the postback. A correction is a row of its own.',
    grainMs: HOUR_MS,
    marginMs: 0,
    numbersTwins: true,
    paging: PAGES,
    variants: { named: conversions(CONVERSION_COLUMNS), 'default columns': { ...conversions([]), lacks: 'words' } },
    items: listUnder('rows'),
    total: totalRows,
    timeOf: postbackTime,
    map: mapConversion,
    clickOf: clickOfConversion,
  },
};

export const voluumTotals: TotalsSource = {
  evidence: 'documented',
  note: "Of whole days, conversions and revenue are compared: by the postback's day or the visit's, as the settings say.",
  wholeDays: true,
  grainMs: HOUR_MS,
  paging: PAGES,
  total: totalRows,
  variants: {
    days: {
      request: (window, page) =>
        report('/report', window, page, {
          ...{ groupBy: ['day', 'campaign'], columns: ['visits', 'conversions', 'revenue', 'cost'] },
        }),
    },
  },
  items: listUnder('rows'),
  map: (row) => ({
    day: requiredDay(dayOf(row), 'day'),
    campaignExternalId: told(row.campaignId),
    clicks: requiredCount(orZero(row.visits), 'visits'),
    conversions: requiredCount(orZero(row.conversions), 'conversions'),
    revenue: required(decimal(orZero(row.revenue), 'revenue'), 'revenue'),
    cost: required(decimal(orZero(row.cost), 'cost'), 'cost'),
  }),
  uncounted: [],
  withoutRevenue: [],
};

/** The day alone, or with the time at which it begins. */
const dayOf = ({ day }: JsonObject): string | null => text(day)?.slice(0, 10) ?? null;
