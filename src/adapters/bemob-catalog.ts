// BeMob's catalog: lists without pages, in an envelope; what fills its limit is asked for again with twice as much.
import type { Evidence, Json, JsonObject } from '../core/resources.ts';
import type { Adapter } from './adapter.ts';
import { bareList, decimal, id, isObject, listUnder, required, text } from './reading.ts';
import { postbackWithoutKeys, withoutSecrets } from './redact.ts';
import type { Listing } from './sources.ts';

/** What an answer holds: a list, or a report's under `data`. */
export function payload(body: Json): Json[] | null {
  if (!isObject(body) || body.success !== true || body.payload === undefined) return null;
  return isObject(body.payload) ? listUnder('data')(body.payload) : bareList(body.payload);
}

const list = (path: string): Listing => ({
  request: ({ limit }) => ({ method: 'GET', path, query: { limit } }),
  paging: { style: 'growing', limit: 500, maxPages: 8 },
  items: payload,
});

const common = (item: JsonObject) => ({
  externalId: required(id(item.id), 'id'),
  name: text(item.name) ?? `#${text(item.id)}`,
  state: text(item.status),
  createdAt: null,
  changedAt: null,
  raw: withoutSecrets(item),
});

const address = (value: Json | undefined): string | null => text(withoutSecrets(value ?? null));

const postback = (item: JsonObject): string | null => {
  const url = text(item.postbackUrl);
  return url === null ? null : postbackWithoutKeys(url);
};

/** What all paths of a flow lead to. */
const ofPaths = ({ paths }: JsonObject, name: string): Json =>
  withoutSecrets(
    (bareList(paths ?? null) ?? []).flatMap((path) => (isObject(path) ? (bareList(path[name] ?? null) ?? []) : [])),
  );

const parameters = (item: JsonObject): Json =>
  withoutSecrets(Object.fromEntries(Object.entries(item).filter(([name]) => /^customParams\d+$/.test(name))));

const observed: Evidence = 'observed';

export const bemobCatalog: Adapter['catalog'] = {
  campaigns: {
    evidence: observed,
    listings: [list('/campaigns')],
    map: (item) => ({
      ...common(item),
      ...{ alias: null, type: null, groupExternalId: null, costType: text(item.costType) },
      trafficSourceExternalId: id(item.trafficSourceId),
      costValue: decimal(item.costValue, 'costValue'),
      currency: null,
    }),
  },
  offers: {
    evidence: observed,
    listings: [list('/offers')],
    map: (item, { currency }) => ({
      ...common(item),
      affiliateNetworkExternalId: id(item.affiliateNetworkId),
      offerUrl: address(item.url),
      payout: decimal(item.payoutValue, 'payoutValue'),
      payoutType: text(item.payoutType),
      currency: text(item.payoutCurrency) ?? currency,
      // Only a number of its own is told.
      countries: [],
    }),
  },
  landing_pages: {
    evidence: 'assumed',
    note: 'The path is a guess beside those of the other lists.',
    listings: [list('/landers')],
    map: (item) => ({ ...common(item), type: null, landingUrl: address(item.url), offerCount: null }),
  },
  flows: {
    evidence: observed,
    note: 'One may serve several campaigns, so it names none.',
    listings: [list('/flows')],
    map: (item) => ({
      ...common(item),
      ...{ campaignExternalId: null, type: null, schema: null, position: null, weight: null },
      landingPages: ofPaths(item, 'landers'),
      offers: ofPaths(item, 'offers'),
      filters: withoutSecrets(item.rules ?? null),
    }),
  },
  traffic_sources: {
    evidence: observed,
    listings: [list('/traffic-sources')],
    map: (item) => ({ ...common(item), postbackUrl: postback(item), parameters: parameters(item) }),
  },
  affiliate_networks: {
    evidence: observed,
    listings: [list('/affiliate-networks')],
    map: (item) => ({ ...common(item), postbackUrl: postback(item) }),
  },
};
