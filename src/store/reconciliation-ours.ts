// Our side of a check: clicks and cost by their day, conversions and revenue by that of their click, or of their postback.
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { plainDecimal, signOf } from '../core/decimal.ts';
import { type CampaignDay, type Currencies, type Figures, keyOf, type MoneyColumn } from '../core/reconciliation.ts';
import { ZONE_STEP_MS } from '../core/reconciliation-zone.ts';
import type { Range } from '../core/windows.ts';
import type { Database } from './db.ts';
import type { SyncConfig } from './sync-state.ts';

type Owner = Pick<SyncConfig, 'id' | 'organization_id'>;
type Account = Owner & Pick<SyncConfig, 'settings'>;

export interface OurFigures extends CampaignDay {
  figures: Figures;
  /** At least one of its clicks has a cost. */
  hasCost: boolean;
  currencies: Currencies;
  /** Columns whose amounts are in several currencies: those of the account's are summed. */
  mixed: MoneyColumn[];
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
      c.converted_at, lower(c.raw_status) as raw_status, c.revenue, c.currency
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

interface Money {
  own: string | null;
  foreign: string | null;
  first: string | null;
  last: string | null;
}

/** Sums of what is in the account's currency and of what is not, and of the others the first and the last by name. */
function moneySql(column: string, account: string, isCounted: RawBuilder<unknown>): RawBuilder<unknown> {
  const amount = sql.ref(column);
  const isOwn = sql`coalesce(currency, ${account}) = ${account}`;
  const isForeign = sql`currency <> ${account} and ${amount} <> 0 and ${isCounted}`;
  return sql`
    sum(${amount}) filter (where ${isOwn} and ${isCounted}) as own_${sql.raw(column)},
    sum(${amount}) filter (where ${isForeign}) as foreign_${sql.raw(column)},
    min(currency collate "C") filter (where ${isForeign}) as first_${sql.raw(column)},
    max(currency collate "C") filter (where ${isForeign}) as last_${sql.raw(column)}`;
}

/** A report adds up in one currency: where ours are of several, those of another one are no part of the sum. */
function summed({ own, foreign, first, last }: Money, account: string) {
  const sum = plainDecimal(own ?? '0');
  if (foreign === null || first === null) return { sum, currency: account, isMixed: false };
  const isOneForeign = first === last && signOf(sum) === 0;
  return isOneForeign
    ? { sum: plainDecimal(foreign), currency: first, isMixed: false }
    : { sum, currency: account, isMixed: true };
}

/** By `keyOf`. Statuses are the tracker's own words: a mapping that a person may change has no say here. */
export async function ourFigures(
  db: Kysely<Database>,
  config: Account,
  range: Range,
  { uncounted, withoutRevenue, ...booking }: Counting,
): Promise<Map<string, OurFigures>> {
  const account = accountCurrency(config);
  const hasRevenue = sql`raw_status <> all(${[...withoutRevenue]}::text[])`;
  const { rows } = await sql<
    CampaignDay & { clicks: string; conversions: string; hasCost: boolean; cost: Money; revenue: Money }
  >`
    with clicks as (
      select ${dayOf('clicked_at')} as day, coalesce(campaign_external_id, '') as campaign,
        count(*) as clicks, count(cost) > 0 as has_cost, ${moneySql('cost', account, sql`true`)}
      from click
      where organization_id = ${config.organization_id} and tracker_config_id = ${config.id}
        and clicked_at >= ${range.from} and clicked_at < ${range.to} and not is_derived
      group by 1, 2
    ), conversions as (
      select ${dayOf('booked_at')} as day, campaign,
        count(*) filter (where raw_status <> all(${[...uncounted]}::text[])) as conversions,
        ${moneySql('revenue', account, hasRevenue)}
      from (${bookedConversions(config, range, booking)}) booked
      where booked_at >= ${range.from} and booked_at < ${range.to}
      group by 1, 2
    )
    select day::text as day, campaign, coalesce(clicks, 0)::text as clicks, coalesce(conversions, 0)::text as conversions,
      coalesce(has_cost, false) as "hasCost", ${moneyJson('cost')} as cost, ${moneyJson('revenue')} as revenue
    from clicks full join conversions using (day, campaign)`.execute(db);
  return new Map(
    rows.map(({ day, campaign, clicks, conversions, ...money }) => {
      const cost = summed(money.cost, account);
      const revenue = summed(money.revenue, account);
      return [
        keyOf({ day, campaign }),
        {
          ...{ day, campaign, hasCost: money.hasCost },
          figures: { clicks, conversions, cost: cost.sum, revenue: revenue.sum },
          currencies: { cost: cost.currency, revenue: revenue.currency },
          mixed: [...(cost.isMixed ? (['cost'] as const) : []), ...(revenue.isMixed ? (['revenue'] as const) : [])],
        },
      ];
    }),
  );
}

/** How many clicks came in each quarter hour, numbered from 1970 on. */
export async function clicksByQuarter(db: Kysely<Database>, config: Owner, range: Range): Promise<Map<number, number>> {
  const { rows } = await sql<{ quarter: number; clicks: number }>`
    select floor(extract(epoch from clicked_at) / ${ZONE_STEP_MS / 1_000}::int)::int as quarter, count(*)::int as clicks from click
    where organization_id = ${config.organization_id} and tracker_config_id = ${config.id}
      and clicked_at >= ${range.from} and clicked_at < ${range.to} and not is_derived
    group by 1`.execute(db);
  return new Map(rows.map(({ quarter, clicks }) => [quarter, clicks]));
}

/** Amounts as text: JSON's numbers would become floats. */
const moneyJson = (column: string): RawBuilder<unknown> =>
  sql.raw(`jsonb_build_object('own', own_${column}::text, 'foreign', foreign_${column}::text,
    'first', first_${column}, 'last', last_${column})`);

/** Of amounts that name none, and of the tracker's own totals. */
export const accountCurrency = ({ settings }: Pick<SyncConfig, 'settings'>): string =>
  typeof settings.currency === 'string' ? settings.currency : 'USD';

/** Whether any conversion of then has no day to be booked on, since nobody tells when its click was. */
export async function hasUnbookedConversions(
  db: Kysely<Database>,
  config: Owner,
  range: Range,
  booking: Pick<Counting, 'bookedBy' | 'conversionsTo'>,
): Promise<boolean> {
  const { rows } = await sql`
    select from (${bookedConversions(config, range, booking)}) booked where booked_at is null limit 1`.execute(db);
  return rows.length > 0;
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
