// The plain lists: campaigns, offers, landings, streams, sources, networks.
import type { EntityState } from '../../ledger/catalog.ts';
import { Zone } from '../../zone.ts';
import type { FaceContext } from '../face.ts';
import { idText } from './ids.ts';
import type { RedtrackResource } from './options.ts';
import { moneyOf, timeText } from './values.ts';

const statuses: Record<EntityState, number> = { active: 1, disabled: 2, deleted: 3 };

interface Listing {
  resource: RedtrackResource;
  items: object[];
  /** In an object with their number, not as a bare list. */
  isCounted?: boolean;
}

/** What a path lists, or null where there is no such list. `status` picks; without it only what is active comes. */
export function listingOf(path: string, query: URLSearchParams, context: FaceContext): Listing | null {
  const { catalog, options } = context.ledger;
  const own = context.options.redtrack;
  const zone = new Zone(own.timezone);
  const wanted = (query.get('status') ?? '1').split(',').map(Number);
  const isWanted = ({ state }: { state: EntityState }) => wanted.includes(statuses[state]);
  const dates = (entity: { createdAt: number; updatedAt: number }) => ({
    created_at: timeText(zone, entity.createdAt),
    updated_at: timeText(zone, entity.updatedAt),
  });
  const named = (kind: Parameters<typeof idText>[0], { id, name }: { id: number; name: string }) => ({
    id: idText(kind, id),
    serial_number: id,
    title: name,
  });
  const address = (url: string) =>
    own.planted === null ? url : `${url}${url.includes('?') ? '&' : '?'}key=${encodeURIComponent(own.planted)}`;

  switch (path) {
    case '/campaigns':
      return {
        resource: 'campaigns',
        items: catalog.campaigns.filter(isWanted).map((campaign) => ({
          ...named('campaign', campaign),
          status: statuses[campaign.state],
          source_id: idText('source', campaign.source?.id),
          source_title: campaign.source?.name ?? '',
          domain_id: '',
          cost_model: campaign.costType.toLowerCase(),
          cpc: moneyOf(campaign.clickCostMicros, own),
          tags: null,
          streams: campaign.flows.map((flow) => ({
            id: idText('stream', flow.id),
            weight: flow.weight,
            stream: { id: idText('stream', flow.id), title: flow.name },
          })),
          ...(own.planted === null
            ? {}
            : { trackback_url: address('https://track.example/postback?clickid={clickid}') }),
          ...dates(campaign),
        })),
      };
    case '/offers':
      return {
        resource: 'offers',
        items: catalog.offers.filter(isWanted).map((offer) => ({
          ...named('offer', offer),
          url: offer.url,
          status: statuses[offer.state],
          program_id: idText('network', offer.network?.id),
          network_title: offer.network?.name ?? '',
          payment: { amount: moneyOf(offer.payoutMicros, own) },
          country_codes: offer.countries.length > 0 ? offer.countries : null,
          ...dates(offer),
        })),
      };
    case '/landings':
      return {
        resource: 'landing_pages',
        items: catalog.landings.map((landing) => ({
          ...named('landing', landing),
          type: 'landing',
          url: landing.url,
          ...dates(landing),
        })),
      };
    case '/streams':
      return {
        resource: 'flows',
        isCounted: true,
        items: catalog.campaigns
          .flatMap(({ flows }) => flows)
          .map((flow) => ({
            id: idText('stream', flow.id),
            title: flow.name,
            filters: { country: { values: flow.filters.flatMap(({ payload }) => payload) } },
            landings: flow.landings.map(({ landing, share }) => ({
              ...{ id: idText('landing', landing.id), name: landing.name, weight: share },
            })),
            offers: flow.offers.map(({ offer, share }) => ({
              ...{ id: idText('offer', offer.id), name: offer.name, weight: share },
            })),
          })),
      };
    case '/sources':
      return {
        resource: 'traffic_sources',
        items: catalog.sources.map((source) => ({
          ...named('source', source),
          alias: source.platform.template,
          status: String(statuses[source.state]),
          currency: options.currency,
          subs: source.platform.parameters
            .filter(({ slot }) => slot > 0)
            .map(({ name, macro }) => ({ alias: name, value: macro, role: '' })),
          postback_url: address(source.postbackUrl),
          ...dates(source),
        })),
      };
    case '/networks':
      return {
        resource: 'affiliate_networks',
        items: catalog.networks.map((network) => ({
          ...named('network', network),
          status: String(statuses[network.state]),
          currency: options.currency,
          postback_url: address(network.postbackUrl),
          ...(own.planted === null ? {} : { postback_token: own.planted }),
          ...dates(network),
        })),
      };
    default:
      return null;
  }
}
