// Where a tracker gives no complete click log, clicks and cost of a report come from its own daily totals.
import { type RawBuilder, sql } from 'kysely';
import { isStored, type ReportDimension, storedFilterSql } from './reports-dimensions.ts';
import { wholeDays } from './reports-periods.ts';
import type { FactsAsk } from './reports-relation.ts';
import { isSpentOn } from './spend-on-totals.ts';

type Sql = RawBuilder<unknown>;

/** What a daily total knows of itself. */
const KNOWN: readonly ReportDimension[] = ['config', 'trackerType', 'campaign', 'day', 'week', 'month'];
export const areKnownToTotals = (names: readonly ReportDimension[]): boolean =>
  names.every((name) => KNOWN.includes(name));

/**
 * Of days that are compared with the tracker's totals those; of the others, today above all, the latest clicks that its log has.
 * A total's day is the account's own, and is never cut: those count that begin within the range by the clocks of the report.
 * @param hasRuns the CTEs of `spend-on-totals.ts` are there
 */
export function totalFacts(ask: FactsAsk, configIds: readonly string[], hasRuns: boolean): Sql {
  const spentOn = (alias: string, day: Sql): Sql => (hasRuns ? isSpentOn(alias, day) : sql`false`);
  const { groupBy, period, range, shift, zone } = ask;
  const stored = groupBy.flatMap((name, i) => (isStored(name) ? [{ name, key: sql.raw(`k${i}`) }] : []));
  const keys = (alias: string): Sql =>
    sql.join(
      stored.map(({ name, key }) => {
        const value =
          name === 'campaign' ? sql`nullif(${sql.ref(`${alias}.campaign_external_id`)}, '')` : sql`null::text`;
        return sql`${value} as ${key}, `;
      }),
      sql``,
    );
  const ofCampaigns = (alias: string): Sql[] =>
    ask.filters.flatMap(({ dimension, values }) =>
      dimension === 'campaign'
        ? [storedFilterSql(dimension, values, sql.ref(`${alias}.campaign_external_id`), alias)]
        : [],
    );
  const local = (time: Date): Sql => sql`(${time}::timestamptz at time zone ${zone}::text)`;
  const moved = sql`${wholeDays(shift)}::int`;
  const day = sql`(l.clicked_at at time zone 'UTC')::date`;
  const inTotals = [
    sql`f.tracker_config_id = any(${[...configIds]}::uuid[])`,
    sql`f.day >= ${local(range.from)} and f.day < ${local(range.to)}`,
    ...ofCampaigns('f'),
  ];
  const inLog = [
    sql`l.tracker_config_id = any(${[...configIds]}::uuid[]) and not l.is_derived`,
    sql`l.clicked_at >= ${range.from} and l.clicked_at < ${range.to}`,
    sql`not exists (select from reconciliation_day d where d.tracker_config_id = l.tracker_config_id and d.day = ${day})`,
    ...ofCampaigns('l'),
  ];
  const keyNames = sql.join(
    stored.map(({ key }) => sql`${key}, `),
    sql``,
  );
  return sql`
    select c.config, ${keyNames} c.local_day, null::timestamptz as hour_at, c.rate_day,
      coalesce(c.currency, t.settings ->> 'currency', 'USD') as currency, null::text as raw_status, null::boolean as is_reversal,
      null::text as spelling, sum(c.clicks)::bigint as clicks, 0::bigint as unique_clicks, 0::bigint as bot_clicks,
      0::bigint as landing_clicks, coalesce(sum(c.cost) filter (where not c.is_spent), 0) as cost, 0::bigint as conversions,
      0::numeric as revenue, ${period} as period, null::text as ad_campaign, null::text as ad_set, null::text as ad,
      ${sql.lit(areKnownToTotals(groupBy))} as is_placed
    from (
      select f.tracker_config_id as config, ${keys('f')} f.day + ${moved} as local_day, f.day as rate_day, f.cost_currency as currency,
        f.their_clicks as clicks, f.their_cost as cost, ${spentOn('f', sql`f.day`)} as is_spent
      from reconciliation_figure f where ${sql.join(inTotals, sql` and `)}
      union all
      select l.tracker_config_id, ${keys('l')} (l.clicked_at at time zone ${zone}::text)::date + ${moved}, ${day}, l.currency,
        1, l.cost, ${spentOn('l', day)}
      from click l where ${sql.join(inLog, sql` and `)}
    ) c join tracker_config t on t.id = c.config
    group by c.config, ${keyNames} c.local_day, c.rate_day, c.currency, t.settings`;
}
