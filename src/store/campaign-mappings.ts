// Which campaign of a tracker runs which ad campaign: as its clicks' sub-ids say, and by hand where they say nothing.
import { sql } from 'kysely';
import type { Tx } from './db.ts';
import type { EntityRef } from './lists-entities.ts';
import type { MappingDelta, MappingOwner } from './mapping-changes.ts';

export interface CampaignMapping {
  campaign: EntityRef;
  adCampaign: { externalId: string; platform: string | null; name: string | null };
  isAutomatic: boolean;
  /** Clicks that say so, of the last 30 days; null where a person did. */
  clicks: number | null;
}

/** Where a sub-id carries something else, every click is another campaign. */
const MOST = 1_000;

/** Automatic ones first, those with the most clicks first. */
export async function readCampaignMappings(tx: Tx, config: MappingOwner, now: Date): Promise<CampaignMapping[]> {
  const carrying = (role: string) =>
    sql`real_value(k.sub_ids ->> (select sub_id::text from sub_id_map where tracker_config_id = ${config.id} and role = ${role}))`;
  const { rows } = await sql<CampaignMapping>`
    with carried as (
      select k.campaign_external_id, ${carrying('ad')} as ad, ${carrying('ad_set')} as ad_set,
        ${carrying('ad_campaign')} as ad_campaign, count(*) as clicks
      from click k
      where k.organization_id = ${config.organizationId} and k.tracker_config_id = ${config.id}
        and k.clicked_at >= ${now}::timestamptz - interval '30 days' and k.campaign_external_id is not null
        and exists (select from sub_id_map where tracker_config_id = ${config.id} and role in ('ad', 'ad_set', 'ad_campaign'))
      group by 1, 2, 3, 4
    ), pairs as (
      select c.campaign_external_id, coalesce(a.ad_campaign_external_id, b.ad_campaign_external_id, c.ad_campaign) as ad_campaign_external_id,
        true as is_automatic, sum(c.clicks)::bigint as clicks
      from carried c
      left join ad a on a.organization_id = ${config.organizationId} and a.level = 'ad' and a.external_id = c.ad
      left join ad b on b.organization_id = ${config.organizationId} and b.level = 'ad_set'
        and b.external_id = coalesce(a.ad_set_external_id, c.ad_set)
      where coalesce(a.ad_campaign_external_id, b.ad_campaign_external_id, c.ad_campaign) is not null
      group by 1, 2
      union all
      select campaign_external_id, ad_campaign_external_id, false, null from ad_campaign_map where tracker_config_id = ${config.id}
    )
    select jsonb_build_object('id', c.id, 'externalId', p.campaign_external_id, 'name', c.name) as campaign,
      jsonb_build_object('externalId', p.ad_campaign_external_id, 'platform', a.platform, 'name', a.name) as "adCampaign",
      p.is_automatic as "isAutomatic", p.clicks
    from pairs p
    left join campaign c on c.tracker_config_id = ${config.id} and c.external_id = p.campaign_external_id
    left join ad a on a.organization_id = ${config.organizationId} and a.level = 'ad_campaign' and a.external_id = p.ad_campaign_external_id
    order by p.is_automatic desc, p.clicks desc, c.name, p.campaign_external_id, p.ad_campaign_external_id
    limit ${MOST}`.execute(tx);
  return rows;
}

/**
 * By the tracker's own id of the campaign; null for none.
 * @returns what is not as it was
 */
export async function setCampaignMappings(
  tx: Tx,
  config: MappingOwner,
  wanted: ReadonlyMap<string, string | null>,
): Promise<MappingDelta<string | null>> {
  const rows = await tx
    .selectFrom('ad_campaign_map')
    .select(['campaign_external_id', 'ad_campaign_external_id'])
    .where('tracker_config_id', '=', config.id)
    .execute();
  const old = new Map(rows.map((row) => [row.campaign_external_id, row.ad_campaign_external_id]));
  const changed = [...wanted].filter(([campaign, adCampaign]) => (old.get(campaign) ?? null) !== adCampaign);
  for (const [campaign, adCampaign] of changed) {
    if (adCampaign === null) {
      await tx
        .deleteFrom('ad_campaign_map')
        .where('tracker_config_id', '=', config.id)
        .where('campaign_external_id', '=', campaign)
        .execute();
      continue;
    }
    const told = { ad_campaign_external_id: adCampaign, updated_at: sql<Date>`now()` };
    await tx
      .insertInto('ad_campaign_map')
      .values({
        ...{ tracker_config_id: config.id, organization_id: config.organizationId },
        ...{ campaign_external_id: campaign, ...told },
      })
      .onConflict((conflict) => conflict.columns(['tracker_config_id', 'campaign_external_id']).doUpdateSet(told))
      .execute();
  }
  return {
    before: Object.fromEntries(changed.map(([campaign]) => [campaign, old.get(campaign) ?? null])),
    after: Object.fromEntries(changed),
  };
}

/** The tracker's own ids of campaigns, by ours. */
export async function campaignExternalIds(
  tx: Tx,
  configId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('campaign')
    .select(['id', 'external_id'])
    .where('tracker_config_id', '=', configId)
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map(({ id, external_id }) => [id, external_id]));
}

/** Those of the given ids that are ad campaigns that were uploaded. */
export async function knownAdCampaigns(tx: Tx, organizationId: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom('ad')
    .select('external_id')
    .where('organization_id', '=', organizationId)
    .where('level', '=', 'ad_campaign')
    .where('external_id', 'in', [...ids])
    .execute();
  return new Set(rows.map(({ external_id }) => external_id));
}
