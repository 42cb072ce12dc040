// Every row of a ledger with everything known of it, for tests to compare with.
import type { AdVariant } from './catalog.ts';
import { shownIdOf } from './conversions.ts';
import type { Ledger } from './ledger.ts';
import { decimalOf } from './money.ts';
import { clicksOf, conversionsOf, isoOf, type TruthQuery } from './truth.ts';

/** Ids are the catalog's; null and empty text stand for "none". */
export interface TruthClick {
  subId: string;
  at: string;
  campaignId: number;
  flowId: number;
  landingId: number | null;
  offerId: number | null;
  affiliateNetworkId: number | null;
  trafficSourceId: number | null;
  countryCode: string;
  region: string;
  city: string;
  deviceType: string;
  os: string;
  browser: string;
  ip: string;
  referrer: string;
  externalId: string;
  /** The filled ones of sub_id_1 … sub_id_10, by number. */
  subIds: Record<string, string>;
  isBot: boolean;
  isUniqueInCampaign: boolean;
  landingClickedAt: string | null;
  cost: string;
  revenue: string;
}

export interface TruthConversion {
  /** As the tracker shows it. */
  id: number;
  subId: string;
  tid: string;
  at: string;
  clickAt: string;
  campaignId: number;
  status: string;
  previousStatus: string;
  revenue: string;
}

/** Every click of the range, in order of time. */
export function* truthClicks(ledger: Ledger, query: TruthQuery): Generator<TruthClick> {
  for (const index of clicksOf(ledger, query)) {
    const click = ledger.click(index, query.asOf);
    const { campaign, path, place, device } = click;
    yield {
      subId: click.subId,
      at: isoOf(click.second),
      campaignId: campaign.id,
      flowId: path.flow.id,
      landingId: path.landing?.id ?? null,
      offerId: path.offer?.id ?? null,
      affiliateNetworkId: path.offer?.network?.id ?? null,
      trafficSourceId: campaign.source?.id ?? null,
      countryCode: place.countryCode,
      region: place.region,
      city: place.city,
      deviceType: device.type,
      os: device.os,
      browser: device.browser,
      ip: click.ip,
      referrer: click.variant.referrer,
      externalId: click.platformClickId,
      subIds: subIdsOf(click.variant, click.platformClickId),
      isBot: click.isBot,
      isUniqueInCampaign: click.isUniqueInCampaign,
      landingClickedAt: click.landingClickedAt === null ? null : isoOf(click.landingClickedAt),
      cost: decimalOf(click.costMicros),
      revenue: decimalOf(click.revenueMicros),
    };
  }
}

function subIdsOf(variant: AdVariant, platformClickId: string): Record<string, string> {
  const values = [platformClickId, ...variant.subIds.slice(1)];
  const filled = values.map((value, index): [string, string] => [String(index + 1), value]);
  return Object.fromEntries(filled.filter(([, value]) => value !== ''));
}

/** Every conversion of the range, in order of postbacks. */
export function* truthConversions(ledger: Ledger, query: TruthQuery): Generator<TruthConversion> {
  for (const id of conversionsOf(ledger, query)) {
    const state = ledger.conversions.stateAt(id, query.asOf)!;
    const click = ledger.conversions.clickIndexOf(id);
    yield {
      id: shownIdOf(id),
      subId: ledger.fields.subId(click),
      tid: ledger.conversions.tidOf(id),
      at: isoOf(ledger.conversions.postbackSecondOf(id)),
      clickAt: isoOf(ledger.order.secondOf(click)),
      campaignId: ledger.catalog.campaigns[ledger.campaignOf(click)]!.id,
      status: state.status,
      previousStatus: state.previousStatus,
      revenue: decimalOf(state.revenueMicros),
    };
  }
}
