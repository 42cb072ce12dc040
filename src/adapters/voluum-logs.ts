// Voluum's rows: live visits, conversions, and the visit that each conversion tells of.
import type { ClickRecord, ConversionRecord, JsonObject, Route } from '../core/resources.ts';
import { halfDayTime, requiredHalfDayTime } from './half-day-clock.ts';
import { decimal, required, subIds } from './reading.ts';
import { withoutSecrets } from './redact.ts';
import type { MapContext } from './sources.ts';
import { CUSTOM_VARIABLES, customVariables, told } from './voluum-values.ts';

const ROUTE = ['campaignId', 'offerId', 'landerId', 'flowId', 'trafficSourceId', 'affiliateNetworkId'];
const VISITOR = ['countryCode', 'region', 'city', 'device', 'os', 'browser', 'ip', 'referrer', 'externalId'];

/** What is asked for by name: without it neither the type's name comes nor those of the entries. */
export const CONVERSION_COLUMNS: readonly string[] = [
  ...['clickId', 'transactionId', 'postbackTimestamp', 'visitTimestamp', ...ROUTE, 'conversionTypeId'],
  ...['conversionType', 'conversions', 'revenue', 'cost', 'conversionOriginalCurrency', ...VISITOR],
  ...CUSTOM_VARIABLES,
];

export const visitTime = (row: JsonObject): Date => requiredHalfDayTime(row.timestamp, 'timestamp');

export const postbackTime = (row: JsonObject): Date => requiredHalfDayTime(row.postbackTimestamp, 'postbackTimestamp');

function route(row: JsonObject): Route {
  return {
    campaignExternalId: told(row.campaignId),
    offerExternalId: told(row.offerId),
    landingPageExternalId: told(row.landerId),
    flowExternalId: told(row.flowId),
    trafficSourceExternalId: told(row.trafficSourceId),
    affiliateNetworkExternalId: told(row.affiliateNetworkId),
  };
}

const subIdsOf = (row: JsonObject) => subIds(customVariables(row), CUSTOM_VARIABLES);

/** All that a visit and the visit part of a conversion have in common. */
const visit = (row: JsonObject, { currency }: MapContext) => ({
  externalId: required(told(row.clickId), 'clickId'),
  ...route(row),
  cost: decimal(row.cost, 'cost'),
  ...{ revenue: null, currency },
  country: told(row.countryCode),
  region: told(row.region),
  city: told(row.city),
  deviceType: told(row.device)?.toLowerCase() ?? null,
  os: told(row.os),
  browser: told(row.browser),
  ip: told(row.ip),
  ...{ isBot: null, isUnique: null, landingClicked: null },
  referrer: told(row.referrer),
  subIds: subIdsOf(row),
});

export const mapVisit = (row: JsonObject, context: MapContext): ClickRecord => ({
  ...visit(row, context),
  clickedAt: visitTime(row),
  isDerived: false,
});

/** The click history that no log serves: a conversion tells when its visit was, and where it came from. */
export function clickOfConversion(row: JsonObject, context: MapContext): ClickRecord | null {
  const clickedAt = halfDayTime(row.visitTimestamp);
  return clickedAt === null || told(row.clickId) === null
    ? null
    : { ...visit(row, context), clickedAt, isDerived: true };
}

/**
 * It has no id of its own; a correction is a row of its own, with a time of its own and perhaps less than nothing to pay.
 * Amounts are in the account's currency: `conversionOriginalCurrency` is the offer's, before they were converted.
 */
export function mapConversion(row: JsonObject, { currency }: MapContext): ConversionRecord {
  const convertedAt = postbackTime(row);
  const click = told(row.clickId);
  const transaction = told(row.transactionId);
  const typeId = told(row.conversionTypeId);
  const type = told(row.conversionType);
  const revenue = required(decimal(row.revenue, 'revenue'), 'revenue');
  return {
    externalId: [click ?? '', transaction ?? '', typeId ?? '', convertedAt.toISOString()].join('|'),
    clickExternalId: click,
    transactionId: transaction,
    convertedAt,
    clickedAt: halfDayTime(row.visitTimestamp),
    rawStatus: type ?? '',
    type,
    isReversal: /^-.*[1-9]/.test(revenue),
    revenue,
    payout: null,
    currency,
    ...route(row),
    country: told(row.countryCode),
    subIds: subIdsOf(row),
    raw: withoutSecrets(row),
  };
}
