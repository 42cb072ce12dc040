// Binom v2, public API v1: self-hosted trackers. Logs without pages, names instead of ids, a report per campaign.
import { z } from 'zod';
import type { ErrorKind } from '../core/errors.ts';
import type { Json } from '../core/resources.ts';
import type { StatusMap } from '../core/statuses.ts';
import { type Range, SECOND_MS } from '../core/windows.ts';
import { defineAdapter, type Refusal } from './adapter.ts';
import { binomCatalog } from './binom-v2-catalog.ts';
import { clickTime, conversionTime, filterNames, mapClick, mapConversion } from './binom-v2-logs.ts';
import { count, decimal, id, isObject, listUnder, orZero, required, requiredCount } from './reading.ts';
import { wordsOf } from './said.ts';
import { trackerSettings } from './settings.ts';
import type { LogVariant } from './sources.ts';
import { wallClock } from './wall-clock.ts';

/** Free text, as the postback sets it: only what is obvious is mapped. None at all is a conversion that nobody doubts. */
const STATUSES: StatusMap = {
  approved: 'approved',
  confirmed: 'approved',
  sale: 'approved',
  lead: 'pending',
  pending: 'pending',
  hold: 'hold',
  rejected: 'rejected',
  declined: 'rejected',
  trash: 'rejected',
  chargeback: { status: 'rejected', reversed: true },
  refund: { status: 'rejected', reversed: true },
  '': 'approved',
};

/** Always with a zone: the tracker's own may change, and takes the old times along. */
const span = (from: number, to: number) => ({
  ...{ datePreset: 'custom_time', dateFrom: wallClock(from), dateTo: wallClock(to), timezone: 'UTC' },
});

const log = (path: string, most = Number.POSITIVE_INFINITY): LogVariant => ({
  request: ({ from, to }: Range, { limit }) => ({
    method: 'GET',
    path,
    query: { ...span(from.getTime(), to.getTime()), sortType: 'asc', limit: Math.min(limit, most), direction: 'next' },
  }),
});

/** Whether the end of a time is in it, nobody says: what comes is cut to the window. */
const LOG = {
  grainMs: SECOND_MS,
  marginMs: 0,
  items: listUnder('rows'),
  total: () => null,
} as const;

export const binomV2 = defineAdapter({
  type: 'binom_v2',
  title: 'Binom v2',
  mark: { letters: 'Bi', color: '#f5a623' },
  docsUrl: 'https://docs.binom.org/',
  credentials: z.strictObject({
    apiKey: z.string().trim().min(1).max(500).meta({
      title: 'API key',
      description: 'In Binom: Settings → Users → your user → API key. The key sees what its user sees.',
      secret: 'key',
    }),
  }),
  settings: trackerSettings,
  url: { isRequired: true, default: null, apiPath: '/public/api/v1' },
  auth: [{ style: 'header', name: 'Api-Key', credential: 'apiKey' }],
  test: {
    request: () => ({ method: 'GET', path: '/user/role' }),
    paging: { style: 'whole' },
    items: (body) => (isObject(body) && 'role' in body ? [body] : null),
  },
  catalog: binomCatalog,
  logs: {
    clicks: {
      ...LOG,
      evidence: 'assumed',
      note: 'The call exists, its parameters are not public: taken to be those of the conversions.',
      paging: { style: 'narrowing', limit: 1_000, leastLimit: 100, maxPages: 10_000 },
      variants: { 'long pages': log('/clicklog'), 'pages of 100': log('/clicklog', 100) },
      timeOf: clickTime,
      map: mapClick,
    },
    conversions: {
      ...LOG,
      evidence: 'observed',
      note: 'One a click. Campaigns and offers are found by their names, unless two have the same.',
      names: filterNames,
      paging: { style: 'narrowing', limit: 100, maxPages: 10_000 },
      variants: { plain: log('/conversions') },
      timeOf: conversionTime,
      map: mapConversion,
    },
  },
  totals: {
    evidence: 'observed',
    note: "One call per day and 300 campaigns. Assumed: conversions are booked on their click's day, whatever their status.",
    perDay: true,
    // Beside them, an address has little room: 8 KB are what servers usually read.
    campaignsAtOnce: 300,
    variants: {
      campaigns: {
        request: ({ from, to }, _page, campaignIds) => ({
          method: 'GET',
          path: '/report/campaign',
          query: {
            ...{ 'ids[]': campaignIds, 'groupings[]': ['campaign'] },
            // Their end is inclusive to the second.
            ...span(from.getTime(), to.getTime() - SECOND_MS),
            // More than campaigns are asked for: one page is all.
            ...{ limit: 1_000, offset: 0 },
          },
        }),
      },
    },
    items: (body) => listUnder('report')(body)?.filter((row) => !isObject(row) || isOfCampaign(row.level)) ?? null,
    map: (row, { day }) => ({
      day: required(day, 'day'),
      campaignExternalId: id(row.entity_id),
      clicks: requiredCount(orZero(row.clicks), 'clicks'),
      conversions: requiredCount(orZero(row.leads), 'leads'),
      revenue: required(decimal(orZero(row.revenue), 'revenue'), 'revenue'),
      cost: required(decimal(orZero(row.cost), 'cost'), 'cost'),
    }),
    uncounted: [],
    withoutRevenue: [],
  },
  refusal,
  limits: { of: 'installation', concurrentRequests: 2 },
  statuses: STATUSES,
});

/** One grouping, one level; a row of another level would count twice. */
const isOfCampaign = (level: Json | undefined): boolean => level === undefined || count(level) === 1;

const KINDS: Readonly<Record<string, ErrorKind>> = { 401: 'auth', 403: 'forbidden', 429: 'rate_limited' };

/** An error that forgot its status is one all the same. */
function refusal(body: Json): Refusal | null {
  if (!isObject(body) || !isObject(body.errors)) return null;
  return { kind: KINDS[String(body.errors.status)] ?? 'refused', said: wordsOf(body) ?? 'error' };
}
