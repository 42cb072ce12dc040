// Daily rates of currencies, as an organisation gives them: one unit of the base is so many of the other.
import { sql } from 'kysely';
import type { Tx } from './db.ts';
import { type Page, type PageAsk, pageOf } from './lists-page.ts';

export interface Rate {
  base: string;
  currency: string;
  /** Null for the rate of all days that have none of their own near. */
  day: string | null;
  rate: string;
}

/** Null takes the rate back. */
export type GivenRate = Omit<Rate, 'rate'> & { rate: string | null };

/**
 * A pair of currencies has one rate a day: told the other way round, the one told before goes. To be called in the
 * organisation's turn.
 * @returns how many rates were taken back
 */
export async function putRates(tx: Tx, organizationId: string, rates: readonly GivenRate[]): Promise<number> {
  const told = JSON.stringify(rates);
  await sql`
    delete from currency_rate r using jsonb_to_recordset(${told}::jsonb) as g (base text, currency text, day date, rate numeric)
    where g.rate is not null and r.organization_id = ${organizationId} and r.base = g.currency and r.currency = g.base
      and r.day = coalesce(g.day, '-infinity')`.execute(tx);
  await sql`
    insert into currency_rate (organization_id, base, currency, day, rate)
    select ${organizationId}, base, currency, coalesce(day, '-infinity'), rate
    from jsonb_to_recordset(${told}::jsonb) as g (base text, currency text, day date, rate numeric)
    where rate is not null
    order by base, currency, day
    on conflict (organization_id, base, currency, day) do update set rate = excluded.rate, updated_at = now()
    where currency_rate.rate <> excluded.rate`.execute(tx);
  const { numAffectedRows } = await sql`
    delete from currency_rate r using jsonb_to_recordset(${told}::jsonb) as g (base text, currency text, day date, rate numeric)
    where g.rate is null and r.organization_id = ${organizationId} and r.base = g.base and r.currency = g.currency
      and r.day = coalesce(g.day, '-infinity')`.execute(tx);
  return Number(numAffectedRows);
}

export type RatePlace = Omit<Rate, 'rate'>;

/** Newest day first, those without a day last. */
export async function listRates(
  tx: Tx,
  { from, to, currency }: { from?: string | undefined; to?: string | undefined; currency?: string | undefined },
  { limit, after }: PageAsk<RatePlace>,
): Promise<Page<Rate, RatePlace>> {
  let query = tx
    .selectFrom('currency_rate')
    .select(['base', 'currency', sql<string | null>`case when isfinite(day) then day::text end`.as('day')])
    .select(sql<string>`trim_scale(rate)::text`.as('rate'))
    .orderBy(sql`currency_rate.day`, 'desc')
    .orderBy('base')
    .orderBy('currency')
    .limit(limit + 1);
  if (after !== null) {
    const day = sql`coalesce(${after.day}::date, '-infinity')`;
    query = query.where(
      sql<boolean>`(currency_rate.day < ${day} or (currency_rate.day = ${day} and (base, currency) > (${after.base}, ${after.currency})))`,
    );
  }
  if (from !== undefined) query = query.where(sql<boolean>`currency_rate.day >= ${from}::date`);
  if (to !== undefined) query = query.where(sql<boolean>`currency_rate.day < ${to}::date`);
  if (currency !== undefined) query = query.where('currency', '=', currency);
  return pageOf(await query.execute(), limit, ({ rate: _, ...place }) => place);
}
