// Views for people who write SQL: each login sees one organisation, whatever it asks or sets, and can change nothing.
import { type Kysely, sql } from 'kysely';

const CATALOG: Record<string, string> = {
  campaign: 'alias, type, traffic_source_external_id, cost_type, cost_value, currency',
  offer: 'affiliate_network_external_id, offer_url, payout, payout_type, currency, countries',
  landing_page: 'type, landing_url, offer_count',
  flow: 'campaign_external_id, type, position, weight',
  traffic_source: 'parameters',
  affiliate_network: 'null::text as note',
};
/** What a click or a conversion went through: ids as the tracker has them, and names. */
const ROUTE = ['campaign', 'offer', 'landing_page', 'flow', 'traffic_source', 'affiliate_network'];

const routeColumns = (alias: string): string =>
  ROUTE.map((table) => `${alias}.${table}_external_id, ${table}.name as ${table}`).join(', ');
const routeJoins = (alias: string): string =>
  ROUTE.map(
    (table) => `left join public.${table} on ${table}.tracker_config_id = ${alias}.tracker_config_id
      and ${table}.external_id = ${alias}.${table}_external_id`,
  ).join('\n');

/** A barrier: no condition of a reader's is tried on a row that is not theirs. They read as their owner, whose tables hold no rules. */
const view = (name: string, query: string): string =>
  `create view analytics.${name} with (security_barrier = true) as ${query};`;
const OWN = 'organization_id = (select analytics.own_organization())';
const OF_LIVE = `join public.tracker_config t on t.id = l.tracker_config_id and t.desired_state <> 'deleting'`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'hub_analysts') then
        create role hub_analysts nologin;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$;

    create table auth.analyst_login (
      role_name text primary key,
      organization_id uuid not null unique references auth."organization" ("id") on delete cascade,
      created_at timestamptz(3) not null default now()
    );

    drop view analytics.click;
    drop view analytics.conversion;

    -- By who has logged in: a setting could be set to anything, and a role be put on.
    create function analytics.own_organization() returns uuid language sql stable security definer
      set search_path = '' return (select organization_id from auth.analyst_login where role_name = session_user);

    ${view(
      'tracker',
      `select id as tracker_config_id, name, type, url, settings ->> 'currency' as currency, settings ->> 'timezone' as timezone,
        first_synced_at, last_synced_at, created_at
      from public.tracker_config where desired_state <> 'deleting' and ${OWN}`,
    )}
    ${view(
      'click',
      `select l.tracker_config_id, t.name as tracker_config, t.type as tracker_type, l.external_id, l.clicked_at, ${routeColumns('l')},
        l.cost, l.revenue, coalesce(l.currency, t.settings ->> 'currency', 'USD') as currency, l.country, l.region, l.city,
        l.device_type, l.os, l.browser, l.ip, l.is_bot, l.is_unique, l.landing_clicked, l.referrer, l.sub_ids
      from public.click l ${OF_LIVE} ${routeJoins('l')} where not l.is_derived and l.${OWN}`,
    )}
    ${view(
      'conversion',
      `select l.tracker_config_id, t.name as tracker_config, t.type as tracker_type, l.id, l.external_id, l.click_external_id,
        l.transaction_id, l.converted_at, l.clicked_at, l.status, l.raw_status, l.reversed, l.is_mapped, l.type, l.revenue, l.payout,
        coalesce(l.currency, t.settings ->> 'currency', 'USD') as currency, ${routeColumns('l')}, l.country, l.sub_ids,
        l.first_seen_at, l.updated_at
      from (
        select c.*, coalesce(m.status, 'pending') as status, coalesce(m.reversed, false) or c.is_reversal as reversed,
          m.raw_status is not null as is_mapped
        from public.conversion c
        left join public.status_map m on m.tracker_config_id = c.tracker_config_id and m.raw_status = lower(c.raw_status)
      ) l ${OF_LIVE} ${routeJoins('l')} where l.${OWN}`,
    )}
    ${view(
      'conversion_change',
      `select l.tracker_config_id, l.conversion_id, l.seen_at, l.raw_status, coalesce(m.status, 'pending') as status,
        coalesce(m.reversed, false) or l.is_reversal as reversed, l.revenue, l.payout, l.currency
      from public.conversion_change l ${OF_LIVE}
      left join public.status_map m on m.tracker_config_id = l.tracker_config_id and m.raw_status = lower(l.raw_status)
      where l.${OWN}`,
    )}
    ${Object.entries(CATALOG)
      .map(([table, columns]) =>
        view(
          table,
          `select l.tracker_config_id, t.name as tracker_config, l.external_id, l.name, l.state, ${columns.replaceAll(
            /(^|, )(?!null)/g,
            '$1l.',
          )}, l.first_seen_at, l.updated_at, l.gone_at
          from public.${table} l ${OF_LIVE} where l.${OWN}`,
        ),
      )
      .join('\n')}
    ${view(
      'ad',
      `select level, external_id, platform, name, ad_campaign_external_id, ad_set_external_id from public.ad where ${OWN}`,
    )}
    ${view(
      'ad_spend',
      `select a.platform, l.level, l.external_id, a.ad_campaign_external_id, a.ad_set_external_id, l.day, l.zone, l.amount, l.currency,
        not exists (
          select from public.ad_spend f join public.ad fa using (organization_id, level, external_id)
          where f.organization_id = l.organization_id and f.day = l.day and l.external_id = case l.level
            when 'ad_campaign' then fa.ad_campaign_external_id when 'ad_set' then fa.ad_set_external_id end
        ) as is_counted
      from public.ad_spend l join public.ad a using (organization_id, level, external_id) where l.${OWN}`,
    )}
    ${view(
      'reconciliation',
      `select l.tracker_config_id, t.name as tracker_config, l.day, nullif(l.campaign_external_id, '') as campaign_external_id,
        l.our_clicks, l.their_clicks, l.our_cost, l.their_cost, l.cost_currency, l.our_conversions, l.their_conversions,
        l.our_revenue, l.their_revenue, l.revenue_currency, l.verdicts
      from public.reconciliation_figure l ${OF_LIVE} where l.${OWN}`,
    )}
    do $$ begin
      execute format('revoke temporary on database %I from public', current_database());
      execute format('grant temporary on database %I to %I', current_database(), current_user);
    end $$;
    revoke usage on schema analytics from hub_api;
    revoke execute on function analytics.own_organization() from public;
    grant usage on schema analytics to hub_analysts;
    grant execute on function analytics.own_organization() to hub_analysts;
    grant select on all tables in schema analytics to hub_analysts;
  `)
    .execute(db);
}
