// Uploaded spend in reports: it takes the place of the clicks' own cost, shared out over an ad's clicks of the day, to the last digit.
import { type RawBuilder, sql } from 'kysely';
import { DAY_MS, type Range } from '../core/windows.ts';
import type { Tx } from './db.ts';
import { AD_COLUMNS, AD_JOINS, type AdRoles, adKeysSql } from './reports-ads.ts';
import { isStored } from './reports-dimensions.ts';
import { type FactsAsk, keysSql, storedFilters } from './reports-facts.ts';

type Sql = RawBuilder<unknown>;

/** The zones in whose days there is spend, and the time that these days take. */
interface SpentDays {
  zones: string[];
  range: Range;
}

const SINCE = sql`(s.day::timestamp at time zone s.zone)`;
const UNTIL = sql`((s.day + 1)::timestamp at time zone s.zone)`;
/** A day is nowhere further from its UTC day than that. */
const NEAR = sql`interval '2 days'`;

const spentIn = ({ from, to }: Range): Sql => sql`s.day >= (${from}::timestamptz - ${NEAR})::date
  and s.day <= (${to}::timestamptz + ${NEAR})::date and ${UNTIL} > ${from} and ${SINCE} < ${to}`;

/** Null where no day of the range has any. */
export async function spentDays(tx: Tx, range: Range): Promise<SpentDays | null> {
  const { rows } = await sql<{ zone: string; from: Date; to: Date }>`
    select s.zone, min(${SINCE}) as from, max(${UNTIL}) as to from ad_spend s where ${spentIn(range)} group by 1 order by 1`.execute(
    tx,
  );
  if (rows.length === 0) return null;
  const from = new Date(Math.min(...rows.map((row) => row.from.getTime())));
  const to = new Date(Math.max(...rows.map((row) => row.to.getTime())));
  return { zones: rows.map(({ zone }) => zone), range: { from, to } };
}

/** Six digits behind the point at least: a cent shared out over ten thousand clicks. */
const DIGITS = sql`greatest(scale(amount), 6)`;

/**
 * What spend changes, as resolved facts: for each cell its share, and its clicks' own cost taken back. Shares are the
 * differences of a running total, each rounded: their sum is the spend. What no click belongs to stands under its ad.
 * @param keys of the cells, as facts have them
 * @param everyConfig those that are not going
 */
