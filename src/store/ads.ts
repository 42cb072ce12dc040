// Ads of an organisation and their daily spend, as they are uploaded: again and again, each saying what it knows.
import { sql } from 'kysely';
import type { AdLevel } from '../core/ads.ts';
import type { Tx } from './db.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';

/** Undefined: nothing is said of it; null: there is none any more. */
export type Told = string | null | undefined;

export interface GivenAd {
  level: AdLevel;
  externalId: string;
  platform: string;
  name: Told;
  adCampaignExternalId: Told;
  adSetExternalId: Told;
}

export interface GivenSpend {
  level: AdLevel;
  externalId: string;
  day: string;
  zone: string;
  /** Null takes back what was told of that day; zone and currency then say nothing. */
  amount: string | null;
  currency: string;
}

export const adKey = ({ level, externalId }: Pick<GivenAd, 'level' | 'externalId'>): string => `${level} ${externalId}`;

/** Of the given ones, those that are known already, with their platform. By `adKey`. */
export async function platformsOf(
  tx: Tx,
  organizationId: string,
  given: Iterable<Pick<GivenAd, 'level' | 'externalId'>>,
): Promise<Map<string, string>> {
  const asked = JSON.stringify([...given].map(({ level, externalId }) => ({ level, external_id: externalId })));
  const { rows } = await sql<{ level: AdLevel; externalId: string; platform: string }>`
    select a.level, a.external_id as "externalId", a.platform
    from jsonb_to_recordset(${asked}::jsonb) as g (level text, external_id text)
    join ad a on a.organization_id = ${organizationId} and a.level = g.level and a.external_id = g.external_id`.execute(
    tx,
  );
  return new Map(rows.map((row) => [adKey(row), row.platform]));
}

/** What is not told stays as it is known. To be called in the organisation's turn. */
export async function putAds(tx: Tx, organizationId: string, ads: readonly GivenAd[]): Promise<void> {
  if (ads.length === 0) return;
  const told = JSON.stringify(
    ads.map((ad) => ({
      ...{ level: ad.level, external_id: ad.externalId, platform: ad.platform, name: ad.name },
      ...{ ad_campaign_external_id: ad.adCampaignExternalId, ad_set_external_id: ad.adSetExternalId },
      ...{
        no_name: ad.name === null,
        no_campaign: ad.adCampaignExternalId === null,
        no_set: ad.adSetExternalId === null,
      },
    })),
  );
  await sql`
    insert into ad (organization_id, level, external_id, platform, name, ad_campaign_external_id, ad_set_external_id)
    select ${organizationId}, g.* from jsonb_to_recordset(${told}::jsonb) as g (level text, external_id text, platform text,
      name text, ad_campaign_external_id text, ad_set_external_id text) order by level, external_id
    on conflict (organization_id, level, external_id) do update set name = coalesce(excluded.name, ad.name),
      ad_campaign_external_id = coalesce(excluded.ad_campaign_external_id, ad.ad_campaign_external_id),
      ad_set_external_id = coalesce(excluded.ad_set_external_id, ad.ad_set_external_id), updated_at = now()
    where (coalesce(excluded.name, ad.name), coalesce(excluded.ad_campaign_external_id, ad.ad_campaign_external_id),
      coalesce(excluded.ad_set_external_id, ad.ad_set_external_id))
      is distinct from (ad.name, ad.ad_campaign_external_id, ad.ad_set_external_id)`.execute(tx);
  await sql`
    update ad a set name = case when no_name then null else a.name end,
      ad_campaign_external_id = case when no_campaign then null else a.ad_campaign_external_id end,
      ad_set_external_id = case when no_set then null else a.ad_set_external_id end, updated_at = now()
    from jsonb_to_recordset(${told}::jsonb) as g (level text, external_id text, no_name boolean, no_campaign boolean, no_set boolean)
    where a.organization_id = ${organizationId} and a.level = g.level and a.external_id = g.external_id
      and ((no_name and a.name is not null) or (no_campaign and a.ad_campaign_external_id is not null)
        or (no_set and a.ad_set_external_id is not null))`.execute(tx);
  // An ad that names its ad set alone is in the ad campaign of that.
  await sql`
    update ad a set ad_campaign_external_id = s.ad_campaign_external_id, updated_at = now() from ad s
    where a.organization_id = ${organizationId} and a.level = 'ad' and s.organization_id = a.organization_id
      and s.level = 'ad_set' and s.external_id = a.ad_set_external_id and a.ad_campaign_external_id is null
      and s.ad_campaign_external_id is not null`.execute(tx);
}

