// The columns of the click log, grouped by what their values depend on.

import { jsonText as text } from '../../json-text.ts';
import type { AdVariant, Campaign, Path } from '../../ledger/catalog.ts';
import type { Device } from '../../ledger/devices.ts';
import type { Place } from '../../ledger/places.ts';
import type { Quirks } from './quirks.ts';
import type { RowScope } from './row-scope.ts';

/** Columns by name; each function writes its value as JSON text. */
export interface ColumnTables {
  path: Record<string, (campaign: Campaign, path: Path, quirks: Quirks) => string>;
  variant: Record<string, (variant: AdVariant) => string>;
  place: Record<string, (place: Place) => string>;
  device: Record<string, (device: Device) => string>;
  /** Given the wall clock text of the row's second. */
  second: Record<string, (wall: string) => string>;
  row: Record<string, (row: RowScope) => string>;
}

const groupNames = ['Default', 'Тест', 'Scale', 'Archive'];
const empty = () => '""';
const zero = () => '0';

const path: ColumnTables['path'] = {
  campaign_id: (campaign, _, quirks) => quirks.id(campaign.id),
  campaign: (campaign) => text(campaign.name),
  campaign_group_id: (campaign, _, quirks) => quirks.id(campaign.groupId),
  campaign_group: (campaign) => text(groupNames[campaign.groupId] ?? ''),
  domain: (campaign) => text(campaign.domain),
  ts_id: (campaign, _, quirks) => quirks.id(campaign.source?.id),
  ts: (campaign) => text(campaign.source?.name ?? ''),
  source: (campaign) => text(campaign.source?.platform.template ?? ''),
  stream_id: (_, { flow }, quirks) => quirks.id(flow.id),
  stream: (_, { flow }) => text(flow.name),
  landing_id: (_, { landing }, quirks) => quirks.id(landing?.id),
  landing: (_, { landing }) => text(landing?.name ?? ''),
  landing_group_id: (_, { landing }, quirks) => quirks.id(landing?.groupId),
  landing_group: (_, { landing }) => text(landing ? (groupNames[landing.groupId] ?? '') : ''),
  offer_id: (_, { offer }, quirks) => quirks.id(offer?.id),
  offer: (_, { offer }) => text(offer?.name ?? ''),
  offer_group_id: (_, { offer }, quirks) => quirks.id(offer?.groupId),
  offer_group: (_, { offer }) => text(offer ? (groupNames[offer.groupId] ?? '') : ''),
  affiliate_network_id: (_, { offer }, quirks) => quirks.id(offer?.network?.id),
  affiliate_network: (_, { offer }) => text(offer?.network?.name ?? ''),
  destination: (_, { landing, offer }) => text(landing?.url ?? offer?.url ?? ''),
  parent_campaign_id: (_campaign, _path, quirks) => quirks.id(null),
  parent_campaign: empty,
  parent_sub_id: empty,
  parent_sub_ids: empty,
  x_requested_with: empty,
  search_engine: empty,
  version: zero,
  label: empty,
  sign: () => '1',
  ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`sub_id_${index + 11}`, empty])),
  ...Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`extra_param_${index + 1}`, empty])),
};

const variant: ColumnTables['variant'] = {
  ad_campaign_id: (ad) => text(ad.adCampaignId),
  creative_id: (ad) => text(ad.adId),
  keyword: (ad) => text(ad.keyword),
  referrer: (ad) => text(ad.referrer),
  ...Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [
      `sub_id_${index + 2}`,
      (ad: AdVariant) => text(ad.subIds[index + 1] ?? ''),
    ]),
  ),
};

const place: ColumnTables['place'] = {
  country_code: (visitor) => text(visitor.countryCode),
  country_flag: (visitor) => text(visitor.countryCode),
  country: (visitor) => text(visitor.country),
  region: (visitor) => text(visitor.region),
  region_code: (visitor) => text(visitor.regionCode && `${visitor.countryCode}_${visitor.regionCode}`),
  city: (visitor) => text(visitor.city),
  language: (visitor) => text(visitor.language),
  isp: (visitor) => text(visitor.isp),
  operator: (visitor) => text(visitor.operator),
  connection_type: (visitor) => text(visitor.connectionType),
};

const device: ColumnTables['device'] = {
  device_type: (visitor) => text(visitor.type),
  user_agent: (visitor) => text(visitor.userAgent),
  os: (visitor) => text(visitor.os),
  os_icon: (visitor) => text(visitor.os),
  os_version: (visitor) => text(visitor.osVersion),
  browser: (visitor) => text(visitor.browser),
  browser_icon: (visitor) => text(visitor.browser),
  browser_version: (visitor) => text(visitor.browserVersion),
  device_model: (visitor) => text(visitor.model),
};

