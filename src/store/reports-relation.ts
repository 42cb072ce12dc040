// A relation that facts are read from, under `l`, and its grouping by the dimensions of a report in their stored form.
import { type RawBuilder, sql } from 'kysely';
import type { Range } from '../core/windows.ts';
import { AD_KEYS, type AdRoles, adKeysSql } from './reports-ads.ts';
import type { Period } from './reports-columns.ts';
import {
  isStored,
  isTime,
  type ReportDimension,
  type Source,
  storedFilterSql,
  storedSql,
} from './reports-dimensions.ts';
import { localDaySql, quarterSql, type Shift } from './reports-periods.ts';

/** What both sources are asked for alike. */
export interface FactsAsk {
  groupBy: readonly ReportDimension[];
  filters: readonly { dimension: ReportDimension; values: readonly string[] }[];
  /** Whose time counts for a conversion. */
  by: Source;
  zone: string;
  period: Period;
  shift: Shift;
  /** Null for every config of the organisation. */
  configIds: readonly string[] | null;
  range: Range;
  /** Null where nobody asks for ads. */
  ads: AdRoles | null;
  /** Money is to be told in one currency: the UTC day counts. */
  isRated: boolean;
}

export type Sql = RawBuilder<unknown>;
export const and = (conditions: readonly Sql[]): Sql => sql.join(conditions, sql` and `);

/** Columns that facts are grouped by, in their order; `k0`, `k1`, … are the dimensions that rows store. */
export function factColumns({ groupBy, ads }: Pick<FactsAsk, 'groupBy' | 'ads'>): string[] {
  const keys = groupBy.flatMap((name, i) => (isStored(name) ? [`k${i}`] : []));
  return [
    'config',
    ...keys,
    'local_day',
    'hour_at',
    'rate_day',
    ...(ads === null ? [] : AD_KEYS),
    'currency',
    'raw_status',
    'is_reversal',
  ];
}

/** The stored dimensions and the local times of rows at `at`, each with a comma behind. */
export function keysSql(
  ask: FactsAsk,
  at: Sql,
  column: (name: ReportDimension) => Sql = (name) => storedSql(name, 'l'),
): Sql {
  const { groupBy, filters, isRated } = ask;
  const keys = groupBy.map((name, i) => (isStored(name) ? sql`${column(name)} as ${sql.raw(`k${i}`)}, ` : sql``));
  const times = [...groupBy, ...filters.map(({ dimension }) => dimension)].filter(isTime);
  const hasDays = times.some((name) => name !== 'hour');
  const day = hasDays ? localDaySql(at, ask) : sql`null::date`;
  const hour = times.includes('hour') ? quarterSql(at, ask) : sql`null::timestamptz`;
  const rateDay = isRated ? sql`(${at} at time zone 'UTC')::date` : sql`null::date`;
  return sql`${sql.join(keys, sql``)} ${day} as local_day, ${hour} as hour_at, ${rateDay} as rate_day, `;
}

/** Filters by what rows store. */
export const storedFilters = (
  { filters }: FactsAsk,
  column: (name: ReportDimension) => Sql = (name) => storedSql(name, 'l'),
): Sql[] =>
  filters
    .filter(({ dimension }) => isStored(dimension))
    .map(({ dimension, values }) => storedFilterSql(dimension, values, column(dimension)));

/** How a relation under `l` tells what is grouped and summed. */
export interface Relation {
  body: Sql;
  at: Sql;
  column(name: ReportDimension): Sql;
  conditions: readonly Sql[];
  sums: Sql;
  word: Sql;
  /** Its clicks are under `k`. */
  hasClick: boolean;
}

/** Of each word one that is shown, where words are. */
export const spellingSql = (groupBy: FactsAsk['groupBy'], column: string): Sql =>
  groupBy.includes('rawStatus') ? sql`max(${sql.ref(`l.${column}`)})` : sql`null::text`;

export const NO_WORD = sql`null::text as raw_status, null::boolean as is_reversal, null::text as spelling`;
const NO_CONVERSIONS = sql`0::bigint as conversions, 0::numeric as revenue`;
const NO_CLICKS = sql`0::bigint as clicks, 0::bigint as unique_clicks, 0::bigint as bot_clicks, 0::bigint as landing_clicks, 0::numeric as cost`;

export const COUNTED_CLICKS = sql`count(*) as clicks, count(*) filter (where l.is_unique) as unique_clicks,
  count(*) filter (where l.is_bot) as bot_clicks, count(*) filter (where l.landing_clicked) as landing_clicks,
  coalesce(sum(l.cost), 0) as cost, ${NO_CONVERSIONS}`;
export const SUMMED_CLICKS = sql`sum(l.clicks) as clicks, sum(l.unique_clicks) as unique_clicks, sum(l.bot_clicks) as bot_clicks,
  sum(l.landing_clicks) as landing_clicks, sum(l.cost) as cost, ${NO_CONVERSIONS}`;
export const COUNTED_CONVERSIONS = sql`${NO_CLICKS}, count(*) as conversions, coalesce(sum(l.revenue), 0) as revenue`;
export const SPENT = sql`0::bigint as clicks, 0::bigint as unique_clicks, 0::bigint as bot_clicks, 0::bigint as landing_clicks,
  sum(l.cost) as cost, ${NO_CONVERSIONS}`;
export const SUMMED_CONVERSIONS = sql`${NO_CLICKS}, sum(l.conversions) as conversions, sum(l.revenue) as revenue`;

export function groupedSql({ body, at, column, conditions, sums, word, hasClick }: Relation, ask: FactsAsk): Sql {
  const scope = ask.configIds === null ? [] : [sql`l.tracker_config_id = any(${[...ask.configIds]}::uuid[])`];
  const positions = factColumns(ask).map((_, i) => String(i + 1));
  return sql`
    select l.tracker_config_id as config, ${keysSql(ask, at, column)} ${ask.ads === null ? sql`` : adKeysSql(ask.ads, hasClick)} l.currency,
      ${word}, ${sums}, ${ask.period} as period
    ${body} ${and([...conditions, ...scope, ...storedFilters(ask, column)])} group by ${sql.raw(positions.join(', '))}`;
}

export const during = ({ from, to }: Range, time: Sql): Sql => sql`(${time} >= ${from} and ${time} < ${to})`;
const never = sql`false`;
export const any = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? never : sql`(${sql.join(conditions, sql` or `)})`;
