-- schemas
create schema analytics;
create schema auth;

-- functions
CREATE OR REPLACE FUNCTION analytics.own_organization()
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
RETURN (SELECT analyst_login.organization_id FROM auth.analyst_login WHERE (analyst_login.role_name = SESSION_USER))
;
CREATE OR REPLACE FUNCTION public.ad_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    begin
      if tg_op = 'UPDATE' then
        perform mark_spend(array_agg(distinct organization_id)) from (
          select organization_id, level, external_id, platform, ad_campaign_external_id, ad_set_external_id from changed
          except select organization_id, level, external_id, platform, ad_campaign_external_id, ad_set_external_id from before
        ) c having count(*) > 0;
      else
        perform mark_spend(array_agg(distinct organization_id)) from changed
        where ad_campaign_external_id is not null or ad_set_external_id is not null having count(*) > 0;
      end if;
      return null;
    end $function$
;
CREATE OR REPLACE FUNCTION public.config_going()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    begin
      perform mark_spend(array[new.organization_id]);
      return null;
    end $function$
;
CREATE OR REPLACE FUNCTION public.hour_of(at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN date_bin('01:00:00'::interval, at, '2000-01-01 00:00:00+00'::timestamp with time zone)
;
CREATE OR REPLACE FUNCTION public.keep_spend_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    begin
      if tg_op = 'INSERT' then
        insert into ad_spend_change (organization_id, level, external_id, day)
        select organization_id, level, external_id, day from changed where ((day + 1)::timestamp at time zone zone) <= clock_timestamp();
      elsif tg_op = 'DELETE' then
        insert into ad_spend_change (organization_id, level, external_id, day, amount_before, currency_before)
        select organization_id, level, external_id, day, amount, currency from changed where ((day + 1)::timestamp at time zone zone) <= clock_timestamp();
      else
        insert into ad_spend_change (organization_id, level, external_id, day, amount_before, currency_before)
        select organization_id, level, external_id, day, b.amount, b.currency
        from before b join changed c using (organization_id, level, external_id, day)
        where (b.amount, b.currency) is distinct from (c.amount, c.currency)
          and ((day + 1)::timestamp at time zone c.zone) <= clock_timestamp();
      end if;
      return null;
    end $function$
;
CREATE OR REPLACE FUNCTION public.mark_spend(organizations uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    begin
      
  perform pg_advisory_xact_lock(hashtextextended(organization_id::text, 21)) from (select unnest(organizations) as organization_id order by 1) o;
      insert into spend_mark (organization_id, since, until)
      select distinct s.organization_id, (s.day::timestamp at time zone s.zone) as since, ((s.day + 1)::timestamp at time zone s.zone) as until from ad_spend s where s.organization_id = any(organizations);
    end $function$
;
CREATE OR REPLACE FUNCTION public.quarter_of(at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN date_bin('00:15:00'::interval, at, '2000-01-01 00:00:00+00'::timestamp with time zone)
;
CREATE OR REPLACE FUNCTION public.real_value(told text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ((told IS NULL) OR (told = ''::text)) THEN NULL::text WHEN (("left"(told, 1) = ANY (ARRAY['{'::text, '$'::text, '_'::text, '['::text, '<'::text, '%'::text, ' '::text])) AND (told ~ '^\s*(\{.*\}|\$\{.*\}|__[^_].*__|\[.*\]|<.*>|%[A-Za-z_][A-Za-z0-9_.]*%|%7[Bb].*%7[Dd]|%5[Bb].*%5[Dd]|)\s*$'::text)) THEN NULL::text WHEN (lower(told) = ANY (ARRAY['null'::text, 'undefined'::text])) THEN NULL::text ELSE told END
;
CREATE OR REPLACE FUNCTION public.slot_of(at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (public.hour_of(at) + CASE WHEN ((EXTRACT(minute FROM (at AT TIME ZONE 'UTC'::text)) >= (30)::numeric) AND (EXTRACT(hour FROM (at AT TIME ZONE 'UTC'::text)) = ANY (ARRAY[(2)::numeric, (3)::numeric, (9)::numeric, (13)::numeric, (14)::numeric, (17)::numeric, (18)::numeric, (19)::numeric, (20)::numeric]))) THEN '00:30:00'::interval WHEN ((EXTRACT(minute FROM (at AT TIME ZONE 'UTC'::text)) >= (15)::numeric) AND (EXTRACT(hour FROM (at AT TIME ZONE 'UTC'::text)) = ANY (ARRAY[(10)::numeric, (11)::numeric, (15)::numeric, (18)::numeric]))) THEN '00:15:00'::interval ELSE '00:00:00'::interval END)
;
CREATE OR REPLACE FUNCTION public.spend_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    declare
      told jsonb;
    begin
      
  perform pg_advisory_xact_lock(hashtextextended(organization_id::text, 21)) from (select distinct organization_id from changed order by 1) o;
      select jsonb_agg(distinct jsonb_build_object('organization_id', organization_id, 'day', day, 'zone', zone)) into told from changed;
      if tg_op = 'UPDATE' then
        select told || coalesce(jsonb_agg(distinct jsonb_build_object('organization_id', organization_id, 'day', day, 'zone', zone)), '[]')
          into told from before;
      end if;
      insert into spend_mark (organization_id, since, until)
      with changes as materialized (
        select * from jsonb_to_recordset(told) as c (organization_id uuid, day date, zone text)
      ), touched as materialized (
        select s.organization_id, (s.day::timestamp at time zone s.zone) as since, ((s.day + 1)::timestamp at time zone s.zone) as until from changes s
        union
        select s.organization_id, (s.day::timestamp at time zone s.zone) as since, ((s.day + 1)::timestamp at time zone s.zone) as until from ad_spend s where (s.organization_id, s.day) in (select organization_id, day from changes)
      )
      select * from touched
      union
      select d.* from touched t cross join lateral (
        select s.organization_id, (s.day::timestamp at time zone s.zone) as since, ((s.day + 1)::timestamp at time zone s.zone) as until from ad_spend s where s.organization_id = t.organization_id
          and s.day between t.since::date - 2 and t.until::date + 2
      ) d where d.since < t.until and d.until > t.since;
      return null;
    end $function$
;
CREATE OR REPLACE FUNCTION public.way_to_spend_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    begin
      perform mark_spend(array_agg(distinct organization_id)) from changed having count(*) > 0;
      return null;
    end $function$
;

-- tables
create table auth.account (
  id uuid not null default gen_random_uuid(),
  "accountId" text not null,
  "providerId" text not null,
  "userId" uuid not null,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamp with time zone,
  "refreshTokenExpiresAt" timestamp with time zone,
  scope text,
  password text,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null,
  constraint account_pkey PRIMARY KEY (id),
  constraint "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES auth."user"(id) ON DELETE CASCADE
);
create table auth.analyst_login (
  role_name text not null,
  organization_id uuid not null,
  created_at timestamp(3) with time zone not null default now(),
  constraint analyst_login_pkey PRIMARY KEY (role_name),
  constraint analyst_login_organization_id_key UNIQUE (organization_id),
  constraint analyst_login_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES auth.organization(id) ON DELETE CASCADE
);
create table auth.api_key (
  id uuid not null default gen_random_uuid(),
  organization_id uuid not null,
  user_id uuid,
  name text not null,
  role text not null,
  key_hash bytea not null,
  key_hint text not null,
  created_at timestamp(3) with time zone not null default now(),
  expires_at timestamp(3) with time zone,
  last_used_at timestamp(3) with time zone,
  revoked_at timestamp(3) with time zone,
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_key_hash_key UNIQUE (key_hash),
  constraint api_key_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES auth.organization(id) ON DELETE CASCADE,
  constraint api_key_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE,
  constraint api_key_role_check CHECK ((role = ANY (ARRAY['super_admin'::text, 'owner'::text, 'admin'::text, 'manager'::text, 'mediabuyer'::text, 'finance'::text, 'viewer'::text])))
);
create table auth.attempt (
  subject bytea not null,
  count integer not null,
  ends_at timestamp(3) with time zone not null,
  constraint attempt_pkey PRIMARY KEY (subject)
);
create table auth.invitation (
  id uuid not null default gen_random_uuid(),
  "organizationId" uuid not null,
  email text not null,
  role text,
  status text not null,
  "expiresAt" timestamp with time zone not null,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "inviterId" uuid,
  token_hash bytea,
  constraint invitation_pkey PRIMARY KEY (id),
  constraint invitation_token_hash_key UNIQUE (token_hash),
  constraint "invitation_inviterId_fkey" FOREIGN KEY ("inviterId") REFERENCES auth."user"(id) ON DELETE CASCADE,
  constraint "invitation_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES auth.organization(id) ON DELETE CASCADE
);
create table auth.member (
  id uuid not null default gen_random_uuid(),
  "organizationId" uuid not null,
  "userId" uuid not null,
  role text not null,
  "createdAt" timestamp with time zone not null,
  constraint member_pkey PRIMARY KEY (id),
  constraint "member_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES auth.organization(id) ON DELETE CASCADE,
  constraint "member_userId_fkey" FOREIGN KEY ("userId") REFERENCES auth."user"(id) ON DELETE CASCADE
);
create table auth.organization (
  id uuid not null default gen_random_uuid(),
  name text not null,
  slug text not null,
  logo text,
  "createdAt" timestamp with time zone not null,
  metadata text,
  ended_at timestamp(3) with time zone,
  constraint organization_pkey PRIMARY KEY (id),
  constraint organization_slug_key UNIQUE (slug)
);
create table auth.session (
  id uuid not null default gen_random_uuid(),
  "expiresAt" timestamp with time zone not null,
  token text not null,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" uuid not null,
  "activeOrganizationId" text,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_token_key UNIQUE (token),
  constraint "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES auth."user"(id) ON DELETE CASCADE
);
create table auth."twoFactor" (
  id uuid not null default gen_random_uuid(),
  secret text not null,
  "backupCodes" text not null,
  "userId" uuid not null,
  verified boolean default true,
  "failedVerificationCount" integer default 0,
  "lockedUntil" timestamp with time zone,
  constraint "twoFactor_pkey" PRIMARY KEY (id),
  constraint "twoFactor_userId_fkey" FOREIGN KEY ("userId") REFERENCES auth."user"(id) ON DELETE CASCADE
);
create table auth."user" (
  id uuid not null default gen_random_uuid(),
  name text not null,
  email text not null,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "isSuperAdmin" boolean not null default false,
  "twoFactorEnabled" boolean default false,
  constraint user_pkey PRIMARY KEY (id),
  constraint user_email_key UNIQUE (email)
);
create table auth.verification (
  id uuid not null default gen_random_uuid(),
  identifier text not null,
  value text not null,
  "expiresAt" timestamp with time zone not null,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  constraint verification_pkey PRIMARY KEY (id)
);
create table public.ad (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  level text not null,
  external_id text not null,
  platform text not null,
  name text,
  ad_campaign_external_id text,
  ad_set_external_id text,
  first_seen_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  constraint ad_pkey PRIMARY KEY (organization_id, level, external_id),
  constraint ad_id_key UNIQUE (id),
  constraint ad_external_id_check CHECK ((external_id <> ''::text)),
  constraint ad_level_check CHECK ((level = ANY (ARRAY['ad_campaign'::text, 'ad_set'::text, 'ad'::text])))
);
create table public.ad_campaign_map (
  tracker_config_id uuid not null,
  organization_id uuid not null,
  campaign_external_id text not null,
  ad_campaign_external_id text not null,
  updated_at timestamp(3) with time zone not null default now(),
  constraint ad_campaign_map_pkey PRIMARY KEY (tracker_config_id, campaign_external_id),
  constraint ad_campaign_map_tracker_config_id_fkey FOREIGN KEY (tracker_config_id) REFERENCES public.tracker_config(id) ON DELETE CASCADE
);
create table public.ad_spend (
  organization_id uuid not null,
  level text not null,
  external_id text not null,
  day date not null,
  zone text not null default 'UTC'::text,
  amount numeric not null,
  currency text not null,
  updated_at timestamp(3) with time zone not null default now(),
  constraint ad_spend_pkey PRIMARY KEY (organization_id, level, external_id, day),
  constraint ad_spend_organization_id_level_external_id_fkey FOREIGN KEY (organization_id, level, external_id) REFERENCES public.ad(organization_id, level, external_id) ON DELETE CASCADE,
  constraint ad_spend_amount_check CHECK (((amount >= (0)::numeric) AND (amount <= '1000000000000'::numeric)))
);
create table public.ad_spend_change (
  id bigint not null generated as identity,
  organization_id uuid not null,
  level text not null,
  external_id text not null,
  day date not null,
  seen_at timestamp(3) with time zone not null default clock_timestamp(),
  amount_before numeric,
  currency_before text,
  constraint ad_spend_change_pkey PRIMARY KEY (id)
);
create table public.affiliate_network (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  external_id text not null,
  name text not null,
  state text,
  postback_url text,
  created_at timestamp(3) with time zone,
  changed_at timestamp(3) with time zone,
  raw jsonb not null,
  row_hash uuid not null,
  first_seen_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  gone_at timestamp(3) with time zone,
  constraint affiliate_network_pkey PRIMARY KEY (id),
  constraint affiliate_network_tracker_config_id_external_id_key UNIQUE (tracker_config_id, external_id)
);
create table public.audit_log (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  at timestamp(3) with time zone not null default now(),
  actor_type text not null,
  actor_id text,
  actor_name text,
  action text not null,
  target_type text,
  target_id text,
  before jsonb,
  after jsonb,
  ip text,
  constraint audit_log_pkey PRIMARY KEY (id),
  constraint audit_log_actor_type_check CHECK ((actor_type = ANY (ARRAY['user'::text, 'api_key'::text, 'system'::text])))
);
create table public.call_budget (
  key text not null,
  version bigint not null,
  state jsonb not null,
  changed_at timestamp(3) with time zone not null default now(),
  constraint call_budget_pkey PRIMARY KEY (key)
);
create table public.call_waiter (
  budget_key text not null,
  tracker_config_id uuid not null,
  waits_for text not null,
  since timestamp with time zone not null,
  awake_from timestamp with time zone not null,
  until timestamp with time zone not null,
  constraint call_waiter_pkey PRIMARY KEY (budget_key, tracker_config_id)
);
create table public.campaign (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  external_id text not null,
  name text not null,
  state text,
  alias text,
  type text,
  traffic_source_external_id text,
  cost_type text,
  cost_value numeric,
  currency text,
  group_external_id text,
  created_at timestamp(3) with time zone,
  changed_at timestamp(3) with time zone,
  raw jsonb not null,
  row_hash uuid not null,
  first_seen_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  gone_at timestamp(3) with time zone,
  constraint campaign_pkey PRIMARY KEY (id),
  constraint campaign_tracker_config_id_external_id_key UNIQUE (tracker_config_id, external_id),
  constraint campaign_cost_value_check CHECK (((cost_value >= '-1000000000000'::numeric) AND (cost_value <= '1000000000000'::numeric)))
);
create table public.click (
  tracker_config_id uuid not null,
  external_id text not null,
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  clicked_at timestamp(3) with time zone not null,
  campaign_external_id text,
  offer_external_id text,
  landing_page_external_id text,
  flow_external_id text,
  traffic_source_external_id text,
  affiliate_network_external_id text,
  cost numeric,
  revenue numeric,
  currency text,
  country text,
  region text,
  city text,
  device_type text,
  os text,
  browser text,
  ip text,
  is_bot boolean,
  is_unique boolean,
  landing_clicked boolean,
  referrer text,
  sub_ids jsonb,
  is_derived boolean not null default false,
  row_hash uuid not null,
  constraint click_pkey PRIMARY KEY (tracker_config_id, external_id),
  constraint click_cost_check CHECK (((cost >= '-1000000000000'::numeric) AND (cost <= '1000000000000'::numeric))),
  constraint click_revenue_check CHECK (((revenue >= '-1000000000000'::numeric) AND (revenue <= '1000000000000'::numeric)))
) partition by HASH (tracker_config_id);
create table public.click_day (
  organization_id uuid not null,
  tracker_config_id uuid not null,
  at timestamp with time zone not null,
  dimension text not null,
  campaign_external_id text,
  traffic_source_external_id text,
  offer_external_id text,
  country text,
  currency text,
  clicks integer not null,
  unique_clicks integer not null,
  bot_clicks integer not null,
  landing_clicks integer not null,
  cost numeric not null
) partition by LIST (dimension);
create table public.click_hour (
  organization_id uuid not null,
  tracker_config_id uuid not null,
  at timestamp with time zone not null,
  dimension text not null,
  campaign_external_id text,
  traffic_source_external_id text,
  offer_external_id text,
  country text,
  currency text,
  clicks integer not null,
  unique_clicks integer not null,
  bot_clicks integer not null,
  landing_clicks integer not null,
  cost numeric not null
) partition by LIST (dimension);
create table public.conversion (
  tracker_config_id uuid not null,
  external_id text not null,
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  click_external_id text,
  transaction_id text,
  converted_at timestamp(3) with time zone not null,
  clicked_at timestamp(3) with time zone,
  raw_status text not null,
  type text,
  is_reversal boolean not null default false,
  revenue numeric,
  payout numeric,
  currency text,
  campaign_external_id text,
  offer_external_id text,
  landing_page_external_id text,
  flow_external_id text,
  traffic_source_external_id text,
  affiliate_network_external_id text,
  country text,
  sub_ids jsonb,
  raw jsonb not null,
  row_hash uuid not null,
  first_seen_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  constraint conversion_pkey PRIMARY KEY (tracker_config_id, external_id),
  constraint conversion_payout_check CHECK (((payout >= '-1000000000000'::numeric) AND (payout <= '1000000000000'::numeric))),
  constraint conversion_revenue_check CHECK (((revenue >= '-1000000000000'::numeric) AND (revenue <= '1000000000000'::numeric)))
);
create table public.conversion_change (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  conversion_id uuid not null,
  seen_at timestamp(3) with time zone not null default now(),
  raw_status text not null,
  is_reversal boolean not null default false,
  revenue numeric,
  payout numeric,
  currency text,
  constraint conversion_change_pkey PRIMARY KEY (id)
);
create table public.conversion_day (
  by_time text not null,
  organization_id uuid not null,
  tracker_config_id uuid not null,
  at timestamp with time zone not null,
  dimension text not null,
  campaign_external_id text,
  traffic_source_external_id text,
  offer_external_id text,
  country text,
  currency text,
  raw_status text not null,
  spelling text not null,
  is_reversal boolean not null,
  conversions integer not null,
  revenue numeric not null
) partition by LIST (dimension);
create table public.conversion_hour (
  by_time text not null,
  organization_id uuid not null,
  tracker_config_id uuid not null,
  at timestamp with time zone not null,
  dimension text not null,
  campaign_external_id text,
  traffic_source_external_id text,
  offer_external_id text,
  country text,
  currency text,
  landing_page_external_id text,
  flow_external_id text,
  affiliate_network_external_id text,
  device_type text,
  os text,
  browser text,
  raw_status text not null,
  spelling text not null,
  is_reversal boolean not null,
  conversions integer not null,
  revenue numeric not null
) partition by LIST (dimension);
create table public.currency_rate (
  organization_id uuid not null,
  base text not null,
  currency text not null,
  day date not null,
  rate numeric not null,
  updated_at timestamp(3) with time zone not null default now(),
  constraint currency_rate_pkey PRIMARY KEY (organization_id, base, currency, day),
  constraint currency_rate_rate_check CHECK (((rate > (0)::numeric) AND (rate < '1000000000000'::numeric)))
);
create table public.flow (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  external_id text not null,
  name text not null,
  state text,
  campaign_external_id text,
  type text,
  schema text,
  "position" integer,
  weight numeric,
  landing_pages jsonb,
  offers jsonb,
  filters jsonb,
  created_at timestamp(3) with time zone,
  changed_at timestamp(3) with time zone,
  raw jsonb not null,
  row_hash uuid not null,
  first_seen_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  gone_at timestamp(3) with time zone,
  constraint flow_pkey PRIMARY KEY (id),
  constraint flow_tracker_config_id_external_id_key UNIQUE (tracker_config_id, external_id),
  constraint flow_weight_check CHECK (((weight >= '-1000000000000'::numeric) AND (weight <= '1000000000000'::numeric)))
);
create table public.idempotency_key (
  organization_id uuid not null,
  key text not null,
  request_hash bytea not null,
  tracker_config_id uuid not null,
  warnings text[] not null default '{}'::text[],
  created_at timestamp(3) with time zone not null default now(),
  constraint idempotency_key_pkey PRIMARY KEY (organization_id, key)
);
create table public.landing_page (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  external_id text not null,
  name text not null,
  state text,
  type text,
  landing_url text,
  offer_count integer,
  created_at timestamp(3) with time zone,
  changed_at timestamp(3) with time zone,
  raw jsonb not null,
  row_hash uuid not null,
  first_seen_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  gone_at timestamp(3) with time zone,
  constraint landing_page_pkey PRIMARY KEY (id),
  constraint landing_page_tracker_config_id_external_id_key UNIQUE (tracker_config_id, external_id)
);
create table public.mapping_change (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  kind text not null,
  at timestamp(3) with time zone not null default now(),
  actor_type text not null,
  actor_id text,
  actor_name text,
  before jsonb not null,
  after jsonb not null,
  undone_at timestamp(3) with time zone,
  constraint mapping_change_pkey PRIMARY KEY (id),
  constraint mapping_change_tracker_config_id_fkey FOREIGN KEY (tracker_config_id) REFERENCES public.tracker_config(id) ON DELETE CASCADE,
  constraint mapping_change_kind_check CHECK ((kind = ANY (ARRAY['statuses'::text, 'sub_ids'::text, 'campaigns'::text])))
);
create table public.offer (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  external_id text not null,
  name text not null,
  state text,
  affiliate_network_external_id text,
  offer_url text,
  payout numeric,
  payout_type text,
  currency text,
  countries text[],
  created_at timestamp(3) with time zone,
  changed_at timestamp(3) with time zone,
  raw jsonb not null,
  row_hash uuid not null,
  first_seen_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  gone_at timestamp(3) with time zone,
  constraint offer_pkey PRIMARY KEY (id),
  constraint offer_tracker_config_id_external_id_key UNIQUE (tracker_config_id, external_id),
  constraint offer_payout_check CHECK (((payout >= '-1000000000000'::numeric) AND (payout <= '1000000000000'::numeric)))
);
create table public.outage (
  key text not null,
  failures integer not null,
  open_until timestamp with time zone,
  probe_until timestamp with time zone,
  error jsonb not null,
  failed_at timestamp(3) with time zone not null,
  constraint outage_pkey PRIMARY KEY (key)
);
create table public.reconciliation_day (
  tracker_config_id uuid not null,
  day date not null,
  organization_id uuid not null,
  checked_at timestamp(3) with time zone not null,
  state text not null,
  reread_run_id uuid,
  reread_on date,
  rereads_on_day smallint not null default 0,
  reread_left text,
  constraint reconciliation_day_pkey PRIMARY KEY (tracker_config_id, day),
  constraint reconciliation_day_state_check CHECK ((state = ANY (ARRAY['equal'::text, 'differs'::text, 'explained'::text])))
);
create table public.reconciliation_figure (
  tracker_config_id uuid not null,
  day date not null,
  campaign_external_id text not null,
  organization_id uuid not null,
  our_clicks bigint not null,
  their_clicks bigint not null,
  our_cost numeric not null,
  their_cost numeric not null,
  our_conversions bigint not null,
  their_conversions bigint not null,
  our_revenue numeric not null,
  their_revenue numeric not null,
  verdicts jsonb not null default '{}'::jsonb,
  cost_currency text,
  revenue_currency text,
  constraint reconciliation_figure_pkey PRIMARY KEY (tracker_config_id, day, campaign_external_id)
);
create table public.report_answers (
  tracker_config_id uuid not null,
  since timestamp(3) with time zone not null,
  answers text not null,
  constraint report_answers_pkey PRIMARY KEY (tracker_config_id),
  constraint report_answers_tracker_config_id_fkey FOREIGN KEY (tracker_config_id) REFERENCES public.tracker_config(id) ON DELETE CASCADE
);
create table public.rollup_mark (
  id bigint not null generated as identity,
  organization_id uuid not null,
  tracker_config_id uuid not null,
  source text not null,
  hour timestamp with time zone not null,
  constraint rollup_mark_pkey PRIMARY KEY (id)
);
create table public.run (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  kind text not null,
  state text not null default 'queued'::text,
  resources text[] not null default '{}'::text[],
  range_from timestamp(3) with time zone,
  range_to timestamp(3) with time zone,
  slot_at timestamp(3) with time zone,
  cursor jsonb,
  queued_at timestamp(3) with time zone not null default now(),
  started_at timestamp(3) with time zone,
  worked_at timestamp(3) with time zone,
  finished_at timestamp(3) with time zone,
  requests integer not null default 0,
  rows_read bigint not null default 0,
  rows_written bigint not null default 0,
  rows_unchanged bigint not null default 0,
  rows_unreadable bigint not null default 0,
  first_unreadable_reason text,
  error jsonb,
  expected_at timestamp(3) with time zone,
  pace_rows double precision not null default 0,
  pace_windows double precision not null default 0,
  pace_ms double precision not null default 0,
  paced_at timestamp(3) with time zone,
  constraint run_pkey PRIMARY KEY (id),
  constraint run_tracker_config_id_fkey FOREIGN KEY (tracker_config_id) REFERENCES public.tracker_config(id) ON DELETE CASCADE,
  constraint run_kind_check CHECK ((kind = ANY (ARRAY['backfill'::text, 'cycle'::text, 'reread'::text, 'resync'::text, 'catalog'::text]))),
  constraint run_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);
create table public.saved_view (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  owner_id uuid not null,
  owner_name text not null,
  name text not null,
  page text not null,
  query jsonb not null,
  is_shared boolean not null default false,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  constraint saved_view_pkey PRIMARY KEY (id),
  constraint saved_view_name_check CHECK ((name <> ''::text))
);
create table public.spend_day (
  organization_id uuid not null,
  tracker_config_id uuid not null,
  at timestamp with time zone not null,
  dimension text not null,
  campaign_external_id text,
  traffic_source_external_id text,
  offer_external_id text,
  country text,
  currency text,
  cost numeric not null
);
create table public.spend_hour (
  organization_id uuid not null,
  tracker_config_id uuid not null,
  at timestamp with time zone not null,
  dimension text not null,
  campaign_external_id text,
  traffic_source_external_id text,
  offer_external_id text,
  country text,
  currency text,
  cost numeric not null
);
create table public.spend_mark (
  id bigint not null generated as identity,
  organization_id uuid not null,
  since timestamp with time zone not null,
  until timestamp with time zone not null,
  constraint spend_mark_pkey PRIMARY KEY (id)
);
create table public.spend_rest (
  organization_id uuid not null,
  at timestamp with time zone not null,
  day date not null,
  ad_campaign_external_id text,
  ad_set_external_id text,
  ad_external_id text,
  currency text not null,
  amount numeric not null
);
create table public.spend_total (
  organization_id uuid not null,
  at timestamp with time zone not null,
  level text not null,
  external_id text not null,
  day date not null,
  clicks bigint not null
);
create table public.status_map (
  tracker_config_id uuid not null,
  organization_id uuid not null,
  raw_status text not null,
  status text not null,
  reversed boolean not null default false,
  is_default boolean not null default true,
  updated_at timestamp(3) with time zone not null default now(),
  constraint status_map_pkey PRIMARY KEY (tracker_config_id, raw_status),
  constraint status_map_tracker_config_id_fkey FOREIGN KEY (tracker_config_id) REFERENCES public.tracker_config(id) ON DELETE CASCADE,
  constraint status_map_raw_status_check CHECK ((raw_status = lower(raw_status))),
  constraint status_map_status_check CHECK ((status = ANY (ARRAY['approved'::text, 'pending'::text, 'rejected'::text, 'hold'::text])))
);
create table public.sub_id_map (
  tracker_config_id uuid not null,
  organization_id uuid not null,
  role text not null,
  sub_id smallint not null,
  updated_at timestamp(3) with time zone not null default now(),
  constraint sub_id_map_pkey PRIMARY KEY (tracker_config_id, role),
  constraint sub_id_map_one_role UNIQUE (tracker_config_id, sub_id),
  constraint sub_id_map_tracker_config_id_fkey FOREIGN KEY (tracker_config_id) REFERENCES public.tracker_config(id) ON DELETE CASCADE,
  constraint sub_id_map_role_check CHECK ((role = ANY (ARRAY['click_id'::text, 'ad_campaign'::text, 'ad_set'::text, 'ad'::text, 'placement'::text]))),
  constraint sub_id_map_sub_id_check CHECK (((sub_id >= 1) AND (sub_id <= 30)))
);
create table public.sync_lease (
  tracker_config_id uuid not null,
  organization_id uuid not null,
  token uuid not null,
  until timestamp(3) with time zone not null,
  constraint sync_lease_pkey PRIMARY KEY (tracker_config_id),
  constraint sync_lease_tracker_config_id_fkey FOREIGN KEY (tracker_config_id) REFERENCES public.tracker_config(id) ON DELETE CASCADE
);
create table public.sync_window (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  run_id uuid not null,
  resource text not null,
  from_at timestamp(3) with time zone not null,
  to_at timestamp(3) with time zone not null,
  state text not null default 'planned'::text,
  cursor jsonb,
  cursor_at timestamp(3) with time zone,
  covered_to timestamp(3) with time zone,
  seq bigint not null default 0,
  rows bigint not null default 0,
  is_fresh boolean not null default false,
  started_at timestamp(3) with time zone,
  finished_at timestamp(3) with time zone,
  expected_rows bigint,
  constraint sync_window_pkey PRIMARY KEY (id),
  constraint sync_window_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.run(id) ON DELETE CASCADE,
  constraint sync_window_tracker_config_id_fkey FOREIGN KEY (tracker_config_id) REFERENCES public.tracker_config(id) ON DELETE CASCADE,
  constraint sync_window_check CHECK ((from_at < to_at)),
  constraint sync_window_resource_check CHECK ((resource = ANY (ARRAY['clicks'::text, 'conversions'::text]))),
  constraint sync_window_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'running'::text, 'done'::text])))
);
create table public.tracker_config (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  type text not null,
  name text not null,
  url text not null,
  settings jsonb not null default '{}'::jsonb,
  credentials_sealed text not null,
  credentials_key_id text not null,
  credential_hints jsonb not null default '{}'::jsonb,
  credentials_version integer not null default 1,
  desired_state text not null default 'active'::text,
  backfill_from timestamp(3) with time zone,
  backfill_to timestamp(3) with time zone,
  first_synced_at timestamp(3) with time zone,
  last_synced_at timestamp(3) with time zone,
  last_slot_at timestamp(3) with time zone,
  next_sync_at timestamp(3) with time zone,
  catalog_read_at timestamp(3) with time zone,
  retry_at timestamp(3) with time zone,
  retry_kind text,
  fruitless_tries integer not null default 0,
  blocked_kind text,
  last_error jsonb,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  totals_checked_at timestamp(3) with time zone,
  totals_fresh_at timestamp(3) with time zone,
  totals_all_fresh_at timestamp(3) with time zone,
  totals_reread_id uuid,
  constraint tracker_config_pkey PRIMARY KEY (id),
  constraint tracker_config_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES auth.organization(id),
  constraint tracker_config_desired_state_check CHECK ((desired_state = ANY (ARRAY['active'::text, 'paused'::text, 'deleting'::text]))),
  constraint tracker_config_name_check CHECK ((name <> ''::text)),
  constraint tracker_config_retry_kind_check CHECK ((retry_kind = ANY (ARRAY['backoff'::text, 'rate_limited'::text, 'turn'::text])))
);
create table public.tracker_request (
  id uuid not null default uuidv7(),
  at timestamp(3) with time zone not null,
  organization_id uuid not null,
  tracker_config_id uuid,
  run_id uuid,
  resource text,
  method text not null,
  url text not null,
  status integer,
  duration_ms integer not null,
  bytes bigint not null default 0,
  error text,
  constraint tracker_request_pkey PRIMARY KEY (id, at)
) partition by RANGE (at);
create table public.tracker_resource (
  tracker_config_id uuid not null,
  organization_id uuid not null,
  resource text not null,
  state text not null default 'pending'::text,
  reason text,
  rows bigint not null default 0,
  last_synced_at timestamp(3) with time zone,
  read_to timestamp(3) with time zone,
  variant text,
  refusals integer not null default 0,
  refused_since timestamp(3) with time zone,
  retry_at timestamp(3) with time zone,
  asked_at timestamp(3) with time zone,
  constraint tracker_resource_pkey PRIMARY KEY (tracker_config_id, resource),
  constraint tracker_resource_tracker_config_id_fkey FOREIGN KEY (tracker_config_id) REFERENCES public.tracker_config(id) ON DELETE CASCADE,
  constraint tracker_resource_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'ok'::text, 'unavailable'::text])))
);
create table public.tracker_session (
  tracker_config_id uuid not null,
  organization_id uuid not null,
  token_sealed text,
  token_key_id text,
  credentials_version integer,
  url text,
  renew_at timestamp(3) with time zone,
  login_token uuid,
  login_until timestamp(3) with time zone,
  constraint tracker_session_pkey PRIMARY KEY (tracker_config_id),
  constraint tracker_session_tracker_config_id_fkey FOREIGN KEY (tracker_config_id) REFERENCES public.tracker_config(id) ON DELETE CASCADE
);
create table public.traffic_source (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  external_id text not null,
  name text not null,
  state text,
  postback_url text,
  parameters jsonb,
  created_at timestamp(3) with time zone,
  changed_at timestamp(3) with time zone,
  raw jsonb not null,
  row_hash uuid not null,
  first_seen_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  gone_at timestamp(3) with time zone,
  constraint traffic_source_pkey PRIMARY KEY (id),
  constraint traffic_source_tracker_config_id_external_id_key UNIQUE (tracker_config_id, external_id)
);
create table public.unreadable_row (
  id uuid not null default uuidv7(),
  organization_id uuid not null,
  tracker_config_id uuid not null,
  run_id uuid,
  resource text not null,
  reason text not null,
  raw text not null,
  raw_hash uuid not null,
  first_seen_at timestamp(3) with time zone not null default now(),
  seen_at timestamp(3) with time zone not null default now(),
  constraint unreadable_row_pkey PRIMARY KEY (id),
  constraint unreadable_row_tracker_config_id_resource_raw_hash_key UNIQUE (tracker_config_id, resource, raw_hash)
);

