// The numbers that mappings decide: conversions and money by status, and how many clicks lead to an ad.
import { sql } from 'kysely';
import type { Tx } from './db.ts';
import type { MappingOwner } from './mapping-changes.ts';

export interface StatusNumbers {
  currency: string;
  conversions: number;
  approved: number;
  pending: number;
  rejected: number;
  hold: number;
  reversed: number;
  revenue: string;
  approvedRevenue: string;
}

export interface AdNumbers {
  clicks: number;
  /** With an ad campaign, ad set or ad: named by a sub-id, or the campaign's own. */
  withAdCampaign: number;
  withAdSet: number;
  withAd: number;
  /** Whose ad is one that was uploaded. */
  withKnownAd: number;
}

/** Does something and takes it back, whatever came of it: what it found stays. */
export async function asIf<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await sql`savepoint as_if`.execute(tx);
  const found = await work();
  await sql`rollback to savepoint as_if`.execute(tx);
  return found;
}

/** Of all stored conversions, per currency. */
export async function statusNumbers(tx: Tx, config: MappingOwner): Promise<StatusNumbers[]> {
  const { rows } = await sql<StatusNumbers>`
    with words as (
      select lower(raw_status) as word, is_reversal, currency, count(*) as n, coalesce(sum(revenue), 0) as revenue
      from conversion where organization_id = ${config.organizationId} and tracker_config_id = ${config.id} group by 1, 2, 3
    ), meant as (
      select w.n, w.revenue, coalesce(w.currency, t.settings ->> 'currency', 'USD') as currency,
        coalesce(m.status, 'pending') as status, coalesce(m.reversed, false) or w.is_reversal as reversed
      from words w
      join tracker_config t on t.id = ${config.id}
      left join status_map m on m.tracker_config_id = ${config.id} and m.raw_status = w.word
    )
    select currency, coalesce(sum(n) filter (where status <> 'rejected'), 0)::bigint as conversions,
      coalesce(sum(n) filter (where status = 'approved'), 0)::bigint as approved,
      coalesce(sum(n) filter (where status = 'pending'), 0)::bigint as pending,
      coalesce(sum(n) filter (where status = 'rejected'), 0)::bigint as rejected,
      coalesce(sum(n) filter (where status = 'hold'), 0)::bigint as hold,
      coalesce(sum(n) filter (where reversed), 0)::bigint as reversed,
      trim_scale(coalesce(sum(revenue) filter (where status <> 'rejected'), 0))::text as revenue,
      trim_scale(coalesce(sum(revenue) filter (where status = 'approved'), 0))::text as "approvedRevenue"
    from meant group by currency order by currency`.execute(tx);
  return rows;
}

/** Of the clicks of the last 30 days. */
export async function adNumbers(tx: Tx, config: MappingOwner, now: Date): Promise<AdNumbers> {
  const carried = (role: string) =>
    sql`real_value(k.sub_ids ->> (select sub_id::text from sub_id_map where tracker_config_id = ${config.id} and role = ${role}))`;
  const { rows } = await sql<AdNumbers>`
    with carried as (
      select k.campaign_external_id, ${carried('ad')} as ad, ${carried('ad_set')} as ad_set, ${carried('ad_campaign')} as ad_campaign,
        count(*) as n
      from click k
      where k.organization_id = ${config.organizationId} and k.tracker_config_id = ${config.id} and not k.is_derived
        and k.clicked_at >= ${now}::timestamptz - interval '30 days'
      group by 1, 2, 3, 4
    )
    select coalesce(sum(n), 0)::bigint as clicks,
      coalesce(sum(n) filter (where coalesce(a.ad_campaign_external_id, b.ad_campaign_external_id, c.ad_campaign, m.ad_campaign_external_id) is not null), 0)::bigint
        as "withAdCampaign",
      coalesce(sum(n) filter (where coalesce(a.ad_set_external_id, c.ad_set) is not null), 0)::bigint as "withAdSet",
      coalesce(sum(n) filter (where c.ad is not null), 0)::bigint as "withAd",
      coalesce(sum(n) filter (where a.external_id is not null), 0)::bigint as "withKnownAd"
    from carried c
    left join ad a on a.organization_id = ${config.organizationId} and a.level = 'ad' and a.external_id = c.ad
    left join ad b on b.organization_id = ${config.organizationId} and b.level = 'ad_set'
      and b.external_id = coalesce(a.ad_set_external_id, c.ad_set)
    left join ad_campaign_map m on m.tracker_config_id = ${config.id} and m.campaign_external_id = c.campaign_external_id`.execute(
    tx,
  );
  return rows[0]!;
}
