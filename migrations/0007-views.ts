// Conversions with their canonical status, looked up at read; and views ready for analysts.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create view conversion_with_status with (security_invoker = true) as
      select c.*,
        coalesce(m.status, 'pending') as status,
        coalesce(m.reversed, false) or c.is_reversal as reversed,
        m.raw_status is not null as is_mapped
      from conversion c
      left join status_map m on m.tracker_config_id = c.tracker_config_id and m.raw_status = lower(c.raw_status);

    create schema analytics;
    create view analytics.click with (security_invoker = true) as
      select k.organization_id, k.tracker_config_id, t.name as tracker_config, t.type as tracker_type, k.external_id, k.clicked_at,
        k.campaign_external_id, c.name as campaign, k.offer_external_id, o.name as offer,
        k.traffic_source_external_id, s.name as traffic_source,
        k.cost, k.revenue, k.currency, k.country, k.region, k.city, k.device_type, k.os, k.browser,
        k.is_bot, k.is_unique, k.landing_clicked, k.sub_ids
      from click k
      join tracker_config t on t.id = k.tracker_config_id
      left join campaign c on c.tracker_config_id = k.tracker_config_id and c.external_id = k.campaign_external_id
      left join offer o on o.tracker_config_id = k.tracker_config_id and o.external_id = k.offer_external_id
      left join traffic_source s on s.tracker_config_id = k.tracker_config_id and s.external_id = k.traffic_source_external_id
      where not k.is_derived;
    create view analytics.conversion with (security_invoker = true) as
      select v.organization_id, v.tracker_config_id, t.name as tracker_config, t.type as tracker_type, v.external_id,
        v.click_external_id, v.transaction_id, v.converted_at, v.clicked_at, v.status, v.raw_status, v.reversed,
        v.revenue, v.payout, v.currency, v.campaign_external_id, c.name as campaign, v.offer_external_id, o.name as offer,
        v.country, v.sub_ids
      from conversion_with_status v
      join tracker_config t on t.id = v.tracker_config_id
      left join campaign c on c.tracker_config_id = v.tracker_config_id and c.external_id = v.campaign_external_id
      left join offer o on o.tracker_config_id = v.tracker_config_id and o.external_id = v.offer_external_id;
  `.execute(db);
}
