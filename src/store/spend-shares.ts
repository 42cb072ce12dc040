// How spend is shared out: over the clicks of its ad and day, as differences of a running total, each rounded: their sum is the spend.
import { type RawBuilder, sql } from 'kysely';
import { AD_LEVELS, type AdLevel } from '../core/ads.ts';
import type { Range } from '../core/windows.ts';
import type { Tx } from './db.ts';
import { localSql } from './local-time.ts';
import { AD_COLUMNS, type AdRoles, adJoins, adKeysSql, toldBy } from './reports-ads.ts';

type Sql = RawBuilder<unknown>;

/** When a day of spend under `s` begins and ends, by the clocks of its zone. */
export const SINCE = sql`(s.day::timestamp at time zone s.zone)`;
export const UNTIL = sql`((s.day + 1)::timestamp at time zone s.zone)`;
/** A day is nowhere further from its UTC day than that. */
const NEAR = sql`interval '2 days'`;

const any = (conditions: readonly Sql[]): Sql => sql`(${sql.join(conditions, sql` or `)})`;
export const duringAny = (ranges: readonly Range[], time: Sql): Sql =>
  ranges.length === 0
    ? sql`false`
    : any(ranges.map(({ from, to }) => sql`(${time} >= ${from}::timestamptz and ${time} < ${to}::timestamptz)`));

/** Spend under `s` whose day has a part in one of the ranges. */
export const spentIn = (ranges: readonly Range[]): Sql =>
  any(
    ranges.map(
      ({ from, to }) => sql`(s.day >= (${from}::timestamptz - ${NEAR})::date
  and s.day <= (${to}::timestamptz + ${NEAR})::date and ${UNTIL} > ${from} and ${SINCE} < ${to})`,
    ),
  );

/** Whole days of spend, and all that may take clicks of theirs. */
export interface SpentDays {
  ranges: Range[];
  /** Of spend under `s`: what has a part in these days. One ad may have them in another zone than the other. */
  spend: Sql;
  zones: string[];
  levels: AdLevel[];
  /** The ads that all of it is told of; null where some is of sets or campaigns, or they are too many to be listed. */
  ads: string[] | null;
}

const MOST_LISTED = 5_000;
/** So many stretches are asked for one by one; of more, all that lies between too. */
const FEW = 8;

/** Null where no day of the ranges has any. @param scope what else must hold of spend under `s` */
export async function spentDays(tx: Tx, ranges: readonly Range[], scope: Sql = sql`true`): Promise<SpentDays | null> {
  if (ranges.length === 0) return null;
  const { rows } = await sql<Range>`
    select distinct ${SINCE} as from, ${UNTIL} as to from ad_spend s where ${scope} and ${spentIn(ranges)}`.execute(tx);
  if (rows.length === 0) return null;
  const whole = fewOf(rows);
  const spend = sql`${scope} and ${spentIn(whole)}`;
  const { rows: told } = await sql<{ zone: string; level: AdLevel; ads: string[] | null }>`
    select s.zone, s.level, case when count(distinct s.external_id) <= ${MOST_LISTED} then array_agg(distinct s.external_id) end as ads
    from ad_spend s where ${spend} group by s.zone, s.level order by 1, 2`.execute(tx);
  const isListed = told.every(({ level, ads }) => level === 'ad' && ads !== null);
  return {
    ...{ ranges: whole, spend, zones: [...new Set(told.map(({ zone }) => zone))] },
    ...{ levels: [...new Set(told.map(({ level }) => level))] },
    ads: isListed ? told.flatMap(({ ads }) => ads!) : null,
  };
}

/** Ranges that touch each other as one. */
export function mergedRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = merged.at(-1);
    if (last === undefined || last.to < from) merged.push({ from, to });
    else if (last.to < to) last.to = to;
  }
  return merged;
}

/** What is left of ranges where others are taken out. */
export const withoutRanges = (ranges: readonly Range[], taken: readonly Range[]): Range[] =>
  taken.reduce<Range[]>((left, hole) => left.flatMap((range) => withoutRange(range, hole)), [...ranges]);

function withoutRange({ from, to }: Range, hole: Range): Range[] {
  if (hole.from >= to || hole.to <= from) return [{ from, to }];
  const parts = [
    { from, to: hole.from },
    { from: hole.to, to },
  ];
  return parts.filter((part) => part.from < part.to);
}

function fewOf(ranges: readonly Range[]): Range[] {
  const merged = mergedRanges(ranges);
  return merged.length <= FEW ? merged : [{ from: merged[0]!.from, to: merged.at(-1)!.to }];
}

export interface Sharing {
  days: SpentDays;
  roles: AdRoles;
  /** Whose clicks share; others lead to no ad. */
  configIds: readonly string[];
  /** Null under row-level security. */
  organizationId: string | null;
  /** Select list of what cells are told apart by, of clicks under `l`, each with a comma behind; and its columns. */
  keys: Sql;
  columns: readonly string[];
  /** Clicks under `l` whose shares are asked for. */
  isIn: Sql;
  /** No others need be counted: `spend_total` knows how many share. */
  hasTotals?: boolean;
  /** Cells are told apart by their ads too. */
  hasAds?: boolean;
}

