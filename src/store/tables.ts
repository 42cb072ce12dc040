// The tables of configs, runs, keys and journals, as the migrations lay them out. Row types stay inside the store.
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { BudgetState } from '../core/call-budget.ts';
import type { LastError } from '../core/errors.ts';
import type { JsonObject, LogResource } from '../core/resources.ts';
import type { ConversionStatus } from '../core/statuses.ts';
import type { RunKind, RunState } from '../core/sync.ts';
import type { Count, Defaulted, JsonValue, Maybe, MaybeJson, MaybeTime, Time } from './column-types.ts';

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
  retry_kind: Maybe<'backoff' | 'rate_limited' | 'turn'>;
  fruitless_tries: Count;
  blocked_kind: Maybe<string>;
  last_error: MaybeJson<LastError>;
  totals_checked_at: MaybeTime;
  totals_fresh_at: MaybeTime;
  totals_all_fresh_at: MaybeTime;
  totals_reread_id: Maybe<string>;
  created_at: Generated<Date>;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface CallBudgetTable {
  key: string;
  version: Count;
  state: JSONColumnType<BudgetState>;
  changed_at: Generated<Date>;
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
  expected_at: MaybeTime;
  pace_rows: Count;
  pace_windows: Count;
  pace_ms: Count;
  paced_at: MaybeTime;
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
  expected_rows: Maybe<number>;
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

export interface TrackerSessionTable {
  tracker_config_id: string;
  organization_id: string;
  token_sealed: Maybe<string>;
  token_key_id: Maybe<string>;
  credentials_version: Maybe<number>;
  url: Maybe<string>;
  renew_at: MaybeTime;
  login_token: Maybe<string>;
  login_until: MaybeTime;
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

export interface SavedViewTable {
  id: Generated<string>;
  organization_id: string;
  owner_id: string;
  owner_name: string;
  name: string;
  page: string;
  query: JsonValue<JsonObject>;
  is_shared: Defaulted<boolean>;
  created_at: Generated<Date>;
  updated_at: Defaulted<Date>;
}
