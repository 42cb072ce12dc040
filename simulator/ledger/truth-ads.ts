// What the ad platforms would bill: per ad and UTC day its clicks and their cost, for those clicks that carry the ad's id.
import type { AdField } from './ad-platforms.ts';
import type { AdVariant, TrafficSource } from './catalog.ts';
import type { Ledger } from './ledger.ts';
import { decimalOf } from './money.ts';
import { clicksOf, isoOf, type TruthQuery } from './truth.ts';

/** Names are empty where the platform puts none into its links. */
export interface TruthAd {
  /** `facebook`. */
  platform: string;
  adCampaignId: string;
  adCampaignName: string;
  adSetId: string;
  adSetName: string;
  adId: string;
  adName: string;
  day: string;
  clicks: number;
  cost: string;
  currency: string;
}

/** In order of days. */
export function* truthAds(ledger: Ledger, query: TruthQuery): Generator<TruthAd> {
  const bills = new Map<
    string,
    { ad: Record<AdField, string>; platform: string; day: string; n: number; micros: number }
  >();
  for (const index of clicksOf(ledger, query)) {
    const { campaign, variant, second, costMicros } = ledger.click(index, query.asOf);
    if (campaign.source === null) continue;
    const ad = carriedBy(variant, campaign.source);
    if (ad.adId === '') continue;
    const platform = campaign.source.platform.template.replace(/\.com$/, '');
    const day = isoOf(second).slice(0, 10);
    const key = `${day} ${platform} ${ad.adId}`;
    const bill = bills.get(key) ?? { ad, platform, day, n: 0, micros: 0 };
    bill.n += 1;
    bill.micros += costMicros;
    bills.set(key, bill);
  }
  for (const { ad, platform, day, n, micros } of bills.values()) {
    const { adCampaignId, adCampaignName, adSetId, adSetName, adId, adName } = ad;
    yield {
      ...{ platform, adCampaignId, adCampaignName, adSetId, adSetName, adId, adName, day },
      ...{ clicks: n, cost: decimalOf(micros), currency: ledger.options.currency },
    };
  }
}

/** What a platform failed to replace carries nothing. */
function carriedBy({ subIds }: AdVariant, { platform }: TrafficSource): Record<AdField, string> {
  const carried: Record<AdField, string> = {
    ...{ clickId: '', adCampaignId: '', adSetId: '', adId: '', placement: '' },
    ...{ adCampaignName: '', adSetName: '', adName: '', keyword: '' },
  };
  for (const { slot, field, macro } of platform.parameters) {
    const value = slot > 1 ? subIds[slot - 1]! : '';
    if (value !== '' && value !== macro) carried[field] = value;
  }
  return carried;
}
