// The lists: light ones of what is in use, the panel's tables with their row of totals, a campaign's detail, the filters.
import type { Campaign, Catalog, EntityState } from '../../ledger/catalog.ts';
import { decimalOf } from '../../ledger/money.ts';
import { places } from '../../ledger/places.ts';
import type { FaceContext } from '../face.ts';
import type { BinomOptions, BinomResource } from './options.ts';
import { seenCampaigns } from './seen.ts';
import { idOf, moneyOf, nameWithId, sharedRotationOf } from './values.ts';

interface Entity {
  id: number;
  name: string;
  state: EntityState;
}

const isKept = ({ state }: Entity): boolean => state !== 'deleted';

const rotationsOf = ({ campaigns }: Catalog): Entity[] =>
  campaigns.flatMap(({ id, name }) => {
    const rotation = sharedRotationOf({ id });
    return rotation === null ? [] : [{ id: rotation, name: `Rotation of ${name}`, state: 'active' as const }];
  });

/** A key in an address, as a link of a campaign has one. */
const linkOf = ({ planted }: BinomOptions): string =>
  `https://tracker.example/click?key=${encodeURIComponent(planted ?? 'k3yOfTheLink')}&clickid={clickid}`;

/** What a path of the light lists gives, or null where there is no such list. */
export function lightList(path: string, context: FaceContext): { resource: BinomResource; items: object[] } | null {
  const { catalog, options: ledgerOptions } = context.ledger;
  const own = context.options.binom_v2;
  const light = ({ id, name }: Entity) => ({ id: idOf(id, own), name, groupUuid: null, accessLevel: 'read' });
  switch (path) {
    case '/campaign/list/filtered':
      return { resource: 'campaigns', items: seenCampaigns(catalog, own).filter(isKept).map(light) };
    case '/landing/list/filtered': {
      const items = catalog.landings.filter(isKept).map((landing) => ({
        ...light(landing),
        ...{ languageCode: '', location: landing.url, isDomainBanned: false },
      }));
      return { resource: 'landing_pages', items };
    }
    case '/rotation/list/filtered':
      return { resource: 'flows', items: rotationsOf(catalog).map(light) };
    case '/traffic_source/list/filtered': {
      const secret = own.planted === null ? {} : { postbackUrl: linkOf(own), apiKey: own.planted };
      return { resource: 'traffic_sources', items: catalog.sources.map((source) => ({ ...light(source), ...secret })) };
    }
    case '/affiliate_network/list/filtered':
      return { resource: 'affiliate_networks', items: catalog.networks.filter(isKept).map(light) };
    case '/offer/alternative/all': {
      const items = catalog.offers.filter(isKept).map((offer) => ({
        ...light(offer),
        url: own.planted === null ? offer.url : linkOf(own),
        countryCode: offer.countries[0] ?? '',
        affiliateNetworkId: idOf(offer.network?.id, own),
        payout: {
          money: { amount: moneyOf(offer.payoutMicros, own), currency: ledgerOptions.currency },
          ...{ isAuto: offer.payoutType === 'CPC', isUpsell: true },
        },
        conversionCaps: [],
      }));
      return { resource: 'offers', items };
    }
    default:
      return null;
  }
}

const tables: Record<string, { resource: BinomResource; rows: (catalog: Catalog, own: BinomOptions) => Entity[] }> = {
  campaign: { resource: 'campaigns', rows: seenCampaigns },
  offer: { resource: 'offers', rows: ({ offers }) => offers },
  landing: { resource: 'landing_pages', rows: ({ landings }) => landings },
  rotation: { resource: 'flows', rows: rotationsOf },
  traffic_source: { resource: 'traffic_sources', rows: ({ sources }) => sources },
  affiliate_network: { resource: 'affiliate_networks', rows: ({ networks }) => networks },
};

/** A panel's table with figures as text; the totals are a row of their own, made by the caller from the number of all. */
export function panelTable(path: string, context: FaceContext): { resource: BinomResource; items: object[] } | null {
  const entity = /^\/info\/(\w+)$/.exec(path)?.[1] ?? '';
  if (!Object.hasOwn(tables, entity)) return null;
  const { resource, rows } = tables[entity]!;
  const own = context.options.binom_v2;
  const items = rows(context.ledger.catalog, own).map((row, i) => ({
    ...{ id: idOf(row.id, own), name: row.name, is_deleted: !isKept(row), group_name: null, is_noted: false },
    ...(resource === 'campaigns' || resource === 'offers'
      ? { [resource === 'offers' ? 'url' : 'link']: linkOf(own) }
      : {}),
    mean_time_to_convert: null,
    // Another figure with each look.
    clicks_last_hour: String((context.ledger.now() + i) % 97),
    profit_last_hour: 0,
    clicks: String(1_000 + i),
  }));
  return { resource, items };
}

export const totalsRow = (total: number): object => ({
  ...{ mean_time_to_convert: null, clicks_last_hour: '0', leads_last_hour: '0', profit_last_hour: 0, clicks: '0' },
  ...{ id: 'totals', total_count: total },
});

export function campaignDetail(campaign: Campaign, own: BinomOptions): object {
  const rotation = sharedRotationOf(campaign);
  const paths = campaign.flows.map((flow) => ({
    name: flow.name,
    landings: flow.landings.map(({ landing, share }) => ({ landingId: idOf(landing.id, own), weight: share })),
    offers: flow.offers.map(({ offer, share }) => ({ offerId: idOf(offer.id, own), weight: share })),
  }));
  return {
    ...{ id: idOf(campaign.id, own), name: campaign.name, key: own.planted ?? campaign.alias },
    trafficSourceId: idOf(campaign.source?.id, own),
    cost: {
      model: campaign.costType,
      money: { amount: decimalOf(campaign.clickCostMicros), currency: campaign.currency },
    },
    rotationId: idOf(rotation, own),
    customRotation: rotation === null ? { name: 'Custom', defaultPaths: paths, rules: [] } : null,
  };
}

/** By which conversions can be filtered: every name ends in its id. */
export function conversionFilters(catalog: Catalog, own: BinomOptions): object {
  const entry = (entity: Entity) => ({ id: entity.id, name: nameWithId(entity) });
  return {
    offers: catalog.offers.map(entry),
    ...{ directUrls: [], campaignAsOffers: [] },
    campaigns: seenCampaigns(catalog, own).map(entry),
    geo: places.filter(({ countryCode }) => countryCode !== '').map(({ countryCode: id }) => ({ id, name: id })),
  };
}