const largestSafe = BigInt(Number.MAX_SAFE_INTEGER);
const weekdayOf = (wall: string) => new Date(`${wall.slice(0, 10)}T00:00:00Z`).getUTCDay();
const second: ColumnTables['second'] = {
  datetime: (wall) => `"${wall}"`,
  year: (wall) => `"${wall.slice(0, 4)}"`,
  month: (wall) => `"${wall.slice(0, 7)}"`,
  day: (wall) => `"${wall.slice(0, 10)}"`,
  hour: (wall) => `"${wall.slice(11, 13)}"`,
  day_hour: (wall) => `"${wall.slice(0, 13)}:00"`,
  weekday: (wall) => `"${weekdayOf(wall)}"`,
};

const row: ColumnTables['row'] = {
  sub_id: ({ ledger, index }) => `"${ledger.fields.subId(index)}"`,
  click_id: ({ ledger, index, options }) => {
    if (options.clickIds === 'uuid') return `"${ledger.fields.uuid(index)}"`;
    return options.clickIds === 'int' ? String(index + 1) : String(largestSafe + BigInt(index) * 2n + 2n);
  },
  visitor_code: ({ ledger, index }) => `"${ledger.fields.uuid(index).slice(0, 8)}"`,
  external_id: ({ platformClickId }) => `"${platformClickId}"`,
  sub_id_1: ({ platformClickId }) => `"${platformClickId}"`,
  ip: ({ ledger, index }) => `"${ledger.fields.ip(index)}"`,
  ip_mask1: ({ ledger, index }) => `"${ledger.fields.ip(index).split('.').slice(0, 3).join('.')}"`,
  ip_mask2: ({ ledger, index }) => `"${ledger.fields.ip(index).split('.').slice(0, 2).join('.')}"`,
  ipv4only: ({ ledger, index, quirks }) => quirks.flag(!ledger.fields.ip(index).includes(':')),
  ipv6only: ({ ledger, index, quirks }) => quirks.flag(ledger.fields.ip(index).includes(':')),
  cost: ({ quirks, costMicros }) => quirks.money(costMicros),
  revenue: ({ quirks, result }) => quirks.money(result?.revenueMicros ?? 0),
  profit: ({ quirks, result, costMicros }) => quirks.money((result?.revenueMicros ?? 0) - costMicros),
  lead_revenue: ({ quirks, result }) => quirks.money(result?.leadMicros ?? 0),
  sale_revenue: ({ quirks, result }) => quirks.money(result?.saleMicros ?? 0),
  rejected_revenue: ({ quirks, result }) => quirks.money(result?.rejectedMicros ?? 0),
  rebills: ({ result }) => String(result?.rebills ?? 0),
  is_bot: ({ ledger, index, quirks }) => quirks.flag(ledger.isBot(index)),
  is_unique_stream: ({ ledger, index, quirks }) => quirks.flag(ledger.fields.isUniqueInCampaign(index)),
  is_unique_campaign: ({ ledger, index, quirks }) => quirks.flag(ledger.fields.isUniqueInCampaign(index)),
  is_unique_global: ({ ledger, index, quirks }) =>
    quirks.flag(ledger.fields.isUniqueInCampaign(index) && index % 7 > 0),
  is_empty_referrer: (scope) => scope.quirks.flag(scope.variantEntity.referrer === ''),
  is_using_proxy: ({ index, quirks }) => quirks.flag(index % 83 === 0),
  landing_clicked: (scope) => scope.quirks.flag(landingClickedAt(scope) !== null),
  landing_clicked_datetime: (scope) => {
    const at = landingClickedAt(scope);
    return at === null ? 'null' : `"${scope.zone.wallOf(at)}"`;
  },
  landing_clicked_period: (scope) => String((landingClickedAt(scope) ?? scope.clickSecond) - scope.clickSecond),
  is_lead: ({ quirks, result }) => quirks.flag((result?.leads ?? 0) > 0),
  is_sale: ({ quirks, result }) => quirks.flag((result?.sales ?? 0) > 0),
  is_rejected: ({ quirks, result }) => quirks.flag((result?.rejected ?? 0) > 0),
  now: ({ zone, asOf }) => `"${zone.wallOf(asOf)}"`,
};

function landingClickedAt({ ledger, index, clickSecond, hasLanding }: RowScope): number | null {
  return ledger.landingClickedAt(index, clickSecond, hasLanding);
}

export const clickColumns: ColumnTables = { path, variant, place, device, second, row };
