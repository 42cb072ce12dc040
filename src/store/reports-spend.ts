// Uploaded spend in reports: it takes the place of the clicks' own cost, from sums where they hold and shared out anew where not.
import { type RawBuilder, sql } from 'kysely';
import type { Range } from '../core/windows.ts';
import type { Tx } from './db.ts';
import type { AdRoles } from './reports-ads.ts';
import { AD_LEVEL_OF, isAd, isStored, type ReportDimension } from './reports-dimensions.ts';
import { piecesOf, type Span } from './reports-pieces.ts';
import { type FactsAsk, keysSql, storedFilters } from './reports-relation.ts';
import { isRestAsked, middleOf, NOTHING, noConversions, type RestScope, restFacts } from './reports-rest.ts';
import { summedSpend } from './reports-sums.ts';
import { areTotalsTrue, staleSpans } from './spend-doubt.ts';
import { ratedSpend, readRates } from './spend-rates.ts';
import {
  countedClicks,
  duringAny,
  lineOf,
  SHARE,
  type SpentDays,
  sharedClicks,
  spentDays,
  spentIn,
  withoutRanges,
} from './spend-shares.ts';

type Sql = RawBuilder<unknown>;

interface SpendAsk {
  /** All that is grouped or filtered by. */
  dimensions: readonly ReportDimension[];
  roles: AdRoles;
  /** Those that are not going, and have a log. */
  everyConfig: readonly string[];
  rest: RestScope;
}

/** What spend changes: as facts, out of sums, and as resolved ones. */
export async function spendParts(tx: Tx, ask: FactsAsk, given: SpendAsk): Promise<{ summed: Sql[]; resolved: Sql[] }> {
  const { range, zone, shift } = ask;
  if (!(await hasSpend(tx, range))) return { summed: [], resolved: [] };
  const { dimensions, roles, everyConfig, rest } = given;
  const configIds = roles.configIds.filter((id) => everyConfig.includes(id));
  const question = { source: 'click' as const, dimensions, range, shiftMs: shift.ms, zone };
  const pieces = await piecesOf(tx, question, null, (summed) => staleSpans(tx, summed, roles.configIds));
  const hasRest = isRestAsked(ask, rest);
  const shares = await shareOut(tx, ask, { spans: pieces.spans, roles, configIds, rest: hasRest ? rest : null });
  if (pieces.set === null) return { summed: [], resolved: shares };
  const summedRest = hasRest ? [restOfSums(ask, rest, pieces.spans)] : [];
  return { summed: summedSpend(ask, pieces), resolved: [...shares, ...summedRest] };
}

type SharesAsk = Omit<SharedAsk, 'days' | 'hasTotals'>;

/** At a rate a click where the totals hold; where not, over all clicks of their days. */
async function shareOut(tx: Tx, ask: FactsAsk, given: SharesAsk): Promise<Sql[]> {
  const { spans, roles, rest } = given;
  const days = await spentDays(tx, spans);
  if (days === null) return [];
  if (days.ads === null) {
    const hasTotals = rest === null && (await areTotalsTrue(tx, days, roles));
    return [sharedSpend(ask, { ...given, days, hasTotals })];
  }
  const stale = await staleSpans(tx, ask.range, roles.configIds);
  const fresh = withoutRanges(spans, stale);
  const freshDays = await spentDays(tx, fresh);
  const rates = freshDays === null ? [] : await readRates(tx, freshDays);
  if (rates === null) return [sharedSpend(ask, { ...given, days, hasTotals: false })];
  const doubtful = withoutRanges(spans, fresh);
  const doubtfulDays = await spentDays(tx, doubtful);
  return [
    ...(freshDays === null
      ? []
      : [ratedSpend(ask, cellColumnsOf(ask), { ...given, rates, days: freshDays, spans: fresh })]),
    ...(doubtfulDays === null
      ? []
      : [sharedSpend(ask, { ...given, days: doubtfulDays, spans: doubtful, hasTotals: false })]),
  ];
}

