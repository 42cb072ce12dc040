// Uploaded spend of past days that was changed since a time: how much it was then, and how much it is.
import { sql } from 'kysely';
import type { AdLevel } from '../core/ads.ts';
import type { Db, Tx } from './db.ts';

export interface SpendChange {
  day: string;
  platform: string;
  level: AdLevel;
  currency: string;
  /** Ads, ad sets or ad campaigns whose spend of that day was changed. */
  ads: number;
  before: string;
  now: string;
}

/** Longer than anybody may ask back. */
const KEPT_DAYS = 100;

/** Newest day first. What was changed and changed back is no news. */
export async function readSpendChanges(
  tx: Tx,
  { since, now, zone }: { since: Date; now: Date; zone: string },
): Promise<SpendChange[]> {
  const { rows } = await sql<SpendChange>`
    with first as (
      select distinct on (level, external_id, day) * from ad_spend_change
      where seen_at >= ${since} and day < (${now}::timestamptz at time zone ${zone}::text)::date
      order by level, external_id, day, id
    ), moved as (
      select f.level, f.external_id, f.day, coalesce(a.platform, '') as platform, f.amount_before, f.currency_before, s.amount, s.currency
      from first f
      left join ad a using (organization_id, level, external_id)
      left join ad_spend s using (organization_id, level, external_id, day)
      where (f.amount_before, f.currency_before) is distinct from (s.amount, s.currency)
    ), sides as (
      select *, currency_before as in_currency, amount_before as before, 0 as now from moved where amount_before is not null
      union all
      select *, currency, 0, amount from moved where amount is not null
    )
    select day::text as day, platform, level, in_currency as currency, count(distinct external_id)::int as ads,
      trim_scale(sum(before))::text as before, trim_scale(sum(now))::text as now
    from sides group by day, platform, level, in_currency
    order by sides.day desc, platform, level, in_currency`.execute(tx);
  return rows;
}

export async function dropOldSpendChanges(db: Db): Promise<void> {
  await sql`delete from ad_spend_change where seen_at < now() - make_interval(days => ${KEPT_DAYS})`.execute(db);
}
