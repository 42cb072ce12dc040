// What a report can be grouped and filtered by, and how each dimension is read from a click and from a conversion.
import { type RawBuilder, sql } from 'kysely';
import type { AdLevel } from '../core/ads.ts';
import { ENTITY_TABLES, hasEntity } from './lists-entities.ts';

export const ENTITY_DIMENSIONS = [
  'campaign',
  'offer',
  'landingPage',
  'flow',
  'trafficSource',
  'affiliateNetwork',
] as const;
export const TIME_DIMENSIONS = ['hour', 'day', 'week', 'month'] as const;
/** Only a conversion has them: clicks cannot be told apart by them. */
export const CONVERSION_DIMENSIONS = ['status', 'rawStatus'] as const;
/** Coarsest first. */
export const AD_DIMENSIONS = ['adCampaign', 'adSet', 'ad'] as const;
const VISITOR_DIMENSIONS = ['country', 'deviceType', 'os', 'browser'] as const;

export type EntityDimension = (typeof ENTITY_DIMENSIONS)[number];
export type TimeDimension = (typeof TIME_DIMENSIONS)[number];
export type AdDimension = (typeof AD_DIMENSIONS)[number];
export const AD_LEVEL_OF: Readonly<Record<AdDimension, AdLevel>> = {
  adCampaign: 'ad_campaign',
  adSet: 'ad_set',
  ad: 'ad',
};
export type ReportDimension =
  | 'config'
  | 'trackerType'
  | EntityDimension
  | TimeDimension
  | (typeof CONVERSION_DIMENSIONS)[number]
  | (typeof VISITOR_DIMENSIONS)[number]
  | AdDimension
  | `subId${number}`;

export type Source = 'click' | 'conversion';

const VISITOR_COLUMNS: Readonly<Record<(typeof VISITOR_DIMENSIONS)[number], string>> = {
  country: 'country',
  deviceType: 'device_type',
  os: 'os',
  browser: 'browser',
};

const isOneOf = <T extends string>(names: readonly T[], name: string): name is T => names.some((one) => one === name);
export const isEntity = (name: ReportDimension): name is EntityDimension => isOneOf(ENTITY_DIMENSIONS, name);
export const isAd = (name: ReportDimension): name is AdDimension => isOneOf(AD_DIMENSIONS, name);
export const isTime = (name: ReportDimension): name is TimeDimension => isOneOf(TIME_DIMENSIONS, name);
export const isOfConversions = (name: ReportDimension): boolean => isOneOf(CONVERSION_DIMENSIONS, name);

/** Dimensions that every row has by itself: what follows from its config, its time, its status word. */
export const isEverywhere = (name: ReportDimension): boolean =>
  name === 'config' || name === 'trackerType' || isTime(name) || isOfConversions(name);

/** Told by a column of its own; ads are found by several. */
export const isStored = (name: ReportDimension): boolean => !isEverywhere(name) && !isAd(name);

/** A dimension as rows under `alias` store it; for those that are stored. */
export function storedSql(name: ReportDimension, alias: string): RawBuilder<unknown> {
  if (isEntity(name)) return sql.ref(`${alias}.${ENTITY_TABLES[name]}_external_id`);
  if (isOneOf(VISITOR_DIMENSIONS, name)) return sql.ref(`${alias}.${VISITOR_COLUMNS[name]}`);
  return sql`${sql.ref(`${alias}.sub_ids`)} ->> ${sql.lit(name.slice('subId'.length))}`;
}

const isOfVisitor = (name: ReportDimension): boolean => isOneOf(VISITOR_DIMENSIONS, name) && name !== 'country';

/** Of conversions under `l` with their clicks under `k`: what one does not tell itself, its click tells. */
export const conversionSql = (name: ReportDimension): RawBuilder<unknown> =>
  isOfVisitor(name) ? storedSql(name, 'k') : sql`coalesce(${storedSql(name, 'l')}, ${storedSql(name, 'k')})`;

/** Whether such a conversion needs its click for it. */
export const lacksSql = (name: ReportDimension): RawBuilder<unknown> =>
  isOfVisitor(name) ? sql`true` : sql`${storedSql(name, 'l')} is null`;

/** A filter's value for rows that have none. */
const NONE = '';
export const asksForNone = (values: readonly string[]): boolean => values.includes(NONE);

/** Rows that tell nothing are one line of a report, whether nothing or an empty text is stored. */
const toldOf = (stored: RawBuilder<unknown>): RawBuilder<unknown> => sql`nullif(${stored}, '')`;
export const hasNone = (stored: RawBuilder<unknown>): RawBuilder<unknown> => sql`${toldOf(stored)} is null`;

/** Rows under `alias` whose dimension has one of the values: our ids for entries, the text itself for the others. */
export function storedFilterSql(
  name: ReportDimension,
  values: readonly string[],
  column: RawBuilder<unknown>,
  alias = 'l',
): RawBuilder<unknown> {
  const named = values.filter((value) => value !== NONE);
  const isNamed = isEntity(name)
    ? hasEntity(alias, ENTITY_TABLES[name], named, column)
    : sql`${column} = any(${named}::text[])`;
  if (!asksForNone(values)) return isNamed;
  return named.length === 0 ? hasNone(column) : sql`(${hasNone(column)} or ${isNamed})`;
}

/**
 * A dimension as text, of grouped facts under `f` with their config under `t` and the meaning of their word
 * under `m`. */
export function toldSql(name: ReportDimension, i: number, zone: string): RawBuilder<unknown> {
  if (isTime(name)) return timeSql(name, zone);
  if (name === 'config') return sql`f.config::text`;
  if (name === 'trackerType') return sql`t.type`;
  if (name === 'status') return sql`case when f.raw_status is not null then coalesce(m.status, 'pending') end`;
  if (isAd(name)) return sql.ref(`f.${AD_LEVEL_OF[name]}`);
  return toldOf(name === 'rawStatus' ? sql`f.raw_status` : sql.ref(`f.k${i}`));
}

function timeSql(name: TimeDimension, zone: string): RawBuilder<unknown> {
  if (name === 'day') return sql`to_char(f.local_day, 'YYYY-MM-DD')`;
  if (name === 'week') return sql`to_char(date_trunc('week', f.local_day), 'YYYY-MM-DD')`;
  if (name === 'month') return sql`to_char(f.local_day, 'YYYY-MM')`;
  const local = sql`(f.hour_at at time zone ${zone}::text)`;
  // With its offset: the hour that comes twice in autumn is two hours.
  const offset = sql`(${local} - (f.hour_at at time zone 'UTC'))`;
  return sql`to_char(${local}, 'YYYY-MM-DD"T"HH24:00') || case when ${offset} < interval '0' then '-' else '+' end
    || to_char(greatest(${offset}, -${offset}), 'HH24:MI')`;
}