-- partitions
create table public.click_p0 partition of public.click FOR VALUES WITH (modulus 16, remainder 0);
create table public.click_p1 partition of public.click FOR VALUES WITH (modulus 16, remainder 1);
create table public.click_p2 partition of public.click FOR VALUES WITH (modulus 16, remainder 2);
create table public.click_p3 partition of public.click FOR VALUES WITH (modulus 16, remainder 3);
create table public.click_p4 partition of public.click FOR VALUES WITH (modulus 16, remainder 4);
create table public.click_p5 partition of public.click FOR VALUES WITH (modulus 16, remainder 5);
create table public.click_p6 partition of public.click FOR VALUES WITH (modulus 16, remainder 6);
create table public.click_p7 partition of public.click FOR VALUES WITH (modulus 16, remainder 7);
create table public.click_p8 partition of public.click FOR VALUES WITH (modulus 16, remainder 8);
create table public.click_p9 partition of public.click FOR VALUES WITH (modulus 16, remainder 9);
create table public.click_p10 partition of public.click FOR VALUES WITH (modulus 16, remainder 10);
create table public.click_p11 partition of public.click FOR VALUES WITH (modulus 16, remainder 11);
create table public.click_p12 partition of public.click FOR VALUES WITH (modulus 16, remainder 12);
create table public.click_p13 partition of public.click FOR VALUES WITH (modulus 16, remainder 13);
create table public.click_p14 partition of public.click FOR VALUES WITH (modulus 16, remainder 14);
create table public.click_p15 partition of public.click FOR VALUES WITH (modulus 16, remainder 15);
create table public.click_day_offer partition of public.click_day FOR VALUES IN ('offer');
create table public.click_day_config partition of public.click_day FOR VALUES IN ('config');
create table public.click_day_country partition of public.click_day FOR VALUES IN ('country');
create table public.click_day_campaign partition of public.click_day FOR VALUES IN ('campaign');
create table public.click_hour_offer partition of public.click_hour FOR VALUES IN ('offer');
create table public.click_hour_config partition of public.click_hour FOR VALUES IN ('config');
create table public.click_hour_country partition of public.click_hour FOR VALUES IN ('country');
create table public.click_hour_campaign partition of public.click_hour FOR VALUES IN ('campaign');
create table public.conversion_day_offer partition of public.conversion_day FOR VALUES IN ('offer');
create table public.conversion_day_config partition of public.conversion_day FOR VALUES IN ('config');
create table public.conversion_day_country partition of public.conversion_day FOR VALUES IN ('country');
create table public.conversion_day_campaign partition of public.conversion_day FOR VALUES IN ('campaign');
create table public.conversion_hour_all partition of public.conversion_hour FOR VALUES IN ('all');
create table public.conversion_hour_config partition of public.conversion_hour FOR VALUES IN ('config');