/**
 * A day that was told before is told anew. All days of an ad begin in one zone, the one told last: else a click could lie
 * in two. To be called in the organisation's turn.
 * @returns how many days were taken back
 */
export async function putSpend(tx: Tx, organizationId: string, spend: readonly GivenSpend[]): Promise<number> {
  const { given = [], gone = [] } = Object.groupBy(spend, ({ amount }) => (amount === null ? 'gone' : 'given'));
  await writeSpend(tx, organizationId, given);
  if (gone.length === 0) return 0;
  const told = JSON.stringify(gone.map(({ level, externalId, day }) => ({ level, external_id: externalId, day })));
  const { numAffectedRows } = await sql`
    delete from ad_spend s using jsonb_to_recordset(${told}::jsonb) as g (level text, external_id text, day date)
    where s.organization_id = ${organizationId} and s.level = g.level and s.external_id = g.external_id and s.day = g.day`.execute(
    tx,
  );
  return Number(numAffectedRows);
}

async function writeSpend(tx: Tx, organizationId: string, spend: readonly GivenSpend[]): Promise<void> {
  if (spend.length === 0) return;
  const told = JSON.stringify(spend.map(({ externalId, ...one }) => ({ external_id: externalId, ...one })));
  await sql`
    insert into ad_spend (organization_id, level, external_id, day, zone, amount, currency)
    select ${organizationId}, g.* from jsonb_to_recordset(${told}::jsonb)
      as g (level text, external_id text, day date, zone text, amount numeric, currency text) order by level, external_id, day
    on conflict (organization_id, level, external_id, day) do update set zone = excluded.zone, amount = excluded.amount,
      currency = excluded.currency, updated_at = now()
    where (ad_spend.zone, ad_spend.amount, ad_spend.currency) is distinct from (excluded.zone, excluded.amount, excluded.currency)`.execute(
    tx,
  );
  await sql`
    update ad_spend s set zone = g.zone, updated_at = now()
    from (select distinct level, external_id, zone from jsonb_to_recordset(${told}::jsonb)
      as t (level text, external_id text, zone text)) g
    where s.organization_id = ${organizationId} and s.level = g.level and s.external_id = g.external_id and s.zone <> g.zone`.execute(
    tx,
  );
}

export interface AdItem {
  id: string;
  level: AdLevel;
  externalId: string;
  platform: string;
  name: string | null;
  adCampaignExternalId: string | null;
  adSetExternalId: string | null;
  firstSeenAt: Date;
  updatedAt: Date;
}

export interface AdFilter {
  level?: AdLevel | undefined;
  platform?: string | undefined;
  /** Part of the name, or an id. */
  q?: string | undefined;
}

/** Newest first. */
export async function listAds(tx: Tx, filter: AdFilter, { limit, after }: PageAsk): Promise<Page<AdItem>> {
  let query = tx
    .selectFrom('ad')
    .select(['id', 'level', 'external_id as externalId', 'platform', 'name'])
    .select(['ad_campaign_external_id as adCampaignExternalId', 'ad_set_external_id as adSetExternalId'])
    .select(['first_seen_at as firstSeenAt', 'updated_at as updatedAt'])
    .orderBy('first_seen_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (after !== null) query = query.where(behind({ at: 'first_seen_at', id: 'id' }, after));
  const { level, platform, q } = filter;
  if (level !== undefined) query = query.where('level', '=', level);
  if (platform !== undefined) query = query.where('platform', '=', platform);
  if (q !== undefined) query = query.where(sql<boolean>`(external_id = ${q} or strpos(lower(name), lower(${q})) > 0)`);
  return pageOf(await query.execute(), limit, ({ firstSeenAt, id }) => ({ at: firstSeenAt, id }));
}
