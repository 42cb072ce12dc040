// Reports: clicks and conversions summed by dimensions, ranked, the rest folded, totals beside them.
import { type RawBuilder, sql } from 'kysely';
import { configIsStale } from './config-state.ts';
import type { Tx } from './db.ts';
import { ENTITY_TABLES } from './lists-entities.ts';
import { AD_COLUMNS, AD_JOINS, readAdRoles } from './reports-ads.ts';
import {
  answerSql,
  columnSql,
  type Period,
  REPORT_COLUMNS,
  type ReportColumn,
  type ReportNumbers,
  SUM_SQL,
  SUMS,
  sumName,
} from './reports-columns.ts';
import {
  AD_LEVEL_OF,
  type AdDimension,
  isAd,
  isEntity,
  isOfConversions,
  isStored,
  isTime,
  type ReportDimension,
  type Source,
  toldSql,
} from './reports-dimensions.ts';
import { factsSql } from './reports-facts.ts';
import { piecesOf } from './reports-pieces.ts';
import { ratedFacts } from './reports-rates.ts';
import { spendFacts, spentDays } from './reports-spend.ts';
import { areKnownToTotals, totalFacts } from './reports-totals.ts';

export interface ReportAsk {
  groupBy: readonly ReportDimension[];
  from: Date;
  to: Date;
  zone: string;
  /** Whose time counts for a conversion. */
  by: Source;
  filters: readonly { dimension: ReportDimension; values: readonly string[] }[];
  sort: { by: ReportColumn | ReportDimension; isDescending: boolean };
  top: number;
  comparesPrevious: boolean;
  /** All money in this one; null: each in its own. */
  currency?: string | null;
  /** Trackers whose click log is not complete: their own daily totals tell clicks and cost. */
  typesWithoutClickLog?: readonly string[];
}

/** A dimension's value: a text, or an entry of ours. */
export type ReportKey = string | null | { id: string | null; externalId: string; name: string | null };

export interface ReportRow {
  /** `unrated` and `rated` tell of rates: money that had none, and how old the oldest rate is. */
  kind: 'row' | 'rest' | 'total' | 'unrated' | 'rated';
  keys: Partial<Record<ReportDimension, ReportKey>>;
  currency: string;
  now: ReportNumbers;
  /** Null where no comparison was asked for. */
  previous: ReportNumbers | null;
  /** What is not known of it: clicks and cost, or of clicks no more than their number. */
  untold: 'clicks' | 'details' | null;
  /** Of `unrated` lines the days, of `rated` ones an age in days. */
  note: string | null;
}

interface ReportFreshness {
  /** Everything before this moment is in; null while nothing is. */
  asOf: Date | null;
  /** Configs whose newest rows are missing: stale, paused, waiting for a person, or not read to the end yet. */
  behind: string[];
}

