// Facts as a report tells them: their dimensions as text, and what their words mean.
import { type RawBuilder, sql } from 'kysely';
import type { ReportAsk } from './reports-ask.ts';
import { type Period, SUM_SQL, SUMS, sumName } from './reports-columns.ts';
import {
  AD_LEVEL_OF,
  type AdDimension,
  asksForNone,
  hasNone,
  isAd,
  isEntity,
  isOfConversions,
  isTime,
  toldSql,
} from './reports-dimensions.ts';

/** Facts with their dimensions as text, their currency and the meaning of their word. */
export function toldFacts(
  ask: ReportAsk,
  periods: readonly Period[],
  summedIds: readonly string[],
): RawBuilder<unknown> {
  const { groupBy, filters, zone } = ask;
  const keys = groupBy.map((name, i) => {
    const told = toldSql(name, i, zone);
    const config = isEntity(name) ? sql`case when ${told} is not null then f.config end` : sql`null::uuid`;
    return sql`${told} as ${sql.id(`d${i}`)}, ${config} as ${sql.id(`c${i}`)}, `;
  });
  const conditions = filters.flatMap(({ dimension, values }) => {
    if (dimension === 'status') return [sql`coalesce(m.status, 'pending') = any(${[...values]}::text[])`];
    if (dimension === 'rawStatus')
      return [sql`f.raw_status in (select lower(word) from unnest(${[...values]}::text[]) word)`];
    return [];
  });
  const isAsked = sql.join([sql`true`, ...conditions], sql` and `);
  const ofRows = filters.flatMap(({ dimension, values }) => {
    if (isAd(dimension)) return [adFilterSql(dimension, values)];
    return isTime(dimension) ? [sql`${toldSql(dimension, 0, zone)} = any(${[...values]}::text[])`] : [];
  });
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
      where ${sql.join([sql`(f.raw_status is null or (${isAsked}))`, ...ofRows], sql` and `)}
    ) f`;
}

/** By our id, or by the platform's own. */
function adFilterSql(name: AdDimension, values: readonly string[]): RawBuilder<unknown> {
  const level = AD_LEVEL_OF[name];
  const ad = sql.ref(`f.${level}`);
  const isNamed = sql`${ad} in (
    select e.external_id from ad e where e.level = ${level} and e.id::text = any(${[...values]}::text[])
    union all select unnest(${[...values]}::text[]))`;
  return asksForNone(values) ? sql`(${hasNone(ad)} or ${isNamed})` : isNamed;
}
