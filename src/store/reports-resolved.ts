// All that a report adds up, of each source and period, with its currency, its ads, and what spend makes of its cost.
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './db.ts';
import { AD_COLUMNS, type AdRoles, adJoins, NO_ADS, NO_ROLES, readAdRoles } from './reports-ads.ts';
import type { ReportAsk } from './reports-ask.ts';
import { isSpokenOf } from './reports-configs.ts';
import { asksForNone, isAd, isStored, isTime, type ReportDimension } from './reports-dimensions.ts';
import { factsSql } from './reports-facts.ts';
import { periodsOf } from './reports-periods.ts';
import { piecesOf } from './reports-pieces.ts';
import { ratedFacts } from './reports-rates.ts';
import type { FactsAsk } from './reports-relation.ts';
import { hasSpend, readSpentAds, spendParts } from './reports-spend.ts';
import { areKnownToTotals, totalFacts } from './reports-totals.ts';
import { adOf, hasNoClicks, type Summed } from './reports-untold.ts';
import { runningCtes } from './spend-on-totals.ts';

/** The CTEs `facts`, as they are stored, and `resolved`, with their currency, their ads, and what spend makes of their cost. */
export async function allFacts(tx: Tx, ask: ReportAsk): Promise<{ facts: RawBuilder<unknown>; summed: Summed }> {
  const configs = await readConfigs(tx, ask);
  const wanted = configs.filter(({ isGoing, isAsked }) => !isGoing && isAsked);
  const configIds = wanted.length === configs.length ? null : wanted.map(({ id }) => id);
  const dimensions = [...ask.groupBy, ...ask.filters.map(({ dimension }) => dimension)];
  const roles = await readAdRoles(tx);
  const isRated = (ask.currency ?? null) !== null;
  const live = configs.filter(({ isGoing }) => !isGoing);
  const idsOf = (some: readonly KnownConfig[]): string[] => some.map(({ id }) => id);
  const lacking = idsOf(live.filter((one) => lacksClicks(one, ask)));
  const kept = idsOf(live.filter((one) => !lacksClicks(one, ask)));
  const summedIds = idsOf(wanted.filter((config) => lacksClicks(config, ask)));
  const ads = dimensions.some(isAd) ? roles : null;
  const isNarrow = ask.filters.some((filter) => !isMetByRest(filter));
  const parts: RawBuilder<unknown>[] = [];
  const spent: RawBuilder<unknown>[] = [];
  const asking = periodsOf(ask, ask.zone, ask.comparesPrevious);
  const all = { from: asking.at(-1)!.range.from, to: ask.to };
  const hasRuns = lacking.length > 0 && (await hasSpend(tx, all));
  const haveAds = summedIds.some((id) => roles.configIds.includes(id));
  const spentAds = haveAds && hasRuns ? await readSpentAds(tx, ask.groupBy[adOf(ask)], all) : [];
  const summed = { ids: summedIds, haveAds, spentAds };
  const runs = hasRuns ? sql`${runningCtes({ configIds: lacking, roles, range: all })},` : sql``;
  const rest = { isNarrow, runsOf: hasRuns ? summedIds : null };
  for (const asked of asking) {
    const { range, shift } = asked;
    const factsAsk = { ...ask, ...asked, configIds, ads, isRated };
    for (const source of ['click', 'conversion'] as const) {
      const isLogged = ({ id }: KnownConfig) => source === 'conversion' || !summedIds.includes(id);
      const own = summedIds.length === 0 && ads === null ? configIds : idsOf(wanted.filter(isLogged));
      for (const half of halvesOf(own, dimensions, ads)) {
        const question = { source, dimensions: half.dimensions, range, shiftMs: shift.ms, zone: ask.zone };
        const pieces = await piecesOf(tx, question, half.configIds);
        parts.push(factsSql(source, { ...factsAsk, ...half }, pieces));
      }
    }
    if (summedIds.length > 0 && areKnownToTotals(ask.filters.map(({ dimension }) => dimension)))
      spent.push(totalFacts(factsAsk, summedIds, hasRuns));
    const spend = await spendParts(tx, factsAsk, { dimensions, roles, everyConfig: kept, rest });
    parts.push(...spend.summed);
    spent.push(...spend.resolved);
  }
  const stored = ask.groupBy.flatMap((name, i) => (isStored(name) ? [`f.k${i}, `] : []));
  const resolved = sql`
    select f.config, ${sql.raw(stored.join(''))} f.local_day, f.hour_at, f.rate_day, coalesce(f.currency, t.settings ->> 'currency', 'USD') as currency,
      f.raw_status, f.is_reversal, f.spelling, f.clicks, f.unique_clicks, f.bot_clicks, f.landing_clicks, f.cost, f.conversions,
      f.revenue, f.period, ${ads === null ? NO_ADS : AD_COLUMNS}, true as is_placed
    from facts f join tracker_config t on t.id = f.config ${ads === null ? sql`` : adJoins()}`;
  const facts = sql`${runs} facts as materialized (${sql.join(parts, sql` union all `)}),
    resolved as (${sql.join([resolved, ...spent], sql` union all `)})`;
  if (!isRated) return { facts, summed };
  const before = `f.config, ${stored.join('')} f.local_day, f.hour_at,`;
  const after = `f.raw_status, f.is_reversal, f.spelling, f.clicks, f.unique_clicks, f.bot_clicks, f.landing_clicks, f.conversions,
    f.period, f.ad_campaign, f.ad_set, f.ad, f.is_placed`;
  return { facts: sql`${facts}, ${ratedFacts(ask.currency!, { before, after })}`, summed };
}

type Half = Pick<FactsAsk, 'configIds' | 'ads'> & { dimensions: readonly ReportDimension[] };

/** Trackers whose rows lead to no ad are told apart by none: their sums will do. */
function halvesOf(
  configIds: readonly string[] | null,
  dimensions: readonly ReportDimension[],
  ads: AdRoles | null,
): Half[] {
  if (ads === null || configIds === null) return [{ configIds, dimensions, ads }];
  const [leading, others] = [true, false].map((leads) =>
    configIds.filter((id) => ads.configIds.includes(id) === leads),
  );
  const none = { configIds: others!, dimensions: dimensions.filter((name) => !isAd(name)), ads: NO_ROLES };
  return [{ configIds: leading!, dimensions, ads }, ...(others!.length === 0 ? [] : [none])];
}

/** Spend that no click has tells its ad and its day, and nothing else. */
const isMetByRest = ({ dimension, values }: ReportAsk['filters'][number]): boolean =>
  isAd(dimension) || isTime(dimension) || (isStored(dimension) && asksForNone(values));

interface KnownConfig {
  id: string;
  type: string;
  isGoing: boolean;
  hasNoClicks: boolean;
  isAsked: boolean;
}

async function readConfigs(tx: Tx, { filters }: ReportAsk): Promise<KnownConfig[]> {
  const { rows } = await sql<KnownConfig>`
    select id, type, desired_state = 'deleting' as "isGoing", ${hasNoClicks} as "hasNoClicks", ${isSpokenOf(filters)} as "isAsked"
    from tracker_config`.execute(tx);
  return rows;
}

/** By its declaration; or because its log was never to be had. */
const lacksClicks = ({ type, hasNoClicks }: KnownConfig, { typesWithoutClickLog = [] }: ReportAsk): boolean =>
  hasNoClicks || typesWithoutClickLog.includes(type);