/** To be called in one snapshot. Rows are in the asked order, the folded rest and the totals behind them, one per currency. */
export async function readReport(tx: Tx, ask: ReportAsk): Promise<ReportRow[]> {
  await sql`select ${sql.raw(PLANNING.map(([name, value]) => `set_config('${name}', '${value}', true)`).join(', '))}`.execute(
    tx,
  );
  const isRated = (ask.currency ?? null) !== null;
  const periods: Period[] = ask.comparesPrevious ? ['now', 'previous'] : ['now'];
  const keys = ask.groupBy.map((_, i) => sql.raw(`d${i}, c${i}, `));
  const keyColumns = sql.join(keys, sql``);
  const sums = periods.flatMap((period) => SUMS.map((column) => sumName(column, period)));
  const addUp = sql.raw(sums.map((name) => `sum("${name}") as "${name}"`).join(', '));
  const noKeys = sql.raw(ask.groupBy.map(() => 'null::text, null::uuid, null::text, null::text, ').join(''));
  const numbers = periods.flatMap((period) =>
    REPORT_COLUMNS.map((column) => `${answerSql(column, period)} as "${column}_${period}"`),
  );
  const { facts, summedIds } = await allFacts(tx, ask, periods);
  const { rows } = await sql<AnswerRow>`
    with ${facts},
    told as (${toldFacts(ask, periods, summedIds)}),
    grouped as (
      select ${keyColumns} currency, max(spelling) as spelling, bool_or(is_summed) as is_summed, ${addUp} from told where is_placed group by ${keyColumns} currency
    ),
    named as (
      select g.*, ${sql.join([...ask.groupBy.map(nameSql), sql`0 as nothing`])} from grouped g ${sql.join(ask.groupBy.map(nameJoin), sql` `)}
    ),
    ranked as (select n.*, row_number() over (order by ${orderSql(ask)}) as place from named n),
    lines as (
      select 'row' as kind, place, ${sql.raw(ask.groupBy.map((_, i) => `d${i}, c${i}, id${i}, n${i}, `).join(''))} currency, ${sql.raw(sums.map((name) => `"${name}"`).join(', '))}, is_summed, null::text as note
      from ranked where place <= ${ask.top}
      union all
      select 'rest', null, ${noKeys} currency, ${addUp}, bool_or(is_summed), null from ranked where place > ${ask.top} group by currency
      union all
      select 'total', null, ${noKeys} currency, ${addUp}, bool_or(is_summed), null from told group by currency
      ${isRated ? rateLines(noKeys, sums) : sql``}
    )
    select kind, ${sql.raw(ask.groupBy.map((_, i) => `d${i}, id${i}, n${i}, `).join(''))} currency, is_summed, note, ${sql.raw(numbers.join(', '))}
    from lines order by array_position('{row,rest,total,unrated,rated}'::text[], kind), place, currency`.execute(tx);
  return rows.map((row) => toRow(row, ask, summedIds.length > 0));
}

/**
 * How reports are planned: sums of each partition by themselves, on all cores, hashed rather than sorted or
 * looped over, since the number of groups is guessed wrong both ways.
 */
const PLANNING: readonly [string, string][] = [
  ['jit', 'off'],
  ['work_mem', '64MB'],
  ['enable_partitionwise_aggregate', 'on'],
  ['enable_sort', 'off'],
  ['enable_nestloop', 'off'],
  ['parallel_setup_cost', '100'],
  ['parallel_tuple_cost', '0'],
];

/** The shape of the query's answer; its other columns are told by `ask`. */
type AnswerRow = { kind: ReportRow['kind']; currency: string; is_summed: boolean; note: string | null } & Record<
  string,
  string | number | boolean | null
>;

/** The CTEs `facts`, as they are stored, and `resolved`, with their currency, their ads, and what spend makes of their cost. */
async function allFacts(
  tx: Tx,
  ask: ReportAsk,
  periods: readonly Period[],
): Promise<{ facts: RawBuilder<unknown>; summedIds: string[] }> {
  const lengthMs = ask.to.getTime() - ask.from.getTime();
  const configs = await readConfigs(tx);
  const wanted = configs.filter((config) => isWanted(config, ask));
  const configIds = wanted.length === configs.length ? null : wanted.map(({ id }) => id);
  const dimensions = [...ask.groupBy, ...ask.filters.map(({ dimension }) => dimension)];
  const roles = await readAdRoles(tx);
  const isRated = (ask.currency ?? null) !== null;
  // A tracker without a log has no clicks to share spend out over.
  const kept = configs.filter((config) => !config.isGoing && !lacksClicks(config, ask)).map(({ id }) => id);
  const summedIds = wanted.filter((config) => lacksClicks(config, ask)).map(({ id }) => id);
  const ads = dimensions.some(isAd) ? roles : null;
  const isNarrow = ask.filters.some(({ dimension }) => !isAd(dimension));
  const parts: RawBuilder<unknown>[] = [];
  const spent: RawBuilder<unknown>[] = [];
  for (const period of periods) {
    // Rows of the period before are moved onto the asked one, so that their days fall together.
    const shiftMs = period === 'now' ? 0 : lengthMs;
    const range = { from: new Date(ask.from.getTime() - shiftMs), to: new Date(ask.to.getTime() - shiftMs) };
    const factsAsk = { ...ask, period, shiftMs, configIds, range, ads, isRated };
    for (const source of ['click', 'conversion'] as const) {
      const isLogged = ({ id }: KnownConfig) => source === 'conversion' || !summedIds.includes(id);
      const own = summedIds.length === 0 ? configIds : wanted.filter(isLogged).map(({ id }) => id);
      const pieces = await piecesOf(tx, { ...{ source, dimensions, range, shiftMs }, zone: ask.zone }, own);
      parts.push(factsSql(source, { ...factsAsk, configIds: own }, pieces));
    }
    if (summedIds.length > 0 && areKnownToTotals(ask.filters.map(({ dimension }) => dimension)))
      spent.push(totalFacts(factsAsk, summedIds));
    const days = await spentDays(tx, range);
    if (days !== null) spent.push(spendFacts(factsAsk, days, roles, kept, { isNarrow }));
  }
  const stored = ask.groupBy.flatMap((name, i) => (isStored(name) ? [`f.k${i}, `] : []));
  const resolved = sql`
    select f.config, ${sql.raw(stored.join(''))} f.local_day, f.hour_at, f.rate_day, coalesce(f.currency, t.settings ->> 'currency', 'USD') as currency,
      f.raw_status, f.is_reversal, f.spelling, f.clicks, f.unique_clicks, f.bot_clicks, f.landing_clicks, f.cost, f.conversions,
      f.revenue, f.period, ${ads === null ? NO_ADS : AD_COLUMNS}, true as is_placed
    from facts f join tracker_config t on t.id = f.config ${ads === null ? sql`` : AD_JOINS}`;
  const facts = sql`facts as materialized (${sql.join(parts, sql` union all `)}),
    resolved as (${sql.join([resolved, ...spent], sql` union all `)})`;
  if (!isRated) return { facts, summedIds };
  const before = `f.config, ${stored.join('')} f.local_day, f.hour_at,`;
  const after = `f.raw_status, f.is_reversal, f.spelling, f.clicks, f.unique_clicks, f.bot_clicks, f.landing_clicks, f.conversions,
    f.period, f.ad_campaign, f.ad_set, f.ad, f.is_placed`;
  return { facts: sql`${facts}, ${ratedFacts(ask.currency!, { before, after })}`, summedIds };
}

