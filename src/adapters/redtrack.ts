// RedTrack, API of api.redtrack.io: plain lists page by page, logs by whole days of the account, a report in UTC.
import { z } from 'zod';
import type { Json } from '../core/resources.ts';
import type { StatusMap } from '../core/statuses.ts';
import { DAY_MS, MINUTE_MS, type Range } from '../core/windows.ts';
import { defineAdapter } from './adapter.ts';
import {
  bareList,
  count,
  decimal,
  id,
  isObject,
  listUnder,
  orZero,
  required,
  requiredCount,
  requiredDay,
} from './reading.ts';
import { redtrackCatalog } from './redtrack-catalog.ts';
import { clickTime, conversionTime, mapClick, mapConversion } from './redtrack-logs.ts';
import { trackerSettings } from './settings.ts';
import type { LogVariant } from './sources.ts';

/** A conversion without a status is one that nobody holds back. */
const STATUSES: StatusMap = {
  approved: 'approved',
  pending: 'pending',
  declined: 'rejected',
  rejected: 'rejected',
  hold: 'hold',
  '': 'approved',
};

/** Days as the tracker takes them: both whole, both inclusive. */
const days = ({ from, to }: Range) => ({
  date_from: from.toISOString().slice(0, 10),
  date_to: new Date(to.getTime() - 1).toISOString().slice(0, 10),
});

const log = (path: string): Record<string, LogVariant> => ({
  days: {
    request: (window, { limit, page }) => ({ method: 'GET', path, query: { ...days(window), page, per: limit } }),
  },
});

/** Both logs: days are the account's, whichever its zone, so one more is asked for on each side; no order is promised. */
const LOG = {
  evidence: 'documented',
  note: "Asked for in whole days of the account's zone, and cut to the wanted time.",
  grainMs: DAY_MS,
  marginMs: DAY_MS,
  unordered: true,
  // Day by day, the margins would make three days of each.
  windowDays: 7,
  paging: { style: 'page', limit: 10_000, maxPages: 2_000, firstPage: 1 },
  items: (body: Json) => (body === null ? [] : listUnder('items')(body)),
  total: (body: Json) => (isObject(body) ? count(body.total) : null),
} as const;

export const redtrack = defineAdapter({
  type: 'redtrack',
  title: 'RedTrack',
  mark: { letters: 'Re', color: '#d6293e' },
  docsUrl: 'https://api.redtrack.io/docs/index.html',
  credentials: z.strictObject({
    apiKey: z.string().trim().min(1).max(500).meta({
      title: 'API key',
      description: 'In RedTrack: your profile → Integrations → API key.',
      secret: 'key',
    }),
  }),
  settings: trackerSettings,
  url: { isRequired: false, default: 'https://api.redtrack.io', apiPath: '' },
  // The parameter is what counts; the header stands beside it for the day on which it may go alone.
  auth: [
    { style: 'query', name: 'api_key', credential: 'apiKey' },
    { style: 'header', name: 'Api-Key', credential: 'apiKey' },
  ],
  // Plain lists are not limited; the report and the logs are, to 10 calls a minute.
  test: {
    request: () => ({ method: 'GET', path: '/campaigns', query: { page: 1, per: 1 } }),
    paging: { style: 'whole' },
    items: bareList,
  },
  catalog: redtrackCatalog,
  logs: {
    clicks: { ...LOG, variants: log('/tracks'), timeOf: clickTime, map: mapClick },
    conversions: { ...LOG, variants: log('/conversions'), timeOf: conversionTime, map: mapConversion },
  },
  totals: {
    evidence: 'documented',
    note: "Whole days only. Assumed: conversions are booked on their click's day; declined ones do not count.",
    wholeDays: true,
    paging: { style: 'page', limit: 1_000, maxPages: 200, firstPage: 1 },
    variants: {
      days: {
        request: (window, { limit, page }) => ({
          method: 'GET',
          path: '/report',
          query: { group: 'date,campaign', ...days(window), timezone: 'UTC', total: 'true', page, per: limit },
        }),
      },
    },
    items: (body) => bareList(body) ?? listUnder('items')(body),
    map: (row) => ({
      day: requiredDay(row.date, 'date'),
      campaignExternalId: id(row.campaign_id),
      clicks: requiredCount(orZero(row.clicks), 'clicks'),
      // The plain columns may be those of the default conversion type alone.
      conversions: requiredCount(orZero(row.total_conversions ?? row.conversions), 'conversions'),
      revenue: required(decimal(orZero(row.total_revenue ?? row.revenue), 'revenue'), 'revenue'),
      cost: required(decimal(orZero(row.cost), 'cost'), 'cost'),
    }),
    uncounted: ['declined', 'rejected'],
    withoutRevenue: ['declined', 'rejected'],
  },
  limits: {
    of: 'account',
    concurrentRequests: 2,
    rates: [{ calls: 10, perMs: MINUTE_MS, paths: ['/tracks', '/conversions', '/report'] }],
  },
  statuses: STATUSES,
});
