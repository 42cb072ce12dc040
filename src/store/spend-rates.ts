// Shares of spend at so much a click: where it is known how many clicks each day of an ad has, they are found in one pass over those that are asked for.
import { type RawBuilder, sql } from 'kysely';
import type { Range } from '../core/windows.ts';
import type { Tx } from './db.ts';
import { localSql } from './local-time.ts';
import { AD_COLUMNS, AD_KEYS, type AdRoles, adJoins, adKeysSql, NO_ADS, toldBy } from './reports-ads.ts';
import { type FactsAsk, keysSql, storedFilters } from './reports-relation.ts';
import { middleOf, NOTHING, noConversions, type RestScope, restFacts } from './reports-rest.ts';
import { duringAny, SINCE, type SpentDays } from './spend-shares.ts';

type Sql = RawBuilder<unknown>;

/** What a click of an ad costs on a day. */
interface Rate {
  ad: string;
  day: string;
  zone: string;
  currency: string;
  /** Exact to thirty digits: ten million of them are right to the last digit that is shown. */
  rate: string;
  /** Digits behind the point of the amount. */
  digits: number;
}

/** More are not worth to be sent there and back, nor to be looked for in more zones. */
const MOST_RATES = 50_000;
const MOST_ZONES = 4;

/** Null where some spend is not told of ads, or there is too much of it. To be used for days whose totals are true. */
export async function readRates(tx: Tx, { ads, spend, zones }: SpentDays): Promise<Rate[] | null> {
  if (ads === null || zones.length > MOST_ZONES) return null;
  const { rows } = await sql<Rate>`
    select s.external_id as ad, s.day::text as day, s.zone, s.currency, (round(s.amount, 30) / t.clicks)::text as rate,
      scale(s.amount) as digits
    from ad_spend_counted s join spend_total t on t.level = s.level and t.external_id = s.external_id and t.day = s.day
    where ${spend} limit ${MOST_RATES + 1}`.execute(tx);
  return rows.length > MOST_RATES ? null : rows;
}

export interface RatedAsk {
  rates: readonly Rate[];
  days: SpentDays;
  spans: readonly Range[];
  roles: AdRoles;
  configIds: readonly string[];
  /** Null where none is asked for. */
  rest: RestScope | null;
}

/** For each cell its share, and its clicks' own cost taken back; of clicks within the spans. */
export function ratedSpend(ask: FactsAsk, cellColumns: readonly string[], given: RatedAsk): Sql {
  const { rates, days, spans, roles, configIds, rest } = given;
  const told = toldBy(roles, 'ad', 'l');
  const whole = { from: spans[0]!.from, to: spans.at(-1)!.to };
  const ads = [...new Set(rates.map(({ ad }) => ad))];
  // Each ad has all its days in one zone: at most one of the joins finds it.
  const joins = days.zones.map((zone, i) => {
    const own = rates.filter((rate) => rate.zone === zone);
    return ratesJoin(own, sql.id(`r${i}`), told, sql`${localSql(sql`l.clicked_at`, zone, whole)}::date`);
  });
  const found = (column: string): Sql =>
    sql`coalesce(${sql.join(days.zones.map((_, i) => sql.ref(`r${i}.${column}`)))})`;
  const isIn = [
    ...[
      duringAny(spans, sql`l.clicked_at`),
      sql`not l.is_derived`,
      sql`l.tracker_config_id = any(${[...configIds]}::uuid[])`,
    ],
    ...[sql`${told} = any(${ads}::text[])`, sql`${found('ad')} is not null`, ...storedFilters(ask)],
    ...(ask.configIds === null ? [] : [sql`l.tracker_config_id = any(${[...ask.configIds]}::uuid[])`]),
  ];
  const columns = ['config', ...cellColumns];
  const ofAds = ask.ads === null ? [] : AD_KEYS;
  const keys = sql.raw(columns.map((name) => `f.${name}, `).join(''));
  const order = sql.raw([...columns, ...ofAds, 'own_currency'].map((name) => `m.${name}`).join(', '));
  const places = columns.length + ofAds.length + 2;
  const positions = sql.raw(Array.from({ length: places }, (_, i) => String(i + 1)).join(', '));
  const digits = sql.lit(Math.max(6, ...rates.map((rate) => rate.digits)));
  const adsOf = sql`${ask.ads === null ? NO_ADS : AD_COLUMNS}, true as is_placed`;
  const adsJoin = ask.ads === null ? sql`` : adJoins();
  return sql`
    select * from (
      with moved as materialized (
        select l.tracker_config_id as config, ${keysSql(ask, sql`l.clicked_at`)}
          ${ask.ads === null ? sql`` : adKeysSql(ask.ads, false)} l.currency as own_currency, ${found('currency')} as spend_currency,
          sum(${found('rate')}) as share, coalesce(sum(l.cost), 0) as cost
        from click l ${sql.join(joins, sql` `)}
        where ${sql.join(isIn, sql` and `)} group by ${positions}
      ), spend as (select s.*, ${SINCE} as since from ad_spend_counted s where ${days.spend})
      select ${keys} f.spend_currency as currency, ${NOTHING}, round(f.so_far, ${digits}) - round(f.so_far - f.share, ${digits}) as cost,
        ${noConversions(ask)}, ${adsOf}
      from (
        select m.*, sum(m.share) over (partition by m.spend_currency order by ${order} rows unbounded preceding) as so_far from moved m
      ) f ${adsJoin}
      union all
      select ${keys} coalesce(f.own_currency, t.settings ->> 'currency', 'USD'), ${NOTHING}, -f.cost, ${noConversions(ask)}, ${adsOf}
      from moved f join tracker_config t on t.id = f.config ${adsJoin}
      ${rest === null ? sql`` : sql`union all ${restFacts(ask, rest, 'spend', sql`s.since`, isUnclicked(spans))}`}
    ) spent`;
}

function ratesJoin(rates: readonly Rate[], own: Sql, ad: Sql, day: Sql): Sql {
  const of = (name: 'ad' | 'day' | 'currency' | 'rate') => rates.map((rate) => rate[name]);
  return sql`
    left join unnest(${of('ad')}::text[], ${of('day')}::date[], ${of('currency')}::text[], ${of('rate')}::numeric[])
      ${own} (ad, day, currency, rate) on ${own}.ad = ${ad} and ${own}.day = ${day}`;
}

const isUnclicked = (spans: readonly Range[]): Sql => sql`${duringAny(spans, middleOf(sql`s.since`))} and not exists (
  select from spend_total t where t.level = s.level and t.external_id = s.external_id and t.day = s.day)`;
