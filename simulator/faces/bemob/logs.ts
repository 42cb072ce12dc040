// GET /report/live-visits and /report/live-conversions: rows of a time by limit and offset, the newest first.
import type { Ledger } from '../../ledger/ledger.ts';
import type { Zone } from '../../zone.ts';
import type { AnswerNotes, FaceAnswer, FaceContext } from '../face.ts';
import { Refusal, success } from './answers.ts';
import type { BemobOptions } from './options.ts';
import { numberIn, parseSpan, type Span } from './query.ts';
import { eventOf, idText, moneyOf, statusWord, timeOf } from './values.ts';

const usualRows = 100;

export function answerLog(
  log: 'clicks' | 'conversions',
  query: URLSearchParams,
  { ledger, options: all }: FaceContext,
  notes: AnswerNotes,
): FaceAnswer {
  const options = all.bemob;
  const columns = query.getAll('columns');
  if (columns.length > 0 && options.columns === 'refused') throw new Refusal(200, 'columns: unknown parameter');
  const span = parseSpan(query, options.endsInclusive, notes);
  const asOf = ledger.now();
  const { total, page } = log === 'clicks' ? clicksOf(ledger, span, asOf) : conversionsOf(ledger, span, asOf);
  const offset = options.knowsOffset ? numberIn(query, 'offset', 0, 0) : 0;
  const asked = numberIn(query, 'limit', usualRows, 1);
  const limit = Math.min(asked, options.maxRows, Math.max(0, total - offset));
  const numbers =
    options.order === 'oldest' ? page(offset, limit) : page(Math.max(0, total - offset - limit), limit).reverse();
  Object.assign(notes, { offset, limit: asked, rows: numbers.length });
  const writing = { ledger, options, zone: span.zone, asOf };
  const wanted = columns.length === 0 || options.columns === 'ignored' ? null : new Set(columns);
  const rows = numbers.map((number) =>
    written(log === 'clicks' ? visitOf(number, writing) : conversionOf(number, writing), wanted, options),
  );
  return success({ data: rows }, notes);
}

interface Selection {
  total: number;
  page(offset: number, limit: number): number[];
}

function clicksOf({ order }: Ledger, { from, to }: Span, asOf: number): Selection {
  const end = Math.min(to, asOf);
  return { total: order.count(from, end), page: (offset, limit) => order.slice(from, end, offset, limit) };
}

function conversionsOf({ conversions }: Ledger, { from, to }: Span, asOf: number): Selection {
  const { first, end } = conversions.postbacksBetween(from, Math.min(to, asOf));
  return {
    total: end - first,
    page: (offset, limit) => conversions.inPostbackOrder(first + offset, Math.min(first + offset + limit, end)),
  };
}

interface Writing {
  ledger: Ledger;
  options: BemobOptions;
  zone: Zone;
  asOf: number;
}

type Fields = Record<string, string | number>;

/** Empty fields are left out, and so is what nobody asked for. */
function written(fields: Fields, wanted: Set<string> | null, { isPrefixed }: BemobOptions): Fields {
  const named = Object.entries(fields).filter(
    ([name, value]) => value !== '' && (wanted?.has(`reports-${name}`) ?? true),
  );
  return Object.fromEntries(named.map(([name, value]) => [isPrefixed ? `reports-${name}` : name, value]));
}

function visitOf(index: number, { ledger, options, zone, asOf }: Writing): Fields {
  const click = ledger.click(index, asOf);
  return { ...visitFields(click, zone, options), cost: moneyOf(click.costMicros, options) };
}

function conversionOf(conversion: number, { ledger, options, zone, asOf }: Writing): Fields {
  const { conversions } = ledger;
  const { status, revenueMicros } = conversions.stateAt(conversion, asOf)!;
  const click = ledger.click(conversions.clickIndexOf(conversion), asOf);
  const isSecond = options.names === 'second' && options.columns !== 'only';
  return {
    ...visitFields(click, zone, options),
    [isSecond ? 'postbackTimestamp' : 'conversionTimestamp']: timeOf(
      conversions.postbackSecondOf(conversion),
      zone,
      options,
    ),
    [isSecond ? 'txid' : 'transactionId']: conversions.tidOf(conversion),
    [isSecond ? 'event' : 'conversionType']: eventOf(conversions.tidOf(conversion)),
    [isSecond ? 'payout' : 'revenue']: moneyOf(revenueMicros, options),
    currency: ledger.options.currency,
    status: statusWord(status),
  };
}

function visitFields(click: ReturnType<Ledger['click']>, zone: Zone, options: BemobOptions): Fields {
  const { campaign, path, variant, place, device } = click;
  const isSecond = options.names === 'second' && options.columns !== 'only';
  const custom = [click.platformClickId, ...variant.subIds.slice(1, 10)];
  return {
    ...{ clickId: click.subId, visitTimestamp: timeOf(click.second, zone, options) },
    ...{ campaignId: idText('campaign', campaign.id), offerId: idText('offer', path.offer?.id) },
    ...{ landerId: idText('lander', path.landing?.id), flowId: idText('flow', path.flow.id) },
    trafficSourceId: idText('source', campaign.source?.id),
    affiliateNetworkId: idText('network', path.offer?.network?.id),
    ...{ [isSecond ? 'countryCode' : 'country']: place.countryCode, region: place.region, city: place.city },
    ...{ os: device.os, browser: device.browser, deviceType: device.type, ip: click.ip, userAgent: device.userAgent },
    ...{ referrer: variant.referrer, externalId: click.platformClickId },
    ...Object.fromEntries(custom.map((value, i) => [`custom${i + 1}`, value ?? ''])),
  };
}
