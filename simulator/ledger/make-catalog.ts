// Makes a ledger's catalog from its seed.
import { adPlatforms } from './ad-platforms.ts';
import type { AffiliateNetwork, Catalog, EntityState, LandingPage, Offer, TrafficSource } from './catalog.ts';
import { draw, drawBelow, drawHex, keyOf } from './hash.ts';
import { makeCampaign } from './make-campaign.ts';
import type { LedgerOptions } from './options.ts';
import { places } from './places.ts';

const networkNames = ['LeadRock', 'Adcombo', 'Clickdealer', 'Dr.Cash', 'Трафик Лайт', 'Everad'];
const verticals = ['Nutra', 'Gambling', 'Dating', 'Sweeps', 'Крипто', 'E-com "Best"', 'Finance', '健康'];
const landingTypes = ['local', 'external', 'preloaded', 'action'] as const;
const secondsPerDay = 86_400;

/** Makes the catalog. Everything was created in the year before `startSecond`. */
export function makeCatalog(options: LedgerOptions, startSecond: number): Catalog {
  const key = keyOf(options.seed, 2);
  const times = (index: number, lane: number) => {
    const createdAt = startSecond - 30 * secondsPerDay - drawBelow(key, index, lane, 335 * secondsPerDay);
    return { createdAt, updatedAt: createdAt + drawBelow(key, index, lane + 1, 25 * secondsPerDay) };
  };
  const state = (index: number): EntityState => (index % 9 === 8 ? 'deleted' : 'active');

  const networks = networkNames.map(
    (name, index): AffiliateNetwork => ({
      id: index + 1,
      name,
      state: state(index),
      ...times(index, 10),
      postbackUrl: `https://tracks.example/${drawHex(key, index, 12, 8)}/postback?subid={click_id}&payout={sum}`,
      offerParameter: 'sub1={subid}',
    }),
  );
  const offers = Array.from({ length: Math.max(8, options.campaigns * 2) }, (_, index): Offer => {
    const place = places[drawBelow(key, index, 20, places.length)]!;
    const other = places[drawBelow(key, index, 21, places.length)]!;
    return {
      id: 101 + index,
      name: `${verticals[index % verticals.length]} ${place.countryCode || 'WW'} #${index + 1}`,
      state: state(index),
      ...times(index, 22),
      network: index % 7 === 6 ? null : networks[index % networks.length]!,
      url: `https://offers.example/o/${drawHex(key, index, 24, 6)}?sub1={subid}`,
      groupId: index % 3,
      payoutMicros: 500_000 + drawBelow(key, index, 26, 8_000) * 10_000,
      payoutType: index % 11 === 10 ? 'CPC' : 'CPA',
      countries: [...new Set([place.countryCode, other.countryCode].slice(0, index % 3))].filter((code) => code !== ''),
    };
  });
  const landings = Array.from(
    { length: options.campaigns + 4 },
    (_, index): LandingPage => ({
      id: 11 + index,
      name: `Lander ${index + 1}${index % 4 === 3 ? ' – прелендинг' : ''}`,
      state: state(index),
      ...times(index, 30),
      type: landingTypes[draw(key, index, 32) & 3]!,
      url: `https://landers.example/l/${drawHex(key, index, 33, 6)}/`,
      groupId: index % 2,
      offerCount: 1 + (index % 3),
    }),
  );
  const sources = adPlatforms.map(
    (platform, index): TrafficSource => ({
      id: index + 1,
      name: platform.name,
      state: 'active',
      ...times(index, 40),
      platform,
      postbackUrl: `https://s2s.${platform.template}/conv?cid={external_id}&key=${drawHex(key, index, 42, 24)}&payout={revenue}`,
    }),
  );
  const campaigns = Array.from({ length: options.campaigns }, (_, index) =>
    makeCampaign({ key, index, currency: options.currency, times, verticals, offers, landings, sources }),
  );
  return { networks, offers, landings, sources, campaigns };
}
