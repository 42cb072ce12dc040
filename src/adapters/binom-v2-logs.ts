// Binom's click and conversion rows, and what they become.
import type { ClickRecord, ConversionRecord, Json, JsonObject } from '../core/resources.ts';
import { ownFlowId } from './binom-v2-catalog.ts';
import { bareList, decimal, flag, id, isObject, required, requiredTime, subIds, text, utcTime } from './reading.ts';
import { withoutSecrets } from './redact.ts';
import type { MapContext, NameSource } from './sources.ts';

const TOKENS = Array.from({ length: 30 }, (_, i) => `token_${i + 1}`);

export const clickTime = (row: JsonObject): Date => requiredTime(row.click_time, 'click_time');
export const conversionTime = (row: JsonObject): Date => requiredTime(row.conversed_at, 'conversed_at');

export function mapClick(row: JsonObject, { currency }: MapContext): ClickRecord {
  return {
    externalId: required(id(row.id), 'id'),
    clickedAt: clickTime(row),
    campaignExternalId: id(row.campaign_id),
    offerExternalId: id(row.offer_id),
    landingPageExternalId: id(row.landing_id),
    flowExternalId: flowOf(row),
    trafficSourceExternalId: id(row.traffic_source_id),
    affiliateNetworkExternalId: id(row.aff_network_id),
    cost: decimal(row.cost, 'cost'),
    revenue: decimal(row.payout, 'payout'),
    currency,
    country: text(row.country),
    region: text(row.region),
    city: text(row.city),
    deviceType: text(row.device_type),
    os: text(row.os_name),
    browser: text(row.browser_name),
    ip: text(row.ip),
    isBot: flag(row.is_bot),
    isUnique: flag(row.is_campaign_unique),
    landingClicked: flag(row.is_offer_clicked),
    referrer: text(row.referer),
    subIds: subIds(row, TOKENS),
    isDerived: false,
  };
}

/** A click that tells of no shared rotation went through its campaign's own; one that tells of none at all, nobody knows where. */
function flowOf(row: JsonObject): string | null {
  const campaign = id(row.campaign_id);
  if (row.rotation_id === undefined || campaign === null) return null;
  return id(row.rotation_id) ?? ownFlowId(campaign);
}

/** One conversion a click: a second postback changes it, and adds to its payout where the offer says so. */
export function mapConversion(row: JsonObject, { currency, idOf }: MapContext): ConversionRecord {
  const click = required(id(row.id), 'id');
  const revenue = decimal(row.payout, 'payout');
  const named = (resource: 'campaigns' | 'offers' | 'traffic_sources', told: Json | undefined): string | null =>
    idWithin(text(told)) ?? idOf(resource, text(told));
  return {
    externalId: click,
    clickExternalId: click,
    transactionId: null,
    convertedAt: conversionTime(row),
    clickedAt: utcTime(row.clicked_at),
    rawStatus: text(row.status)?.trim() ?? '',
    type: null,
    isReversal: revenue !== null && /^-.*[1-9]/.test(revenue),
    revenue,
    payout: null,
    currency,
    campaignExternalId: named('campaigns', row.campaign),
    offerExternalId: named('offers', row.offer),
    landingPageExternalId: null,
    flowExternalId: null,
    trafficSourceExternalId: named('traffic_sources', row.traffic_source),
    affiliateNetworkExternalId: null,
    country: text(row.geo),
    subIds: {},
    raw: withoutSecrets(row),
  };
}

/** `Summer (id:9)`, as the filters write names. */
const WITH_ID = /^(.*?)\s*\(id:(\d+)\)$/s;

const idWithin = (name: string | null): string | null => WITH_ID.exec(name ?? '')?.[2] ?? null;

/** What conversions can be filtered by, with names and ids; a traffic source is not among it, as far as is known. */
export const filterNames: NameSource = {
  request: () => ({ method: 'GET', path: '/conversions/filters' }),
  names: (body) => {
    if (!isObject(body)) return null;
    return (['campaigns', 'offers', 'traffic_sources'] as const).flatMap((resource) =>
      (bareList(body[KEYS[resource]] ?? null) ?? []).flatMap((entry) => {
        const [found, name] = isObject(entry) ? [id(entry.id), text(entry.name)] : [null, null];
        return found === null || name === null ? [] : [{ resource, id: found, name: WITH_ID.exec(name)?.[1] ?? name }];
      }),
    );
  },
};

const KEYS = { campaigns: 'campaigns', offers: 'offers', traffic_sources: 'trafficSources' } as const;
