// BeMob's visit and conversion rows, with or without their prefix, and what they become.
import type { ClickRecord, ConversionRecord, Json, JsonObject, Route } from '../core/resources.ts';
import { moment, requiredMoment } from './moment.ts';
import { decimal, flag, id, required, subIds, text } from './reading.ts';
import { withoutSecrets } from './redact.ts';
import type { MapContext } from './sources.ts';

const PREFIX = 'reports-';
const CUSTOM = Array.from({ length: 10 }, (_, i) => `custom${i + 1}`);

const ROUTE = ['campaignId', 'offerId', 'landerId', 'flowId', 'trafficSourceId', 'affiliateNetworkId'];
const VISIT = [
  ...['clickId', 'visitTimestamp', ...ROUTE, 'country', 'region', 'city', 'os', 'browser', 'deviceType', 'ip'],
  ...['userAgent', 'referrer', 'externalId', ...CUSTOM, 'cost', 'revenue', 'currency'],
];

/** The columns that are asked for. */
export const COLUMNS = {
  visits: VISIT.map((name) => PREFIX + name),
  conversions: [...VISIT, 'conversionTimestamp', 'transactionId', 'status', 'conversionType'].map(
    (name) => PREFIX + name,
  ),
} as const;

/** The first of the names under which there is something. */
export function told(row: JsonObject, ...names: string[]): Json | undefined {
  for (const name of names.flatMap((plain) => [PREFIX + plain, plain])) {
    const value = row[name];
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

const route = (row: JsonObject): Route => ({
  campaignExternalId: id(told(row, 'campaignId')),
  offerExternalId: id(told(row, 'offerId')),
  landingPageExternalId: id(told(row, 'landerId')),
  flowExternalId: id(told(row, 'flowId')),
  trafficSourceExternalId: id(told(row, 'trafficSourceId')),
  affiliateNetworkExternalId: id(told(row, 'affiliateNetworkId')),
});

const custom = (row: JsonObject) =>
  subIds(Object.fromEntries(CUSTOM.map((name) => [name, told(row, name) ?? null])), CUSTOM);

const currencyOf = (row: JsonObject, { currency }: MapContext): string => text(told(row, 'currency')) ?? currency;

/** Asked for in UTC, and told in it where nothing else is said. */
export const visitTime = (row: JsonObject): Date =>
  requiredMoment(told(row, 'visitTimestamp'), 'UTC', 'visitTimestamp');

export const conversionTime = (row: JsonObject): Date =>
  requiredMoment(told(row, 'conversionTimestamp', 'postbackTimestamp'), 'UTC', 'conversionTimestamp');

/** A visit is what other trackers call a click. */
export function mapVisit(row: JsonObject, context: MapContext): ClickRecord {
  return {
    externalId: required(id(told(row, 'clickId')), 'clickId'),
    clickedAt: visitTime(row),
    ...route(row),
    cost: decimal(told(row, 'cost'), 'cost'),
    revenue: decimal(told(row, 'revenue', 'payout'), 'revenue'),
    currency: currencyOf(row, context),
    country: text(told(row, 'countryCode', 'country')),
    region: text(told(row, 'region')),
    city: text(told(row, 'city')),
    deviceType: text(told(row, 'deviceType')),
    os: text(told(row, 'os')),
    browser: text(told(row, 'browser')),
    ip: text(told(row, 'ip')),
    isBot: flag(told(row, 'isBot')),
    isUnique: flag(told(row, 'isUnique')),
    landingClicked: null,
    referrer: text(told(row, 'referrer')),
    subIds: custom(row),
    isDerived: false,
  };
}

/** One click may have several, told apart by their event and the network's transaction; without either, by their time. */
export function mapConversion(row: JsonObject, context: MapContext): ConversionRecord {
  const click = required(id(told(row, 'clickId')), 'clickId');
  const transaction = text(told(row, 'transactionId', 'txid'));
  const type = text(told(row, 'conversionType', 'event'));
  const revenue = decimal(told(row, 'revenue', 'payout'), 'revenue');
  const convertedAt = conversionTime(row);
  const isTold = type !== null || transaction !== null;
  return {
    externalId: isTold ? `${click}|${type ?? ''}|${transaction ?? ''}` : `${click}|||${convertedAt.toISOString()}`,
    clickExternalId: click,
    transactionId: transaction,
    convertedAt,
    clickedAt: moment(told(row, 'visitTimestamp'), 'UTC'),
    rawStatus: text(told(row, 'status')) ?? '',
    type,
    isReversal: revenue !== null && /^-.*[1-9]/.test(revenue),
    revenue,
    payout: null,
    currency: currencyOf(row, context),
    ...route(row),
    country: text(told(row, 'countryCode', 'country')),
    subIds: custom(row),
    raw: withoutSecrets(row),
  };
}