/** What had no rate, by currency, and the oldest rate that was taken. */
function rateLines(noKeys: RawBuilder<unknown>, sums: readonly string[]): RawBuilder<unknown> {
  const zeros = sql.raw(sums.map(() => '0').join(', '));
  return sql`
    union all
    select 'unrated', null, ${noKeys} own, ${zeros}, false, concat(min(rate_day), ' ', max(rate_day), ' ', count(*))
    from rates where factor is null group by own
    union all
    select 'rated', null, ${noKeys} '', ${zeros}, false, max(age)::text from rates having max(age) is not null`;
}

const NO_ADS = sql`null::text as ad_campaign, null::text as ad_set, null::text as ad`;

interface KnownConfig {
  id: string;
  type: string;
  isGoing: boolean;
  hasNoClicks: boolean;
}

async function readConfigs(tx: Tx): Promise<KnownConfig[]> {
  const { rows } = await sql<KnownConfig>`
    select id, type, desired_state = 'deleting' as "isGoing", exists (
      select from tracker_resource r where r.tracker_config_id = tracker_config.id and r.resource = 'clicks'
        and r.state = 'unavailable' and r.rows = 0) as "hasNoClicks"
    from tracker_config`.execute(tx);
  return rows;
}

/** By its declaration; or because its log was never to be had. */
const lacksClicks = ({ type, hasNoClicks }: KnownConfig, { typesWithoutClickLog = [] }: ReportAsk): boolean =>
  hasNoClicks || typesWithoutClickLog.includes(type);

function isWanted({ id, type, isGoing }: KnownConfig, { filters }: ReportAsk): boolean {
  const valuesOf = (name: ReportDimension) =>
    filters.filter(({ dimension }) => dimension === name).map(({ values }) => values);
  return (
    !isGoing &&
    valuesOf('config').every((ids) => ids.some((one) => one.toLowerCase() === id)) &&
    valuesOf('trackerType').every((types) => types.includes(type))
  );
}

