// A seventh tracker, made up: everything that the hub must be told of one, in one file. Tokens lead from page to page, logs are searched by POST.
import { z } from 'zod';
import { defineAdapter } from '../../src/adapters/adapter.ts';
import { decimal, id, isObject, list, listUnder, required, requiredTime, text } from '../../src/adapters/reading.ts';
import { withoutSecrets } from '../../src/adapters/redact.ts';
import { trackerSettings } from '../../src/adapters/settings.ts';
import type { CatalogSource, Listing, LogSource, MapContext } from '../../src/adapters/sources.ts';
import type { CatalogResource, Json, JsonObject, LogResource } from '../../src/core/resources.ts';
import type { StatusMap } from '../../src/core/statuses.ts';

const STATUSES: StatusMap = {
  open: 'pending',
  won: 'approved',
  lost: 'rejected',
  frozen: 'hold',
  refunded: { status: 'rejected', reversed: true },
};

const rows = listUnder('rows');
const tokenOf = (body: Json): Json | undefined => (isObject(body) ? body.next : undefined);
const moment = (value: Json | undefined, name: string): Date => requiredTime(text(value)?.replace(/Z$/, ''), name);

const listing = (what: string): Listing => ({
  request: ({ limit, token }) => ({
    ...{ method: 'GET', path: `/things/${what}` },
    query: { size: limit, ...(token === null ? {} : { after: token }) },
  }),
  paging: { style: 'token', limit: 50, maxPages: 1_000, tokenOf },
  items: rows,
});

const entry = (item: JsonObject) => ({
  externalId: required(id(item.id), 'id'),
  name: required(text(item.name), 'name'),
  state: text(item.status),
  createdAt: moment(item.created_at, 'created_at'),
  changedAt: moment(item.updated_at, 'updated_at'),
  raw: withoutSecrets(item),
});

const source = <R extends CatalogResource>(what: string, map: CatalogSource<R>['map']): CatalogSource<R> => ({
  ...{ evidence: 'documented', listings: [listing(what)], map },
});

const log = (what: LogResource) =>
  ({
    ...{ evidence: 'documented', grainMs: 1_000 },
    paging: { style: 'token', limit: 100, maxPages: 10_000, tokenOf },
    variants: {
      search: {
        request: ({ from, to }, { limit, token }) => ({
          ...{ method: 'POST', path: `/search/${what}` },
          body: { from: from.toISOString(), to: to.toISOString(), size: limit, after: token },
        }),
      },
    },
    items: rows,
    total: () => null,
    timeOf: (row) => moment(row.created_at, 'created_at'),
  }) as const satisfies Omit<LogSource<LogResource>, 'map'>;

const route = (row: JsonObject) => ({
  campaignExternalId: id(row.campaign_id),
  offerExternalId: id(row.offer_id),
  landingPageExternalId: id(row.landing_id),
  flowExternalId: id(row.flow_id),
  trafficSourceExternalId: id(row.source_id),
  affiliateNetworkExternalId: id(row.network_id),
});

const subs = (row: JsonObject) =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (/^sub\d+$/.test(name) ? [[name.slice(3), String(value)]] : [])),
  );

export const seventh = defineAdapter({
  type: 'seventh',
  title: 'Seventh',
  mark: { letters: '7', color: '#777777' },
  docsUrl: 'https://seventh.example/docs',
  credentials: z.strictObject({
    secretKey: z.string().min(1).meta({ title: 'Secret key', description: 'Under your name.', secret: 'key' }),
  }),
  settings: trackerSettings,
  url: { isRequired: true, default: null, apiPath: '/v2' },
  auth: [{ style: 'header', name: 'X-Seventh-Key', credential: 'secretKey' }],
  test: listing('campaigns'),
  catalog: {
    campaigns: source('campaigns', (item) => ({
      ...entry(item),
      ...{ alias: null, type: null, groupExternalId: null, trafficSourceExternalId: id(item.source_id) },
      ...{ costType: null, costValue: null, currency: text(item.currency) },
    })),
    offers: source('offers', (item) => ({
      ...entry(item),
      ...{ affiliateNetworkExternalId: id(item.network_id), offerUrl: text(item.url), payoutType: null },
      ...{ payout: decimal(item.payout, 'payout'), currency: text(item.currency), countries: list(item.country) },
    })),
    landing_pages: source('landing_pages', (item) => ({
      ...entry(item),
      ...{ type: null, landingUrl: text(item.url), offerCount: null },
    })),
    flows: source('flows', (item) => ({
      ...entry(item),
      ...{ campaignExternalId: id(item.campaign_id), type: null, schema: null, position: null, weight: null },
      ...{ landingPages: null, offers: null, filters: null },
    })),
    traffic_sources: source('traffic_sources', (item) => ({ ...entry(item), postbackUrl: null, parameters: null })),
    affiliate_networks: source('affiliate_networks', (item) => ({ ...entry(item), postbackUrl: null })),
  },
  logs: {
    clicks: {
      ...log('clicks'),
      map: (row, { currency }: MapContext) => ({
        externalId: required(id(row.id), 'id'),
        clickedAt: moment(row.created_at, 'created_at'),
        ...route(row),
        ...{ cost: decimal(row.cost, 'cost'), revenue: null, currency, country: text(row.country) },
        ...{ region: text(row.region), city: text(row.city), deviceType: text(row.device), os: text(row.os) },
        ...{ browser: text(row.browser), ip: text(row.ip), isBot: null, isUnique: null, landingClicked: null },
        ...{ referrer: text(row.referer), subIds: subs(row), isDerived: false },
      }),
    },
    conversions: {
      ...log('conversions'),
      map: (row, { currency }: MapContext) => ({
        externalId: required(id(row.id), 'id'),
        ...{ clickExternalId: id(row.click_id), transactionId: text(row.transaction_id), type: null, clickedAt: null },
        convertedAt: moment(row.created_at, 'created_at'),
        ...{ rawStatus: text(row.status) ?? '', isReversal: false, country: null, subIds: {} },
        ...{ revenue: decimal(row.payout, 'payout'), payout: null, currency: text(row.currency) ?? currency },
        ...route(row),
        raw: withoutSecrets(row),
      }),
    },
  },
  limits: { of: 'installation', concurrentRequests: 2 },
  statuses: STATUSES,
});
