// One click's or conversion's whole story: the ad that it came from, its click, and all that became of it.
import { sql } from 'kysely';
import type { AdLevel } from '../core/ads.ts';
import type { Tx } from './db.ts';
import { type ClickItem, listClicks } from './lists-clicks.ts';
import {
  type ConversionItem,
  type ConversionMoment,
  conversionTimeline,
  listConversions,
} from './lists-conversions.ts';

export interface StoryAd {
  level: AdLevel;
  externalId: string;
  platform: string | null;
  name: string | null;
}

export interface Story {
  /** Coarsest first; empty where no sub-id or mapping leads to any. */
  ads: StoryAd[];
  /** Null where the tracker tells none. */
  click: ClickItem | null;
  conversions: { conversion: ConversionItem; moments: ConversionMoment[] }[];
}

const ONE = { limit: 1, after: null };
/** Of one click; more are not shown. */
const MOST_CONVERSIONS = 100;

/** @param id ours */
export async function clickStory(tx: Tx, id: string): Promise<Story | null> {
  const { items } = await listClicks(tx, { subIds: {}, q: id }, ONE);
  const click = items.find((item) => item.id === id);
  return click === undefined ? null : storyOf(tx, click.configId, click, click.externalId, [click]);
}

/** @param id ours */
export async function conversionStory(tx: Tx, id: string): Promise<Story | null> {
  const { items } = await listConversions(tx, { subIds: {}, q: id }, ONE);
  const conversion = items.find((item) => item.id === id);
  if (conversion === undefined) return null;
  const { configId, clickExternalId } = conversion;
  const click = clickExternalId === null ? null : await clickOf(tx, configId, clickExternalId);
  const tellers = click === null ? [conversion] : [conversion, click];
  if (clickExternalId !== null) return storyOf(tx, configId, click, clickExternalId, tellers);
  const moments = (await conversionTimeline(tx, id)) ?? [];
  return { ads: await adsOf(tx, configId, tellers), click, conversions: [{ conversion, moments }] };
}

async function clickOf(tx: Tx, configId: string, externalId: string): Promise<ClickItem | null> {
  const { rows } = await sql<{ id: string; at: Date }>`
    select id, clicked_at as at from click where tracker_config_id = ${configId} and external_id = ${externalId}`.execute(
    tx,
  );
  const found = rows[0];
  if (found === undefined) return null;
  const range = { from: found.at, to: new Date(found.at.getTime() + 1) };
  const { items } = await listClicks(tx, { configId, subIds: {}, q: found.id, ...range }, ONE);
  return items[0] ?? null;
}

async function storyOf(
  tx: Tx,
  configId: string,
  click: ClickItem | null,
  clickExternalId: string,
  tellers: readonly Teller[],
): Promise<Story> {
  const { rows } = await sql<{ id: string }>`
    select id from conversion where tracker_config_id = ${configId} and click_external_id = ${clickExternalId}
    order by converted_at, id limit ${MOST_CONVERSIONS}`.execute(tx);
  const conversions: Story['conversions'] = [];
  for (const { id } of rows) {
    const { items } = await listConversions(tx, { configId, subIds: {}, q: id }, ONE);
    const [conversion] = items;
    if (conversion !== undefined) conversions.push({ conversion, moments: (await conversionTimeline(tx, id)) ?? [] });
  }
  return { ads: await adsOf(tx, configId, tellers), click, conversions };
}

type Teller = Pick<ClickItem, 'subIds' | 'campaign'>;

/**
 * As reports find them: by the ad that a sub-id names, else by the coarser ones, else by the campaign's own ad campaign.
 * @param tellers the first one that knows counts: a conversion before its click
 */
async function adsOf(tx: Tx, configId: string, tellers: readonly Teller[]): Promise<StoryAd[]> {
  const campaign = tellers.find((one) => one.campaign !== null)?.campaign?.externalId ?? null;
  const values = tellers.map(({ subIds }) => sql`real_value(${JSON.stringify(subIds)}::jsonb ->> sub_id::text)`);
  const { rows } = await sql<StoryAd>`
    with told as (
      select role, coalesce(${sql.join(values)}) as value
      from sub_id_map where tracker_config_id = ${configId}
    ), one as (
      select (select value from told where role = 'ad') as ad, (select value from told where role = 'ad_set') as ad_set,
        (select value from told where role = 'ad_campaign') as ad_campaign
    ), found as (
      select one.ad, coalesce(a.ad_set_external_id, one.ad_set) as ad_set,
        coalesce(a.ad_campaign_external_id, b.ad_campaign_external_id, one.ad_campaign, m.ad_campaign_external_id) as ad_campaign
      from one
      left join ad a on a.level = 'ad' and a.external_id = one.ad
      left join ad b on b.level = 'ad_set' and b.external_id = coalesce(a.ad_set_external_id, one.ad_set)
      left join ad_campaign_map m on m.tracker_config_id = ${configId} and m.campaign_external_id = ${campaign}
    )
    select v.level, v.external_id as "externalId", a.platform, a.name
    from found cross join lateral (values (1, 'ad_campaign', ad_campaign), (2, 'ad_set', ad_set), (3, 'ad', ad))
      as v (place, level, external_id)
    left join ad a on a.level = v.level and a.external_id = v.external_id
    where v.external_id is not null
    order by place`.execute(tx);
  return rows;
}
