// The catalog's lists: whole each time, what is deleted only where it is asked for.
import type { FaceContext } from '../face.ts';
import { uuidOf } from './ids.ts';
import type { VoluumOptions, VoluumResource } from './options.ts';
import { moneyOf } from './rows.ts';

export interface VoluumList {
  resource: VoluumResource;
  /** The name that the list has in its envelope. */
  name: string;
}

export const lists: Readonly<Record<string, VoluumList>> = {
  '/campaign': { resource: 'campaigns', name: 'campaigns' },
  '/offer': { resource: 'offers', name: 'offers' },
  '/lander': { resource: 'landing_pages', name: 'landers' },
  '/flow': { resource: 'flows', name: 'flows' },
  '/traffic-source': { resource: 'traffic_sources', name: 'trafficSources' },
  '/affiliate-network': { resource: 'affiliate_networks', name: 'affiliateNetworks' },
};

type Entry = { deleted: boolean } & Record<string, unknown>;

export function listed(
  { name }: VoluumList,
  query: URLSearchParams,
  context: FaceContext,
): { items: Entry[]; body: unknown } {
  const all = entriesOf(name, context);
  const items = query.get('includeDeleted') === 'true' ? all : all.filter(({ deleted }) => !deleted);
  return { items, body: inEnvelope(context.options.voluum, name, items) };
}

function inEnvelope({ envelope }: VoluumOptions, name: string, items: Entry[]): unknown {
  if (envelope === 'array') return items;
  return envelope === 'other' ? { total: items.length, entries: items } : { [name]: items };
}

function entriesOf(name: string, { ledger, options }: FaceContext): Entry[] {
  const { catalog } = ledger;
  const { planted } = options.voluum;
  const iso = (second: number): string => new Date(second * 1000).toISOString();
  const common = (entity: { name: string; state: string; createdAt: number; updatedAt: number }) => ({
    ...{ name: entity.name, deleted: entity.state === 'deleted' },
    ...{ createdTime: iso(entity.createdAt), updatedTime: iso(entity.updatedAt) },
  });
  const address = (url: string): string =>
    planted === null ? url : `${url}${url.includes('?') ? '&' : '?'}key=${encodeURIComponent(planted)}`;
  const country = (code: string) => ({ code, name: code });
  switch (name) {
    case 'campaigns':
      return catalog.campaigns.map((campaign) => ({
        id: uuidOf('campaign', campaign.id),
        ...common(campaign),
        url: `https://${campaign.domain}/${uuidOf('campaign', campaign.id)}`,
        costModel: { type: campaign.costType, value: moneyOf(campaign.clickCostMicros) },
        trafficSource: { id: uuidOf('source', campaign.source?.id), name: campaign.source?.name ?? '' },
        redirectTarget: { flow: { id: uuidOf('flow', campaign.flows[0]?.id) } },
        ...{ tags: [], workspace: { id: `11111111-2222-4333-8444-00000000000${campaign.groupId}` } },
        ...(planted === null ? {} : { clickApiToken: planted }),
      }));
    case 'offers':
      return catalog.offers.map((offer) => ({
        id: uuidOf('offer', offer.id),
        ...common(offer),
        url: offer.url,
        affiliateNetwork: { id: uuidOf('network', offer.network?.id) },
        ...(offer.countries[0] === undefined ? {} : { country: country(offer.countries[0]) }),
        ...{ currencyCode: ledger.options.currency, payout: { type: 'MANUAL', value: moneyOf(offer.payoutMicros) } },
      }));
    case 'landers':
      return catalog.landings.map((landing) => ({
        ...{ id: uuidOf('lander', landing.id), ...common(landing) },
        ...{ url: landing.url, numberOfOffers: landing.offerCount },
      }));
    case 'flows':
      return catalog.campaigns.flatMap(({ flows }) =>
        flows.map((flow) => ({
          id: uuidOf('flow', flow.id),
          ...common(flow),
          countries: flow.filters.flatMap(({ payload }) => payload.map(country)),
          defaultPaths: [
            {
              ...{ name: 'Path 1', active: true, weight: flow.weight },
              landers: flow.landings.map(({ landing, share }) => ({
                ...{ weight: share, lander: { id: uuidOf('lander', landing.id) } },
              })),
              offers: flow.offers.map(({ offer, share }) => ({
                weight: share,
                offer: { id: uuidOf('offer', offer.id) },
              })),
            },
          ],
          conditionalPathsGroups: [],
        })),
      );
    case 'trafficSources':
      return catalog.sources.map((source) => ({
        ...{ id: uuidOf('source', source.id), ...common(source), type: 'CUSTOM' },
        postbackUrl: address(source.postbackUrl),
        customVariables: source.platform.parameters
          .filter(({ slot }) => slot > 0)
          .map(({ slot, name: parameter, macro }) => ({ index: slot, name: parameter, parameter, placeholder: macro })),
      }));
    default:
      return catalog.networks.map((network) => ({
        ...{ id: uuidOf('network', network.id), ...common(network) },
        postbackUrl: address(network.postbackUrl),
        ...(planted === null ? {} : { postbackToken: planted }),
      }));
  }
}
