// The lists: without pages, the first so many of each.
import type { FaceContext } from '../face.ts';
import type { BemobResource } from './options.ts';
import { idText, moneyOf } from './values.ts';

const states = { active: 'active', disabled: 'archived', deleted: 'deleted' } as const;

/** What a path lists, or null where there is no such list. */
export function listOf(path: string, context: FaceContext): { resource: BemobResource; items: object[] } | null {
  const { catalog, options } = context.ledger;
  const own = context.options.bemob;
  const secret = own.planted === null ? {} : { accessKey: own.planted };
  const withKey = (url: string): string =>
    own.planted === null ? url : `${url}${url.includes('?') ? '&' : '?'}key=${encodeURIComponent(own.planted)}`;
  switch (path) {
    case '/campaigns': {
      const items = catalog.campaigns.map(({ id, name, state, source, clickCostMicros }) => ({
        ...{ id: idText('campaign', id), name, status: states[state], trafficSourceId: idText('source', source?.id) },
        ...{ destinationUrl: withKey('https://go.example/lp'), costValue: moneyOf(clickCostMicros, own), ...secret },
      }));
      return { resource: 'campaigns', items };
    }
    case '/offers': {
      const items = catalog.offers.map(({ id, name, state, url, network, payoutMicros, payoutType }) => ({
        ...{ id: idText('offer', id), name, status: states[state], url: withKey(url) },
        ...{ affiliateNetworkId: idText('network', network?.id), countryId: 0 },
        payoutType: payoutType === 'CPC' ? 'auto' : 'fixed',
        ...{ payoutValue: moneyOf(payoutMicros, own), payoutCurrency: options.currency },
      }));
      return { resource: 'offers', items };
    }
    case '/landers': {
      const items = catalog.landings.map(({ id, name, state, url }) => ({
        ...{ id: idText('lander', id), name, status: states[state], url },
      }));
      return { resource: 'landing_pages', items };
    }
    case '/flows': {
      const flows = catalog.campaigns.flatMap((campaign) => campaign.flows);
      const items = flows.map(({ id, name, landings, offers, filters }) => ({
        ...{ id: idText('flow', id), name: `Global - ${name}` },
        paths: [
          {
            landers: landings.map(({ landing, share }) => ({ landerId: idText('lander', landing.id), weight: share })),
            offers: offers.map(({ offer, share }) => ({ offerId: idText('offer', offer.id), weight: share })),
          },
        ],
        rules: filters.map(({ name, payload }) => ({ name, values: payload })),
      }));
      return { resource: 'flows', items };
    }
    case '/traffic-sources': {
      const items = catalog.sources.map(({ id, name, state, postbackUrl, platform }) => ({
        ...{ id: idText('source', id), name, status: states[state], postbackUrl: withKey(postbackUrl), ...secret },
        ...Object.fromEntries(
          platform.parameters
            .filter(({ slot }) => slot > 0)
            .map(({ slot, name, macro }) => [`customParams${slot}`, { name, macro }]),
        ),
      }));
      return { resource: 'traffic_sources', items };
    }
    case '/affiliate-networks': {
      const items = catalog.networks.map(({ id, name, state }) => ({
        ...{ id: idText('network', id), name, status: states[state], ...secret },
      }));
      return { resource: 'affiliate_networks', items };
    }
    default:
      return null;
  }
}
