// Spend that no click of a log has: by the totals of the trackers that its ads lead to, else under its ad alone.
import { type RawBuilder, sql } from 'kysely';
import { isAd, isStored, storedFilterSql } from './reports-dimensions.ts';
import { localDaySql } from './reports-periods.ts';
import type { FactsAsk } from './reports-relation.ts';
import { areKnownToTotals } from './reports-totals.ts';
import { SHARE } from './spend-shares.ts';

type Sql = RawBuilder<unknown>;

/** It counts in the middle of its day: there it is the same day by the clocks of most zones. */
export const middleOf = (since: Sql): Sql => sql`(${since} + interval '12 hours')`;

/** What such facts have none of. */
export const NOTHING = sql`null::text as raw_status, null::boolean as is_reversal, null::text as spelling, 0::bigint as clicks,
  0::bigint as unique_clicks, 0::bigint as bot_clicks, 0::bigint as landing_clicks`;
export const noConversions = ({ period }: Pick<FactsAsk, 'period'>): Sql =>
  sql`0::bigint as conversions, 0::numeric as revenue, ${period} as period`;

/** How far it is asked for. */
export interface RestScope {
  /** By what spend without a click has not: what no campaign has is left out. */
  isNarrow: boolean;
  /** The CTEs of `spend-on-totals.ts` are there, and these of their trackers are asked for; null where there is none. */
  runsOf: readonly string[] | null;
}

/** Whether any of it can be asked for. */
export const isRestAsked = ({ filters }: Pick<FactsAsk, 'filters'>, { isNarrow, runsOf }: RestScope): boolean =>
  !isNarrow ||
  (runsOf !== null &&
    runsOf.length > 0 &&
    areKnownToTotals(filters.map(({ dimension }) => dimension).filter((name) => !isAd(name))));

/** A select of the spend of a relation, whose days begin at `since`; other conditions are on rows under `s`. */
export function restFacts(ask: FactsAsk, scope: RestScope, relation: string, since: Sql, where: Sql): Sql {
  const { groupBy, filters, isRated } = ask;
  const { isNarrow, runsOf } = scope;
  const hasRuns = runsOf !== null;
  const keys = groupBy.flatMap((name, i) => {
    if (!isStored(name)) return [];
    const value = hasRuns && name === 'campaign' ? sql`d.campaign_external_id` : sql`null::text`;
    return [sql`${value} as ${sql.id(`k${i}`)}, `];
  });
  const isPlaced = areKnownToTotals(groupBy.filter((name) => !isAd(name)));
  const runs = sql`ad_run_day d on d.ad_campaign = s.ad_campaign_external_id and d.day = s.day`;
  const ofRuns = filters.flatMap(({ dimension, values }) =>
    dimension === 'campaign' ? [storedFilterSql(dimension, values, sql`d.campaign_external_id`, 'd')] : [],
  );
  const asked = [
    ...(isNarrow ? [sql`d.tracker_config_id = any(${[...(runsOf ?? [])]}::uuid[])`] : []),
    ...(hasRuns ? ofRuns : []),
  ];
  return sql`
    select ${hasRuns ? sql`d.tracker_config_id` : sql`null::uuid`} as config, ${sql.join(keys, sql``)}
      ${localDaySql(middleOf(since), ask)} as local_day, null::timestamptz as hour_at,
      ${isRated ? sql`s.day` : sql`null::date`} as rate_day, s.currency, ${NOTHING},
      ${hasRuns ? sql`case when d.clicks is null then s.amount else ${SHARE} end` : sql`s.amount`} as cost, ${noConversions(ask)},
      s.ad_campaign_external_id as ad_campaign, s.ad_set_external_id as ad_set, s.ad_external_id as ad,
      ${hasRuns && !isPlaced ? sql`d.clicks is null` : sql`true`} as is_placed
    from ${sql.table(relation)} s ${hasRuns ? sql`${isNarrow ? sql`` : sql`left`} join ${runs}` : sql``}
    where ${sql.join([where, ...asked], sql` and `)}`;
}
