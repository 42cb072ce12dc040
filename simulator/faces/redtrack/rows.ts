// One row of a log with the product's fields.
import { shownIdOf } from '../../ledger/conversions.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Zone } from '../../zone.ts';
import { idText } from './ids.ts';
import type { RedtrackOptions } from './options.ts';
import { moneyOf, plainTime, statusWord, timeText } from './values.ts';

export interface Writing {
  ledger: Ledger;
  options: RedtrackOptions;
  zone: Zone;
  /** Everything is told as of this second. */
  asOf: number;
}

export function trackOf(index: number, { ledger, options, zone, asOf }: Writing): object {
  const click = ledger.click(index, asOf);
  const { second } = click;
  return {
    id: click.subId,
    track_time: options.times === 'plain' ? plainTime(zone, second) : timeText(zone, second),
    type: 'click',
    ...visitOf(click),
    cost: moneyOf(click.costMicros, options),
    is_datacenter: click.isBot ? 1 : 0,
    is_lp_track: click.path.landing === null ? 0 : 1,
    is_ok: 1,
    uniq: click.isUniqueInCampaign ? 1 : 0,
  };
}

/** The payout and the currency are the network's; the click's own are not told again. */
export function conversionOf(id: number, { ledger, options, zone, asOf }: Writing): object {
  const state = ledger.conversions.stateAt(id, asOf)!;
  const click = ledger.click(ledger.conversions.clickIndexOf(id), asOf);
  const at = timeText(zone, ledger.conversions.postbackSecondOf(id));
  return {
    id: idText('conversion', shownIdOf(id)),
    clickid: click.subId,
    type: typeOf(id, ledger, state.status),
    event: '',
    status: statusWord(state.status, options),
    conv_time: at,
    created_at: at,
    track_time: timeText(zone, click.second),
    payout: moneyOf(state.revenueMicros, options),
    cost: moneyOf(click.costMicros, options),
    currency: ledger.options.currency,
    order: ledger.conversions.tidOf(id),
    duplicate_status: 0,
    deduplicate_token: '',
    ...visitOf(click),
    ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p_sub${i + 1}`, ''])),
  };
}

/** Free text, case-sensitive, as accounts name their own. */
export function typeOf(id: number, ledger: Ledger, status: string): string {
  if (ledger.conversions.isUpsell(id)) return 'Upsell';
  return status === 'registration' || status === 'deposit' ? 'Deposit' : 'conversion';
}

function visitOf(click: ReturnType<Ledger['click']>): object {
  const { campaign, path, variant, place, device } = click;
  const subs = [click.platformClickId, ...variant.subIds.slice(1)];
  return {
    ...{ campaign_id: idText('campaign', campaign.id), campaign: campaign.name },
    ...{ source_id: idText('source', campaign.source?.id), source: campaign.source?.name ?? '' },
    ...{ offer_id: idText('offer', path.offer?.id), offer: path.offer?.name ?? '' },
    ...{ program_id: idText('network', path.offer?.network?.id), network: path.offer?.network?.name ?? '' },
    ...{ landing_id: idText('landing', path.landing?.id), landing: path.landing?.name ?? '' },
    ...{ prelanding_id: '', prelanding: '', country: place.countryCode, region: place.region, city: place.city },
    ...{ ip: click.ip, isp: place.isp, connection_type: place.connectionType },
    ...{ device: device.type, os: device.os, browser: device.browser, user_agent: device.userAgent },
    ...{ referer: variant.referrer, ref_id: click.platformClickId, external_id: click.platformClickId },
    ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`sub${i + 1}`, subs[i] ?? ''])),
  };
}
