// Keitaro's catalog: bare lists; archived campaigns and flows have lists of their own, flows are asked for per campaign.
import type { Json, JsonObject } from '../core/resources.ts';
import type { Adapter } from './adapter.ts';
import { bareList, decimal, id, integer, isObject, list, required, text, unpacked, utcTime } from './reading.ts';
import { postbackWithoutKeys, withoutSecrets } from './redact.ts';
import type { Listing } from './sources.ts';

const whole = (path: string, more: Partial<Listing> = {}): Listing => ({
  request: () => ({ method: 'GET', path }),
  paging: { style: 'whole' },
  items: bareList,
  ...more,
});

/** Newer panels honour limit and offset, older ones give the whole list each time: a repeat is the end. */
const campaignPages: Listing = {
  request: ({ limit, offset }) => ({ method: 'GET', path: '/campaigns', query: { limit, offset } }),
  paging: { style: 'offset', limit: 1_000, maxPages: 1_000, onRepeat: 'end' },
  items: bareList,
};

const common = (item: JsonObject) => ({
  externalId: required(id(item.id), 'id'),
  name: text(item.name) ?? `#${text(item.id)}`,
  state: text(item.state),
  createdAt: utcTime(item.created_at),
  changedAt: utcTime(item.updated_at),
  raw: withoutSecrets(item),
});

const postback = (item: JsonObject): string | null => {
  const address = text(item.postback_url);
  return address === null ? null : postbackWithoutKeys(address);
};

export const keitaroCatalog: Adapter['catalog'] = {
  campaigns: {
    evidence: 'documented',
    listings: [campaignPages, whole('/campaigns/deleted', { isOptional: true })],
    map: (item) => ({
      ...common(item),
      alias: text(item.alias),
      type: text(item.type),
      groupExternalId: id(item.group_id),
      trafficSourceExternalId: id(item.traffic_source_id),
      costType: text(item.cost_type),
      costValue: decimal(item.cost_value, 'cost_value'),
      currency: text(item.cost_currency),
    }),
  },
  offers: {
    evidence: 'documented',
    listings: [whole('/offers')],
    map: (item) => ({
      ...common(item),
      affiliateNetworkExternalId: id(item.affiliate_network_id),
      offerUrl: text(withoutSecrets(item.action_payload ?? null)),
      payout: decimal(item.payout_value, 'payout_value'),
      payoutType: text(item.payout_type),
      currency: text(item.payout_currency),
      countries: list(unpacked(item.country)),
    }),
  },
  landing_pages: {
    evidence: 'documented',
    listings: [whole('/landing_pages')],
    map: (item) => ({
      ...common(item),
      type: text(item.landing_type),
      landingUrl: text(withoutSecrets(item.action_payload ?? null)),
      offerCount: integer(item.offer_count),
    }),
  },
  flows: {
    evidence: 'documented',
    note: 'One call per campaign.',
    listings: [
      {
        request: (_page, campaignId) => ({
          method: 'GET',
          path: `/campaigns/${encodeURIComponent(campaignId ?? '')}/streams`,
        }),
        paging: { style: 'whole' },
        items: bareList,
        perParent: 'campaigns',
      },
      whole('/streams/deleted', { isOptional: true }),
    ],
    map: (item) => ({
      ...common(item),
      campaignExternalId: id(item.campaign_id),
      type: text(item.type),
      schema: text(item.schema),
      position: integer(item.position),
      weight: decimal(item.weight, 'weight'),
      landingPages: withTextIds(withoutSecrets(unpacked(item.landings))),
      offers: withTextIds(withoutSecrets(unpacked(item.offers))),
      filters: withTextIds(withoutSecrets(unpacked(item.filters))),
    }),
  },
  traffic_sources: {
    evidence: 'documented',
    listings: [whole('/traffic_sources')],
    map: (item) => ({ ...common(item), postbackUrl: postback(item), parameters: parameters(item) }),
  },
  affiliate_networks: {
    evidence: 'documented',
    listings: [whole('/affiliate_networks')],
    map: (item) => ({ ...common(item), postbackUrl: postback(item) }),
  },
};

/** Entries whose ids (`id`, `offer_id`) are text as all ids are: some panels write them as numbers. */
function withTextIds(entries: Json): Json {
  if (!Array.isArray(entries)) return entries;
  return entries.map((entry) => {
    if (!isObject(entry)) return entry;
    return Object.fromEntries(
      Object.entries(entry).map(([key, value]) => [key, /(^|_)id$/.test(key) ? id(value) : value]),
    );
  });
}

/** An object, JSON text of one, or JSON text of JSON text. */
function parameters(item: JsonObject) {
  return withoutSecrets(unpacked(item.parameters));
}
