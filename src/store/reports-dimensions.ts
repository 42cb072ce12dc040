// What a report can be grouped and filtered by, and how each dimension is read from a click and from a conversion.
import { type RawBuilder, sql } from 'kysely';
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
const VISITOR_DIMENSIONS = ['country', 'deviceType', 'os', 'browser'] as const;

export type EntityDimension = (typeof ENTITY_DIMENSIONS)[number];
export type TimeDimension = (typeof TIME_DIMENSIONS)[number];
export type ReportDimension =
  | 'config'
  | 'trackerType'
  | EntityDimension
  | TimeDimension
  | (typeof CONVERSION_DIMENSIONS)[number]
  | (typeof VISITOR_DIMENSIONS)[number]
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
export const isTime = (name: ReportDimension): name is TimeDimension => isOneOf(TIME_DIMENSIONS, name);
export const isOfConversions = (name: ReportDimension): boolean => isOneOf(CONVERSION_DIMENSIONS, name);

/**
 * The dimension as text, for rows under `l` with their config under `t` and, for conversions, their click under `k`.
 * @param at the time that counts, and the zone in which days begin
 */
export function dimensionSql(
  name: ReportDimension,
  source: Source,
  { at, zone }: { at: RawBuilder<unknown>; zone: string },
): RawBuilder<unknown> {
  if (isTime(name)) return timeSql(name, at, zone);
  if (isEntity(name)) return sql.ref(`l.${ENTITY_TABLES[name]}_external_id`);
  if (isOneOf(VISITOR_DIMENSIONS, name)) {
    const column = VISITOR_COLUMNS[name];
    if (source === 'click') return sql.ref(`l.${column}`);
    // A conversion names its country at most; the rest is its click's.
    return column === 'country' ? sql`coalesce(l.country, k.country)` : sql.ref(`k.${column}`);
  }
  if (name === 'config') return sql`l.tracker_config_id::text`;
  if (name === 'trackerType') return sql`t.type`;
  if (name === 'status') return source === 'click' ? sql`null` : sql`l.status`;
  if (name === 'rawStatus') return source === 'click' ? sql`null` : sql`lower(l.raw_status)`;
  return sql`l.sub_ids ->> ${name.slice('subId'.length)}::text`;
}

function timeSql(name: TimeDimension, at: RawBuilder<unknown>, zone: string): RawBuilder<unknown> {
  const local = sql`(${at} at time zone ${zone}::text)`;
  if (name === 'day') return sql`to_char(${local}, 'YYYY-MM-DD')`;
  if (name === 'week') return sql`to_char(date_trunc('week', ${local}), 'YYYY-MM-DD')`;
  if (name === 'month') return sql`to_char(${local}, 'YYYY-MM')`;
  // With its offset: the hour that comes twice in autumn is two hours.
  const offset = sql`(${local} - (${at} at time zone 'UTC'))`;
  return sql`to_char(${local}, 'YYYY-MM-DD"T"HH24:00') || case when ${offset} < interval '0' then '-' else '+' end
    || to_char(greatest(${offset}, -${offset}), 'HH24:MI')`;
}

/** Rows whose dimension has one of the values: our ids for entries and configs, the text itself for the others. */
export function filterSql(name: ReportDimension, source: Source, values: readonly string[]): RawBuilder<unknown> {
  if (isEntity(name)) return hasEntity('l', ENTITY_TABLES[name], values);
  if (name === 'config') return sql`l.tracker_config_id = any(${[...values]}::uuid[])`;
  const isFolded = name === 'rawStatus';
  const wanted = isFolded ? values.map((value) => value.toLowerCase()) : [...values];
  return sql`(${dimensionSql(name, source, { at: sql`null`, zone: 'UTC' })}) = any(${wanted}::text[])`;
}
