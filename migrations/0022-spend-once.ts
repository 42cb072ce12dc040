// Spend counts once, also where an ad does not tell its ad set, or an ad set its ad campaign.
import { type Kysely, sql } from 'kysely';

/** Of two sides that may be the same money the one that adds up to more; the finer one where they are as much, or cannot be compared. */
const isMore = (coarse: string, fine: string): string =>
  `(coalesce(${coarse} > ${fine}, false) and first_code = last_code)`;

const COUNTED = `
  with told as not materialized (
    select s.*, a.platform,
      case s.level when 'ad_campaign' then s.external_id else a.ad_campaign_external_id end as ad_campaign_external_id,
      case s.level when 'ad_campaign' then null when 'ad_set' then s.external_id else a.ad_set_external_id end as ad_set_external_id,
      case s.level when 'ad' then s.external_id end as ad_external_id
    from public.ad_spend s join public.ad a using (organization_id, level, external_id)
  ), sets as not materialized (
    -- An ad set whose ads tell their spend does not count beside them. 'loose': ads that name no ad set, and ad sets that
    -- no ad with spend has named: they may be the same money.
    select t.*, level = 'ad_set' and bool_or(level = 'ad') over (partition by organization_id, day, ad_set_external_id) as has_ads
    from told t
  ), loose as not materialized (
    select s.*, case when level = 'ad' and ad_set_external_id is null then 'fine' when level = 'ad_set' then 'coarse' end as side
    from sets s where not has_ads
  ), opened as not materialized (
    select l.*, bool_or(ad_campaign_external_id is null) filter (where side is not null)
      over (partition by organization_id, day, platform) as is_open
    from loose l
  ), weighed as not materialized (
    select o.*, sum(amount) filter (where side = 'fine') over g as fine, sum(amount) filter (where side = 'coarse') over g as coarse,
      min(currency) filter (where side is not null) over g as first_code, max(currency) filter (where side is not null) over g as last_code
    from opened o
    window g as (partition by organization_id, day, platform, case when is_open then null else ad_campaign_external_id end)
  ), finer as not materialized (
    -- The same of ad campaigns beside what is left of ads and ad sets.
    select w.*, level = 'ad_campaign' and bool_or(level <> 'ad_campaign') over (partition by organization_id, day, ad_campaign_external_id) as has_parts
    from weighed w
    where side is null or fine is null or coarse is null
      or case side when 'coarse' then ${isMore('coarse', 'fine')} else not ${isMore('coarse', 'fine')} end
  ), campaigns as not materialized (
    select organization_id, level, external_id, day, zone, amount, currency, updated_at, platform, ad_campaign_external_id,
      ad_set_external_id, ad_external_id,
      case when level = 'ad_campaign' then 'coarse' when ad_campaign_external_id is null then 'fine' end as side
    from finer where not has_parts
  ), compared as not materialized (
    select c.*, sum(amount) filter (where side = 'fine') over g as fine, sum(amount) filter (where side = 'coarse') over g as coarse,
      min(currency) filter (where side is not null) over g as first_code, max(currency) filter (where side is not null) over g as last_code
    from campaigns c window g as (partition by organization_id, day, platform)
  )
  select organization_id, level, external_id, day, zone, amount, currency, updated_at, platform, ad_campaign_external_id,
    ad_set_external_id, ad_external_id
  from compared
  where side is null or fine is null or coarse is null
    or case side when 'coarse' then ${isMore('coarse', 'fine')} else not ${isMore('coarse', 'fine')} end`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create or replace view ad_spend_counted with (security_invoker = true) as ${COUNTED};

    -- Analysts read as this view's owner, and another view would be read as themselves.
    create or replace view analytics.ad_spend with (security_barrier = true) as
      select a.platform, l.level, l.external_id, a.ad_campaign_external_id, a.ad_set_external_id, l.day, l.zone, l.amount, l.currency,
        c.level is not null as is_counted
      from public.ad_spend l join public.ad a using (organization_id, level, external_id)
      left join (${COUNTED}) c using (organization_id, level, external_id, day)
      where l.organization_id = (select analytics.own_organization());
  `)
    .execute(db);
}