-- indexes
CREATE INDEX "account_userId_idx" ON auth.account USING btree ("userId");
CREATE INDEX api_key_organization_idx ON auth.api_key USING btree (organization_id);
CREATE INDEX "invitation_organizationId_idx" ON auth.invitation USING btree ("organizationId");
CREATE INDEX invitation_email_idx ON auth.invitation USING btree (email);
CREATE UNIQUE INDEX invitation_open_key ON auth.invitation USING btree ("organizationId", lower(email)) WHERE (status = 'pending'::text);
CREATE INDEX "member_organizationId_idx" ON auth.member USING btree ("organizationId");
CREATE INDEX "member_userId_idx" ON auth.member USING btree ("userId");
CREATE UNIQUE INDEX member_once_key ON auth.member USING btree ("organizationId", "userId");
CREATE INDEX "session_userId_idx" ON auth.session USING btree ("userId");
CREATE INDEX "twoFactor_secret_idx" ON auth."twoFactor" USING btree (secret);
CREATE INDEX "twoFactor_userId_idx" ON auth."twoFactor" USING btree ("userId");
CREATE INDEX verification_identifier_idx ON auth.verification USING btree (identifier);
CREATE INDEX ad_list_idx ON public.ad USING btree (organization_id, first_seen_at DESC, id DESC);
CREATE INDEX ad_of_campaign_idx ON public.ad USING btree (organization_id, ad_campaign_external_id);
CREATE INDEX ad_of_set_idx ON public.ad USING btree (organization_id, ad_set_external_id);
CREATE INDEX ad_spend_day_idx ON public.ad_spend USING btree (organization_id, day);
CREATE INDEX ad_spend_change_seen_idx ON public.ad_spend_change USING btree (organization_id, seen_at);
CREATE INDEX affiliate_network_list_idx ON public.affiliate_network USING btree (organization_id, first_seen_at DESC, id DESC);
CREATE INDEX audit_log_list_idx ON public.audit_log USING btree (organization_id, at DESC, id DESC);
CREATE INDEX campaign_list_idx ON public.campaign USING btree (organization_id, first_seen_at DESC, id DESC);
CREATE INDEX click_list_idx ON ONLY public.click USING btree (organization_id, clicked_at DESC, id DESC);
CREATE INDEX click_day_organization_id_tracker_config_id_at_idx ON ONLY public.click_day USING btree (organization_id, tracker_config_id, at);
CREATE INDEX click_hour_organization_id_tracker_config_id_at_idx ON ONLY public.click_hour USING btree (organization_id, tracker_config_id, at);
CREATE INDEX conversion_click_idx ON public.conversion USING btree (tracker_config_id, click_external_id);
CREATE INDEX conversion_click_time_idx ON public.conversion USING btree (organization_id, COALESCE(clicked_at, converted_at));
CREATE UNIQUE INDEX conversion_id_key ON public.conversion USING btree (id);
CREATE INDEX conversion_list_idx ON public.conversion USING btree (organization_id, converted_at DESC, id DESC);
CREATE INDEX conversion_untold_idx ON public.conversion USING btree (tracker_config_id, click_external_id) WHERE (clicked_at IS NULL);
CREATE INDEX conversion_change_config_idx ON public.conversion_change USING btree (tracker_config_id);
CREATE INDEX conversion_change_seen_idx ON public.conversion_change USING btree (organization_id, seen_at);
CREATE INDEX conversion_change_timeline_idx ON public.conversion_change USING btree (conversion_id, seen_at);
CREATE INDEX conversion_day_organization_id_tracker_config_id_at_idx ON ONLY public.conversion_day USING btree (organization_id, tracker_config_id, at);
CREATE INDEX conversion_hour_organization_id_tracker_config_id_at_idx ON ONLY public.conversion_hour USING btree (organization_id, tracker_config_id, at);
CREATE UNIQUE INDEX currency_rate_pair_key ON public.currency_rate USING btree (organization_id, LEAST(base, currency), GREATEST(base, currency), day);
CREATE INDEX flow_list_idx ON public.flow USING btree (organization_id, first_seen_at DESC, id DESC);
CREATE INDEX landing_page_list_idx ON public.landing_page USING btree (organization_id, first_seen_at DESC, id DESC);
CREATE INDEX mapping_change_list_idx ON public.mapping_change USING btree (tracker_config_id, id DESC);
CREATE INDEX offer_list_idx ON public.offer USING btree (organization_id, first_seen_at DESC, id DESC);
CREATE INDEX reconciliation_day_list_idx ON public.reconciliation_day USING btree (organization_id, day);
CREATE INDEX reconciliation_figure_list_idx ON public.reconciliation_figure USING btree (organization_id, day);
CREATE INDEX rollup_mark_hour_idx ON public.rollup_mark USING btree (organization_id, source, hour);
CREATE INDEX run_list_idx ON public.run USING btree (tracker_config_id, queued_at DESC, id DESC);
CREATE UNIQUE INDEX run_one_open_backfill ON public.run USING btree (tracker_config_id) WHERE ((kind = 'backfill'::text) AND (state = ANY (ARRAY['queued'::text, 'running'::text])));
CREATE UNIQUE INDEX run_one_open_cycle ON public.run USING btree (tracker_config_id) WHERE ((kind = 'cycle'::text) AND (state = ANY (ARRAY['queued'::text, 'running'::text])));
CREATE INDEX run_open_idx ON public.run USING btree (tracker_config_id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX saved_view_list_idx ON public.saved_view USING btree (organization_id, created_at DESC, id DESC);
CREATE INDEX spend_day_organization_id_dimension_at_idx ON public.spend_day USING btree (organization_id, dimension, at);
CREATE INDEX spend_hour_organization_id_dimension_at_idx ON public.spend_hour USING btree (organization_id, dimension, at);
CREATE INDEX spend_mark_organization_id_since_idx ON public.spend_mark USING btree (organization_id, since);
CREATE INDEX spend_rest_organization_id_at_idx ON public.spend_rest USING btree (organization_id, at);
CREATE INDEX spend_total_organization_id_at_idx ON public.spend_total USING btree (organization_id, at);
CREATE INDEX sync_window_config_idx ON public.sync_window USING btree (tracker_config_id, state, to_at DESC);
CREATE INDEX sync_window_run_idx ON public.sync_window USING btree (run_id, state);
CREATE INDEX tracker_config_key_idx ON public.tracker_config USING btree (credentials_key_id);
CREATE INDEX tracker_config_list_idx ON public.tracker_config USING btree (organization_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX tracker_config_name_key ON public.tracker_config USING btree (organization_id, lower(name)) WHERE (desired_state <> 'deleting'::text);
CREATE INDEX tracker_request_config_idx ON ONLY public.tracker_request USING btree (tracker_config_id, at DESC, id DESC);
CREATE INDEX tracker_request_list_idx ON ONLY public.tracker_request USING btree (organization_id, at DESC, id DESC);
CREATE INDEX traffic_source_list_idx ON public.traffic_source USING btree (organization_id, first_seen_at DESC, id DESC);
CREATE INDEX unreadable_row_list_idx ON public.unreadable_row USING btree (organization_id, first_seen_at DESC, id DESC);

-- views
create view analytics.ad with (security_barrier=true) as
 SELECT level,
    external_id,
    platform,
    name,
    ad_campaign_external_id,
    ad_set_external_id
   FROM public.ad
  WHERE organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.ad_spend with (security_barrier=true) as
 SELECT a.platform,
    l.level,
    l.external_id,
    a.ad_campaign_external_id,
    a.ad_set_external_id,
    l.day,
    l.zone,
    l.amount,
    l.currency,
    c.level IS NOT NULL AS is_counted
   FROM public.ad_spend l
     JOIN public.ad a USING (organization_id, level, external_id)
     LEFT JOIN ( WITH told AS NOT MATERIALIZED (
                 SELECT s.organization_id,
                    s.level,
                    s.external_id,
                    s.day,
                    s.zone,
                    s.amount,
                    s.currency,
                    s.updated_at,
                    a_1.platform,
                        CASE s.level
                            WHEN 'ad_campaign'::text THEN s.external_id
                            ELSE a_1.ad_campaign_external_id
                        END AS ad_campaign_external_id,
                        CASE s.level
                            WHEN 'ad_campaign'::text THEN NULL::text
                            WHEN 'ad_set'::text THEN s.external_id
                            ELSE a_1.ad_set_external_id
                        END AS ad_set_external_id,
                        CASE s.level
                            WHEN 'ad'::text THEN s.external_id
                            ELSE NULL::text
                        END AS ad_external_id
                   FROM public.ad_spend s
                     JOIN public.ad a_1 USING (organization_id, level, external_id)
                ), sets AS NOT MATERIALIZED (
                 SELECT t.organization_id,
                    t.level,
                    t.external_id,
                    t.day,
                    t.zone,
                    t.amount,
                    t.currency,
                    t.updated_at,
                    t.platform,
                    t.ad_campaign_external_id,
                    t.ad_set_external_id,
                    t.ad_external_id,
                    t.level = 'ad_set'::text AND bool_or(t.level = 'ad'::text) OVER (PARTITION BY t.organization_id, t.day, t.ad_set_external_id) AS has_ads
                   FROM told t
                ), loose AS NOT MATERIALIZED (
                 SELECT s.organization_id,
                    s.level,
                    s.external_id,
                    s.day,
                    s.zone,
                    s.amount,
                    s.currency,
                    s.updated_at,
                    s.platform,
                    s.ad_campaign_external_id,
                    s.ad_set_external_id,
                    s.ad_external_id,
                    s.has_ads,
                        CASE
                            WHEN s.level = 'ad'::text AND s.ad_set_external_id IS NULL THEN 'fine'::text
                            WHEN s.level = 'ad_set'::text THEN 'coarse'::text
                            ELSE NULL::text
                        END AS side
                   FROM sets s
                  WHERE NOT s.has_ads
                ), opened AS NOT MATERIALIZED (
                 SELECT l_1.organization_id,
                    l_1.level,
                    l_1.external_id,
                    l_1.day,
                    l_1.zone,
                    l_1.amount,
                    l_1.currency,
                    l_1.updated_at,
                    l_1.platform,
                    l_1.ad_campaign_external_id,
                    l_1.ad_set_external_id,
                    l_1.ad_external_id,
                    l_1.has_ads,
                    l_1.side,
                    bool_or(l_1.ad_campaign_external_id IS NULL) FILTER (WHERE l_1.side IS NOT NULL) OVER (PARTITION BY l_1.organization_id, l_1.day, l_1.platform) AS is_open
                   FROM loose l_1
                ), weighed AS NOT MATERIALIZED (
                 SELECT o.organization_id,
                    o.level,
                    o.external_id,
                    o.day,
                    o.zone,
                    o.amount,
                    o.currency,
                    o.updated_at,
                    o.platform,
                    o.ad_campaign_external_id,
                    o.ad_set_external_id,
                    o.ad_external_id,
                    o.has_ads,
                    o.side,
                    o.is_open,
                    sum(o.amount) FILTER (WHERE o.side = 'fine'::text) OVER g AS fine,
                    sum(o.amount) FILTER (WHERE o.side = 'coarse'::text) OVER g AS coarse,
                    min(o.currency) FILTER (WHERE o.side IS NOT NULL) OVER g AS first_code,
                    max(o.currency) FILTER (WHERE o.side IS NOT NULL) OVER g AS last_code
                   FROM opened o
                  WINDOW g AS (PARTITION BY o.organization_id, o.day, o.platform, (
                        CASE
                            WHEN o.is_open THEN NULL::text
                            ELSE o.ad_campaign_external_id
                        END))
                ), finer AS NOT MATERIALIZED (
                 SELECT w.organization_id,
                    w.level,
                    w.external_id,
                    w.day,
                    w.zone,
                    w.amount,
                    w.currency,
                    w.updated_at,
                    w.platform,
                    w.ad_campaign_external_id,
                    w.ad_set_external_id,
                    w.ad_external_id,
                    w.has_ads,
                    w.side,
                    w.is_open,
                    w.fine,
                    w.coarse,
                    w.first_code,
                    w.last_code,
                    w.level = 'ad_campaign'::text AND bool_or(w.level <> 'ad_campaign'::text) OVER (PARTITION BY w.organization_id, w.day, w.ad_campaign_external_id) AS has_parts
                   FROM weighed w
                  WHERE w.side IS NULL OR w.fine IS NULL OR w.coarse IS NULL OR
                        CASE w.side
                            WHEN 'coarse'::text THEN COALESCE(w.coarse > w.fine, false) AND w.first_code = w.last_code
                            ELSE NOT (COALESCE(w.coarse > w.fine, false) AND w.first_code = w.last_code)
                        END
                ), campaigns AS NOT MATERIALIZED (
                 SELECT finer.organization_id,
                    finer.level,
                    finer.external_id,
                    finer.day,
                    finer.zone,
                    finer.amount,
                    finer.currency,
                    finer.updated_at,
                    finer.platform,
                    finer.ad_campaign_external_id,
                    finer.ad_set_external_id,
                    finer.ad_external_id,
                        CASE
                            WHEN finer.level = 'ad_campaign'::text THEN 'coarse'::text
                            WHEN finer.ad_campaign_external_id IS NULL THEN 'fine'::text
                            ELSE NULL::text
                        END AS side
                   FROM finer
                  WHERE NOT finer.has_parts
                ), compared AS NOT MATERIALIZED (
                 SELECT c_1.organization_id,
                    c_1.level,
                    c_1.external_id,
                    c_1.day,
                    c_1.zone,
                    c_1.amount,
                    c_1.currency,
                    c_1.updated_at,
                    c_1.platform,
                    c_1.ad_campaign_external_id,
                    c_1.ad_set_external_id,
                    c_1.ad_external_id,
                    c_1.side,
                    sum(c_1.amount) FILTER (WHERE c_1.side = 'fine'::text) OVER g AS fine,
                    sum(c_1.amount) FILTER (WHERE c_1.side = 'coarse'::text) OVER g AS coarse,
                    min(c_1.currency) FILTER (WHERE c_1.side IS NOT NULL) OVER g AS first_code,
                    max(c_1.currency) FILTER (WHERE c_1.side IS NOT NULL) OVER g AS last_code
                   FROM campaigns c_1
                  WINDOW g AS (PARTITION BY c_1.organization_id, c_1.day, c_1.platform)
                )
         SELECT compared.organization_id,
            compared.level,
            compared.external_id,
            compared.day,
            compared.zone,
            compared.amount,
            compared.currency,
            compared.updated_at,
            compared.platform,
            compared.ad_campaign_external_id,
            compared.ad_set_external_id,
            compared.ad_external_id
           FROM compared
          WHERE compared.side IS NULL OR compared.fine IS NULL OR compared.coarse IS NULL OR
                CASE compared.side
                    WHEN 'coarse'::text THEN COALESCE(compared.coarse > compared.fine, false) AND compared.first_code = compared.last_code
                    ELSE NOT (COALESCE(compared.coarse > compared.fine, false) AND compared.first_code = compared.last_code)
                END) c USING (organization_id, level, external_id, day)
  WHERE l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.affiliate_network with (security_barrier=true) as
 SELECT l.tracker_config_id,
    t.name AS tracker_config,
    l.external_id,
    l.name,
    l.state,
    NULL::text AS note,
    l.first_seen_at,
    l.updated_at,
    l.gone_at
   FROM public.affiliate_network l
     JOIN public.tracker_config t ON t.id = l.tracker_config_id AND t.desired_state <> 'deleting'::text
  WHERE l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.campaign with (security_barrier=true) as
 SELECT l.tracker_config_id,
    t.name AS tracker_config,
    l.external_id,
    l.name,
    l.state,
    l.alias,
    l.type,
    l.traffic_source_external_id,
    l.cost_type,
    l.cost_value,
    l.currency,
    l.first_seen_at,
    l.updated_at,
    l.gone_at
   FROM public.campaign l
     JOIN public.tracker_config t ON t.id = l.tracker_config_id AND t.desired_state <> 'deleting'::text
  WHERE l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.click with (security_barrier=true) as
 SELECT l.tracker_config_id,
    t.name AS tracker_config,
    t.type AS tracker_type,
    l.external_id,
    l.clicked_at,
    l.campaign_external_id,
    campaign.name AS campaign,
    l.offer_external_id,
    offer.name AS offer,
    l.landing_page_external_id,
    landing_page.name AS landing_page,
    l.flow_external_id,
    flow.name AS flow,
    l.traffic_source_external_id,
    traffic_source.name AS traffic_source,
    l.affiliate_network_external_id,
    affiliate_network.name AS affiliate_network,
    l.cost,
    l.revenue,
    COALESCE(l.currency, t.settings ->> 'currency'::text, 'USD'::text) AS currency,
    l.country,
    l.region,
    l.city,
    l.device_type,
    l.os,
    l.browser,
    l.ip,
    l.is_bot,
    l.is_unique,
    l.landing_clicked,
    l.referrer,
    l.sub_ids
   FROM public.click l
     JOIN public.tracker_config t ON t.id = l.tracker_config_id AND t.desired_state <> 'deleting'::text
     LEFT JOIN public.campaign ON campaign.tracker_config_id = l.tracker_config_id AND campaign.external_id = l.campaign_external_id
     LEFT JOIN public.offer ON offer.tracker_config_id = l.tracker_config_id AND offer.external_id = l.offer_external_id
     LEFT JOIN public.landing_page ON landing_page.tracker_config_id = l.tracker_config_id AND landing_page.external_id = l.landing_page_external_id
     LEFT JOIN public.flow ON flow.tracker_config_id = l.tracker_config_id AND flow.external_id = l.flow_external_id
     LEFT JOIN public.traffic_source ON traffic_source.tracker_config_id = l.tracker_config_id AND traffic_source.external_id = l.traffic_source_external_id
     LEFT JOIN public.affiliate_network ON affiliate_network.tracker_config_id = l.tracker_config_id AND affiliate_network.external_id = l.affiliate_network_external_id
  WHERE NOT l.is_derived AND l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.conversion with (security_barrier=true) as
 SELECT l.tracker_config_id,
    t.name AS tracker_config,
    t.type AS tracker_type,
    l.id,
    l.external_id,
    l.click_external_id,
    l.transaction_id,
    l.converted_at,
    COALESCE(l.clicked_at, ( SELECT k.clicked_at
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id)) AS clicked_at,
    l.status,
    l.raw_status,
    l.reversed,
    l.is_mapped,
    l.type,
    l.revenue,
    l.payout,
    COALESCE(l.currency, t.settings ->> 'currency'::text, 'USD'::text) AS currency,
    COALESCE(l.campaign_external_id, ( SELECT k.campaign_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id)) AS campaign_external_id,
    campaign.name AS campaign,
    COALESCE(l.offer_external_id, ( SELECT k.offer_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id)) AS offer_external_id,
    offer.name AS offer,
    COALESCE(l.landing_page_external_id, ( SELECT k.landing_page_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id)) AS landing_page_external_id,
    landing_page.name AS landing_page,
    COALESCE(l.flow_external_id, ( SELECT k.flow_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id)) AS flow_external_id,
    flow.name AS flow,
    COALESCE(l.traffic_source_external_id, ( SELECT k.traffic_source_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id)) AS traffic_source_external_id,
    traffic_source.name AS traffic_source,
    COALESCE(l.affiliate_network_external_id, ( SELECT k.affiliate_network_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id)) AS affiliate_network_external_id,
    affiliate_network.name AS affiliate_network,
    COALESCE(l.country, ( SELECT k.country
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id)) AS country,
    COALESCE(( SELECT k.sub_ids
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id), '{}'::jsonb) || jsonb_strip_nulls(COALESCE(l.sub_ids, '{}'::jsonb)) AS sub_ids,
    l.first_seen_at,
    l.updated_at
   FROM ( SELECT c.tracker_config_id,
            c.external_id,
            c.id,
            c.organization_id,
            c.click_external_id,
            c.transaction_id,
            c.converted_at,
            c.clicked_at,
            c.raw_status,
            c.type,
            c.is_reversal,
            c.revenue,
            c.payout,
            c.currency,
            c.campaign_external_id,
            c.offer_external_id,
            c.landing_page_external_id,
            c.flow_external_id,
            c.traffic_source_external_id,
            c.affiliate_network_external_id,
            c.country,
            c.sub_ids,
            c.raw,
            c.row_hash,
            c.first_seen_at,
            c.updated_at,
            COALESCE(m.status, 'pending'::text) AS status,
            COALESCE(m.reversed, false) OR c.is_reversal AS reversed,
            m.raw_status IS NOT NULL AS is_mapped
           FROM public.conversion c
             LEFT JOIN public.status_map m ON m.tracker_config_id = c.tracker_config_id AND m.raw_status = lower(c.raw_status)) l
     JOIN public.tracker_config t ON t.id = l.tracker_config_id AND t.desired_state <> 'deleting'::text
     LEFT JOIN public.campaign ON campaign.tracker_config_id = l.tracker_config_id AND campaign.external_id = COALESCE(l.campaign_external_id, ( SELECT k.campaign_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id))
     LEFT JOIN public.offer ON offer.tracker_config_id = l.tracker_config_id AND offer.external_id = COALESCE(l.offer_external_id, ( SELECT k.offer_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id))
     LEFT JOIN public.landing_page ON landing_page.tracker_config_id = l.tracker_config_id AND landing_page.external_id = COALESCE(l.landing_page_external_id, ( SELECT k.landing_page_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id))
     LEFT JOIN public.flow ON flow.tracker_config_id = l.tracker_config_id AND flow.external_id = COALESCE(l.flow_external_id, ( SELECT k.flow_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id))
     LEFT JOIN public.traffic_source ON traffic_source.tracker_config_id = l.tracker_config_id AND traffic_source.external_id = COALESCE(l.traffic_source_external_id, ( SELECT k.traffic_source_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id))
     LEFT JOIN public.affiliate_network ON affiliate_network.tracker_config_id = l.tracker_config_id AND affiliate_network.external_id = COALESCE(l.affiliate_network_external_id, ( SELECT k.affiliate_network_external_id
           FROM public.click k
          WHERE k.tracker_config_id = l.tracker_config_id AND k.external_id = l.click_external_id))
  WHERE l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.conversion_change with (security_barrier=true) as
 SELECT l.tracker_config_id,
    l.conversion_id,
    l.seen_at,
    l.raw_status,
    COALESCE(m.status, 'pending'::text) AS status,
    COALESCE(m.reversed, false) OR l.is_reversal AS reversed,
    l.revenue,
    l.payout,
    l.currency
   FROM public.conversion_change l
     JOIN public.tracker_config t ON t.id = l.tracker_config_id AND t.desired_state <> 'deleting'::text
     LEFT JOIN public.status_map m ON m.tracker_config_id = l.tracker_config_id AND m.raw_status = lower(l.raw_status)
  WHERE l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.flow with (security_barrier=true) as
 SELECT l.tracker_config_id,
    t.name AS tracker_config,
    l.external_id,
    l.name,
    l.state,
    l.campaign_external_id,
    l.type,
    l."position",
    l.weight,
    l.first_seen_at,
    l.updated_at,
    l.gone_at
   FROM public.flow l
     JOIN public.tracker_config t ON t.id = l.tracker_config_id AND t.desired_state <> 'deleting'::text
  WHERE l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.landing_page with (security_barrier=true) as
 SELECT l.tracker_config_id,
    t.name AS tracker_config,
    l.external_id,
    l.name,
    l.state,
    l.type,
    l.landing_url,
    l.offer_count,
    l.first_seen_at,
    l.updated_at,
    l.gone_at
   FROM public.landing_page l
     JOIN public.tracker_config t ON t.id = l.tracker_config_id AND t.desired_state <> 'deleting'::text
  WHERE l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.offer with (security_barrier=true) as
 SELECT l.tracker_config_id,
    t.name AS tracker_config,
    l.external_id,
    l.name,
    l.state,
    l.affiliate_network_external_id,
    l.offer_url,
    l.payout,
    l.payout_type,
    l.currency,
    l.countries,
    l.first_seen_at,
    l.updated_at,
    l.gone_at
   FROM public.offer l
     JOIN public.tracker_config t ON t.id = l.tracker_config_id AND t.desired_state <> 'deleting'::text
  WHERE l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.reconciliation with (security_barrier=true) as
 SELECT l.tracker_config_id,
    t.name AS tracker_config,
    l.day,
    NULLIF(l.campaign_external_id, ''::text) AS campaign_external_id,
    l.our_clicks,
    l.their_clicks,
    l.our_cost,
    l.their_cost,
    l.cost_currency,
    l.our_conversions,
    l.their_conversions,
    l.our_revenue,
    l.their_revenue,
    l.revenue_currency,
    l.verdicts
   FROM public.reconciliation_figure l
     JOIN public.tracker_config t ON t.id = l.tracker_config_id AND t.desired_state <> 'deleting'::text
  WHERE l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.tracker with (security_barrier=true) as
 SELECT id AS tracker_config_id,
    name,
    type,
    url,
    settings ->> 'currency'::text AS currency,
    settings ->> 'timezone'::text AS timezone,
    first_synced_at,
    last_synced_at,
    created_at
   FROM public.tracker_config
  WHERE desired_state <> 'deleting'::text AND organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view analytics.traffic_source with (security_barrier=true) as
 SELECT l.tracker_config_id,
    t.name AS tracker_config,
    l.external_id,
    l.name,
    l.state,
    l.parameters,
    l.first_seen_at,
    l.updated_at,
    l.gone_at
   FROM public.traffic_source l
     JOIN public.tracker_config t ON t.id = l.tracker_config_id AND t.desired_state <> 'deleting'::text
  WHERE l.organization_id = (( SELECT analytics.own_organization() AS own_organization));
create view public.ad_spend_counted with (security_invoker=true) as
 WITH told AS NOT MATERIALIZED (
         SELECT s.organization_id,
            s.level,
            s.external_id,
            s.day,
            s.zone,
            s.amount,
            s.currency,
            s.updated_at,
            a.platform,
                CASE s.level
                    WHEN 'ad_campaign'::text THEN s.external_id
                    ELSE a.ad_campaign_external_id
                END AS ad_campaign_external_id,
                CASE s.level
                    WHEN 'ad_campaign'::text THEN NULL::text
                    WHEN 'ad_set'::text THEN s.external_id
                    ELSE a.ad_set_external_id
                END AS ad_set_external_id,
                CASE s.level
                    WHEN 'ad'::text THEN s.external_id
                    ELSE NULL::text
                END AS ad_external_id
           FROM public.ad_spend s
             JOIN public.ad a USING (organization_id, level, external_id)
        ), sets AS NOT MATERIALIZED (
         SELECT t.organization_id,
            t.level,
            t.external_id,
            t.day,
            t.zone,
            t.amount,
            t.currency,
            t.updated_at,
            t.platform,
            t.ad_campaign_external_id,
            t.ad_set_external_id,
            t.ad_external_id,
            t.level = 'ad_set'::text AND bool_or(t.level = 'ad'::text) OVER (PARTITION BY t.organization_id, t.day, t.ad_set_external_id) AS has_ads
           FROM told t
        ), loose AS NOT MATERIALIZED (
         SELECT s.organization_id,
            s.level,
            s.external_id,
            s.day,
            s.zone,
            s.amount,
            s.currency,
            s.updated_at,
            s.platform,
            s.ad_campaign_external_id,
            s.ad_set_external_id,
            s.ad_external_id,
            s.has_ads,
                CASE
                    WHEN s.level = 'ad'::text AND s.ad_set_external_id IS NULL THEN 'fine'::text
                    WHEN s.level = 'ad_set'::text THEN 'coarse'::text
                    ELSE NULL::text
                END AS side
           FROM sets s
          WHERE NOT s.has_ads
        ), opened AS NOT MATERIALIZED (
         SELECT l.organization_id,
            l.level,
            l.external_id,
            l.day,
            l.zone,
            l.amount,
            l.currency,
            l.updated_at,
            l.platform,
            l.ad_campaign_external_id,
            l.ad_set_external_id,
            l.ad_external_id,
            l.has_ads,
            l.side,
            bool_or(l.ad_campaign_external_id IS NULL) FILTER (WHERE l.side IS NOT NULL) OVER (PARTITION BY l.organization_id, l.day, l.platform) AS is_open
           FROM loose l
        ), weighed AS NOT MATERIALIZED (
         SELECT o.organization_id,
            o.level,
            o.external_id,
            o.day,
            o.zone,
            o.amount,
            o.currency,
            o.updated_at,
            o.platform,
            o.ad_campaign_external_id,
            o.ad_set_external_id,
            o.ad_external_id,
            o.has_ads,
            o.side,
            o.is_open,
            sum(o.amount) FILTER (WHERE o.side = 'fine'::text) OVER g AS fine,
            sum(o.amount) FILTER (WHERE o.side = 'coarse'::text) OVER g AS coarse,
            min(o.currency) FILTER (WHERE o.side IS NOT NULL) OVER g AS first_code,
            max(o.currency) FILTER (WHERE o.side IS NOT NULL) OVER g AS last_code
           FROM opened o
          WINDOW g AS (PARTITION BY o.organization_id, o.day, o.platform, (
                CASE
                    WHEN o.is_open THEN NULL::text
                    ELSE o.ad_campaign_external_id
                END))
        ), finer AS NOT MATERIALIZED (
         SELECT w.organization_id,
            w.level,
            w.external_id,
            w.day,
            w.zone,
            w.amount,
            w.currency,
            w.updated_at,
            w.platform,
            w.ad_campaign_external_id,
            w.ad_set_external_id,
            w.ad_external_id,
            w.has_ads,
            w.side,
            w.is_open,
            w.fine,
            w.coarse,
            w.first_code,
            w.last_code,
            w.level = 'ad_campaign'::text AND bool_or(w.level <> 'ad_campaign'::text) OVER (PARTITION BY w.organization_id, w.day, w.ad_campaign_external_id) AS has_parts
           FROM weighed w
          WHERE w.side IS NULL OR w.fine IS NULL OR w.coarse IS NULL OR
                CASE w.side
                    WHEN 'coarse'::text THEN COALESCE(w.coarse > w.fine, false) AND w.first_code = w.last_code
                    ELSE NOT (COALESCE(w.coarse > w.fine, false) AND w.first_code = w.last_code)
                END
        ), campaigns AS NOT MATERIALIZED (
         SELECT finer.organization_id,
            finer.level,
            finer.external_id,
            finer.day,
            finer.zone,
            finer.amount,
            finer.currency,
            finer.updated_at,
            finer.platform,
            finer.ad_campaign_external_id,
            finer.ad_set_external_id,
            finer.ad_external_id,
                CASE
                    WHEN finer.level = 'ad_campaign'::text THEN 'coarse'::text
                    WHEN finer.ad_campaign_external_id IS NULL THEN 'fine'::text
                    ELSE NULL::text
                END AS side
           FROM finer
          WHERE NOT finer.has_parts
        ), compared AS NOT MATERIALIZED (
         SELECT c.organization_id,
            c.level,
            c.external_id,
            c.day,
            c.zone,
            c.amount,
            c.currency,
            c.updated_at,
            c.platform,
            c.ad_campaign_external_id,
            c.ad_set_external_id,
            c.ad_external_id,
            c.side,
            sum(c.amount) FILTER (WHERE c.side = 'fine'::text) OVER g AS fine,
            sum(c.amount) FILTER (WHERE c.side = 'coarse'::text) OVER g AS coarse,
            min(c.currency) FILTER (WHERE c.side IS NOT NULL) OVER g AS first_code,
            max(c.currency) FILTER (WHERE c.side IS NOT NULL) OVER g AS last_code
           FROM campaigns c
          WINDOW g AS (PARTITION BY c.organization_id, c.day, c.platform)
        )
 SELECT organization_id,
    level,
    external_id,
    day,
    zone,
    amount,
    currency,
    updated_at,
    platform,
    ad_campaign_external_id,
    ad_set_external_id,
    ad_external_id
   FROM compared
  WHERE side IS NULL OR fine IS NULL OR coarse IS NULL OR
        CASE side
            WHEN 'coarse'::text THEN COALESCE(coarse > fine, false) AND first_code = last_code
            ELSE NOT (COALESCE(coarse > fine, false) AND first_code = last_code)
        END;
create view public.conversion_with_status with (security_invoker=true) as
 SELECT c.tracker_config_id,
    c.external_id,
    c.id,
    c.organization_id,
    c.click_external_id,
    c.transaction_id,
    c.converted_at,
    c.clicked_at,
    c.raw_status,
    c.type,
    c.is_reversal,
    c.revenue,
    c.payout,
    c.currency,
    c.campaign_external_id,
    c.offer_external_id,
    c.landing_page_external_id,
    c.flow_external_id,
    c.traffic_source_external_id,
    c.affiliate_network_external_id,
    c.country,
    c.sub_ids,
    c.raw,
    c.row_hash,
    c.first_seen_at,
    c.updated_at,
    COALESCE(m.status, 'pending'::text) AS status,
    COALESCE(m.reversed, false) OR c.is_reversal AS reversed,
    m.raw_status IS NOT NULL AS is_mapped
   FROM public.conversion c
     LEFT JOIN public.status_map m ON m.tracker_config_id = c.tracker_config_id AND m.raw_status = lower(c.raw_status);

-- triggers
CREATE TRIGGER spend_delete AFTER DELETE ON public.ad REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.ad_changed();
CREATE TRIGGER spend_insert AFTER INSERT ON public.ad REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.ad_changed();
CREATE TRIGGER spend_update AFTER UPDATE ON public.ad REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.ad_changed();
CREATE TRIGGER spend_delete AFTER DELETE ON public.ad_campaign_map REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.way_to_spend_changed();
CREATE TRIGGER spend_insert AFTER INSERT ON public.ad_campaign_map REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.way_to_spend_changed();
CREATE TRIGGER spend_update AFTER UPDATE ON public.ad_campaign_map REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.way_to_spend_changed();
CREATE TRIGGER journal_delete AFTER DELETE ON public.ad_spend REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.keep_spend_change();
CREATE TRIGGER journal_insert AFTER INSERT ON public.ad_spend REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.keep_spend_change();
CREATE TRIGGER journal_update AFTER UPDATE ON public.ad_spend REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.keep_spend_change();
CREATE TRIGGER spend_delete AFTER DELETE ON public.ad_spend REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.spend_changed();
CREATE TRIGGER spend_insert AFTER INSERT ON public.ad_spend REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.spend_changed();
CREATE TRIGGER spend_update AFTER UPDATE ON public.ad_spend REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.spend_changed();
CREATE TRIGGER spend_delete AFTER DELETE ON public.sub_id_map REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.way_to_spend_changed();
CREATE TRIGGER spend_insert AFTER INSERT ON public.sub_id_map REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.way_to_spend_changed();
CREATE TRIGGER spend_update AFTER UPDATE ON public.sub_id_map REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.way_to_spend_changed();
CREATE TRIGGER spend AFTER UPDATE ON public.tracker_config FOR EACH ROW WHEN (old.desired_state IS DISTINCT FROM new.desired_state AND ('deleting'::text = old.desired_state OR 'deleting'::text = new.desired_state)) EXECUTE FUNCTION public.config_going();

-- row-level security
alter table auth.api_key enable row level security;
alter table auth.invitation enable row level security;
alter table auth.member enable row level security;
alter table auth.organization enable row level security;
alter table auth."user" enable row level security;
alter table public.ad enable row level security;
alter table public.ad_campaign_map enable row level security;
alter table public.ad_spend enable row level security;
alter table public.ad_spend_change enable row level security;
alter table public.affiliate_network enable row level security;
alter table public.audit_log enable row level security;
alter table public.campaign enable row level security;
alter table public.click enable row level security;
alter table public.click_day enable row level security;
alter table public.click_hour enable row level security;
alter table public.conversion enable row level security;
alter table public.conversion_change enable row level security;
alter table public.conversion_day enable row level security;
alter table public.conversion_hour enable row level security;
alter table public.currency_rate enable row level security;
alter table public.flow enable row level security;
alter table public.idempotency_key enable row level security;
alter table public.landing_page enable row level security;
alter table public.mapping_change enable row level security;
alter table public.offer enable row level security;
alter table public.reconciliation_day enable row level security;
alter table public.reconciliation_figure enable row level security;
alter table public.rollup_mark enable row level security;
alter table public.run enable row level security;
alter table public.saved_view enable row level security;
alter table public.spend_day enable row level security;
alter table public.spend_hour enable row level security;
alter table public.spend_mark enable row level security;
alter table public.spend_rest enable row level security;
alter table public.spend_total enable row level security;
alter table public.status_map enable row level security;
alter table public.sub_id_map enable row level security;
alter table public.sync_lease enable row level security;
alter table public.sync_window enable row level security;
alter table public.tracker_config enable row level security;
alter table public.tracker_request enable row level security;
alter table public.tracker_resource enable row level security;
alter table public.tracker_session enable row level security;
alter table public.traffic_source enable row level security;
alter table public.unreadable_row enable row level security;

-- policies
create policy own_organization on auth.api_key as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on auth.invitation as permissive for all to hub_api
  using ("organizationId" = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check ("organizationId" = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on auth.member as permissive for all to hub_api
  using ("organizationId" = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check ("organizationId" = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on auth.organization as permissive for all to hub_api
  using (id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy member_of_own_organization on auth."user" as permissive for all to hub_api
  using (EXISTS ( SELECT
   FROM auth.member m
  WHERE (m."userId" = "user".id)));
create policy own_organization on public.ad as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.ad_campaign_map as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.ad_spend as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.ad_spend_change as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.affiliate_network as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.audit_log as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.campaign as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.click as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.click_day as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.click_hour as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.conversion as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.conversion_change as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.conversion_day as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.conversion_hour as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.currency_rate as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.flow as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.idempotency_key as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.landing_page as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.mapping_change as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.offer as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.reconciliation_day as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.reconciliation_figure as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.rollup_mark as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.run as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.saved_view as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.spend_day as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.spend_hour as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.spend_mark as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.spend_rest as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.spend_total as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.status_map as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.sub_id_map as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.sync_lease as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.sync_window as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.tracker_config as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.tracker_request as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.tracker_resource as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.traffic_source as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));
create policy own_organization on public.unreadable_row as permissive for all to hub_api
  using (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"))
  with check (organization_id = ( SELECT (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid AS "nullif"));

-- grants
grant select on column auth."user"."isSuperAdmin" to hub_api;
grant select on column auth."user"."twoFactorEnabled" to hub_api;
grant select on column auth."user".email to hub_api;
grant select on column auth."user".id to hub_api;
grant select on column auth."user".name to hub_api;
grant select on column auth.api_key.created_at to hub_api;
grant select on column auth.api_key.expires_at to hub_api;
grant select on column auth.api_key.id to hub_api;
grant select on column auth.api_key.key_hint to hub_api;
grant select on column auth.api_key.last_used_at to hub_api;
grant select on column auth.api_key.name to hub_api;
grant select on column auth.api_key.organization_id to hub_api;
grant select, update on column auth.api_key.revoked_at to hub_api;
grant select on column auth.api_key.role to hub_api;
grant select on column auth.api_key.user_id to hub_api;
grant select on column auth.invitation."createdAt" to hub_api;
grant select on column auth.invitation."expiresAt" to hub_api;
grant select on column auth.invitation."inviterId" to hub_api;
grant select on column auth.invitation."organizationId" to hub_api;
grant select on column auth.invitation.email to hub_api;
grant select on column auth.invitation.id to hub_api;
grant select on column auth.invitation.role to hub_api;
grant select, update on column auth.invitation.status to hub_api;
grant update on column auth.member.role to hub_api;
grant select on column auth.organization."createdAt" to hub_api;
grant select on column auth.organization.ended_at to hub_api;
grant select on column auth.organization.id to hub_api;
grant select, update on column auth.organization.name to hub_api;
grant execute on function analytics.own_organization() to hub_analysts;
grant usage on schema analytics to hub_analysts;
grant usage on schema auth to hub_api;
grant usage on schema public to hub_api;
grant usage on schema public to public;
grant select on table analytics.ad to hub_analysts;
grant select on table analytics.ad_spend to hub_analysts;
grant select on table analytics.affiliate_network to hub_analysts;
grant select on table analytics.campaign to hub_analysts;
grant select on table analytics.click to hub_analysts;
grant select on table analytics.conversion to hub_analysts;
grant select on table analytics.conversion_change to hub_analysts;
grant select on table analytics.flow to hub_analysts;
grant select on table analytics.landing_page to hub_analysts;
grant select on table analytics.offer to hub_analysts;
grant select on table analytics.reconciliation to hub_analysts;
grant select on table analytics.tracker to hub_analysts;
grant select on table analytics.traffic_source to hub_analysts;
grant insert on table auth.api_key to hub_api;
grant insert on table auth.invitation to hub_api;
grant delete, insert, select on table auth.member to hub_api;
grant delete, insert, select, update on table public.ad to hub_api;
grant delete, insert, select, update on table public.ad_campaign_map to hub_api;
grant delete, insert, select, update on table public.ad_spend to hub_api;
grant select on table public.ad_spend_change to hub_api;
grant select on table public.ad_spend_counted to hub_api;
grant select on table public.affiliate_network to hub_api;
grant insert, select on table public.audit_log to hub_api;
grant select on table public.campaign to hub_api;
grant select on table public.click to hub_api;
grant select on table public.click_day to hub_api;
grant select on table public.click_hour to hub_api;
grant select on table public.conversion to hub_api;
grant select on table public.conversion_change to hub_api;
grant select on table public.conversion_day to hub_api;
grant select on table public.conversion_hour to hub_api;
grant select on table public.conversion_with_status to hub_api;
grant delete, insert, select, update on table public.currency_rate to hub_api;
grant select on table public.flow to hub_api;
grant insert, select on table public.idempotency_key to hub_api;
grant select on table public.landing_page to hub_api;
grant delete, insert, select, update on table public.mapping_change to hub_api;
grant select on table public.offer to hub_api;
grant select on table public.reconciliation_day to hub_api;
grant select on table public.reconciliation_figure to hub_api;
grant select on table public.rollup_mark to hub_api;
grant insert, select, update on table public.run to hub_api;
grant delete, insert, select, update on table public.saved_view to hub_api;
grant select on table public.spend_day to hub_api;
grant select on table public.spend_hour to hub_api;
grant select on table public.spend_mark to hub_api;
grant select on table public.spend_rest to hub_api;
grant select on table public.spend_total to hub_api;
grant delete, insert, select, update on table public.status_map to hub_api;
grant delete, insert, select, update on table public.sub_id_map to hub_api;
grant select on table public.sync_lease to hub_api;
grant select on table public.sync_window to hub_api;
grant insert, select, update on table public.tracker_config to hub_api;
grant insert, select on table public.tracker_request to hub_api;
grant insert, select, update on table public.tracker_resource to hub_api;
grant select on table public.traffic_source to hub_api;
grant select on table public.unreadable_row to hub_api;
