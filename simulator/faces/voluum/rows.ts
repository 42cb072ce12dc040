// One row of live visits or of the conversions report with the product's fields.
import type { Click } from '../../ledger/clicks.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { decimalOf } from '../../ledger/money.ts';
import type { Zone } from '../../zone.ts';
import { NIL, uuidOf } from './ids.ts';
import type { Postback } from './postbacks.ts';

/** A number that JSON writes with the very digits of the decimal. */
export const moneyOf = (micros: number): number => Number(decimalOf(micros));

/** `2020-08-30 02:39:13 AM`, without an offset. */
export function timeText(zone: Zone, second: number): string {
  const wall = zone.wallOf(second);
  const hour = Number(wall.slice(11, 13));
  const shown = String(hour % 12 === 0 ? 12 : hour % 12).padStart(2, '0');
  return `${wall.slice(0, 10)} ${shown}${wall.slice(13)} ${hour < 12 ? 'AM' : 'PM'}`;
}

const orUnknown = (text: string): string => (text === '' ? 'UNKNOWN' : text);

export function liveVisit(click: Click, zone: Zone): object {
  return {
    clickId: click.subId,
    timestamp: timeText(zone, click.second),
    ...placeOf(click),
    userAgent: click.device.userAgent,
  };
}

/** Columns that only come where they are named. */
const ON_DEMAND = ['conversionType', 'campaignName', 'offerName', 'landerName', 'flowName'];

/** A conversion that another one brings is of a type that the account has made; the others are of the default one. */
export const typeOf = (ledger: Ledger, conversion: number) =>
  ledger.conversions.isUpsell(conversion) ? { id: 2, name: 'Upsell' } : { id: 0, name: 'Conversion' };

export function conversionRow(
  ledger: Ledger,
  postback: Postback,
  { zone, asOf, offerCurrency }: { zone: Zone; asOf: number; offerCurrency: string | null },
): Record<string, unknown> {
  const { conversion } = postback;
  const click = ledger.click(ledger.conversions.clickIndexOf(conversion), asOf);
  const type = typeOf(ledger, conversion);
  const money = moneyOf(postback.micros);
  return {
    clickId: click.subId,
    transactionId: ledger.conversions.tidOf(conversion),
    postbackTimestamp: timeText(zone, postback.second),
    visitTimestamp: timeText(zone, click.second),
    ...placeOf(click),
    flowId: uuidOf('flow', click.path.flow.id),
    affiliateNetworkId: uuidOf('network', click.path.offer?.network?.id),
    ...{ conversionTypeId: type.id, conversionType: type.name, conversions: 1 },
    ...{ revenue: money, cost: 0, profit: money },
    conversionOriginalCurrency: offerCurrency ?? ledger.options.currency,
    ...{ campaignName: click.campaign.name, offerName: click.path.offer?.name ?? '' },
    ...{ landerName: click.path.landing?.name ?? '', flowName: click.path.flow.name },
    ...{ applicationBundle: 'UNKNOWN', creativeId: NIL, siteId: 'UNKNOWN', proxy: '' },
  };
}

/** As asked for; null for a column that there is not. */
export function withColumns(row: Record<string, unknown>, columns: readonly string[]): object | null {
  if (columns.length === 0)
    return Object.fromEntries(Object.entries(row).filter(([name]) => !ON_DEMAND.includes(name)));
  if (columns.some((name) => !(name in row))) return null;
  return Object.fromEntries(columns.map((name) => [name, row[name]]));
}

function placeOf({ campaign, path, variant, place, device, ip, platformClickId }: Click): object {
  const variables = [platformClickId, ...variant.subIds.slice(1)];
  return {
    campaignId: uuidOf('campaign', campaign.id),
    offerId: uuidOf('offer', path.offer?.id),
    landerId: uuidOf('lander', path.landing?.id),
    trafficSourceId: uuidOf('source', campaign.source?.id),
    ...{ countryCode: place.countryCode, region: orUnknown(place.region), city: orUnknown(place.city), ip },
    ...{ device: device.type.toUpperCase(), os: orUnknown(device.os), browser: orUnknown(device.browser) },
    ...{ referrer: variant.referrer, externalId: platformClickId },
    ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`customVariable${i + 1}`, variables[i] ?? ''])),
  };
}
