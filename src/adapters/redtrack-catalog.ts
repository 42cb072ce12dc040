// RedTrack's catalog: bare lists page by page, `null` for an empty one; streams in an object with their number.
import type { Json, JsonObject } from '../core/resources.ts';
import type { Adapter } from './adapter.ts';
import { bareList, decimal, id, list, listUnder, required, text } from './reading.ts';
import { postbackWithoutKeys, withoutSecrets } from './redact.ts';
import type { Listing, MapContext } from './sources.ts';
import { zonedTime } from './zoned-time.ts';

const STATES: Readonly<Record<string, string>> = { 1: 'active', 2: 'paused', 3: 'deleted' };

const pages = (path: string, query: Record<string, string> = {}, items: Listing['items'] = bareList): Listing => ({
  request: ({ limit, page }) => ({ method: 'GET', path, query: { ...query, page, per: limit } }),
  paging: { style: 'page', limit: 500, maxPages: 1_000, firstPage: 1 },
  items,
});

/** Without it, what is paused or deleted stays out. */
const ALL_STATES = { status: '1,2,3' };

const streams = (body: Json): Json[] | null => (body === null ? [] : listUnder('items')(body));

const common = (item: JsonObject, { timezone }: MapContext) => {
  const status = text(item.status);
  return {
    externalId: required(id(item.id), 'id'),
    name: text(item.title) ?? `#${text(item.id)}`,
    state: status === null ? null : (STATES[status] ?? status),
    createdAt: zonedTime(item.created_at, timezone),
    changedAt: zonedTime(item.updated_at, timezone),
    raw: withoutSecrets(item),
  };
};

const postback = (item: JsonObject): string | null => {
  const address = text(item.postback_url);
  return address === null ? null : postbackWithoutKeys(address);
};

const clean = (value: Json | undefined): Json => withoutSecrets(value ?? null);

const amountOf = (payment: Json | undefined): Json | undefined =>
  typeof payment === 'object' && payment !== null && !Array.isArray(payment) ? payment.amount : null;

export const redtrackCatalog: Adapter['catalog'] = {
  campaigns: {
    evidence: 'documented',
    listings: [pages('/campaigns', ALL_STATES)],
    map: (item, context) => ({
      ...common(item, context),
      alias: null,
      type: text(item.type),
      groupExternalId: null,
      trafficSourceExternalId: id(item.source_id),
      costType: text(item.cost_model),
      costValue: decimal(item.cpc, 'cpc'),
      currency: null,
    }),
  },
  offers: {
    evidence: 'documented',
    listings: [pages('/offers', ALL_STATES)],
    map: (item, context) => ({
      ...common(item, context),
      affiliateNetworkExternalId: id(item.program_id),
      offerUrl: text(clean(item.url)),
      payout: decimal(amountOf(item.payment), 'payment.amount'),
      payoutType: null,
      currency: null,
      countries: list(item.country_codes),
    }),
  },
  landing_pages: {
    evidence: 'documented',
    listings: [pages('/landings')],
    map: (item, context) => ({
      ...common(item, context),
      type: text(item.type),
      landingUrl: text(clean(item.url)),
      offerCount: null,
    }),
  },
  flows: {
    evidence: 'documented',
    note: 'Streams; one may serve several campaigns, so it names none.',
    listings: [pages('/streams', {}, streams)],
    map: (item, context) => ({
      ...common(item, context),
      ...{ campaignExternalId: null, type: null, schema: null, position: null, weight: null },
      landingPages: clean(item.landings),
      offers: clean(item.offers),
      filters: clean(item.filters),
    }),
  },
  traffic_sources: {
    evidence: 'documented',
    listings: [pages('/sources')],
    map: (item, context) => ({
      ...common(item, context),
      postbackUrl: postback(item),
      parameters: clean(item.subs),
    }),
  },
  affiliate_networks: {
    evidence: 'documented',
    listings: [pages('/networks')],
    map: (item, context) => ({ ...common(item, context), postbackUrl: postback(item) }),
  },
};
