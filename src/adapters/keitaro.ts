// Keitaro, Admin API v1: self-hosted panels, versions 8 to 11.
import { z } from 'zod';
import type { JsonObject } from '../core/resources.ts';
import { type Range, SECOND_MS } from '../core/windows.ts';
import { defineAdapter } from './adapter.ts';
import { keitaroCatalog } from './keitaro-catalog.ts';
import { COLUMNS, mapClick, mapConversion } from './keitaro-logs.ts';
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
  requiredTime,
} from './reading.ts';
import { trackerSettings } from './settings.ts';
import type { Listing, LogVariant, PageAsk, TrackerRequest } from './sources.ts';
import { wallClock } from './wall-clock.ts';

const LOG_PAGING = { style: 'offset', limit: 5_000, maxPages: 4_000, onRepeat: 'fail' } as const;

/** Theirs is inclusive to the second, ours is half-open: the second in which it ends counts where any of it is meant. */
const range = ({ from, to }: Range): JsonObject => ({
  from: wallClock(from.getTime()),
  to: wallClock(Math.ceil(to.getTime() / SECOND_MS) * SECOND_MS - SECOND_MS),
  timezone: 'UTC',
});

function log(path: string, columns: readonly string[], timeColumn: string): LogVariant {
  return {
    request: (window: Range, { limit, offset }: PageAsk): TrackerRequest => ({
      method: 'POST',
      path,
      body: {
        range: range(window),
        columns: [...columns],
        filters: [],
        sort: [
          { name: timeColumn, order: 'ASC' },
          { name: columns.includes('sub_id') ? 'sub_id' : 'event_id', order: 'ASC' },
        ],
        limit,
        offset,
      },
    }),
  };
}

/** Newer panels: some know no click time in this log, some have 15 sub-ids, some know few columns at all. */
const eventConversions = Object.fromEntries(
  Object.entries({
    events: COLUMNS.conversions.events,
    'events, 15 sub-ids': COLUMNS.conversions.events15,
    'events, few columns': COLUMNS.conversions.eventsFew,
  }).flatMap(([name, columns]) => [
    [name, log('/conversions/log', columns, 'datetime')],
    [
      `${name}, no click time`,
      log(
        '/conversions/log',
        columns.filter((column) => column !== 'click_datetime'),
        'datetime',
      ),
    ],
  ]),
);

const firstCampaign: Listing = {
  request: () => ({ method: 'GET', path: '/campaigns', query: { limit: 1, offset: 0 } }),
  paging: { style: 'whole' },
  items: bareList,
};

const totalOf = (body: unknown): number | null =>
  isObject(body as JsonObject) ? count((body as JsonObject).total) : null;

export const keitaro = defineAdapter({
  type: 'keitaro',
  title: 'Keitaro',
  mark: { letters: 'Ke', color: '#1f6feb' },
  docsUrl: 'https://docs.keitaro.io/en/development/admin-api.html',
  credentials: z.strictObject({
    apiKey: z.string().trim().min(1).max(500).meta({
      title: 'API key',
      description: 'In Keitaro: Users → your user → API keys. The key sees what its user sees.',
      secret: 'key',
    }),
  }),
  settings: trackerSettings,
  url: { isRequired: true, default: null, apiPath: '/admin_api/v1' },
  auth: [{ style: 'header', name: 'Api-Key', credential: 'apiKey' }],
  test: firstCampaign,
  catalog: keitaroCatalog,
  logs: {
    clicks: {
      evidence: 'documented',
      grainMs: SECOND_MS,
      paging: LOG_PAGING,
      variants: {
        classic: log('/clicks/log', COLUMNS.clicks.classic, 'datetime'),
        'classic, 15 sub-ids': log('/clicks/log', COLUMNS.clicks.classic15, 'datetime'),
        events: log('/clicks/log', COLUMNS.clicks.events, 'datetime'),
      },
      items: listUnder('rows'),
      total: totalOf,
      timeOf: (row) => requiredTime(row.datetime, 'datetime'),
      map: mapClick,
    },
    conversions: {
      evidence: 'documented',
      note: 'A conversion is found by the time of its first postback.',
      grainMs: SECOND_MS,
      paging: LOG_PAGING,
      variants: {
        classic: log('/conversions/log', COLUMNS.conversions.classic, 'postback_datetime'),
        'classic, 15 sub-ids': log('/conversions/log', COLUMNS.conversions.classic15, 'postback_datetime'),
        ...eventConversions,
      },
      items: listUnder('rows'),
      total: totalOf,
      timeOf: (row) => requiredTime(row.postback_datetime ?? row.datetime, 'postback_datetime'),
      map: mapConversion,
    },
  },
  totals: {
    evidence: 'documented',
    note: "Conversions are booked on their click's day.",
    variants: {
      grouping: { request: (window) => report(window, { grouping: ['day', 'campaign_id'], metrics: METRICS }) },
      dimensions: { request: (window) => report(window, { dimensions: ['day', 'campaign_id'], measures: METRICS }) },
    },
    items: listUnder('rows'),
    map: (row) => ({
      day: requiredDay(row.day, 'day'),
      campaignExternalId: id(row.campaign_id),
      clicks: requiredCount(orZero(row.clicks), 'clicks'),
      conversions: requiredCount(orZero(row.conversions), 'conversions'),
      revenue: required(decimal(orZero(row.revenue), 'revenue'), 'revenue'),
      cost: required(decimal(orZero(row.cost), 'cost'), 'cost'),
    }),
    uncounted: [],
    withoutRevenue: ['rejected', 'trash'],
  },
  limits: { of: 'installation', concurrentRequests: 2 },
  statuses: {
    lead: 'pending',
    sale: 'approved',
    rebill: 'approved',
    rejected: 'rejected',
    trash: 'rejected',
    registration: 'pending',
    deposit: 'approved',
  },
});

const METRICS = ['clicks', 'conversions', 'revenue', 'cost'];

function report(window: Range, asked: JsonObject): TrackerRequest {
  return { method: 'POST', path: '/report/build', body: { range: range(window), ...asked } };
}
