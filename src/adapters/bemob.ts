// BeMob, API v1 of api.bemob.com: an envelope that may hold a refusal, lists without pages, a report whose family has the logs.
import { z } from 'zod';
import type { Json, JsonObject } from '../core/resources.ts';
import type { StatusMap } from '../core/statuses.ts';
import { type Range, SECOND_MS } from '../core/windows.ts';
import { defineAdapter, type Refusal } from './adapter.ts';
import { bemobCatalog, payload } from './bemob-catalog.ts';
import { COLUMNS, conversionTime, mapConversion, mapVisit, told, visitTime } from './bemob-rows.ts';
import { meaningOf } from './meaning.ts';
import { decimal, id, isObject, orZero, required, requiredCount, text } from './reading.ts';
import { trackerSettings } from './settings.ts';
import type { LogVariant, PageAsk, TrackerRequest } from './sources.ts';
import { wallClock } from './wall-clock.ts';

/** Where a network has no statuses, a conversion counts as paid. */
const STATUSES: StatusMap = {
  new: 'pending',
  approved: 'approved',
  confirm: 'approved',
  confirmed: 'approved',
  declined: 'rejected',
  decline: 'rejected',
  chargeback: { status: 'rejected', reversed: true },
  charge: { status: 'rejected', reversed: true },
  '': 'approved',
};

const report = (
  path: string,
  from: number,
  to: number,
  more: NonNullable<TrackerRequest['query']>,
): TrackerRequest => ({
  method: 'GET',
  path,
  query: {
    ...{ date: 'customDateTime', from: wallClock(from), to: wallClock(to), timezone: 'UTC', status: 'all' },
    ...more,
  },
});

/** With the columns by name, where it knows them; else whatever it tells by itself. */
const log = (path: string, columns: readonly string[], lacks: LogVariant['lacks']): Record<string, LogVariant> => {
  const ask = ({ from, to }: Range, { limit, offset }: PageAsk, more: { columns?: readonly string[] }) =>
    report(path, from.getTime(), to.getTime(), { limit, offset, ...more });
  return {
    columns: { request: (window, page) => ask(window, page, { columns }) },
    plain: { request: (window, page) => ask(window, page, {}), lacks },
  };
};

/** No order is promised, and whether the end of a time is in it, nobody says: what comes is cut to the window. */
const LOG = {
  evidence: 'assumed',
  note: "Public is only that the report has a family of logs: the report's own parameters are taken for theirs.",
  grainMs: SECOND_MS,
  marginMs: 0,
  unordered: true,
  paging: { style: 'offset', limit: 5_000, maxPages: 2_000, onRepeat: 'again' },
  items: payload,
  total: () => null,
} as const;

const FIGURES = ['campaignId', 'visits', 'conversions', 'revenue', 'cost'].map((name) => `reports-${name}`);

const totals = (groupBy: string) => ({
  request: ({ from, to }: Range, { limit }: PageAsk) =>
    // Their end is inclusive to the second.
    report('/report', from.getTime(), to.getTime() - SECOND_MS, { groupBy, columns: FIGURES, limit }),
});

const credential = (title: string, description: string) =>
  z.string().trim().min(1).max(500).meta({ title, description, secret: 'key' });

export const bemob = defineAdapter({
  type: 'bemob',
  title: 'BeMob',
  mark: { letters: 'Be', color: '#6f42c1' },
  docsUrl: 'https://api.bemob.com/docs/',
  credentials: z.strictObject({
    accessKey: credential('Access key', 'In BeMob: Settings → Access keys, the key itself.'),
    secretKey: credential('Secret key', 'Shown once, when the access key is made.'),
  }),
  settings: trackerSettings,
  url: { isRequired: false, default: 'https://api.bemob.com', apiPath: '/v1' },
  auth: [
    { style: 'header', name: 'X-ACCESS-KEY', credential: 'accessKey' },
    { style: 'header', name: 'X-SECRET-KEY', credential: 'secretKey' },
  ],
  test: {
    request: () => ({ method: 'GET', path: '/campaigns', query: { limit: 1 } }),
    paging: { style: 'whole' },
    items: payload,
  },
  catalog: bemobCatalog,
  logs: {
    clicks: {
      ...LOG,
      variants: log('/report/live-visits', COLUMNS.visits, 'words'),
      timeOf: visitTime,
      map: mapVisit,
    },
    conversions: {
      ...LOG,
      variants: log('/report/live-conversions', COLUMNS.conversions, 'keys'),
      timeOf: conversionTime,
      map: mapConversion,
    },
  },
  totals: {
    evidence: 'observed',
    note: "One call per day. Assumed: conversions are booked on their visit's day; declined ones do not count, new ones bring no revenue yet.",
    perDay: true,
    paging: { style: 'growing', limit: 10_000, maxPages: 4 },
    variants: { campaign: totals('campaign'), campaignId: totals('campaignId') },
    items: payload,
    map: (row, { day }) => ({
      day: required(day, 'day'),
      campaignExternalId: required(id(told(row, 'campaignId')), 'campaignId'),
      clicks: requiredCount(figure(row, 'visits'), 'visits'),
      conversions: requiredCount(figure(row, 'conversions'), 'conversions'),
      revenue: required(decimal(figure(row, 'revenue'), 'revenue'), 'revenue'),
      cost: required(decimal(figure(row, 'cost'), 'cost'), 'cost'),
    }),
    uncounted: ['declined', 'decline'],
    withoutRevenue: ['new', 'declined', 'decline'],
  },
  refusal,
  limits: { of: 'account', concurrentRequests: 2 },
  statuses: STATUSES,
});

/** What is nothing is left out of its row. */
const figure = (row: JsonObject, name: string): Json | undefined => orZero(told(row, name) ?? null);

/** Everything is answered in an envelope; one that is no success is a refusal, whatever the status. */
function refusal(body: Json): Refusal | null {
  if (!isObject(body) || !('success' in body) || body.success === true) return null;
  const said = text(body.message) ?? 'refused without a word';
  return { kind: meaningOf(said), said };
}