/** Facts with their dimensions as text, their currency and the meaning of their word. */
function toldFacts(ask: ReportAsk, periods: readonly Period[], summedIds: readonly string[]): RawBuilder<unknown> {
  const { groupBy, filters, zone } = ask;
  const keys = groupBy.map((name, i) => {
    const config = isEntity(name)
      ? sql`case when ${sql.ref(`f.k${i}`)} is not null then f.config end`
      : sql`null::uuid`;
    return sql`${toldSql(name, i, zone)} as ${sql.id(`d${i}`)}, ${config} as ${sql.id(`c${i}`)}, `;
  });
  const conditions = filters.flatMap(({ dimension, values }) => {
    if (dimension === 'status') return [sql`coalesce(m.status, 'pending') = any(${[...values]}::text[])`];
    if (dimension === 'rawStatus')
      return [sql`f.raw_status in (select lower(word) from unnest(${[...values]}::text[]) word)`];
    return [];
  });
  const isAsked = sql.join([sql`true`, ...conditions], sql` and `);
  const ofAds = filters.flatMap(({ dimension, values }) => (isAd(dimension) ? [adFilterSql(dimension, values)] : []));
  const isPlaced = groupBy.some(isOfConversions) ? sql`f.raw_status is not null` : sql`f.is_placed`;
  const isSummed = summedIds.length === 0 ? sql`false` : sql`f.config = any(${[...summedIds]}::uuid[])`;
  const sums = periods.flatMap((period) =>
    SUMS.map((column) => {
      const { of, where = 'true' } = SUM_SQL[column];
      return `case when f.period = '${period}' and ${where} then ${of} else 0 end as "${sumName(column, period)}"`;
    }),
  );
  return sql`
    select ${sql.raw(groupBy.map((_, i) => `d${i}, c${i}, `).join(''))} f.currency, f.is_placed, coalesce(f.is_summed, false) as is_summed, f.spelling, ${sql.raw(sums.join(', '))}
    from (
      select ${sql.join(keys, sql``)} f.currency, ${isPlaced} as is_placed, ${isSummed} as is_summed,
        f.period, f.spelling, f.clicks, f.unique_clicks, f.bot_clicks, f.landing_clicks, f.cost, f.conversions, f.revenue,
        case when f.raw_status is not null then coalesce(m.status, 'pending') end as status,
        coalesce(m.reversed, false) or coalesce(f.is_reversal, false) as reversed
      from ${(ask.currency ?? null) === null ? sql`resolved` : sql`rated`} f
      left join tracker_config t on t.id = f.config
      left join status_map m on m.tracker_config_id = f.config and m.raw_status = f.raw_status
      where ${sql.join([sql`(f.raw_status is null or (${isAsked}))`, ...ofAds], sql` and `)}
    ) f`;
}

/** By our id, or by the platform's own. */
function adFilterSql(name: AdDimension, values: readonly string[]): RawBuilder<unknown> {
  const level = AD_LEVEL_OF[name];
  return sql`${sql.ref(`f.${level}`)} in (
    select e.external_id from ad e where e.level = ${level} and e.id::text = any(${[...values]}::text[])
    union all select unnest(${[...values]}::text[]))`;
}

function nameSql(name: ReportDimension, i: number): RawBuilder<unknown> {
  if (name === 'rawStatus') return sql.raw(`null::text as id${i}, spelling as n${i}`);
  if (!isEntity(name) && !isAd(name) && name !== 'config') return sql.raw(`null::text as id${i}, null::text as n${i}`);
  return sql.raw(`e${i}.id::text as id${i}, e${i}.name as n${i}`);
}

function nameJoin(name: ReportDimension, i: number): RawBuilder<unknown> {
  if (name === 'config') return sql.raw(`left join tracker_config e${i} on e${i}.id = g.d${i}::uuid`);
  if (isAd(name))
    return sql.raw(`left join ad e${i} on e${i}.level = '${AD_LEVEL_OF[name]}' and e${i}.external_id = g.d${i}`);
  if (!isEntity(name)) return sql``;
  return sql.raw(
    `left join ${ENTITY_TABLES[name]} e${i} on e${i}.tracker_config_id = g.c${i} and e${i}.external_id = g.d${i}`,
  );
}

function orderSql({ groupBy, sort }: ReportAsk): RawBuilder<unknown> {
  const direction = sort.isDescending ? 'desc nulls last' : 'asc nulls last';
  const column = REPORT_COLUMNS.find((name) => name === sort.by);
  const dimension = (groupBy as readonly string[]).indexOf(sort.by);
  const first =
    column !== undefined ? [columnSql(column, 'now')] : dimension < 0 ? [] : [sortKeyOf(groupBy, dimension)];
  const ties = groupBy.map((_, i) => `d${i}`);
  return sql.raw([...first.map((expression) => `${expression} ${direction}`), ...ties, 'currency'].join(', '));
}

