// The tables' row types, as the migrations lay them out. They stay inside the store.
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { LastError } from '../core/errors.ts';
import type { Json, JsonObject, LogResource } from '../core/resources.ts';
import type { ConversionStatus } from '../core/statuses.ts';
import type { RunKind, RunState } from '../core/sync.ts';

type Time = ColumnType<Date, Date | string, Date | string>;
type MaybeTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
type Defaulted<T> = ColumnType<T, T | undefined, T>;
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;
type Count = ColumnType<number, number | undefined, number>;
type JsonValue<T> = ColumnType<T, string, string>;
type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>;

/** PostgreSQL gives `bigint` as text; `db.ts` reads it as a number where it is safe. */
export interface TrackerConfigTable {
  id: Generated<string>;
  organization_id: string;
  type: string;
  name: string;
  url: string;
  settings: JSONColumnType<JsonObject, string | undefined, string>;
  credentials_sealed: string;
  credentials_key_id: string;
  credential_hints: JSONColumnType<Record<string, string | null>, string | undefined, string>;
  credentials_version: Count;
  desired_state: Defaulted<'active' | 'paused' | 'deleting'>;
  backfill_from: MaybeTime;
  backfill_to: MaybeTime;
  first_synced_at: MaybeTime;
  last_synced_at: MaybeTime;
  last_slot_at: MaybeTime;
  next_sync_at: MaybeTime;
  catalog_read_at: MaybeTime;
  retry_at: MaybeTime;
  retry_kind: Maybe<'backoff' | 'rate_limited'>;
  fruitless_tries: Count;
  blocked_kind: Maybe<string>;
  last_error: MaybeJson<LastError>;
  created_at: Generated<Date>;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface IdempotencyKeyTable {
  organization_id: string;
  key: string;
  request_hash: Buffer;
  tracker_config_id: string;
  warnings: Defaulted<string[]>;
  created_at: Generated<Date>;
}

export interface TrackerResourceTable {
  tracker_config_id: string;
  organization_id: string;
  resource: string;
  state: Defaulted<'pending' | 'ok' | 'unavailable'>;
  reason: Maybe<string>;
  rows: Count;
  last_synced_at: MaybeTime;
  read_to: MaybeTime;
  variant: Maybe<string>;
  refusals: Count;
  refused_since: MaybeTime;
  retry_at: MaybeTime;
  asked_at: MaybeTime;
}

export interface StatusMapTable {
  tracker_config_id: string;
  organization_id: string;
  raw_status: string;
  status: ConversionStatus;
  reversed: Defaulted<boolean>;
  is_default: Defaulted<boolean>;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface RunTable {
  id: Generated<string>;
  organization_id: string;
  tracker_config_id: string;
  kind: RunKind;
  state: Defaulted<RunState>;
  resources: Defaulted<string[]>;
  range_from: MaybeTime;
  range_to: MaybeTime;
  slot_at: MaybeTime;
  cursor: MaybeJson<JsonObject>;
  queued_at: ColumnType<Date, Date | undefined, Date>;
  started_at: MaybeTime;
  worked_at: MaybeTime;
  finished_at: MaybeTime;
  requests: Count;
  rows_read: Count;
  rows_written: Count;
  rows_unchanged: Count;
  rows_unreadable: Count;
  first_unreadable_reason: Maybe<string>;
  error: MaybeJson<LastError>;
}

export interface SyncWindowTable {
  id: Generated<string>;
  organization_id: string;
  tracker_config_id: string;
  run_id: string;
  resource: LogResource;
  from_at: Time;
  to_at: Time;
  state: Defaulted<'planned' | 'running' | 'done'>;
  cursor: MaybeJson<JsonObject>;
  cursor_at: MaybeTime;
  covered_to: MaybeTime;
  seq: Count;
  rows: Count;
  is_fresh: Defaulted<boolean>;
  started_at: MaybeTime;
  finished_at: MaybeTime;
}

export interface SyncLeaseTable {
  tracker_config_id: string;
  organization_id: string;
  token: string;
  until: Time;
}

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

export interface TrackerRequestTable {
  id: Generated<string>;
  at: Time;
  organization_id: string;
  tracker_config_id: Maybe<string>;
  run_id: Maybe<string>;
  resource: Maybe<string>;
  method: string;
  url: string;
  status: Maybe<number>;
  duration_ms: number;
  bytes: Count;
  error: Maybe<string>;
}

export interface AuditLogTable {
  id: Generated<string>;
  organization_id: string;
  at: Generated<Date>;
  actor_type: 'user' | 'api_key' | 'system';
  actor_id: Maybe<string>;
  actor_name: Maybe<string>;
  action: string;
  target_type: Maybe<string>;
  target_id: Maybe<string>;
  before: MaybeJson<JsonObject>;
  after: MaybeJson<JsonObject>;
  ip: Maybe<string>;
}

export interface ApiKeyTable {
  id: Generated<string>;
  organization_id: string;
  user_id: Maybe<string>;
  name: string;
  role: string;
  key_hash: Buffer;
  key_hint: string;
  created_at: Generated<Date>;
  expires_at: MaybeTime;
  last_used_at: MaybeTime;
  revoked_at: MaybeTime;
}
