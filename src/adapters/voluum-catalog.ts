// Voluum's catalog: six lists, whole each time, under a name of their own; ids are UUIDs, times ISO in UTC.
import type { Json, JsonObject } from '../core/resources.ts';
import type { Adapter } from './adapter.ts';
import { decimal, flag, integer, isObject, list, required, text } from './reading.ts';
import { postbackWithoutKeys, withoutSecrets } from './redact.ts';
import type { Listing } from './sources.ts';
import { idIn, listNamed, told } from './voluum-values.ts';
import { zonedTime } from './zoned-time.ts';

const whole = (path: string, name: string): Listing => ({
  request: () => ({ method: 'GET', path, query: { includeDeleted: 'true' } }),
  paging: { style: 'whole' },
  items: listNamed(name),
});

const common = (item: JsonObject) => ({
  externalId: required(told(item.id), 'id'),
  name: text(item.name) ?? `#${text(item.id)}`,
  state: flag(item.deleted) === true ? 'deleted' : 'active',
  createdAt: zonedTime(item.createdTime, 'UTC'),
  changedAt: zonedTime(item.updatedTime, 'UTC'),
  raw: withoutSecrets(item),
});

const within = (value: Json | undefined, name: string): Json | undefined => (isObject(value) ? value[name] : undefined);

const clean = (value: Json | undefined): Json => withoutSecrets(value ?? null);

const postback = (item: JsonObject): string | null => {
  const address = text(item.postbackUrl);
  return address === null ? null : postbackWithoutKeys(address);
};

const countriesOf = (item: JsonObject): string[] => {
  const all = Array.isArray(item.countries) ? item.countries : [item.country ?? null];
  return list(all.map((country) => (isObject(country) ? (country.code ?? null) : country)));
};

/** What the paths of a flow lead to: `[{"weight":100,"offer":{"id":"…"}}]`, whichever of its paths. */
const ends = (item: JsonObject, many: string, one: string): Json => {
  const paths = Array.isArray(item.defaultPaths) ? item.defaultPaths : [];
  const parts = paths.flatMap((path) => within(path, many) ?? []);
  return parts.map((part) => ({
    ...{
      id: idIn(within(part, one)),
      weight: text(within(part, 'weight')),
      name: text(within(within(part, one), 'name')),
    },
  }));
};

export const voluumCatalog: Adapter['catalog'] = {
  campaigns: {
    evidence: 'observed',
    listings: [whole('/campaign', 'campaigns')],
    map: (item) => ({
      ...common(item),
      ...{ alias: null, type: null, currency: null },
      groupExternalId: idIn(item.workspace),
      trafficSourceExternalId: idIn(item.trafficSource),
      costType: text(within(item.costModel, 'type')),
      costValue: decimal(within(item.costModel, 'value'), 'costModel.value'),
    }),
  },
  offers: {
    evidence: 'observed',
    listings: [whole('/offer', 'offers')],
    map: (item) => ({
      ...common(item),
      affiliateNetworkExternalId: idIn(item.affiliateNetwork),
      offerUrl: text(clean(item.url)),
      payout: decimal(within(item.payout, 'value'), 'payout.value'),
      payoutType: text(within(item.payout, 'type')),
      currency: told(item.currencyCode),
      countries: countriesOf(item),
    }),
  },
  landing_pages: {
    evidence: 'observed',
    listings: [whole('/lander', 'landers')],
    map: (item) => ({
      ...common(item),
      type: null,
      landingUrl: text(clean(item.url)),
      offerCount: integer(item.numberOfOffers),
    }),
  },
  flows: {
    evidence: 'observed',
    note: 'One may serve several campaigns, so it names none; of its paths the default ones.',
    listings: [whole('/flow', 'flows')],
    map: (item) => ({
      ...common(item),
      ...{ campaignExternalId: null, type: null, schema: null, position: null, weight: null },
      landingPages: ends(item, 'landers', 'lander'),
      offers: ends(item, 'offers', 'offer'),
      filters: clean(item.conditionalPathsGroups),
    }),
  },
  traffic_sources: {
    evidence: 'observed',
    listings: [whole('/traffic-source', 'trafficSources')],
    map: (item) => ({ ...common(item), postbackUrl: postback(item), parameters: clean(item.customVariables) }),
  },
  affiliate_networks: {
    evidence: 'observed',
    listings: [whole('/affiliate-network', 'affiliateNetworks')],
    map: (item) => ({ ...common(item), postbackUrl: postback(item) }),
  },
};