/** The CTEs `spend`, and `counted`: clicks by cell, ad and spend. A cell has its config, `columns`, `is_in` and `own_currency`. */
export function countedClicks(sharing: Sharing): Sql {
  const { days, roles, configIds, organizationId, keys, columns, isIn, hasTotals = false, hasAds = false } = sharing;
  const { zones, ranges, spend, levels } = days;
  const whole = { from: ranges[0]!.from, to: ranges.at(-1)!.to };
  const dayColumns = zones.map(
    (zone, i) => sql`${localSql(sql`l.clicked_at`, zone, whole)}::date as ${sql.id(`day${i}`)}, `,
  );
  const places = columns.length + 7 + zones.length;
  const positions = sql.raw(Array.from({ length: places }, (_, i) => String(i + 1)).join(', '));
  const line = sql.raw([...cellOf(columns), ...(hasAds ? ADS : []), 'spend_id'].join(', '));
  const noAds = hasAds ? sql`` : sql.raw(ADS.map((name) => `null::text as ${name}, `).join(''));
  const needed = hasAds ? AD_LEVELS : levelsToldFor(levels);
  return sql`
    spend as materialized (
      select row_number() over (order by s.day, s.zone, s.level, s.external_id) as id, s.*, ${SINCE} as since
      from ad_spend_counted s where ${spend}
    ), spend_zone as materialized (select distinct level, external_id, zone from spend
    ), cells as materialized (
      select l.tracker_config_id as config, ${keys} (${isIn}) as is_in, l.currency as own_currency,
        ${sql.join(dayColumns, sql``)} ${adKeysSql(roles, false, needed)} count(*) as clicks, coalesce(sum(l.cost), 0) as cost
      from click l
      where not l.is_derived and ${duringAny(ranges, sql`l.clicked_at`)} and l.tracker_config_id = any(${[...configIds]}::uuid[])
        and ${hasTotals ? isIn : sql`true`} and ${mayLeadTo(days, roles)}
      group by ${positions}
    ), placed as (
      select c.*, coalesce(${sql.join(levels.map((level) => sql.ref(`s_${level}.id`)))}) as spend_id from (
        select f.*, ${AD_COLUMNS} from cells f ${adJoins(organizationId)}
      ) c ${sql.join(
        levels.map((level) => spendJoin(level, zones)),
        sql` `,
      )}
    ), counted as materialized (
      select ${line}, ${noAds} sum(p.clicks) as clicks, sum(p.cost) as cost
      from placed p where p.spend_id is not null group by ${line}
    )`;
}

const ADS = ['ad_campaign', 'ad_set', 'ad'];

/** An ad tells its set and its campaign, a set its campaign: what may lead to spend of these levels. */
const levelsToldFor = (levels: readonly AdLevel[]): AdLevel[] =>
  AD_LEVELS.slice(Math.min(...levels.map((level) => AD_LEVELS.indexOf(level))));

/** Where all spend is told of ads, clicks of other ads lead to none. */
const mayLeadTo = ({ ads }: SpentDays, roles: AdRoles): Sql =>
  ads === null ? sql`true` : sql`${toldBy(roles, 'ad', 'l')} = any(${ads}::text[])`;

/** The spend of a level's day for cells under `c`; each ad has all its days in one zone. */
function spendJoin(level: AdLevel, zones: readonly string[]): Sql {
  const [own, zone] = [`s_${level}`, `z_${level}`];
  const is = (alias: string): Sql => sql`${sql.ref(`${alias}.level`)} = ${level}
    and ${sql.ref(`${alias}.external_id`)} = ${sql.ref(`c.${level}`)}`;
  const days = zones.map((name, i) => sql`when ${name}::text then ${sql.ref(`c.day${i}`)}`);
  return sql`
    left join spend_zone ${sql.id(zone)} on ${is(zone)}
    left join spend ${sql.id(own)} on ${is(own)}
      and ${sql.ref(`${own}.day`)} = case ${sql.ref(`${zone}.zone`)} ${sql.join(days, sql` `)} end`;
}

const cellOf = (columns: readonly string[]): string[] => ['config', ...columns, 'is_in', 'own_currency'];

/** Six digits behind the point at least: a cent shared out over ten thousand clicks. */
const DIGITS = sql`greatest(scale(amount), 6)`;

/** The share of a line of `sharedClicks`, in the currency of its spend. */
export const SHARE = sql`round(amount * so_far / of_all, ${DIGITS}) - round(amount * (so_far - clicks) / of_all, ${DIGITS})`;

/** A select of the lines of `counted`, or of what is grouped out of it, each with its place in the running total. */
export const sharedClicks = (columns: readonly string[], counted: Sql = sql`counted`, hasTotals = false): Sql => {
  const total = hasTotals
    ? sql`join spend_total t on t.level = s.level and t.external_id = s.external_id and t.day = s.day`
    : sql``;
  const order = sql.raw(columns.map((name) => `c.${name}`).join(', '));
  return sql`
    select c.*, s.amount, s.currency as spend_currency,
      sum(c.clicks) over (partition by c.spend_id order by ${order} rows unbounded preceding) as so_far,
      ${hasTotals ? sql`t.clicks` : sql`sum(c.clicks) over (partition by c.spend_id)`} as of_all
    from ${counted} c join spend s on s.id = c.spend_id ${total}`;
};

export const lineOf = (columns: readonly string[]): string[] => [...cellOf(columns), 'ad_campaign', 'ad_set', 'ad'];
