// The logs: clicks (hash-partitioned by config), conversions, every change of a conversion, and rows that could not be read.
import { type Kysely, sql } from 'kysely';

const CLICK_PARTITIONS = 16;

const CATALOG_IDS = `campaign_external_id text, offer_external_id text, landing_page_external_id text, flow_external_id text,
  traffic_source_external_id text, affiliate_network_external_id text`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table click (
      tracker_config_id uuid not null,
      external_id text not null,
      id uuid not null default uuidv7(),
      organization_id uuid not null,
      clicked_at timestamptz(3) not null,
      ${CATALOG_IDS},
      cost numeric check (cost between -1e12 and 1e12),
      revenue numeric check (revenue between -1e12 and 1e12),
      currency text,
      country text, region text, city text, device_type text, os text, browser text, ip text,
      is_bot boolean, is_unique boolean, landing_clicked boolean,
      referrer text,
      sub_ids jsonb,
      is_derived boolean not null default false,
      row_hash uuid not null,
      primary key (tracker_config_id, external_id)
    ) partition by hash (tracker_config_id);
    create index click_list_idx on click (organization_id, clicked_at desc, id desc);

    create table conversion (
      tracker_config_id uuid not null,
      external_id text not null,
      id uuid not null default uuidv7(),
      organization_id uuid not null,
      click_external_id text,
      transaction_id text,
      converted_at timestamptz(3) not null,
      clicked_at timestamptz(3),
      raw_status text not null,
      type text,
      is_reversal boolean not null default false,
      revenue numeric check (revenue between -1e12 and 1e12),
      payout numeric check (payout between -1e12 and 1e12),
      currency text,
      ${CATALOG_IDS},
      country text,
      sub_ids jsonb,
      raw jsonb not null,
      row_hash uuid not null,
      first_seen_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (tracker_config_id, external_id)
    );
    create unique index conversion_id_key on conversion (id);
    create index conversion_list_idx on conversion (organization_id, converted_at desc, id desc);
    create index conversion_click_idx on conversion (tracker_config_id, click_external_id);

    create table conversion_change (
      id uuid primary key default uuidv7(),
      organization_id uuid not null,
      tracker_config_id uuid not null,
      conversion_id uuid not null,
      seen_at timestamptz(3) not null default now(),
      raw_status text not null,
      is_reversal boolean not null default false,
      revenue numeric,
      payout numeric,
      currency text
    );
    create index conversion_change_timeline_idx on conversion_change (conversion_id, seen_at);
    create index conversion_change_config_idx on conversion_change (tracker_config_id);

    create table unreadable_row (
      id uuid primary key default uuidv7(),
      organization_id uuid not null,
      tracker_config_id uuid not null,
      run_id uuid,
      resource text not null,
      reason text not null,
      raw text not null,
      raw_hash uuid not null,
      first_seen_at timestamptz(3) not null default now(),
      seen_at timestamptz(3) not null default now(),
      unique (tracker_config_id, resource, raw_hash)
    );
    create index unreadable_row_list_idx on unreadable_row (organization_id, first_seen_at desc, id desc);
  `)
    .execute(db);
  for (let i = 0; i < CLICK_PARTITIONS; i++) {
    await sql
      .raw(`create table click_p${i} partition of click for values with (modulus ${CLICK_PARTITIONS}, remainder ${i})`)
      .execute(db);
  }
}
