// Keitaro's click and conversion rows: the columns asked for, by generation of the panel, and what they become.
import type { ClickRecord, ConversionRecord, JsonObject, Route } from '../core/resources.ts';
import { decimal, flag, id, required, requiredTime, subIds, text, utcTime } from './reading.ts';
import { withoutSecrets } from './redact.ts';
import type { MapContext } from './sources.ts';

const SUB_IDS = Array.from({ length: 30 }, (_, i) => `sub_id_${i + 1}`);
const SUB_IDS_15 = SUB_IDS.slice(0, 15);

const ROUTE = ['campaign_id', 'offer_id', 'landing_id', 'stream_id', 'ts_id', 'affiliate_network_id'];
/** `country` and `device_type` are words in the key owner's language; the code is not. */
const VISITOR = ['country_code', 'region', 'city', 'device_type', 'os', 'browser', 'ip', 'referrer'];
const CLICK = [
  'sub_id',
  'datetime',
  ...ROUTE,
  'cost',
  'revenue',
  ...VISITOR,
  'is_bot',
  'is_unique_campaign',
  'landing_clicked',
];
const CONVERSION = [
  ...['conversion_id', 'sub_id', 'tid', 'postback_datetime', 'click_datetime', 'sale_datetime'],
  ...['status', 'previous_status', 'original_status', 'revenue', ...ROUTE, 'country_code'],
];
const EVENT_CONVERSION = [
  'event_id',
  'sub_id',
  'tid',
  'datetime',
  'click_datetime',
  'status',
  'revenue',
  ...ROUTE,
  'country_code',
];

/** An unknown column fails the whole request, so each generation has its own set. */
export const COLUMNS = {
  clicks: {
    classic: [...CLICK, ...SUB_IDS],
    classic15: [...CLICK, ...SUB_IDS_15],
    events: ['event_id', 'event_type', 'sub_id', 'sub_id_1', 'campaign_id', 'datetime'],
  },
  conversions: {
    classic: [...CONVERSION, ...SUB_IDS],
    classic15: [...CONVERSION, ...SUB_IDS_15],
    events: [...EVENT_CONVERSION, ...SUB_IDS],
    events15: [...EVENT_CONVERSION, ...SUB_IDS_15],
    eventsFew: ['event_id', 'sub_id_1', 'sub_id_2', 'sub_id_3', 'status', 'revenue', 'datetime', 'click_datetime'],
  },
} as const;

function route(row: JsonObject): Route {
  return {
    campaignExternalId: id(row.campaign_id),
    offerExternalId: id(row.offer_id),
    landingPageExternalId: id(row.landing_id),
    flowExternalId: id(row.stream_id),
    trafficSourceExternalId: id(row.ts_id),
    affiliateNetworkExternalId: id(row.affiliate_network_id),
  };
}

/** `sub_id` is the one id of a click that is stable in all versions; `event_id` stands in where there is none. */
export function mapClick(row: JsonObject, { currency }: MapContext): ClickRecord {
  return {
    externalId: required(text(row.sub_id) ?? text(row.event_id), 'sub_id'),
    clickedAt: requiredTime(row.datetime, 'datetime'),
    ...route(row),
    cost: decimal(row.cost, 'cost'),
    revenue: decimal(row.revenue, 'revenue'),
    currency,
    country: text(row.country_code),
    region: text(row.region),
    city: text(row.city),
    deviceType: text(row.device_type),
    os: text(row.os),
    browser: text(row.browser),
    ip: text(row.ip),
    isBot: flag(row.is_bot),
    isUnique: flag(row.is_unique_campaign),
    landingClicked: flag(row.landing_clicked),
    referrer: text(row.referrer),
    subIds: subIds(row, SUB_IDS),
    isDerived: false,
  };
}

/** The natural key is `sub_id` with `tid`: one click can own several conversions. */
export function mapConversion(row: JsonObject, { currency }: MapContext): ConversionRecord {
  const click = text(row.sub_id);
  const transaction = text(row.tid);
  const eventId = text(row.conversion_id) ?? text(row.event_id);
  const rawStatus = required(text(row.status), 'status');
  const revenue = decimal(row.revenue, 'revenue');
  return {
    externalId: click === null ? `event:${required(eventId, 'sub_id')}` : `${click}:${transaction ?? ''}`,
    clickExternalId: click,
    transactionId: transaction,
    convertedAt: requiredTime(row.postback_datetime ?? row.datetime, 'postback_datetime'),
    clickedAt: utcTime(row.click_datetime),
    rawStatus,
    type: null,
    isReversal: isReversal(rawStatus, text(row.previous_status), revenue),
    revenue,
    payout: null,
    currency,
    ...route(row),
    country: text(row.country_code),
    subIds: subIds(row, SUB_IDS),
    raw: withoutSecrets(row),
  };
}

/** Money that was given and taken back: a negative amount, or a sale turned rejected. */
function isReversal(status: string, previous: string | null, revenue: string | null): boolean {
  const wasSale = previous !== null && /^(sale|rebill|deposit)$/i.test(previous);
  const isNegative = revenue !== null && /^-.*[1-9]/.test(revenue);
  return isNegative || (/^(rejected|trash)$/i.test(status) && wasSale);
}