export function spendFacts(
  ask: FactsAsk,
  { zones, range }: SpentDays,
  roles: AdRoles,
  everyConfig: readonly string[],
  scope: { isNarrow: boolean },
): Sql {
  const p = ask.period;
  const { groupBy, shiftMs } = ask;
  const stored = groupBy.flatMap((name, i) => (isStored(name) ? [`k${i}`] : []));
  const cell = ['config', ...stored, 'local_day', 'hour_at', 'rate_day', 'is_in', 'own_currency'];
  const days = zones.map((zone, i) => sql`(l.clicked_at at time zone ${zone}::text)::date as ${sql.id(`day${i}`)}, `);
  const filters = [
    sql`l.clicked_at >= ${ask.range.from}`,
    sql`l.clicked_at < ${ask.range.to}`,
    ...(ask.configIds === null ? [] : [sql`l.tracker_config_id = any(${[...ask.configIds]}::uuid[])`]),
    ...storedFilters(ask),
  ];
  const configs = roles.configIds.filter((id) => everyConfig.includes(id));
  const places = stored.length + 10 + zones.length;
  const positions = sql.raw(Array.from({ length: places }, (_, i) => String(i + 1)).join(', '));
  const onDay = (alias: string): Sql =>
    sql`${sql.ref(`${alias}.day`)} = case ${sql.ref(`${alias}.zone`)} ${sql.join(
      zones.map((zone, i) => sql`when ${zone}::text then ${sql.ref(`c.day${i}`)}`),
      sql` `,
    )} end`;
  const cellColumns = sql.raw(cell.join(', '));
  const nothing = sql`null::text as raw_status, null::boolean as is_reversal, null::text as spelling, 0::bigint as clicks,
    0::bigint as unique_clicks, 0::bigint as bot_clicks, 0::bigint as landing_clicks`;
  const noConversions = sql`0::bigint as conversions, 0::numeric as revenue, ${p} as period`;
  const storedColumns = sql.raw(stored.map((name) => `${name}, `).join(''));
  const noStored = sql.raw(stored.map((name) => `null::text as ${name}, `).join(''));
  return sql`
    select * from (
      with spend as materialized (
        select row_number() over (order by s.day, s.zone, s.level, s.external_id) as id, s.*, ${SINCE} as since
        from ad_spend_counted s where ${spentIn(range)}
      ), cells as materialized (
        select l.tracker_config_id as config, ${keysSql(ask, sql`l.clicked_at`)}
          (${sql.join(filters, sql` and `)}) as is_in, l.currency as own_currency,
          ${sql.join(days, sql``)} ${adKeysSql(roles, false)} count(*) as clicks, coalesce(sum(l.cost), 0) as cost
        from click l
        where not l.is_derived and l.clicked_at >= ${range.from} and l.clicked_at < ${range.to}
          and l.tracker_config_id = any(${configs}::uuid[])
        group by ${positions}
      ), placed as (
        select c.*, coalesce(s1.id, s2.id, s3.id) as spend_id from (
          select f.*, ${AD_COLUMNS} from cells f ${AD_JOINS}
        ) c
        left join spend s1 on s1.level = 'ad' and s1.external_id = c.ad and ${onDay('s1')}
        left join spend s2 on s2.level = 'ad_set' and s2.external_id = c.ad_set and ${onDay('s2')}
        left join spend s3 on s3.level = 'ad_campaign' and s3.external_id = c.ad_campaign and ${onDay('s3')}
      ), counted as materialized (
        select ${cellColumns}, p.ad_campaign, p.ad_set, p.ad, p.spend_id, sum(p.clicks) as clicks, sum(p.cost) as cost
        from placed p where p.spend_id is not null group by ${cellColumns}, p.ad_campaign, p.ad_set, p.ad, p.spend_id
      ), shared as (
        select c.*, s.amount, s.currency as spend_currency,
          sum(c.clicks) over (partition by c.spend_id order by ${sql.raw(cell.map((name) => `c.${name}`).join(', '))}, c.ad_campaign, c.ad_set, c.ad
            rows unbounded preceding) as so_far,
          sum(c.clicks) over (partition by c.spend_id) as of_all
        from counted c join spend s on s.id = c.spend_id
      )
      select config, ${storedColumns} local_day, hour_at, rate_day, spend_currency as currency, ${nothing},
        round(amount * so_far / of_all, ${DIGITS}) - round(amount * (so_far - clicks) / of_all, ${DIGITS}) as cost,
        ${noConversions}, ad_campaign, ad_set, ad, true as is_placed
      from shared where is_in
      union all
      select c.config, ${storedColumns} c.local_day, c.hour_at, c.rate_day, coalesce(c.own_currency, t.settings ->> 'currency', 'USD'), ${nothing},
        -c.cost, ${noConversions}, c.ad_campaign, c.ad_set, c.ad, true
      from counted c join tracker_config t on t.id = c.config where c.is_in
      ${
        scope.isNarrow
          ? sql``
          : sql`union all
      select null::uuid, ${noStored} s.day + ${Math.round(shiftMs / DAY_MS)}::int, null::timestamptz, ${ask.isRated ? sql`s.day` : sql`null::date`}, s.currency, ${nothing}, s.amount, ${noConversions},
        s.ad_campaign_external_id, s.ad_set_external_id, s.ad_external_id, true
      from spend s where s.since >= ${ask.range.from} and s.since < ${ask.range.to}
        and s.id not in (select spend_id from counted)`
      }
    ) spent`;
}
