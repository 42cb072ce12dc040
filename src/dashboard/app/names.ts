// How one value of a filter is called, whether or not a report shows it.
import { queryOptions } from '@tanstack/react-query';
import type { AD_LEVELS } from '../../core/ads.ts';
import { answered, api } from './client.ts';

type Ask = { query: { q: string; limit: string } };
const CATALOG = {
  campaign: (ask: Ask) => answered(api.campaigns.$get(ask)),
  offer: (ask: Ask) => answered(api.offers.$get(ask)),
  landingPage: (ask: Ask) => answered(api['landing-pages'].$get(ask)),
  flow: (ask: Ask) => answered(api.flows.$get(ask)),
  trafficSource: (ask: Ask) => answered(api['traffic-sources'].$get(ask)),
  affiliateNetwork: (ask: Ask) => answered(api['affiliate-networks'].$get(ask)),
} as const;
const LEVELS: Readonly<Record<string, (typeof AD_LEVELS)[number]>> = {
  adCampaign: 'ad_campaign',
  adSet: 'ad_set',
  ad: 'ad',
};

const isOfCatalog = (dimension: string): dimension is keyof typeof CATALOG => Object.hasOwn(CATALOG, dimension);
/** Of the others a value is its own name, or one of ours. */
export const hasNames = (dimension: string): boolean =>
  isOfCatalog(dimension) || dimension === 'config' || Object.hasOwn(LEVELS, dimension);

/** What has another's id in its name is found too, and is not meant. */
async function readName(dimension: string, value: string): Promise<string | null> {
  if (dimension === 'config')
    return (await answered(api.trackers[':configId'].$get({ param: { configId: value } }))).name;
  const query = { q: value, limit: '50' };
  if (isOfCatalog(dimension)) {
    const { items } = await CATALOG[dimension]({ query });
    const found = items.find(({ id }) => id === value);
    return found === undefined ? null : found.name || found.externalId;
  }
  const { items } = await answered(api.ads.$get({ query: { ...query, level: LEVELS[dimension] } }));
  return items.find(({ externalId }) => externalId === value)?.name ?? null;
}

export const nameQuery = (dimension: string, value: string) =>
  queryOptions({
    ...{ queryKey: ['name', dimension, value], queryFn: () => readName(dimension, value) },
    ...{ staleTime: 60_000, placeholderData: undefined, retry: false },
  });
