// GET /conversions and /clicklog: the first rows of a time in its order; there is no telling which cursor would go on.
import type { AnswerNotes, FaceAnswer, FaceContext } from '../face.ts';
import { jsonAnswer, Refusal } from './answers.ts';
import { foldedBetween, foldedOf } from './folded.ts';
import { numberIn, parseSpan, type Span } from './query.ts';
import { seenById } from './seen.ts';
import { idOf, moneyOf, nameWithId, sharedRotationOf, statusWord } from './values.ts';

const usualRows = 100;

export function answerLog(
  log: 'clicks' | 'conversions',
  query: URLSearchParams,
  context: FaceContext,
  notes: AnswerNotes,
): FaceAnswer {
  const { ledger } = context;
  const options = context.options.binom_v2;
  const span = parseSpan(query, options, notes);
  const asked = numberIn(query, 'limit', usualRows, 1);
  if (options.limitRefusedAbove !== null && asked > options.limitRefusedAbove)
    throw new Refusal(400, `Limit: Expected a value between 1 and ${options.limitRefusedAbove}. Got: ${asked}`);
  const limit = Math.min(asked, options.maxRows);
  const isAscending = query.get('sortType') === 'asc';
  const asOf = ledger.now();
  // What is not seen is left out before the page is cut.
  const most = isAscending && options.sees === null ? limit : Number.POSITIVE_INFINITY;
  const all = log === 'clicks' ? clickRows(span, context, asOf, most) : conversionRows(span, context, asOf, most);
  const rows = (isAscending ? all : all.reverse()).slice(0, limit);
  Object.assign(notes, { limit, rows: rows.length });
  return jsonAnswer({ rows }, notes);
}

function conversionRows({ zone, from, to }: Span, { ledger, options: all }: FaceContext, asOf: number, most: number) {
  const own = all.binom_v2;
  const named = (entity: { id: number; name: string } | null | undefined): string | null =>
    entity === null || entity === undefined ? null : own.names === 'withIds' ? nameWithId(entity) : entity.name;
  const seen = seenById(ledger.catalog, own);
  return foldedBetween(ledger, from, to, asOf, most).flatMap(({ clickIndex, second, status, payoutMicros }) => {
    const { subId, path, place, second: clicked, ...click } = ledger.click(clickIndex, asOf);
    const campaign = seen.get(click.campaign.id);
    if (campaign === undefined) return [];
    return {
      id: subId,
      campaign: named(campaign),
      traffic_source: named(campaign.source),
      offer: named(path.offer),
      clicked_at: zone.wallOf(clicked),
      conversed_at: zone.wallOf(second),
      time_since_click: second - clicked,
      payout: moneyOf(payoutMicros, own),
      status: statusWord(status),
      geo: place.countryCode,
    };
  });
}

function clickRows({ zone, from, to }: Span, { ledger, options: all }: FaceContext, asOf: number, most: number) {
  const own = all.binom_v2;
  const end = Math.min(to, asOf);
  const indexes = ledger.order.slice(from, end, 0, Math.min(most, ledger.order.count(from, end)));
  const seen = seenById(ledger.catalog, own);
  return indexes.flatMap((index) => {
    const { subId, second, path, place, device, variant, ...click } = ledger.click(index, asOf);
    const campaign = seen.get(click.campaign.id);
    if (campaign === undefined) return [];
    const tokens = [click.platformClickId, ...variant.subIds.slice(1)];
    return {
      id: subId,
      click_time: zone.wallOf(second),
      ...{ campaign_id: idOf(campaign.id, own), campaign: campaign.name },
      ...{ offer_id: idOf(path.offer?.id, own) ?? 0, landing_id: idOf(path.landing?.id, own) ?? 0 },
      rotation_id: idOf(sharedRotationOf(campaign), own) ?? 0,
      traffic_source_id: idOf(campaign.source?.id, own) ?? 0,
      aff_network_id: idOf(path.offer?.network?.id, own) ?? 0,
      ...{ ip: click.ip, user_agent: device.userAgent, referer: variant.referrer },
      ...{ country: place.countryCode, region: place.region, city: place.city },
      ...{ device_type: device.type, os_name: device.os, browser_name: device.browser },
      ...{ is_bot: click.isBot ? 1 : 0, is_campaign_unique: click.isUniqueInCampaign ? 1 : 0 },
      is_offer_clicked: click.landingClickedAt === null ? 0 : 1,
      payout: moneyOf(foldedOf(ledger, index, asOf)?.payoutMicros ?? 0, own),
      cost: moneyOf(click.costMicros, own),
      external_id: click.platformClickId,
      ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`token_${i + 1}`, tokens[i] ?? ''])),
    };
  });
}
