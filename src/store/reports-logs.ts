// Facts from the logs themselves, for what is not summed: stretches one by one, or many as a list.
import { sql } from 'kysely';
import { lacksAds } from './reports-ads.ts';
import {
  conversionSql,
  isStored,
  lacksSql,
  type ReportDimension,
  type Source,
  storedSql,
} from './reports-dimensions.ts';
import type { Span } from './reports-pieces.ts';
import {
  any,
  COUNTED_CLICKS,
  COUNTED_CONVERSIONS,
  during,
  type FactsAsk,
  NO_WORD,
  type Relation,
  type Sql,
  spellingSql,
} from './reports-relation.ts';
import { conversionsListed, conversionsWithin, PLACES, VISITOR } from './rollup-places.ts';

/** So many stretches are asked for one by one, each by its index and in its partition; more are joined as a list. */
const FEW_SPANS = 24;

export function logRelations(source: Source, ask: FactsAsk, spans: readonly Span[]): Relation[] {
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
