// Reports in one currency: each day's money at that day's rate, or at the nearest one before; where there is none, it is said.
import { type RawBuilder, sql } from 'kysely';

type Sql = RawBuilder<unknown>;

/** A rate is good for a week; one without a day for every day that has none of its own. */
const GOOD_FOR_DAYS = 7;
const DIGITS = 6;

/** The CTEs `rates`, of each currency and day of `resolved`, and `rated`, with money in the currency where there is a rate. */
export function ratedFacts(currency: string, columns: { before: string; after: string }): Sql {
  const near = (alias: string): Sql => {
    const day = sql.ref(`${alias}.day`);
    return sql`${day} <= p.rate_day and (${day} >= p.rate_day - ${GOOD_FOR_DAYS}::int or not isfinite(${day}))`;
  };
  return sql`
    edges as materialized (
      select base as one, currency as other, day, rate as factor from currency_rate
      union all select currency, base, day, 1 / rate from currency_rate
    ),
    rates as materialized (
      select p.own, p.rate_day, r.factor, case when isfinite(r.day) then p.rate_day - r.day end as age
      from (select distinct currency as own, rate_day from resolved) p
      left join lateral (
        select 0 as steps, p.rate_day as day, 1::numeric as factor where p.own = ${currency}
        union all
        select 1, e.day, e.factor from edges e where e.one = p.own and e.other = ${currency} and ${near('e')}
        union all
        select 2, least(e.day, o.day), e.factor * o.factor from edges e join edges o on o.one = e.other
        where e.one = p.own and o.other = ${currency} and ${near('e')} and ${near('o')}
        order by 2 desc, 1 limit 1
      ) r on true
    ),
    rated as (
      select ${sql.raw(columns.before)} case when r.factor is null then f.currency else ${currency}::text end as currency,
        round(f.cost * coalesce(r.factor, 1), case when r.factor is null then scale(f.cost) else ${DIGITS}::int end) as cost,
        round(f.revenue * coalesce(r.factor, 1), case when r.factor is null then scale(f.revenue) else ${DIGITS}::int end) as revenue,
        ${sql.raw(columns.after)}
      from resolved f join rates r on r.own = f.currency and r.rate_day is not distinct from f.rate_day
    )`;
}
