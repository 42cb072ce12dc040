// The tables of what trackers told: catalog, clicks, conversions and their changes, rows that could not be read.
import type { ColumnType, Generated } from 'kysely';
import type { Json, JsonObject } from '../core/resources.ts';
import type { ConversionStatus } from '../core/statuses.ts';
import type { Defaulted, JsonValue, Maybe, MaybeJson, MaybeTime, Time } from './column-types.ts';

interface CatalogTable {
  id: Generated<string>;
  organization_id: string;
  tracker_config_id: string;
  external_id: string;
  name: string;
  state: Maybe<string>;
  created_at: MaybeTime;
  changed_at: MaybeTime;
  raw: JsonValue<JsonObject>;
  row_hash: string;
  first_seen_at: Generated<Date>;
  updated_at: ColumnType<Date, Date | undefined, Date>;
  gone_at: MaybeTime;
}

export interface CampaignTable extends CatalogTable {
  alias: Maybe<string>;
  type: Maybe<string>;
  traffic_source_external_id: Maybe<string>;
  cost_type: Maybe<string>;
  cost_value: Maybe<string>;
  currency: Maybe<string>;
  group_external_id: Maybe<string>;
}

export interface OfferTable extends CatalogTable {
  affiliate_network_external_id: Maybe<string>;
  offer_url: Maybe<string>;
  payout: Maybe<string>;
  payout_type: Maybe<string>;
  currency: Maybe<string>;
  countries: Maybe<string[]>;
}

export interface LandingPageTable extends CatalogTable {
  type: Maybe<string>;
  landing_url: Maybe<string>;
  offer_count: Maybe<number>;
}

export interface FlowTable extends CatalogTable {
  campaign_external_id: Maybe<string>;
  type: Maybe<string>;
  schema: Maybe<string>;
  position: Maybe<number>;
  weight: Maybe<string>;
  landing_pages: MaybeJson<Json>;
  offers: MaybeJson<Json>;
  filters: MaybeJson<Json>;
}

export interface TrafficSourceTable extends CatalogTable {
  postback_url: Maybe<string>;
  parameters: MaybeJson<Json>;
}

export interface AffiliateNetworkTable extends CatalogTable {
  postback_url: Maybe<string>;
}

interface RouteColumns {
  campaign_external_id: Maybe<string>;
  offer_external_id: Maybe<string>;
  landing_page_external_id: Maybe<string>;
  flow_external_id: Maybe<string>;
  traffic_source_external_id: Maybe<string>;
  affiliate_network_external_id: Maybe<string>;
}

export interface ClickTable extends RouteColumns {
  tracker_config_id: string;
  external_id: string;
  id: Generated<string>;
  organization_id: string;
  clicked_at: Time;
  cost: Maybe<string>;
  revenue: Maybe<string>;
  currency: Maybe<string>;
  country: Maybe<string>;
  region: Maybe<string>;
  city: Maybe<string>;
  device_type: Maybe<string>;
  os: Maybe<string>;
  browser: Maybe<string>;
  ip: Maybe<string>;
  is_bot: Maybe<boolean>;
  is_unique: Maybe<boolean>;
  landing_clicked: Maybe<boolean>;
  referrer: Maybe<string>;
  sub_ids: MaybeJson<Record<string, string>>;
  is_derived: Defaulted<boolean>;
  row_hash: string;
}

export interface ConversionTable extends RouteColumns {
  tracker_config_id: string;
  external_id: string;
  id: Generated<string>;
  organization_id: string;
  click_external_id: Maybe<string>;
  transaction_id: Maybe<string>;
  converted_at: Time;
  clicked_at: MaybeTime;
  raw_status: string;
  type: Maybe<string>;
  is_reversal: Defaulted<boolean>;
  revenue: Maybe<string>;
  payout: Maybe<string>;
  currency: Maybe<string>;
  country: Maybe<string>;
  sub_ids: MaybeJson<Record<string, string>>;
  raw: JsonValue<JsonObject>;
  row_hash: string;
  first_seen_at: Generated<Date>;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface ConversionWithStatusView extends ConversionTable {
  status: ConversionStatus;
  reversed: boolean;
  is_mapped: boolean;
}

export interface ConversionChangeTable {
  id: Generated<string>;
  organization_id: string;
  tracker_config_id: string;
  conversion_id: string;
  seen_at: Generated<Date>;
  raw_status: string;
  is_reversal: Defaulted<boolean>;
  revenue: Maybe<string>;
  payout: Maybe<string>;
  currency: Maybe<string>;
}

export interface UnreadableRowTable {
  id: Generated<string>;
  organization_id: string;
  tracker_config_id: string;
  run_id: Maybe<string>;
  resource: string;
  reason: string;
  raw: string;
  raw_hash: string;
  first_seen_at: Generated<Date>;
  seen_at: ColumnType<Date, Date | undefined, Date>;
}