export async function hasSpend(tx: Tx, range: Range): Promise<boolean> {
  const { rows } = await sql`select 1 from ad_spend s where ${spentIn([range])} limit 1`.execute(tx);
  return rows.length > 0;
}

/** Ads, their sets or ad campaigns that spend was uploaded for. */
export async function readSpentAds(tx: Tx, name: ReportDimension | undefined, range: Range): Promise<string[]> {
  if (name === undefined || !isAd(name)) return [];
  const column = sql.ref(`s.${AD_LEVEL_OF[name]}_external_id`);
  const { rows } = await sql<{ id: string }>`
    select distinct ${column} as id from ad_spend_counted s where ${spentIn([range])} and ${column} is not null`.execute(
    tx,
  );
  return rows.map(({ id }) => id);
}

interface SharedAsk extends Pick<SpendAsk, 'roles'> {
  days: SpentDays;
  spans: readonly Range[];
  configIds: readonly string[];
  hasTotals: boolean;
  /** Null where none is asked for. */
  rest: RestScope | null;
}

/** What cells are told apart by, beside their config. */
const cellColumnsOf = ({ groupBy }: FactsAsk): string[] => [
  ...groupBy.flatMap((name, i) => (isStored(name) ? [`k${i}`] : [])),
  ...['local_day', 'hour_at', 'rate_day'],
];

const restOfSums = (ask: FactsAsk, rest: RestScope, spans: readonly Span[]): Sql => {
  const at = middleOf(sql`s.at`);
  const where = sql`${duringAny([ask.range], at)} and not (${duringAny(spans, at)})`;
  return restFacts(ask, rest, 'spend_rest', sql`s.at`, where);
};

/** For each cell its share, and its clicks' own cost taken back; of clicks within the spans. */
function sharedSpend(ask: FactsAsk, { days, spans, roles, configIds, rest, hasTotals }: SharedAsk): Sql {
  const columns = cellColumnsOf(ask);
  const isIn = [
    duringAny(spans, sql`l.clicked_at`),
    ...(ask.configIds === null ? [] : [sql`l.tracker_config_id = any(${[...ask.configIds]}::uuid[])`]),
    ...storedFilters(ask),
  ];
  const sharing = {
    ...{ days, roles, configIds, organizationId: null, columns, hasTotals, hasAds: ask.ads !== null },
    ...{ keys: keysSql(ask, sql`l.clicked_at`), isIn: sql.join(isIn, sql` and `) },
  };
  const cell = sql.raw(['config', ...columns, 'currency', 'ad_campaign', 'ad_set', 'ad'].join(', '));
  const cellOf = (alias: string, money: Sql): Sql =>
    sql`${sql.raw(['config', ...columns].map((name) => `${alias}.${name}, `).join(''))} ${money} as currency,
      ${sql.raw(['ad_campaign', 'ad_set', 'ad'].map((name) => `${alias}.${name}, `).join(''))}`;
  return sql`
    select * from (
      with ${countedClicks(sharing)}, shared as (${sharedClicks(lineOf(columns), sql`counted`, hasTotals)}),
      moved as (
        select ${cellOf('s', sql`s.spend_currency`)} ${SHARE} as cost from shared s where s.is_in
        union all
        select ${cellOf('c', sql`coalesce(c.own_currency, t.settings ->> 'currency', 'USD')`)} -c.cost
        from counted c join tracker_config t on t.id = c.config where c.is_in
      )
      select config, ${sql.raw(columns.map((name) => `${name}, `).join(''))} currency, ${NOTHING}, sum(cost) as cost, ${noConversions(ask)},
        ad_campaign, ad_set, ad, true as is_placed
      from moved group by ${cell}
      ${
        rest === null
          ? sql``
          : sql`union all ${restFacts(
              ask,
              rest,
              'spend',
              sql`s.since`,
              sql`${duringAny(spans, middleOf(sql`s.since`))}
            and s.id not in (select spend_id from counted)`,
            )}`
      }
    ) spent`;
}
