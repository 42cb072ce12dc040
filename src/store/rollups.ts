// Sums marked hours anew: all marks of an organisation's day in one snapshot, and exactly those are deleted.
import { type RawBuilder, sql } from 'kysely';
import { DAY_MS, HOUR_MS } from '../core/windows.ts';
import type { Db, Tx } from './db.ts';
import { conversionsWithin, type Within } from './rollup-places.ts';

interface Unit {
  organizationId: string;
  day: Date;
}

/** The day's configs and hours, in pairs; each pair once. */
interface Marked extends Unit {
  ids: string[];
  configIds: string[];
  hours: Date[];
}

/** Somebody else was there, or has just written: the marks stand, and are seen to next time. */
const OVERTAKEN = new Set(['40001', '40P01', '23505']);
const isOvertaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && OVERTAKEN.has(String(error.code));

/**
 * Works off marks, the newest days first, until there are none or it is told to stop.
 * @returns how many hours of configs were summed
 */
export async function cleanRollups(db: Db, isOver: () => boolean = () => false): Promise<number> {
  let cleaned = 0;
  for (const unit of await markedDays(db)) {
    if (isOver()) break;
    try {
      cleaned += await cleanDay(db, unit);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }
  return cleaned;
}

async function markedDays(db: Db): Promise<Unit[]> {
  const { rows } = await sql<Unit>`
    select organization_id as "organizationId", date_trunc('day', hour, 'UTC') as day
    from rollup_mark group by 1, 2 order by 2 desc`.execute(db);
  return rows;
}

export function cleanDay(db: Db, unit: Unit): Promise<number> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      await sql`select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`.execute(tx);
      const marked = await readMarks(tx, unit);
      if (marked === null) return 0;
      await sql`delete from rollup_mark where id = any(${marked.ids}::bigint[])`.execute(tx);
      for (const table of ['click_hour', 'conversion_hour']) await forget(tx, table, marked);
      // The pairs are joined by their hash: of a list, and of fresh tables, too few rows are expected.
      await sql`select set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true)`.execute(
        tx,
      );
      await sumClicks(tx, marked);
      await sql`select set_config('enable_nestloop', 'on', true)`.execute(tx);
      await sumConversions(tx, marked);
      await sumDay(tx, marked);
      return marked.hours.length;
    });
}

async function readMarks(tx: Tx, unit: Unit): Promise<Marked | null> {
  const { rows } = await sql<{ ids: string[]; config: string; hour: Date }>`
    select array_agg(id::text) as ids, tracker_config_id as config, hour from rollup_mark
    where organization_id = ${unit.organizationId} and hour >= ${unit.day} and hour < ${dayAfter(unit)}
    group by 2, 3`.execute(tx);
  if (rows.length === 0) return null;
  return {
    ...unit,
    ids: rows.flatMap(({ ids }) => ids),
    configIds: rows.map(({ config }) => config),
    hours: rows.map(({ hour }) => hour),
  };
}

const dayAfter = ({ day }: Unit): Date => new Date(day.getTime() + DAY_MS);
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
const configsOf = ({ configIds }: Marked): RawBuilder<unknown> => sql`${distinct(configIds)}::uuid[]`;
const pairsOf = ({ configIds, hours }: Marked): RawBuilder<unknown> =>
  sql`unnest(${configIds}::uuid[], ${hours}::timestamptz[]) m (config, hour)`;
/** Whether a time lies in one of the hours; where they are many, roughly: the pairs tell exactly. */
const FEW_STRETCHES = 6;
function withinHours({ hours }: Marked): Within {
  const times = distinct(hours.map((hour) => hour.getTime())).sort((a, b) => a - b);
  const stretches: { from: number; to: number }[] = [];
  for (const from of times) {
    const last = stretches.at(-1);
    if (last?.to === from) last.to += HOUR_MS;
    else stretches.push({ from, to: from + HOUR_MS });
  }
  const named =
    stretches.length <= FEW_STRETCHES ? stretches : [{ from: stretches[0]!.from, to: stretches.at(-1)!.to }];
  return (time) =>
    sql`(${sql.join(
      named.map(({ from, to }) => sql`(${time} >= ${new Date(from)} and ${time} < ${new Date(to)})`),
      sql` or `,
    )})`;
}

async function forget(tx: Tx, table: string, marked: Marked): Promise<void> {
  await sql`
    delete from ${sql.table(table)} r
    where r.organization_id = ${marked.organizationId} and r.tracker_config_id = any(${configsOf(marked)})
      and ${withinHours(marked)(sql`r.at`)}
      and (r.tracker_config_id, hour_of(r.at)) in (select config, hour from ${pairsOf(marked)})`.execute(tx);
}

