// Ads in reports: the sub-ids that carry them, by config, and the ad, ad set and ad campaign that these lead to.
import { type RawBuilder, sql } from 'kysely';
import { AD_LEVELS, type AdLevel } from '../core/ads.ts';
import type { Tx } from './db.ts';

type Sql = RawBuilder<unknown>;

/** Which sub-id of which configs carries a level. */
export interface AdRoles {
  levels: ReadonlyMap<AdLevel, ReadonlyMap<number, readonly string[]>>;
  /** Some campaigns are told to belong to an ad campaign. */
  hasCampaigns: boolean;
  /** Those whose clicks can lead to an ad at all. */
  configIds: readonly string[];
}

export const NO_ROLES: AdRoles = { levels: new Map(), hasCampaigns: false, configIds: [] };

/** @param organizationId null under row-level security, which shows no other */
export async function readAdRoles(tx: Tx, organizationId: string | null = null): Promise<AdRoles> {
  const own = organizationId === null ? sql`true` : sql`organization_id = ${organizationId}`;
  const { rows } = await sql<{ config: string; level: AdLevel; subId: number }>`
    select tracker_config_id as config, role as level, sub_id as "subId" from sub_id_map
    where role = any(${[...AD_LEVELS]}::text[]) and ${own} order by role, sub_id, tracker_config_id`.execute(tx);
  const { rows: mapped } = await sql<{ config: string }>`
    select distinct tracker_config_id as config from ad_campaign_map where ${own}`.execute(tx);
  const levels = new Map<AdLevel, Map<number, string[]>>();
  for (const { config, level, subId } of rows) {
    const ofLevel = levels.get(level) ?? new Map<number, string[]>();
    ofLevel.set(subId, [...(ofLevel.get(subId) ?? []), config]);
    levels.set(level, ofLevel);
  }
  const configIds = [...new Set([...rows, ...mapped].map(({ config }) => config))];
  return { levels, hasCampaigns: mapped.length > 0, configIds };
}

/** A level's sub-id of rows under `alias`, as it was told; their config is under `l`. */
export function toldBy({ levels }: AdRoles, level: AdLevel, alias: string): Sql {
  const bySubId = [...(levels.get(level) ?? [])];
  if (bySubId.length === 0) return sql`null::text`;
  const cases = bySubId.map(
    ([subId, configIds]) => sql`when l.tracker_config_id = any(${[...configIds]}::uuid[])
      then ${sql.ref(`${alias}.sub_ids`)} ->> ${sql.lit(String(subId))}`,
  );
  return sql`(case ${sql.join(cases, sql` `)} end)`;
}

const realOf = (roles: AdRoles, level: AdLevel, alias: string): Sql => sql`real_value(${toldBy(roles, level, alias)})`;

/** Columns that facts have for their ads, in their order. */
export const AD_KEYS = ['told_ad_campaign', 'told_ad_set', 'told_ad', 'told_campaign'] as const;

/** Their select list; a conversion that does not tell them takes them from its click under `k`. */
export function adKeysSql(roles: AdRoles, hasClick: boolean, needed: readonly AdLevel[] = AD_LEVELS): Sql {
  const values = AD_LEVELS.map((level) => {
    if (!needed.includes(level)) return sql`null::text as ${sql.id(`told_${level}`)}, `;
    // Of millions of clicks macros are looked for once per value, behind the grouping.
    const value = hasClick
      ? sql`coalesce(${realOf(roles, level, 'l')}, ${realOf(roles, level, 'k')})`
      : toldBy(roles, level, 'l');
    return sql`${value} as ${sql.id(`told_${level}`)}, `;
  });
  const named = hasClick ? sql`coalesce(l.campaign_external_id, k.campaign_external_id)` : sql`l.campaign_external_id`;
  const campaign = roles.hasCampaigns && needed.includes('ad_campaign') ? named : sql`null::text`;
  return sql`${sql.join(values, sql``)} ${campaign} as told_campaign, `;
}

/** A conversion under `l` leaves a level, or its campaign, untold that its click may know. */
export function lacksAds(roles: AdRoles): Sql {
  const untold = [...roles.levels].map(([level, subIds]) => {
    const told = sql`l.tracker_config_id = any(${[...subIds.values()].flat()}::uuid[])`;
    return sql`(${told} and ${realOf(roles, level, 'l')} is null)`;
  });
  if (roles.hasCampaigns) untold.push(sql`l.campaign_external_id is null`);
  return untold.length === 0 ? sql`false` : sql`(${sql.join(untold, sql` or `)})`;
}

/** The three levels of facts under `f`; goes with `adJoins`. */
export const AD_COLUMNS = sql`
  coalesce(aa.ad_campaign_external_id, ab.ad_campaign_external_id, real_value(f.told_ad_campaign), am.ad_campaign_external_id) as ad_campaign,
  coalesce(aa.ad_set_external_id, real_value(f.told_ad_set)) as ad_set, real_value(f.told_ad) as ad`;
export function adJoins(organizationId: string | null = null): Sql {
  const isOwn = (alias: string): Sql =>
    organizationId === null ? sql`true` : sql`${sql.ref(`${alias}.organization_id`)} = ${organizationId}`;
  return sql`
  left join ad aa on ${isOwn('aa')} and aa.level = 'ad' and aa.external_id = real_value(f.told_ad)
  left join ad ab on ${isOwn('ab')} and ab.level = 'ad_set' and ab.external_id = coalesce(aa.ad_set_external_id, real_value(f.told_ad_set))
  left join ad_campaign_map am on am.tracker_config_id = f.config and am.campaign_external_id = f.told_campaign`;
}

/** Where nobody asks for them. */
export const NO_ADS = sql`null::text as ad_campaign, null::text as ad_set, null::text as ad`;
