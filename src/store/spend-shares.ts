// How spend is shared out: over the clicks of its ad and day, as differences of a running total, each rounded: their sum is the spend.
import { type RawBuilder, sql } from 'kysely';
import type { Range } from '../core/windows.ts';
import type { Tx } from './db.ts';
import { AD_COLUMNS, type AdRoles, adJoins, adKeysSql } from './reports-ads.ts';

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
  /** Of spend under `s`: what has a part in these days. One level may have them in another zone than the other. */
  spend: Sql;
  zones: string[];
}

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
  const zones = await sql<{ zone: string }>`select distinct s.zone from ad_spend s where ${spend} order by 1`.execute(
    tx,
  );
  return { ranges: whole, spend, zones: zones.rows.map(({ zone }) => zone) };
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
}

/** The CTEs `spend`, and `counted`: clicks by cell, ad and spend. A cell has its config, `columns`, `is_in` and `own_currency`. */
export function countedClicks({
  days,
  roles,
  configIds,
  organizationId,
  keys,
  columns,
  isIn,
  hasTotals = false,
}: Sharing): Sql {
  const { zones, ranges, spend } = days;
  const dayColumns = zones.map(
    (zone, i) => sql`(l.clicked_at at time zone ${zone}::text)::date as ${sql.id(`day${i}`)}, `,
  );
  const places = columns.length + 7 + zones.length;
  const positions = sql.raw(Array.from({ length: places }, (_, i) => String(i + 1)).join(', '));
  const onDay = (alias: string): Sql =>
    sql`${sql.ref(`${alias}.day`)} = case ${sql.ref(`${alias}.zone`)} ${sql.join(
      zones.map((zone, i) => sql`when ${zone}::text then ${sql.ref(`c.day${i}`)}`),
      sql` `,
    )} end`;
  const cell = sql.raw(cellOf(columns).join(', '));
  return sql`
    spend as materialized (
      select row_number() over (order by s.day, s.zone, s.level, s.external_id) as id, s.*, ${SINCE} as since
      from ad_spend_counted s where ${spend}
    ), cells as materialized (
      select l.tracker_config_id as config, ${keys} (${isIn}) as is_in, l.currency as own_currency,
        ${sql.join(dayColumns, sql``)} ${adKeysSql(roles, false)} count(*) as clicks, coalesce(sum(l.cost), 0) as cost
      from click l
      where not l.is_derived and ${duringAny(ranges, sql`l.clicked_at`)} and l.tracker_config_id = any(${[...configIds]}::uuid[])
        and ${hasTotals ? isIn : sql`true`}
      group by ${positions}
    ), placed as (
      select c.*, coalesce(s1.id, s2.id, s3.id) as spend_id from (
        select f.*, ${AD_COLUMNS} from cells f ${adJoins(organizationId)}
      ) c
      left join spend s1 on s1.level = 'ad' and s1.external_id = c.ad and ${onDay('s1')}
      left join spend s2 on s2.level = 'ad_set' and s2.external_id = c.ad_set and ${onDay('s2')}
      left join spend s3 on s3.level = 'ad_campaign' and s3.external_id = c.ad_campaign and ${onDay('s3')}
    ), counted as materialized (
      select ${cell}, p.ad_campaign, p.ad_set, p.ad, p.spend_id, sum(p.clicks) as clicks, sum(p.cost) as cost
      from placed p where p.spend_id is not null group by ${cell}, p.ad_campaign, p.ad_set, p.ad, p.spend_id
    )`;
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
