// Reports: clicks and conversions summed by dimensions, ranked, the rest folded, totals beside them.
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './db.ts';
import type { ReportAsk, ReportKey, ReportRow } from './reports-ask.ts';
import { answerSql, type Period, REPORT_COLUMNS, type ReportNumbers, SUMS, sumName } from './reports-columns.ts';
import { isAd, isEntity, isTime, type ReportDimension } from './reports-dimensions.ts';
import { nameJoin, nameSql, orderSql } from './reports-order.ts';
import { allFacts } from './reports-resolved.ts';
import { toldFacts } from './reports-told.ts';
import { areKnownToTotals } from './reports-totals.ts';
import { adOf, areLinesKnown, filteredBy, othersOf, type Summed } from './reports-untold.ts';

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
  const { facts, summed } = await allFacts(tx, ask);
  const { rows } = await sql<AnswerRow>`
    with ${facts},
    told as (${toldFacts(ask, periods, summed.ids)}),
    grouped as (
      select ${keyColumns} currency, max(spelling) as spelling, bool_or(is_summed) as is_summed, ${addUp} from told where is_placed group by ${keyColumns} currency
    ),
    named as (
      select g.*, ${sql.join([...ask.groupBy.map(nameSql), sql`0 as nothing`])} from grouped g ${sql.join(ask.groupBy.map(nameJoin), sql` `)}
    ),
    ranked as (select n.*, row_number() over (order by ${orderSql(ask, summed)}) as place from named n),
    lines as (
      select 'row' as kind, place, ${sql.raw(ask.groupBy.map((_, i) => `d${i}, c${i}, id${i}, n${i}, `).join(''))} currency, ${sql.raw(sums.map((name) => `"${name}"`).join(', '))}, is_summed, null::text as note
      from ranked where place <= ${ask.top}
      union all
      select 'rest', null, ${noKeys} currency, ${addUp}, bool_or(is_summed), null from ranked where place > ${ask.top} group by currency
      union all
      select 'total', null, ${noKeys} currency, ${addUp}, bool_or(is_summed), null from told group by currency
      ${isRated ? rateLines(noKeys, sums) : sql``}
    )
    select kind, ${sql.raw(ask.groupBy.map((_, i) => `d${i}, c${i}, id${i}, n${i}, `).join(''))} currency, is_summed, note, ${sql.raw(numbers.join(', '))}
    from lines order by array_position('{row,rest,total,unrated,rated}'::text[], kind), place, currency`.execute(tx);
  return rows.map((row) => toRow(row, ask, summed));
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
  ['enable_incremental_sort', 'off'],
  ['enable_nestloop', 'off'],
  ['parallel_setup_cost', '100'],
  ['parallel_tuple_cost', '0'],
];

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

/** The shape of the query's answer; its other columns are told by `ask`. */
type AnswerRow = { kind: ReportRow['kind']; currency: string; is_summed: boolean; note: string | null } & Record<
  string,
  string | number | boolean | null
>;

function toRow(row: AnswerRow, ask: ReportAsk, summed: Summed): ReportRow {
  const keys: ReportRow['keys'] = {};
  ask.groupBy.forEach((name, i) => {
    keys[name] = row.kind === 'row' ? keyOf(name, row[`d${i}`], row[`id${i}`], row[`n${i}`], row[`c${i}`]) : null;
  });
  return {
    kind: row.kind,
    keys: row.kind === 'row' || row.kind === 'rest' ? keys : {},
    currency: row.currency,
    now: numbersOf(row, 'now'),
    previous: ask.comparesPrevious ? numbersOf(row, 'previous') : null,
    untold: summed.ids.length > 0 ? untoldOf(row, ask, summed) : null,
    note: row.note,
  };
}

/** Clicks of a total that does not know the dimension are missing in every line that they may belong to. */
function untoldOf(row: AnswerRow, ask: ReportAsk, summed: Summed): ReportRow['untold'] {
  if (row.kind === 'total' ? areKnownToTotals(filteredBy(ask)) : areLinesKnown(ask))
    return row.is_summed ? 'details' : null;
  const isOthers =
    row.kind === 'row' && othersOf(ask, summed).some((column) => column === null || row[column] !== null);
  if (!row.is_summed && isOthers) return null;
  const ad = row[`d${adOf(ask)}`];
  return row.kind === 'row' && typeof ad === 'string' && summed.spentAds.includes(ad) ? 'counts' : 'clicks';
}

type AnswerValue = string | number | boolean | null | undefined;
const textOf = (value: AnswerValue): string | null => (value === null || value === undefined ? null : String(value));

function keyOf(
  name: ReportDimension,
  value: AnswerValue,
  id: AnswerValue,
  label: AnswerValue,
  config: AnswerValue,
): ReportKey {
  const externalId = textOf(value);
  if (externalId === null || isTime(name)) return externalId;
  if (name === 'rawStatus') return textOf(label);
  const entry = { id: textOf(id), externalId, name: textOf(label) };
  if (isEntity(name)) return { ...entry, configId: String(config) };
  return isAd(name) || name === 'config' ? entry : externalId;
}

function numbersOf(row: AnswerRow, period: Period): ReportNumbers {
  const values = REPORT_COLUMNS.map((column) => [column, row[`${column}_${period}`] ?? null]);
  // The query's select list is made of the same table of columns, which the compiler cannot follow.
  return Object.fromEntries(values) as ReportNumbers;
}
