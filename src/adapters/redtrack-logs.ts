// RedTrack's click ("track") and conversion rows, and what they become.
import type { ClickRecord, ConversionRecord, JsonObject, Route } from '../core/resources.ts';
import { decimal, flag, id, required, subIds, text } from './reading.ts';
import { withoutSecrets } from './redact.ts';
import type { MapContext } from './sources.ts';
import { requiredZonedTime, zonedTime } from './zoned-time.ts';

const SUB_IDS = Array.from({ length: 20 }, (_, i) => `sub${i + 1}`);

export const clickTime = (row: JsonObject, { timezone }: MapContext): Date =>
  requiredZonedTime(row.track_time, timezone, 'track_time');

export const conversionTime = (row: JsonObject, { timezone }: MapContext): Date =>
  requiredZonedTime(row.conv_time ?? row.created_at, timezone, 'conv_time');

function route(row: JsonObject): Route {
  return {
    campaignExternalId: id(row.campaign_id),
    offerExternalId: id(row.offer_id),
    landingPageExternalId: id(row.landing_id),
    flowExternalId: null,
    trafficSourceExternalId: id(row.source_id),
    affiliateNetworkExternalId: id(row.program_id),
  };
}

/** What the click log tells of nothing stays open: its revenue, and whether a bot made the click. */
export function mapClick(row: JsonObject, context: MapContext): ClickRecord {
  return {
    externalId: required(id(row.id), 'id'),
    clickedAt: clickTime(row, context),
    ...route(row),
    cost: decimal(row.cost, 'cost'),
    revenue: null,
    currency: context.currency,
    country: text(row.country),
    region: text(row.region),
    city: text(row.city),
    deviceType: text(row.device),
    os: text(row.os),
    browser: text(row.browser),
    ip: text(row.ip),
    isBot: null,
    isUnique: flag(row.uniq),
    landingClicked: null,
    referrer: text(row.referer),
    subIds: subIds(row, SUB_IDS),
    isDerived: false,
  };
}

/** What the network pays is called payout here, and is what the account earns. */
export function mapConversion(row: JsonObject, context: MapContext): ConversionRecord {
  const revenue = decimal(row.payout, 'payout');
  return {
    externalId: required(id(row.id), 'id'),
    clickExternalId: id(row.clickid),
    transactionId: text(row.order),
    convertedAt: conversionTime(row, context),
    clickedAt: zonedTime(row.track_time, context.timezone),
    rawStatus: text(row.status) ?? '',
    type: text(row.type) ?? text(row.event),
    isReversal: revenue !== null && /^-.*[1-9]/.test(revenue),
    revenue,
    payout: null,
    currency: text(row.currency) ?? context.currency,
    ...route(row),
    country: text(row.country),
    subIds: subIds(row, SUB_IDS),
    raw: withoutSecrets(row),
  };
}
