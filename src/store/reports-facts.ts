// The sums that a report is made of: from roll-ups and logs, grouped by its dimensions in their stored form, for one source and period.
import { type RawBuilder, sql } from 'kysely';
import { DAY_MS, type Range } from '../core/windows.ts';
import { AD_KEYS, type AdRoles, adKeysSql, lacksAds } from './reports-ads.ts';
import type { Period } from './reports-columns.ts';
import {
  conversionSql,
  isStored,
  isTime,
  lacksSql,
  type ReportDimension,
  type Source,
  storedFilterSql,
  storedSql,
} from './reports-dimensions.ts';
import { localDaySql, quarterSql, type Shift } from './reports-periods.ts';
import type { Pieces, Span } from './reports-pieces.ts';
import { conversionsListed, conversionsWithin, PLACES, VISITOR } from './rollup-places.ts';
import { duringAny } from './spend-shares.ts';

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

type Sql = RawBuilder<unknown>;
const and = (conditions: readonly Sql[]): Sql => sql.join(conditions, sql` and `);

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
interface Relation {
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
const spellingSql = (groupBy: FactsAsk['groupBy'], column: string): Sql =>
  groupBy.includes('rawStatus') ? sql`max(${sql.ref(`l.${column}`)})` : sql`null::text`;

const NO_WORD = sql`null::text as raw_status, null::boolean as is_reversal, null::text as spelling`;
const NO_CONVERSIONS = sql`0::bigint as conversions, 0::numeric as revenue`;
const NO_CLICKS = sql`0::bigint as clicks, 0::bigint as unique_clicks, 0::bigint as bot_clicks, 0::bigint as landing_clicks, 0::numeric as cost`;

const COUNTED_CLICKS = sql`count(*) as clicks, count(*) filter (where l.is_unique) as unique_clicks,
  count(*) filter (where l.is_bot) as bot_clicks, count(*) filter (where l.landing_clicked) as landing_clicks,
  coalesce(sum(l.cost), 0) as cost, ${NO_CONVERSIONS}`;
const SUMMED_CLICKS = sql`sum(l.clicks) as clicks, sum(l.unique_clicks) as unique_clicks, sum(l.bot_clicks) as bot_clicks,
  sum(l.landing_clicks) as landing_clicks, sum(l.cost) as cost, ${NO_CONVERSIONS}`;
const COUNTED_CONVERSIONS = sql`${NO_CLICKS}, count(*) as conversions, coalesce(sum(l.revenue), 0) as revenue`;
const SPENT = sql`0::bigint as clicks, 0::bigint as unique_clicks, 0::bigint as bot_clicks, 0::bigint as landing_clicks,
  sum(l.cost) as cost, ${NO_CONVERSIONS}`;
const SUMMED_CONVERSIONS = sql`${NO_CLICKS}, sum(l.conversions) as conversions, sum(l.revenue) as revenue`;

/** A select of facts for everything that the pieces name. */
export function factsSql(source: Source, ask: FactsAsk, pieces: Pieces): Sql {
  const relations = [
    ...(pieces.days === null ? [] : [summedDays(source, ask, pieces)]),
    ...(pieces.set === null || (pieces.hours.length === 0 && !(pieces.hasMarks && pieces.days !== null))
      ? []
      : [summedHours(source, ask, pieces)]),
    ...logRelations(source, ask, pieces.spans),
  ];
  return sql.join(
    relations.map((relation) => groupedSql(relation, ask)),
    sql` union all `,
  );
}

function groupedSql({ body, at, column, conditions, sums, word, hasClick }: Relation, ask: FactsAsk): Sql {
  const scope = ask.configIds === null ? [] : [sql`l.tracker_config_id = any(${[...ask.configIds]}::uuid[])`];
  const positions = factColumns(ask).map((_, i) => String(i + 1));
  return sql`
    select l.tracker_config_id as config, ${keysSql(ask, at, column)} ${ask.ads === null ? sql`` : adKeysSql(ask.ads, hasClick)} l.currency,
      ${word}, ${sums}, ${ask.period} as period
    ${body} ${and([...conditions, ...scope, ...storedFilters(ask, column)])} group by ${sql.raw(positions.join(', '))}`;
}

const during = ({ from, to }: Range, time: Sql): Sql => sql`(${time} >= ${from} and ${time} < ${to})`;
const never = sql`false`;
const any = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? never : sql`(${sql.join(conditions, sql` or `)})`;

const isMarked = (source: Source): Sql => sql`(l.tracker_config_id, hour_of(l.at)) in (
  select tracker_config_id, hour from rollup_mark where source = ${source})`;
const hasMarkedDay = (source: Source): Sql => sql`(l.tracker_config_id, date_trunc('day', l.at, 'UTC')) in (
  select tracker_config_id, date_trunc('day', hour, 'UTC') from rollup_mark where source = ${source})`;

/** What spend makes of the clicks' cost, by the same pieces; its marks are stretches of time. */
export function summedSpend(ask: FactsAsk, { set, days, hours, spans }: Pieces): Sql[] {
  const at = sql`l.at`;
  const stale = duringAny(spans, at);
  const cut = days === null ? [] : spans.flatMap((span) => commonTo(wholeDays(span), days));
  const relation = (grain: 'hour' | 'day', conditions: Sql[]): Relation => ({
    ...{ at, column: (name) => storedSql(name, 'l'), hasClick: false, word: NO_WORD },
    ...{ body: sql`from ${sql.table(`spend_${grain}`)} l where`, sums: SPENT },
    conditions: [sql`l.dimension = ${set}`, ...conditions],
  });
  const ofDays = days === null ? [] : [relation('day', [during(days, at), sql`not ${duringAny(cut, at)}`])];
  const ofHours = relation('hour', [duringAny([...hours, ...cut], at), sql`not ${stale}`]);
  return [...ofDays, ofHours].map((one) => groupedSql(one, { ...ask, ads: null }));
}

const wholeDays = ({ from, to }: Range): Range => ({
  from: new Date(Math.floor(from.getTime() / DAY_MS) * DAY_MS),
  to: new Date(Math.ceil(to.getTime() / DAY_MS) * DAY_MS),
});
function commonTo(one: Range, other: Range): Range[] {
  const from = Math.max(one.from.getTime(), other.from.getTime());
  const to = Math.min(one.to.getTime(), other.to.getTime());
  return from < to ? [{ from: new Date(from), to: new Date(to) }] : [];
}

function summedDays(source: Source, ask: FactsAsk, { set, days, hasMarks }: Pieces): Relation {
  const inDays = [sql`l.dimension = ${set}`, during(days!, sql`l.at`)];
  return summed(source, ask, 'day', [...inDays, ...(hasMarks ? [sql`not (${hasMarkedDay(source)})`] : [])]);
}

function summedHours(source: Source, ask: FactsAsk, { set, wide, days, hours, hasMarks }: Pieces): Relation {
  const where = hours.map((range) => during(range, sql`l.at`));
  if (hasMarks && days !== null) where.push(sql`(${during(days, sql`l.at`)} and ${hasMarkedDay(source)})`);
  const ofSet = sql`l.dimension = ${source === 'click' ? set : wide}`;
  return summed(source, ask, 'hour', [ofSet, any(where), ...(hasMarks ? [sql`not (${isMarked(source)})`] : [])]);
}

function summed(
  source: Source,
  { by, groupBy }: FactsAsk,
  grain: 'hour' | 'day',
  conditions: readonly Sql[],
): Relation {
  const told = { at: sql`l.at`, column: (name: ReportDimension) => storedSql(name, 'l'), hasClick: false };
  if (source === 'click') {
    return {
      ...told,
      body: sql`from ${sql.table(`click_${grain}`)} l where`,
      conditions,
      sums: SUMMED_CLICKS,
      word: NO_WORD,
    };
  }
  return {
    ...told,
    body: sql`from ${sql.table(`conversion_${grain}`)} l where`,
    conditions: [sql`l.by_time = ${by}`, ...conditions],
    sums: SUMMED_CONVERSIONS,
    word: sql`l.raw_status, l.is_reversal, ${spellingSql(groupBy, 'spelling')} as spelling`,
  };
}

/** So many stretches are asked for one by one, each by its index and in its partition; more are joined as a list. */
const FEW_SPANS = 24;

function logRelations(source: Source, ask: FactsAsk, spans: readonly Span[]): Relation[] {
  const listed = spans.filter(({ configId }) => configId !== null);
  const single = listed.length > FEW_SPANS ? spans.filter(({ configId }) => configId === null) : spans;
  const list = listed.length > FEW_SPANS ? listOf(listed) : null;
  return source === 'click' ? clickLogs(single, list) : conversionLogs(ask, single, list);
}

const listOf = (spans: readonly Span[]): Sql => sql`unnest(${spans.map(({ configId }) => configId)}::uuid[],
  ${spans.map(({ from }) => from)}::timestamptz[], ${spans.map(({ to }) => to)}::timestamptz[]) s (config, since, until)`;

const ofConfig = ({ configId }: Span): Sql =>
  configId === null ? sql`true` : sql`l.tracker_config_id = ${configId}::uuid`;

function clickLogs(single: readonly Span[], list: Sql | null): Relation[] {
  const told = {
    ...{ at: sql`l.clicked_at`, column: (name: ReportDimension) => storedSql(name, 'l') },
    ...{ sums: COUNTED_CLICKS, word: NO_WORD, hasClick: false },
  };
  const isReal = sql`not l.is_derived`;
  const relations: Relation[] = single.map((span) => ({
    ...told,
    body: sql`from click l where`,
    conditions: [isReal, ofConfig(span), during(span, sql`l.clicked_at`)],
  }));
  if (list === null) return relations;
  const body = sql`from ${list} cross join lateral (
    select * from click c where c.tracker_config_id = s.config and c.clicked_at >= s.since and c.clicked_at < s.until offset 0
  ) l where`;
  return [...relations, { ...told, body, conditions: [isReal] }];
}

/** What a conversion may have to be told by its click, besides the time. */
const CLICK_COLUMNS = [...PLACES, ...VISITOR, 'country', 'sub_ids'];

function conversionLogs(ask: FactsAsk, single: readonly Span[], list: Sql | null): Relation[] {
  const used = [...ask.groupBy, ...ask.filters.map(({ dimension }) => dimension)];
  const needs = [...used.filter(isStored).map(lacksSql), ...(ask.ads === null ? [] : [lacksAds(ask.ads)])];
  const click = { columns: CLICK_COLUMNS, when: any(needs) };
  const found = single.map((span) => {
    const lengthMs = span.to.getTime() - span.from.getTime();
    const within = (time: Sql) => during(span, time);
    return conversionsWithin(ask.by, { within, lengthMs }, click, ofConfig(span));
  });
  if (list !== null) found.push(conversionsListed(ask.by, list, click));
  return found.flatMap(({ at, bodies }) =>
    bodies.map((body) => ({
      ...{ body: sql`${body} and`, at, conditions: [sql`true`], sums: COUNTED_CONVERSIONS, hasClick: true },
      column: conversionSql,
      word: sql`lower(l.raw_status) as raw_status, l.is_reversal, ${spellingSql(ask.groupBy, 'raw_status')} as spelling`,
    })),
  );
}
