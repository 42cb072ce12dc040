// Binom's catalog: light lists of what is in use, panel tables for what is deleted, and each campaign's own rotation.
import type { Json, JsonObject } from '../core/resources.ts';
import type { Adapter } from './adapter.ts';
import { bareList, count, decimal, flag, id, isObject, list, required, text } from './reading.ts';
import { postbackWithoutKeys, withoutSecrets } from './redact.ts';
import type { Listing } from './sources.ts';

const PAGES = { style: 'offset', limit: 500, maxPages: 1_000, onRepeat: 'end' } as const;

/** An empty `name` is refused, so none is sent. */
const inUse = (path: string): Listing => ({
  request: ({ limit, offset }) => ({ method: 'GET', path, query: { limit, offset } }),
  paging: PAGES,
  items: bareList,
});

const isTotals = (item: Json): item is JsonObject => isObject(item) && item.id === 'totals';

/**
 * The panel's table ends with a row of totals, which knows how many there are; the light lists lack what is deleted. Its
 * figures are those of the preset, whatever is listed: today's cost a busy server least.
 */
const deleted = (entity: string): Listing => ({
  request: ({ limit, offset }) => ({
    method: 'GET',
    path: `/info/${entity}`,
    query: { datePreset: 'today', timezone: 'UTC', status: 'all', limit, offset },
  }),
  paging: PAGES,
  items: (body) => bareList(body)?.filter((item) => !isTotals(item)) ?? null,
  total: (body) => count(bareList(body)?.find(isTotals)?.total_count),
  keeps: (item) => flag(item.is_deleted) === true,
  isOptional: true,
});

/** A campaign without a shared rotation, the usual case, carries its own within. */
const ownRotation: Listing = {
  request: (_page, campaignId) => ({ method: 'GET', path: `/campaign/${encodeURIComponent(campaignId ?? '')}` }),
  paging: { style: 'whole' },
  items: (body) => {
    if (!isObject(body)) return null;
    return id(body.rotationId) === null && isObject(body.customRotation) ? [body] : [];
  },
  perParent: 'campaigns',
  isOptional: true,
};

export const ownFlowId = (campaignId: string): string => `campaign-${campaignId}`;

/** A panel's row is full of figures that change by the hour. */
const LASTING = ['id', 'name', 'is_deleted', 'group_name', 'country', 'url', 'location', 'affiliate_network', 'link'];

const lasting = (item: JsonObject): JsonObject =>
  'is_deleted' in item ? Object.fromEntries(LASTING.flatMap((key) => (key in item ? [[key, item[key]!]] : []))) : item;

/** Nothing has a time of its own. */
const common = (item: JsonObject) => ({
  externalId: required(id(item.id), 'id'),
  name: text(item.name) ?? `#${text(item.id)}`,
  state: flag(item.is_deleted) === true ? 'deleted' : null,
  createdAt: null,
  changedAt: null,
  raw: withoutSecrets(lasting(item)),
});

const address = (told: Json | undefined): string | null => text(withoutSecrets(told ?? null));

const postback = (item: JsonObject): string | null => {
  const told = text(item.postbackUrl);
  return told === null ? null : postbackWithoutKeys(told);
};

const within = (value: Json | undefined, name: string): Json | undefined => (isObject(value) ? value[name] : undefined);

/** What all paths of a rotation lead to. */
const ofPaths = (rotation: JsonObject, name: string): Json[] =>
  (bareList(rotation.defaultPaths ?? null) ?? []).flatMap((path) => bareList(within(path, name) ?? null) ?? []);

export const binomCatalog: Adapter['catalog'] = {
  campaigns: {
    evidence: 'observed',
    listings: [inUse('/campaign/list/filtered'), deleted('campaign')],
    map: (item) => ({
      ...common(item),
      ...{ alias: null, type: null, groupExternalId: id(item.groupUuid), costType: null, costValue: null },
      trafficSourceExternalId: id(item.trafficSourceId),
      currency: null,
    }),
  },
  offers: {
    evidence: 'observed',
    listings: [{ ...inUse('/offer/alternative/all'), paging: { style: 'whole' } }, deleted('offer')],
    map: (item, { currency }) => {
      const money = within(item.payout, 'money');
      return {
        ...common(item),
        affiliateNetworkExternalId: id(item.affiliateNetworkId),
        offerUrl: address(item.url),
        payout: decimal(within(money, 'amount'), 'payout.money.amount'),
        payoutType: flag(within(item.payout, 'isAuto')) === true ? 'auto' : null,
        currency: text(within(money, 'currency')) ?? currency,
        countries: list(item.countryCode ?? item.country),
      };
    },
  },
  landing_pages: {
    evidence: 'observed',
    listings: [inUse('/landing/list/filtered'), deleted('landing')],
    map: (item) => ({
      ...common(item),
      ...{ type: null, landingUrl: address(item.location ?? item.url), offerCount: null },
    }),
  },
  flows: {
    evidence: 'observed',
    note: 'Shared rotations, and those that campaigns carry within: one call per campaign.',
    listings: [inUse('/rotation/list/filtered'), ownRotation],
    map: (item, { parentId }) => (parentId === null ? shared(item) : own(item, parentId)),
  },
  traffic_sources: {
    evidence: 'observed',
    listings: [inUse('/traffic_source/list/filtered'), deleted('traffic_source')],
    map: (item) => ({ ...common(item), postbackUrl: postback(item), parameters: null }),
  },
  affiliate_networks: {
    evidence: 'observed',
    listings: [inUse('/affiliate_network/list/filtered'), deleted('affiliate_network')],
    map: (item) => ({ ...common(item), postbackUrl: postback(item) }),
  },
};

const UNKNOWN = { schema: null, position: null, weight: null };

const shared = (item: JsonObject) => ({
  ...common(item),
  ...UNKNOWN,
  ...{ campaignExternalId: null, type: 'shared', landingPages: null, offers: null, filters: null },
});

function own(item: JsonObject, campaignId: string) {
  const rotation = isObject(item.customRotation) ? item.customRotation : {};
  return {
    ...common({ ...item, id: ownFlowId(campaignId) }),
    ...UNKNOWN,
    ...{ campaignExternalId: campaignId, type: 'custom' },
    landingPages: withoutSecrets(ofPaths(rotation, 'landings')),
    offers: withoutSecrets(ofPaths(rotation, 'offers')),
    filters: withoutSecrets(rotation.rules ?? null),
  };
}