/** By name where there is one; a word by its letters, whatever their case. */
const sortKeyOf = (groupBy: ReportAsk['groupBy'], at: number): string =>
  groupBy[at] === 'rawStatus' ? `d${at}` : `coalesce(n${at}, d${at})`;

function toRow(row: AnswerRow, ask: ReportAsk, hasSummed: boolean): ReportRow {
  const keys: ReportRow['keys'] = {};
  ask.groupBy.forEach((name, i) => {
    keys[name] = row.kind === 'row' ? keyOf(name, row[`d${i}`], row[`id${i}`], row[`n${i}`]) : null;
  });
  return {
    kind: row.kind,
    keys: row.kind === 'row' || row.kind === 'rest' ? keys : {},
    currency: row.currency,
    now: numbersOf(row, 'now'),
    previous: ask.comparesPrevious ? numbersOf(row, 'previous') : null,
    untold: hasSummed ? untoldOf(row, ask) : null,
    note: row.note,
  };
}

/** Clicks of a total that does not know the dimension are missing in every line that is not of one tracker alone. */
function untoldOf(row: AnswerRow, { groupBy, filters }: ReportAsk): ReportRow['untold'] {
  const filtered = filters.map(({ dimension }) => dimension);
  const isKnown = areKnownToTotals(row.kind === 'total' ? filtered : [...filtered, ...groupBy]);
  if (isKnown) return row.is_summed ? 'details' : null;
  const isOfOneConfig =
    row.kind === 'row' && groupBy.some((name, i) => name === 'config' || (isEntity(name) && row[`d${i}`] !== null));
  return row.is_summed || !isOfOneConfig ? 'clicks' : null;
}

type AnswerValue = string | number | boolean | null | undefined;
const textOf = (value: AnswerValue): string | null => (value === null || value === undefined ? null : String(value));

function keyOf(name: ReportDimension, value: AnswerValue, id: AnswerValue, label: AnswerValue): ReportKey {
  const externalId = textOf(value);
  if (externalId === null || isTime(name)) return externalId;
  if (name === 'rawStatus') return textOf(label);
  return isEntity(name) || isAd(name) || name === 'config'
    ? { id: textOf(id), externalId, name: textOf(label) }
    : externalId;
}

function numbersOf(row: AnswerRow, period: Period): ReportNumbers {
  const values = REPORT_COLUMNS.map((column) => [column, row[`${column}_${period}`] ?? null]);
  // The query's select list is made of the same table of columns, which the compiler cannot follow.
  return Object.fromEntries(values) as ReportNumbers;
}

/** How far the configs that a report speaks of are read; all of the organisation's where none is named. */
export async function reportFreshness(tx: Tx, configIds: readonly string[] | null): Promise<ReportFreshness> {
  let query = tx
    .selectFrom('tracker_config')
    .select(['tracker_config.id', configIsStale.as('isStale'), 'first_synced_at as firstSyncedAt'])
    .select(sql<boolean>`desired_state = 'paused' or blocked_kind is not null`.as('isHalted'))
    .select((eb) =>
      eb
        .selectFrom('tracker_resource')
        .select((inner) => inner.fn.min('read_to').as('readTo'))
        .whereRef('tracker_config_id', '=', 'tracker_config.id')
        .where('resource', 'in', ['clicks', 'conversions'])
        .where('tracker_resource.state', '<>', 'unavailable')
        .as('readTo'),
    )
    .where('desired_state', '<>', 'deleting');
  if (configIds !== null) query = query.where('tracker_config.id', 'in', configIds);
  const configs = await query.orderBy('created_at').execute();
  const times = configs.flatMap(({ readTo }) => (readTo === null ? [] : [readTo.getTime()]));
  return {
    asOf: times.length === 0 ? null : new Date(Math.min(...times)),
    behind: configs
      .filter(({ isStale, firstSyncedAt, isHalted }) => isStale || firstSyncedAt === null || isHalted)
      .map(({ id }) => id),
  };
}
