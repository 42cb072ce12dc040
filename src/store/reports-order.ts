// How a report's groups are called, and in which order they stand.
import { type RawBuilder, sql } from 'kysely';
import { ENTITY_TABLES } from './lists-entities.ts';
import type { ReportAsk } from './reports-ask.ts';
import { columnSql, REPORT_COLUMNS, type ReportColumn } from './reports-columns.ts';
import { AD_LEVEL_OF, isAd, isEntity, type ReportDimension } from './reports-dimensions.ts';
import { adOf, areLinesKnown, FROM_COST, FROM_COUNTS, othersOf, type Summed } from './reports-untold.ts';

export function nameSql(name: ReportDimension, i: number): RawBuilder<unknown> {
  if (name === 'rawStatus') return sql.raw(`null::text as id${i}, spelling as n${i}`);
  if (!isEntity(name) && !isAd(name) && name !== 'config') return sql.raw(`null::text as id${i}, null::text as n${i}`);
  return sql.raw(`e${i}.id::text as id${i}, e${i}.name as n${i}`);
}

export function nameJoin(name: ReportDimension, i: number): RawBuilder<unknown> {
  if (name === 'config') return sql.raw(`left join tracker_config e${i} on e${i}.id = g.d${i}::uuid`);
  if (isAd(name))
    return sql.raw(`left join ad e${i} on e${i}.level = '${AD_LEVEL_OF[name]}' and e${i}.external_id = g.d${i}`);
  if (!isEntity(name)) return sql``;
  return sql.raw(
    `left join ${ENTITY_TABLES[name]} e${i} on e${i}.tracker_config_id = g.c${i} and e${i}.external_id = g.d${i}`,
  );
}

/** What is not told of a line ranks last, by conversions, which are. */
export function orderSql(ask: ReportAsk, summed: Summed): RawBuilder<unknown> {
  const { groupBy, sort } = ask;
  const direction = sort.isDescending ? 'desc nulls last' : 'asc nulls last';
  const column = REPORT_COLUMNS.find((name) => name === sort.by);
  const dimension = (groupBy as readonly string[]).indexOf(sort.by);
  const first =
    column !== undefined
      ? [rankSql(column, ask, summed)]
      : dimension < 0
        ? []
        : [sql.raw(sortKeyOf(groupBy, dimension))];
  const mayBeUntold = column !== undefined && isUntold(column, ask, summed);
  const ties = [...(mayBeUntold ? [`${columnSql('conversions', 'now')} desc`] : []), ...groupBy.map((_, i) => `d${i}`)];
  const ranks = first.map((expression) => sql`${expression} ${sql.raw(direction)}`);
  return sql.join([...ranks, ...[...ties, 'currency'].map((name) => sql.raw(name))]);
}

/** By name where there is one; a word by its letters, whatever their case. */
const sortKeyOf = (groupBy: ReportAsk['groupBy'], at: number): string =>
  groupBy[at] === 'rawStatus' ? `d${at}` : `coalesce(n${at}, d${at})`;

const isUntold = (column: ReportColumn, ask: ReportAsk, summed: Summed): boolean =>
  summed.ids.length > 0 && !areLinesKnown(ask) && [...FROM_COUNTS, ...FROM_COST].some((name) => name === column);

function rankSql(column: ReportColumn, ask: ReportAsk, summed: Summed): RawBuilder<unknown> {
  const value = sql.raw(columnSql(column, 'now'));
  if (!isUntold(column, ask, summed)) return value;
  const others = othersOf(ask, summed).map((name) => (name === null ? 'true' : `${name} is not null`));
  const isTold = sql`(not is_summed and (${sql.raw(others.length === 0 ? 'false' : others.join(' or '))}))`;
  const ad = adOf(ask);
  const isSpent =
    FROM_COST.some((name) => name === column) && ad >= 0
      ? sql`d${sql.raw(String(ad))} = any(${[...summed.spentAds]}::text[])`
      : sql`false`;
  return sql`case when ${isTold} or ${isSpent} then ${value} end`;
}