const CATALOG = sql`campaign_external_id, traffic_source_external_id, offer_external_id, country`;
/** Each set of dimensions by itself, and which of them a row belongs to. */
const sets = (
  before: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`(${before}, campaign_external_id, traffic_source_external_id),
  (${before}, offer_external_id), (${before}, country)`;
const DIMENSION = sql`case grouping(campaign_external_id, offer_external_id, country)
  when 7 then 'config' when 3 then 'campaign' when 5 then 'offer' else 'country' end`;
const CLICK_SUMS = sql`clicks, unique_clicks, bot_clicks, landing_clicks, cost`;
const ADDED_UP = sql`sum(clicks) as clicks, sum(unique_clicks) as unique_clicks, sum(bot_clicks) as bot_clicks,
  sum(landing_clicks) as landing_clicks, sum(cost) as cost`;

/** Once by all dimensions together, which leaves less to be added up set by set. */
async function sumClicks(tx: Tx, marked: Marked): Promise<void> {
  const { organizationId } = marked;
  await sql`
    with cells as materialized (
      select l.tracker_config_id, m.hour, quarter_of(l.clicked_at) as quarter, ${CATALOG}, currency, count(*) as clicks,
        count(*) filter (where is_unique) as unique_clicks, count(*) filter (where is_bot) as bot_clicks,
        count(*) filter (where landing_clicked) as landing_clicks, coalesce(sum(cost), 0) as cost
      from click l join ${pairsOf(marked)} on m.config = l.tracker_config_id and m.hour = hour_of(l.clicked_at)
      where l.organization_id = ${organizationId} and l.tracker_config_id = any(${configsOf(marked)})
        and ${withinHours(marked)(sql`l.clicked_at`)} and not l.is_derived
      group by 1, 2, 3, ${CATALOG}, currency
    )
    insert into click_hour (organization_id, tracker_config_id, at, dimension, ${CATALOG}, currency, ${CLICK_SUMS})
    select ${organizationId}, tracker_config_id, coalesce(quarter, hour), ${DIMENSION}, ${CATALOG}, currency, ${ADDED_UP}
    from cells group by grouping sets ((tracker_config_id, quarter, currency), ${sets(sql`tracker_config_id, hour, currency`)})`.execute(
    tx,
  );
}

async function sumConversions(tx: Tx, marked: Marked): Promise<void> {
  const { organizationId } = marked;
  const within = withinHours(marked);
  const scope = sql`l.organization_id = ${organizationId} and l.tracker_config_id = any(${configsOf(marked)})`;
  const click = { columns: ['country'], when: sql`l.country is null` };
  for (const by of ['click', 'conversion'] as const) {
    const { at, bodies } = conversionsWithin(by, within, click, scope);
    const found = bodies.map(
      (body) => sql`
        select l.tracker_config_id, quarter_of(${at}) as quarter, l.campaign_external_id, l.traffic_source_external_id,
          l.offer_external_id, coalesce(l.country, k.country) as country, l.currency,
          l.raw_status, l.is_reversal, l.revenue ${body}`,
    );
    await sql`
      insert into conversion_hour (by_time, organization_id, tracker_config_id, at, dimension, ${CATALOG}, currency,
        raw_status, spelling, is_reversal, conversions, revenue)
      select ${by}, ${organizationId}, l.tracker_config_id, l.quarter, 'all', ${CATALOG}, currency,
        lower(raw_status), max(raw_status), is_reversal, count(*), coalesce(sum(revenue), 0)
      from (${sql.join(found, sql` union all `)}) l
      join ${pairsOf(marked)} on m.config = l.tracker_config_id and m.hour = hour_of(l.quarter)
      group by l.tracker_config_id, l.quarter, ${CATALOG}, currency, lower(raw_status), is_reversal`.execute(tx);
  }
}

/** A day is the sum of its hours: true once none of them is marked. */
async function sumDay(tx: Tx, marked: Marked): Promise<void> {
  const { organizationId, day } = marked;
  const ofDay = sql`organization_id = ${organizationId} and tracker_config_id = any(${configsOf(marked)})`;
  const hours = sql`${ofDay} and at >= ${day} and at < ${dayAfter(marked)}`;
  for (const table of ['click_day', 'conversion_day']) {
    await sql`delete from ${sql.table(table)} where ${ofDay} and at = ${day}`.execute(tx);
  }
  await sql`
    insert into click_day (organization_id, tracker_config_id, at, dimension, ${CATALOG}, currency, ${CLICK_SUMS})
    select ${organizationId}, tracker_config_id, ${day}, dimension, ${CATALOG}, currency, ${ADDED_UP}
    from click_hour where ${hours}
    group by tracker_config_id, dimension, ${CATALOG}, currency`.execute(tx);
  const word = sql`tracker_config_id, by_time, currency, raw_status, is_reversal`;
  await sql`
    insert into conversion_day (by_time, organization_id, tracker_config_id, at, dimension, ${CATALOG}, currency, raw_status,
      spelling, is_reversal, conversions, revenue)
    select by_time, ${organizationId}, tracker_config_id, ${day}, ${DIMENSION}, ${CATALOG}, currency, raw_status,
      max(spelling), is_reversal, sum(conversions), sum(revenue)
    from conversion_hour where ${hours} group by grouping sets ((${word}), ${sets(word)})`.execute(tx);
}
