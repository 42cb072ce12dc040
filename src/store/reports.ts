// Reports straight from the raw tables: clicks and conversions summed by dimensions, ranked, the rest folded, totals beside them.
import { type RawBuilder, sql } from 'kysely';
import { configIsStale } from './config-state.ts';
import type { Tx } from './db.ts';
import { ENTITY_TABLES, notDeleting } from './lists-entities.ts';
import {
  answerSql,
  CLICK_SUMS,
  CONVERSION_SUMS,
  columnSql,
  type Period,
  REPORT_COLUMNS,
  type ReportColumn,
  type ReportNumbers,
  SUMS,
  sumName,
} from './reports-columns.ts';
import {
  dimensionSql,
  filterSql,
  isEntity,
  isOfConversions,
  isTime,
  type ReportDimension,
  type Source,
} from './reports-dimensions.ts';

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
}

/** A dimension's value: a text, or an entry of ours. */
export type ReportKey = string | null | { id: string | null; externalId: string; name: string | null };

export interface ReportRow {
  kind: 'row' | 'rest' | 'total';
  keys: Partial<Record<ReportDimension, ReportKey>>;
  currency: string;
  now: ReportNumbers;
  /** Null where no comparison was asked for. */
  previous: ReportNumbers | null;
}

interface ReportFreshness {
  /** Everything before this moment is in; null while nothing is. */
  asOf: Date | null;
  /** Configs whose newest rows are missing: stale, or not read to the end yet. */
  behind: string[];
}

/** To be called in one snapshot. Rows are in the asked order, the folded rest and the totals behind them, one per currency. */
export async function readReport(tx: Tx, ask: ReportAsk): Promise<ReportRow[]> {
  const periods: Period[] = ask.comparesPrevious ? ['now', 'previous'] : ['now'];
  const dims = ask.groupBy.map((_, i) => sql.raw(`d${i}, c${i}, `));
  const dimColumns = sql.join(dims, sql``);
  const sums = periods.flatMap((period) => SUMS.map((column) => sumName(column, period)));
  const addUp = sql.raw(sums.map((name) => `sum("${name}") as "${name}"`).join(', '));
  const noKeys = sql.raw(ask.groupBy.map(() => 'null::text, null::uuid, null::text, null::text, ').join(''));
  const numbers = periods.flatMap((period) =>
    REPORT_COLUMNS.map((column) => `${answerSql(column, period)} as "${column}_${period}"`),
  );
  const { rows } = await sql<AnswerRow>`
    with facts as (${facts(ask, 'click', periods)} union all ${facts(ask, 'conversion', periods)}),
    grouped as (
      select ${dimColumns} currency, max(spelling) as spelling, ${addUp} from facts where is_placed group by ${dimColumns} currency
    ),
    named as (
      select g.*, ${sql.join([...ask.groupBy.map(nameSql), sql`0 as nothing`])} from grouped g ${sql.join(ask.groupBy.map(nameJoin), sql` `)}
    ),
    ranked as (select n.*, row_number() over (order by ${orderSql(ask)}) as place from named n),
    lines as (
      select 'row' as kind, place, ${sql.raw(ask.groupBy.map((_, i) => `d${i}, c${i}, id${i}, n${i}, `).join(''))} currency, ${sql.raw(sums.map((name) => `"${name}"`).join(', '))}
      from ranked where place <= ${ask.top}
      union all
      select 'rest', null, ${noKeys} currency, ${addUp} from ranked where place > ${ask.top} group by currency
      union all
      select 'total', null, ${noKeys} currency, ${addUp} from facts group by currency
    )
    select kind, ${sql.raw(ask.groupBy.map((_, i) => `d${i}, id${i}, n${i}, `).join(''))} currency, ${sql.raw(numbers.join(', '))}
    from lines order by array_position('{row,rest,total}'::text[], kind), place, currency`.execute(tx);
  return rows.map((row) => toRow(row, ask));
}

/** The shape of the query's answer; its other columns are told by `ask`. */
type AnswerRow = { kind: ReportRow['kind']; currency: string } & Record<string, string | number | null>;

