// Makes one campaign of the catalog: its settings, its flows, the ways through it and its ads.
import type { AdField } from './ad-platforms.ts';
import type { AdVariant, Campaign, EntityState, Flow, LandingPage, Offer, Path, TrafficSource } from './catalog.ts';
import { draw, drawBelow, drawHex } from './hash.ts';
import { places } from './places.ts';

interface Ingredients {
  key: number;
  index: number;
  currency: string;
  times: (index: number, lane: number) => { createdAt: number; updatedAt: number };
  verticals: string[];
  offers: Offer[];
  landings: LandingPage[];
  sources: TrafficSource[];
}

const costTypes = ['CPC', 'CPC', 'CPM', 'CPUC', 'RevShare'] as const;
const adNames = ['Video 15s', 'Баннер зелёный', 'Carousel_B', '広告 1', 'UGC "before/after"', 'Static 1080'];
const adsPerCampaign = 9;

export function makeCampaign(ingredients: Ingredients): Campaign {
  const { key, index, currency, times, verticals, sources } = ingredients;
  const id = index + 1;
  // Every tenth campaign takes traffic without a source, as organic ones do.
  const source = index % 10 === 9 ? null : sources[index % sources.length]!;
  const flows = makeFlows(ingredients, id);
  const costType = costTypes[draw(key, index, 50) % costTypes.length]!;
  return {
    id,
    name: `${verticals[index % verticals.length]} | ${source?.platform.name ?? 'Organic'} | ${id}`,
    state: stateOf(index),
    ...times(index, 51),
    alias: drawHex(key, index, 53, 8),
    type: index % 2 === 0 ? 'position' : 'weight',
    groupId: index % 4,
    source,
    costType,
    clickCostMicros: costType === 'RevShare' ? 0 : 4_000 + drawBelow(key, index, 54, 30_000) * 10,
    currency,
    token: drawHex(key, index, 55, 32),
    domain: `go${1 + (index % 3)}.clicks.example`,
    flows,
    paths: flows.filter((flow) => flow.state === 'active').flatMap(pathsOf),
    variants: makeVariants(ingredients, source),
    weight: Math.max(1, Math.round(1000 / (index + 1))),
  };
}

function stateOf(index: number): EntityState {
  if (index % 8 === 7) return 'deleted';
  return index % 6 === 5 ? 'disabled' : 'active';
}

function makeFlows({ key, index, times, offers, landings }: Ingredients, campaignId: number): Flow[] {
  return Array.from({ length: 1 + (index % 3) + 1 }, (_, position): Flow => {
    const number = index * 4 + position;
    const isLast = position === 1 + (index % 3);
    const schema = number % 7 === 6 ? 'redirect' : 'landings';
    const landingCount = schema === 'landings' ? 1 + (draw(key, number, 60) & 1) : 0;
    const offerCount = 1 + (draw(key, number, 61) % 3);
    const place = places[draw(key, number, 62) % (places.length - 1)]!;
    return {
      id: 1001 + number,
      campaignId,
      name: isLast ? 'Default' : `Flow ${position + 1} ${place.countryCode}`,
      state: position === 2 && index % 5 === 2 ? 'deleted' : 'active',
      ...times(number, 63),
      type: isLast ? 'default' : position === 0 && index % 4 === 3 ? 'forced' : 'regular',
      schema,
      position: position + 1,
      weight: isLast ? 100 : 50,
      filters: isLast ? [] : [{ id: 5001 + number, name: 'country', mode: 'accept', payload: [place.countryCode] }],
      landings: pickSome(key, number, 65, landings, landingCount).map((landing) => ({
        landing,
        share: 100 / landingCount,
      })),
      offers: pickSome(key, number, 66, offers, offerCount).map((offer) => ({
        offer,
        share: Math.floor(100 / offerCount),
      })),
    };
  });
}

/** Picks `count` neighbours from a list, beginning at a drawn position, so that none comes twice. */
function pickSome<Item>(key: number, index: number, lane: number, items: Item[], count: number): Item[] {
  const first = drawBelow(key, index, lane, items.length);
  return Array.from({ length: count }, (_, step) => items[(first + step) % items.length]!);
}

function pathsOf(flow: Flow): Path[] {
  const landings: (LandingPage | null)[] =
    flow.landings.length > 0 ? flow.landings.map((part) => part.landing) : [null];
  return landings.flatMap((landing) => [
    ...flow.offers.map(({ offer }) => ({ flow, landing, offer })),
    // Some visitors leave the landing page before any offer is chosen.
    ...(landing ? [{ flow, landing, offer: null }] : []),
  ]);
}

function makeVariants({ key, index }: Ingredients, source: TrafficSource | null): AdVariant[] {
  if (!source)
    return [{ adCampaignId: '', adId: '', keyword: '', subIds: Array(10).fill(''), referrer: 'https://blog.example/' }];
  const platform = source.platform;
  return Array.from({ length: adsPerCampaign * platform.placements.length }, (_, variant): AdVariant => {
    const ad = index * adsPerCampaign + (variant % adsPerCampaign);
    const adSet = Math.floor(ad / 3);
    const adCampaign = Math.floor(ad / 9);
    const values: Record<AdField, string> = {
      clickId: '',
      adCampaignId: `12021${drawBelow(key, adCampaign, 70, 1e9)}0${100 + (adCampaign % 900)}`,
      adSetId: `12022${drawBelow(key, adSet, 71, 1e9)}0${100 + (adSet % 900)}`,
      adId: `12023${drawBelow(key, ad, 72, 1e9)}0${100 + (ad % 900)}`,
      placement: platform.placements[Math.floor(variant / adsPerCampaign)]!,
      adCampaignName: `${platform.name} ${adCampaign}`,
      adSetName: adSet % 4 === 3 ? '' : `Lookalike ${1 + (adSet % 5)}%`,
      adName: adNames[ad % adNames.length]!,
      keyword: ad % 3 === 0 ? 'best keto & diet' : '',
    };
    // One ad in nine was set up wrongly: its macros arrive as they were written.
    const isUnreplaced = ad % adsPerCampaign === 8;
    const subIds: string[] = Array(10).fill('');
    for (const { slot, field, macro } of platform.parameters) {
      if (slot > 1) subIds[slot - 1] = isUnreplaced && field !== 'placement' ? macro : values[field];
    }
    const referrer = platform.referrers[ad % platform.referrers.length]!;
    return { adCampaignId: values.adCampaignId, adId: values.adId, keyword: values.keyword, subIds, referrer };
  });
}
