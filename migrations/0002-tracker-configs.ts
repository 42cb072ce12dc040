// Connected tracker accounts: what a person said of them, their sealed credentials, and where their sync stands.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tracker_config (
      id uuid primary key default uuidv7(),
      organization_id uuid not null references auth."organization" ("id"),
      type text not null,
      name text not null check (name <> ''),
      url text not null,
      settings jsonb not null default '{}',
      credentials_sealed text not null,
      credentials_key_id text not null,
      credential_hints jsonb not null default '{}',
      credentials_version integer not null default 1,
      desired_state text not null default 'active' check (desired_state in ('active', 'paused', 'deleting')),
      backfill_from timestamptz(3),
      backfill_to timestamptz(3),
      first_synced_at timestamptz(3),
      last_synced_at timestamptz(3),
      last_slot_at timestamptz(3),
      next_sync_at timestamptz(3),
      catalog_read_at timestamptz(3),
      retry_at timestamptz(3),
      retry_kind text check (retry_kind in ('backoff', 'rate_limited')),
      fruitless_tries integer not null default 0,
      blocked_kind text,
      last_error jsonb,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now()
    );
    create unique index tracker_config_name_key on tracker_config (organization_id, lower(name)) where desired_state <> 'deleting';
    create index tracker_config_list_idx on tracker_config (organization_id, created_at desc, id desc);
    create index tracker_config_key_idx on tracker_config (credentials_key_id);

    create table idempotency_key (
      organization_id uuid not null,
      key text not null,
      request_hash bytea not null,
      tracker_config_id uuid not null,
      warnings text[] not null default '{}',
      created_at timestamptz(3) not null default now(),
      primary key (organization_id, key)
    );

    create table tracker_resource (
      tracker_config_id uuid not null references tracker_config (id) on delete cascade,
      organization_id uuid not null,
      resource text not null,
      state text not null default 'pending' check (state in ('pending', 'ok', 'unavailable')),
      reason text,
      rows bigint not null default 0,
      last_synced_at timestamptz(3),
      read_to timestamptz(3),
      variant text,
      refusals integer not null default 0,
      refused_since timestamptz(3),
      retry_at timestamptz(3),
      asked_at timestamptz(3),
      primary key (tracker_config_id, resource)
    );

    create table status_map (
      tracker_config_id uuid not null references tracker_config (id) on delete cascade,
      organization_id uuid not null,
      raw_status text not null check (raw_status = lower(raw_status)),
      status text not null check (status in ('approved', 'pending', 'rejected', 'hold')),
      reversed boolean not null default false,
      is_default boolean not null default true,
      updated_at timestamptz(3) not null default now(),
      primary key (tracker_config_id, raw_status)
    );
  `.execute(db);
}
