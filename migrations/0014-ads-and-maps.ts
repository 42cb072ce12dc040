// Ads with their daily spend, which sub-id carries them, which campaigns belong together, rates, and every change of a mapping.
import { type Kysely, sql } from 'kysely';

const TABLES = ['ad', 'ad_spend', 'sub_id_map', 'ad_campaign_map', 'currency_rate', 'mapping_change'];

/** What an ad platform writes where it had nothing to fill in, or what nobody has replaced: `{{ad.id}}`, `__CID__`, `[zone]`. */
const UNREPLACED = String.raw`^\s*(\{.*\}|\$\{.*\}|__[^_].*__|\[.*\]|<.*>|%[A-Za-z_][A-Za-z0-9_.]*%|%7[Bb].*%7[Dd]|%5[Bb].*%5[Dd]|)\s*$`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table ad (
      id uuid not null default uuidv7() unique,
      organization_id uuid not null,
      level text not null check (level in ('ad_campaign', 'ad_set', 'ad')),
      external_id text not null check (external_id <> ''),
      platform text not null,
      name text,
      ad_campaign_external_id text,
      ad_set_external_id text,
      first_seen_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (organization_id, level, external_id)
    );
    create index ad_list_idx on ad (organization_id, first_seen_at desc, id desc);
    create index ad_of_campaign_idx on ad (organization_id, ad_campaign_external_id);
    create index ad_of_set_idx on ad (organization_id, ad_set_external_id);

    create table ad_spend (
      organization_id uuid not null,
      level text not null,
      external_id text not null,
      day date not null,
      zone text not null default 'UTC',
      amount numeric not null check (amount between 0 and 1e12),
      currency text not null,
      updated_at timestamptz(3) not null default now(),
      primary key (organization_id, level, external_id, day),
      foreign key (organization_id, level, external_id) references ad on delete cascade
    );
    create index ad_spend_day_idx on ad_spend (organization_id, day);

    -- Of one day, spend that is known more finely counts there, and never again in what it is a part of.
    create view ad_spend_counted with (security_invoker = true) as
      with told as (
        select s.*, a.platform, a.ad_campaign_external_id, a.ad_set_external_id
        from ad_spend s join ad a using (organization_id, level, external_id)
      )
      select t.*, t.external_id as ad_external_id from told t where t.level = 'ad'
      union all
      select t.organization_id, t.level, t.external_id, t.day, t.zone, t.amount, t.currency, t.updated_at, t.platform,
        t.ad_campaign_external_id, t.external_id, null
      from told t where t.level = 'ad_set' and not exists (
        select from told f where f.organization_id = t.organization_id and f.day = t.day and f.level = 'ad'
          and f.ad_set_external_id = t.external_id)
      union all
      select t.organization_id, t.level, t.external_id, t.day, t.zone, t.amount, t.currency, t.updated_at, t.platform,
        t.external_id, null, null
      from told t where t.level = 'ad_campaign' and not exists (
        select from told f where f.organization_id = t.organization_id and f.day = t.day and f.level in ('ad_set', 'ad')
          and f.ad_campaign_external_id = t.external_id);
    grant select on ad_spend_counted to hub_api;

    create table sub_id_map (
      tracker_config_id uuid not null references tracker_config (id) on delete cascade,
      organization_id uuid not null,
      role text not null check (role in ('click_id', 'ad_campaign', 'ad_set', 'ad', 'placement')),
      sub_id smallint not null check (sub_id between 1 and 30),
      updated_at timestamptz(3) not null default now(),
      primary key (tracker_config_id, role)
    );

    create table ad_campaign_map (
      tracker_config_id uuid not null references tracker_config (id) on delete cascade,
      organization_id uuid not null,
      campaign_external_id text not null,
      ad_campaign_external_id text not null,
      updated_at timestamptz(3) not null default now(),
      primary key (tracker_config_id, campaign_external_id)
    );

    create table currency_rate (
      organization_id uuid not null,
      base text not null,
      currency text not null,
      day date not null,
      rate numeric not null check (rate > 0 and rate < 1e12),
      updated_at timestamptz(3) not null default now(),
      primary key (organization_id, base, currency, day)
    );

    create table mapping_change (
      id uuid primary key default uuidv7(),
      organization_id uuid not null,
      tracker_config_id uuid not null references tracker_config (id) on delete cascade,
      kind text not null check (kind in ('statuses', 'sub_ids', 'campaigns')),
      at timestamptz(3) not null default now(),
      actor_type text not null,
      actor_id text,
      actor_name text,
      before jsonb not null,
      after jsonb not null,
      undone_at timestamptz(3)
    );
    create index mapping_change_list_idx on mapping_change (tracker_config_id, id desc);

    -- A sub-id as a value of the ad platform's; null where it is empty or a macro that nobody replaced.
    create function real_value(told text) returns text language sql immutable parallel safe return
      case when told is null or told = '' then null
        when left(told, 1) in ('{', '$', '_', '[', '<', '%', ' ') and told ~ '${UNREPLACED}' then null
        when lower(told) in ('null', 'undefined') then null
        else told end;
  `)
    .execute(db);
  for (const table of TABLES) {
    await sql
      .raw(`
      grant select, insert, update, delete on ${table} to hub_api;
      alter table ${table} enable row level security;
      create policy own_organization on ${table} to hub_api
        using (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid))
        with check (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid));
    `)
      .execute(db);
  }
}
