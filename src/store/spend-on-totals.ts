// Spend of ads that lead to trackers without a click log: it takes the place of these trackers' own cost, campaign by campaign and day by day.
import { type RawBuilder, sql } from 'kysely';
import type { Range } from '../core/windows.ts';
import { AD_COLUMNS, type AdRoles, adJoins, adKeysSql } from './reports-ads.ts';

type Sql = RawBuilder<unknown>;

interface Asked {
  /** Trackers whose clicks only their daily totals count. */
  configIds: readonly string[];
  roles: AdRoles;
  range: Range;
}

const NEAR = sql`interval '2 days'`;
const UTC_DAY = sql`(l.clicked_at at time zone 'UTC')::date`;

/**
 * The CTEs `ad_run`, which of their campaigns run which ad campaigns, as a person or a sub-id of any row says, and
 * `ad_run_day` with the clicks that each had on a day, and its place among those of the ad campaign.
 */
export function runningCtes({ configIds, roles, range }: Asked): Sql {
  const own = sql`l.tracker_config_id = any(${[...configIds]}::uuid[])`;
  const told = (table: string, time: string): Sql => sql`
    select distinct l.tracker_config_id as config, ${adKeysSql(roles, false)} l.campaign_external_id from ${sql.table(table)} l
    where ${own} and l.campaign_external_id is not null
      and ${sql.ref(`l.${time}`)} >= ${range.from}::timestamptz - ${NEAR} and ${sql.ref(`l.${time}`)} < ${range.to}::timestamptz + ${NEAR}`;
  return sql`
    ad_run as materialized (
      select config as tracker_config_id, campaign_external_id, ad_campaign from (
        select f.config, f.campaign_external_id, ${AD_COLUMNS} from (
          ${told('click', 'clicked_at')} union ${told('conversion', 'converted_at')}
        ) f ${adJoins()}
      ) told where ad_campaign is not null
      union
      select l.tracker_config_id, l.campaign_external_id, l.ad_campaign_external_id from ad_campaign_map l where ${own}
    ), ad_run_day as materialized (
      select r.ad_campaign, d.day, d.tracker_config_id, d.campaign_external_id, d.clicks,
        sum(d.clicks) over (partition by r.ad_campaign, d.day order by d.tracker_config_id, d.campaign_external_id) as so_far,
        sum(d.clicks) over (partition by r.ad_campaign, d.day) as of_all
      from ad_run r join (
        select tracker_config_id, campaign_external_id, day, sum(clicks) as clicks from (
          select l.tracker_config_id, l.campaign_external_id, l.day, l.their_clicks as clicks
          from reconciliation_figure l
          where ${own} and l.day >= (${range.from}::timestamptz - ${NEAR})::date and l.day <= (${range.to}::timestamptz + ${NEAR})::date
          union all
          select l.tracker_config_id, l.campaign_external_id, ${UTC_DAY}, 1
          from click l
          where ${own} and not l.is_derived
            and l.clicked_at >= ${range.from}::timestamptz - ${NEAR} and l.clicked_at < ${range.to}::timestamptz + ${NEAR}
            and not exists (select from reconciliation_day d
              where d.tracker_config_id = l.tracker_config_id and d.day = ${UTC_DAY})
        ) d group by tracker_config_id, campaign_external_id, day having sum(clicks) > 0
      ) d using (tracker_config_id, campaign_external_id)
    )`;
}

/** Whether spend takes the place of a campaign's own cost on a day; rows under `alias` are of one campaign. */
export const isSpentOn = (alias: string, day: Sql): Sql => sql`exists (
  select from ad_run r join ad_spend_counted s on s.ad_campaign_external_id = r.ad_campaign and s.day = ${day}
  where r.tracker_config_id = ${sql.ref(`${alias}.tracker_config_id`)}
    and r.campaign_external_id = ${sql.ref(`${alias}.campaign_external_id`)})`;