function facts(ask: ReportAsk, source: Source, periods: readonly Period[]): RawBuilder<unknown> {
  const lengthSeconds = (ask.to.getTime() - ask.from.getTime()) / 1_000;
  const time = timeOf(ask, source);
  // Rows of the period before are moved onto the asked one, so that their days fall together.
  const at = ask.comparesPrevious
    ? sql`(case when ${time} < ${ask.from} then ${time} + make_interval(secs => ${lengthSeconds}) else ${time} end)`
    : time;
  const dims = ask.groupBy.map((name, i) => {
    const config = isEntity(name) ? sql`l.tracker_config_id` : sql`null::uuid`;
    return sql`${dimensionSql(name, source, { at, zone: ask.zone })} as ${sql.id(`d${i}`)}, ${config} as ${sql.id(`c${i}`)}, `;
  });
  const begin = ask.comparesPrevious ? new Date(ask.from.getTime() - lengthSeconds * 1_000) : ask.from;
  const conditions: RawBuilder<unknown>[] = [sql`${time} >= ${begin}`, sql`${time} < ${ask.to}`, notDeleting('l')];
  for (const { dimension, values } of ask.filters) {
    const isUntold = source === 'click' && isOfConversions(dimension);
    if (!isUntold) conditions.push(filterSql(dimension, source, values));
  }
  const isPlaced = source === 'conversion' || !ask.groupBy.some(isOfConversions);
  const groups = sql.raw(Array.from({ length: ask.groupBy.length * 2 + 1 }, (_, i) => i + 1).join(', '));
  return sql`select ${sql.join(dims, sql``)} coalesce(l.currency, t.settings ->> 'currency', 'USD') as currency,
      ${sql.lit(isPlaced)} as is_placed, ${spellingSql(ask, source)} as spelling, ${sumsOf(source, periods, sql`${time} < ${ask.from}`)}
    from ${fromOf(source)} where ${sql.join(conditions, sql` and `)} group by ${groups}`;
}

/** Words are grouped whatever their case, and shown as the tracker spells them: where it does so in several ways, in one. */
function spellingSql({ groupBy }: ReportAsk, source: Source): RawBuilder<unknown> {
  return groupBy.includes('rawStatus') && source === 'conversion' ? sql`max(l.raw_status)` : sql`null::text`;
}

function timeOf(ask: ReportAsk, source: Source): RawBuilder<unknown> {
  if (source === 'click') return sql`l.clicked_at`;
  // A conversion whose click is unknown counts at its own time.
  return ask.by === 'click' ? sql`coalesce(l.clicked_at, k.clicked_at, l.converted_at)` : sql`l.converted_at`;
}

function fromOf(source: Source): RawBuilder<unknown> {
  if (source === 'click') {
    return sql`(select * from click where not is_derived) l join tracker_config t on t.id = l.tracker_config_id`;
  }
  return sql`conversion_with_status l join tracker_config t on t.id = l.tracker_config_id
    left join click k on k.tracker_config_id = l.tracker_config_id and k.external_id = l.click_external_id`;
}

function sumsOf(source: Source, periods: readonly Period[], isPrevious: RawBuilder<unknown>): RawBuilder<unknown> {
  const made = source === 'click' ? CLICK_SUMS : CONVERSION_SUMS;
  const inPeriod: Record<Period, RawBuilder<unknown>> = periods.length === 1
    ? { now: sql`true`, previous: sql`false` }
    : { now: sql`not (${isPrevious})`, previous: isPrevious };
  const parts = periods.flatMap((period) =>
    SUMS.map((column) => {
      const name = sql.id(sumName(column, period));
      const aggregate = made[column];
      if (aggregate === undefined) return sql`0::numeric as ${name}`;
      const { of, where = 'true' } = aggregate;
      return sql`coalesce(${sql.raw(of)} filter (where ${inPeriod[period]} and ${sql.raw(where)}), 0)::numeric as ${name}`;
    }),
  );
  return sql.join(parts);
}

function nameSql(name: ReportDimension, i: number): RawBuilder<unknown> {
  if (name === 'rawStatus') return sql.raw(`null::text as id${i}, spelling as n${i}`);
  if (!isEntity(name) && name !== 'config') return sql.raw(`null::text as id${i}, null::text as n${i}`);
  return sql.raw(`e${i}.id::text as id${i}, e${i}.name as n${i}`);
}

function nameJoin(name: ReportDimension, i: number): RawBuilder<unknown> {
  if (name === 'config') return sql.raw(`left join tracker_config e${i} on e${i}.id = g.d${i}::uuid`);
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

function toRow(row: AnswerRow, ask: ReportAsk): ReportRow {
  const keys: ReportRow['keys'] = {};
  ask.groupBy.forEach((name, i) => {
    keys[name] = row.kind === 'row' ? keyOf(name, row[`d${i}`], row[`id${i}`], row[`n${i}`]) : null;
  });
  return {
    kind: row.kind,
    keys: row.kind === 'total' ? {} : keys,
    currency: row.currency,
    now: numbersOf(row, 'now'),
    previous: ask.comparesPrevious ? numbersOf(row, 'previous') : null,
  };
}

type AnswerValue = string | number | null | undefined;
const textOf = (value: AnswerValue): string | null => (value === null || value === undefined ? null : String(value));

function keyOf(name: ReportDimension, value: AnswerValue, id: AnswerValue, label: AnswerValue): ReportKey {
  const externalId = textOf(value);
  if (externalId === null || isTime(name)) return externalId;
  if (name === 'rawStatus') return textOf(label);
  return isEntity(name) || name === 'config' ? { id: textOf(id), externalId, name: textOf(label) } : externalId;
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
    behind: configs.filter(({ isStale, firstSyncedAt }) => isStale || firstSyncedAt === null).map(({ id }) => id),
  };
}
