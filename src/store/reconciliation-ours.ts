// Our side of a check: clicks and cost by their day, conversions and revenue by that of their click, or of their postback.
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { plainDecimal } from '../core/decimal.ts';
import { type CampaignDay, type Figures, keyOf } from '../core/reconciliation.ts';
import type { Range } from '../core/windows.ts';
import type { Database } from './db.ts';
import type { SyncConfig } from './sync-state.ts';

type Owner = Pick<SyncConfig, 'id' | 'organization_id'>;

export interface OurFigures extends CampaignDay {
  figures: Figures;
  /** At least one of its clicks has a cost. */
  hasCost: boolean;
}

/** How the tracker's report counts conversions, and up to when ours are read. */
export interface Counting {
  uncounted: readonly string[];
  withoutRevenue: readonly string[];
  bookedBy: 'click' | 'postback';
  conversionsTo: Date;
}

/** A conversion may be told a little before its click; further back none is looked for. */
const CONVERTED_BEFORE = sql`interval '1 day'`;

/** As text only behind the grouping: of every row it would take most of the time. */
const dayOf = (time: string): RawBuilder<unknown> => sql`(${sql.ref(time)} at time zone 'UTC')::date`;

/** Where a conversion names neither time nor campaign of its click, the click is looked up: the limit keeps it so. */
function bookedConversions(
  config: Owner,
  range: Range,
  { bookedBy, conversionsTo }: Pick<Counting, 'bookedBy' | 'conversionsTo'>,
): RawBuilder<unknown> {
  const bookedAt = bookedBy === 'postback' ? sql`c.converted_at` : sql`coalesce(c.clicked_at, k.clicked_at)`;
  return sql`
    select ${bookedAt} as booked_at,
      coalesce(c.campaign_external_id, k.campaign_external_id, '') as campaign,
      c.converted_at, lower(c.raw_status) as raw_status, c.revenue
    from conversion c
    left join lateral (
      select clicked_at, campaign_external_id from click
      where tracker_config_id = ${config.id} and external_id = c.click_external_id
        and (c.clicked_at is null or c.campaign_external_id is null)
      limit 1
    ) k on true
    where c.organization_id = ${config.organization_id} and c.tracker_config_id = ${config.id}
      and c.converted_at >= ${range.from}::timestamptz - ${CONVERTED_BEFORE} and c.converted_at < ${conversionsTo}`;
}

/** By `keyOf`. Statuses are the tracker's own words: a mapping that a person may change has no say here. */
export async function ourFigures(
  db: Kysely<Database>,
  config: Owner,
  range: Range,
  { uncounted, withoutRevenue, ...booking }: Counting,
): Promise<Map<string, OurFigures>> {
  const { rows } = await sql<CampaignDay & Figures & { has_cost: boolean }>`
    with clicks as (
      select ${dayOf('clicked_at')} as day, coalesce(campaign_external_id, '') as campaign,
        count(*) as clicks, sum(cost) as cost, count(cost) > 0 as has_cost
      from click
      where organization_id = ${config.organization_id} and tracker_config_id = ${config.id}
        and clicked_at >= ${range.from} and clicked_at < ${range.to} and not is_derived
      group by 1, 2
    ), conversions as (
      select ${dayOf('booked_at')} as day, campaign,
        count(*) filter (where raw_status <> all(${[...uncounted]}::text[])) as conversions,
        sum(revenue) filter (where raw_status <> all(${[...withoutRevenue]}::text[])) as revenue
      from (${bookedConversions(config, range, booking)}) booked
      where booked_at >= ${range.from} and booked_at < ${range.to}
      group by 1, 2
    )
    select day::text as day, campaign, coalesce(clicks, 0)::text as clicks, coalesce(cost, 0)::text as cost,
      coalesce(conversions, 0)::text as conversions, coalesce(revenue, 0)::text as revenue,
      coalesce(has_cost, false) as has_cost
    from clicks full join conversions using (day, campaign)`.execute(db);
  return new Map(
    rows.map(({ day, campaign, has_cost, clicks, cost, conversions, revenue }) => [
      keyOf({ day, campaign }),
      {
        ...{ day, campaign, hasCost: has_cost },
        figures: { clicks, conversions, cost: plainDecimal(cost), revenue: plainDecimal(revenue) },
      },
    ]),
  );
}

/** UTC days on which conversions of these campaigns' days came in. */
export async function postbackDays(
  db: Kysely<Database>,
  config: Owner,
  range: Range,
  booking: Pick<Counting, 'bookedBy' | 'conversionsTo'>,
  places: readonly CampaignDay[],
): Promise<string[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<{ postback_day: string }>`
    select distinct ${dayOf('converted_at')}::text as postback_day
    from (${bookedConversions(config, range, booking)}) booked
    where booked_at >= ${range.from} and booked_at < ${range.to} and (${dayOf('booked_at')}, campaign) in (
      select day, campaign from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as place (day date, campaign text))
    order by 1 desc`.execute(db);
  return rows.map((row) => row.postback_day);
}

/** Where clicks are booked, by the tracker's ids. */
export async function placesOfClicks(
  db: Kysely<Database>,
  config: Owner,
  externalIds: readonly string[],
): Promise<Map<string, { clickedAt: Date; campaign: string | null }>> {
  if (externalIds.length === 0) return new Map();
  const { rows } = await sql<{ external_id: string; clicked_at: Date; campaign: string | null }>`
    select external_id, clicked_at, campaign_external_id as campaign from click
    where tracker_config_id = ${config.id} and external_id = any(${[...externalIds]}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.external_id, { clickedAt: row.clicked_at, campaign: row.campaign }]));
}
