// Facts from roll-ups: days, hours where a day is cut or has a mark, and what spend makes of the clicks' cost.
import { sql } from 'kysely';
import { DAY_MS, type Range } from '../core/windows.ts';
import { type ReportDimension, type Source, storedSql } from './reports-dimensions.ts';
import type { Pieces } from './reports-pieces.ts';
import {
  any,
  during,
  type FactsAsk,
  groupedSql,
  NO_WORD,
  type Relation,
  SPENT,
  type Sql,
  SUMMED_CLICKS,
  SUMMED_CONVERSIONS,
  spellingSql,
} from './reports-relation.ts';
import { duringAny } from './spend-shares.ts';

const isMarked = (source: Source): Sql => sql`(l.tracker_config_id, hour_of(l.at)) in (
  select tracker_config_id, hour from rollup_mark where source = ${source})`;
const hasMarkedDay = (source: Source): Sql => sql`(l.tracker_config_id, date_trunc('day', l.at, 'UTC')) in (
  select tracker_config_id, date_trunc('day', hour, 'UTC') from rollup_mark where source = ${source})`;

export function summedDays(source: Source, ask: FactsAsk, { set, days, hasMarks }: Pieces): Relation {
  const inDays = [sql`l.dimension = ${set}`, during(days!, sql`l.at`)];
  return summed(source, ask, 'day', [...inDays, ...(hasMarks ? [sql`not (${hasMarkedDay(source)})`] : [])]);
}

export function summedHours(source: Source, ask: FactsAsk, { set, wide, days, hours, hasMarks }: Pieces): Relation {
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
