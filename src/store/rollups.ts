// Sums marked hours anew: all marks of an organisation's day in one snapshot, and exactly those are deleted.
import { type RawBuilder, sql } from 'kysely';
import { DAY_MS, HOUR_MS } from '../core/windows.ts';
import type { Db, Tx } from './db.ts';
import { conversionsWithin, PLACES, VISITOR, type Within } from './rollup-places.ts';
import { type HasClickLog, markedSpend, markSpend, type SpendUnit, shareAnew } from './rollups-spend.ts';

interface Unit {
  organizationId: string;
  day: Date;
}

/** Configs and hours of the day, in pairs; each pair once. */
interface Marked extends Unit {
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
export async function cleanRollups(
  db: Db,
  isOver: () => boolean = () => false,
  hasClickLog: HasClickLog = () => true,
): Promise<number> {
  let cleaned = 0;
  for (const unit of await markedDays(db)) {
    if (isOver()) break;
    try {
      cleaned += await cleanDay(db, unit);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }
  for (const unit of await markedSpend(db)) {
    if (isOver()) break;
    try {
      cleaned += await cleanSpend(db, unit, hasClickLog);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }
  return cleaned;
}

/** One at a time, and its snapshot begins when the one before has ended: the days of two zones share hours. */
const cleanSpend = (db: Db, unit: SpendUnit, hasClickLog: HasClickLog): Promise<number> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      await sql`lock table spend_mark in share update exclusive mode`.execute(tx);
      await plan(tx);
      return shareAnew(tx, unit, hasClickLog);
    });

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
      await plan(tx);
      const marks = await takeMarks(tx, unit);
      const clicks = markedOf(unit, marks, 'click');
      if (clicks !== null) {
        await sumClicks(tx, clicks);
        await markSpend(tx, unit, pairsOf(clicks));
      }
      const conversions = markedOf(unit, marks, 'conversion');
      if (conversions !== null) await sumConversions(tx, conversions);
      return marks.length;
    });
}

/** The pairs are joined by their hash: of a list, and of fresh tables, too few rows are expected. */
const PLANNING: readonly [string, string][] = [
  ['jit', 'off'],
  ['work_mem', '64MB'],
  ['enable_nestloop', 'off'],
  ['enable_mergejoin', 'off'],
];

const plan = (tx: Tx) =>
  sql`select ${sql.raw(PLANNING.map(([name, value]) => `set_config('${name}', '${value}', true)`).join(', '))}`.execute(
    tx,
  );

interface Mark {
  source: 'click' | 'conversion';
  config: string;
  hour: Date;
}

/** Those that this snapshot sees; whoever has them too fails here, or makes us fail. */
async function takeMarks(tx: Tx, unit: Unit): Promise<Mark[]> {
  const { rows } = await sql<Mark>`
    with taken as (
      delete from rollup_mark where organization_id = ${unit.organizationId} and source in ('click', 'conversion')
        and hour >= ${unit.day} and hour < ${dayAfter(unit)}
      returning source, tracker_config_id, hour
    )
    select distinct source, tracker_config_id as config, hour from taken`.execute(tx);
  return rows;
}

function markedOf(unit: Unit, marks: readonly Mark[], source: Mark['source']): Marked | null {
  const own = marks.filter((mark) => mark.source === source);
  if (own.length === 0) return null;
  return { ...unit, configIds: own.map(({ config }) => config), hours: own.map(({ hour }) => hour) };
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
  const { organizationId, day } = marked;
  await forget(tx, 'click_hour', marked);
  await sql`
    with cells as materialized (
      select l.tracker_config_id, quarter_of(l.clicked_at) as quarter, ${CATALOG}, currency, count(*) as clicks,
        count(*) filter (where is_unique) as unique_clicks, count(*) filter (where is_bot) as bot_clicks,
        count(*) filter (where landing_clicked) as landing_clicks, coalesce(sum(cost), 0) as cost
      from click l join ${pairsOf(marked)} on m.config = l.tracker_config_id and m.hour = hour_of(l.clicked_at)
      where l.organization_id = ${organizationId} and l.tracker_config_id = any(${configsOf(marked)})
        and ${withinHours(marked)(sql`l.clicked_at`)} and not l.is_derived
      group by 1, 2, ${CATALOG}, currency
    )
    insert into click_hour (organization_id, tracker_config_id, at, dimension, ${CATALOG}, currency, ${CLICK_SUMS})
    select ${organizationId}, tracker_config_id, coalesce(quarter, slot), ${DIMENSION}, ${CATALOG}, currency, ${ADDED_UP}
    from (select *, slot_of(quarter) as slot from cells) c
    group by grouping sets ((tracker_config_id, quarter, currency), ${sets(sql`tracker_config_id, slot, currency`)})`.execute(
    tx,
  );
  await forgetDay(tx, 'click_day', marked);
  await sql`
    insert into click_day (organization_id, tracker_config_id, at, dimension, ${CATALOG}, currency, ${CLICK_SUMS})
    select ${organizationId}, tracker_config_id, ${day}, dimension, ${CATALOG}, currency, ${ADDED_UP}
    from click_hour where ${ofDay(marked)}
    group by tracker_config_id, dimension, ${CATALOG}, currency`.execute(tx);
}

/** A day is the sum of its hours: true once none of them is marked. */
const ofDay = (marked: Marked): RawBuilder<unknown> => sql`organization_id = ${marked.organizationId}
  and tracker_config_id = any(${configsOf(marked)}) and at >= ${marked.day} and at < ${dayAfter(marked)}`;

const forgetDay = (tx: Tx, table: string, marked: Marked) =>
  sql`delete from ${sql.table(table)} where ${ofDay(marked)}`.execute(tx);

const ROUTE = sql`landing_page_external_id, flow_external_id, affiliate_network_external_id`;
const EITHER = [...PLACES, 'country'];
const DIMENSIONS_TOLD = sql.raw(
  [...EITHER.map((name) => `coalesce(l.${name}, k.${name}) as ${name}`), ...VISITOR.map((name) => `k.${name}`)].join(
    ', ',
  ),
);

async function sumConversions(tx: Tx, marked: Marked): Promise<void> {
  const { organizationId, day } = marked;
  await forget(tx, 'conversion_hour', marked);
  const within = { within: withinHours(marked), lengthMs: marked.hours.length * HOUR_MS };
  const scope = sql`l.organization_id = ${organizationId} and l.tracker_config_id = any(${configsOf(marked)})`;
  for (const by of ['click', 'conversion'] as const) {
    const { at, bodies } = conversionsWithin(by, within, { columns: [...EITHER, ...VISITOR], when: sql`true` }, scope);
    const found = bodies.map(
      (body) => sql`
        select l.tracker_config_id, quarter_of(${at}) as quarter, ${DIMENSIONS_TOLD}, l.currency, l.raw_status, l.is_reversal,
          l.revenue ${body}`,
    );
    const dimensions = sql`${CATALOG}, ${ROUTE}, device_type, os, browser`;
    const columns = sql`${dimensions}, currency`;
    await sql`
      insert into conversion_hour (by_time, organization_id, tracker_config_id, at, dimension, ${columns},
        raw_status, spelling, is_reversal, conversions, revenue)
      select ${by}, ${organizationId}, l.tracker_config_id, l.quarter,
        case grouping(campaign_external_id) when 0 then 'all' else 'config' end, ${columns},
        lower(raw_status), max(raw_status), is_reversal, count(*), coalesce(sum(revenue), 0)
      from (${sql.join(found, sql` union all `)}) l
      join ${pairsOf(marked)} on m.config = l.tracker_config_id and m.hour = hour_of(l.quarter)
      group by l.tracker_config_id, l.quarter, currency, lower(raw_status), is_reversal,
        grouping sets ((${dimensions}), ())`.execute(tx);
  }
  await forgetDay(tx, 'conversion_day', marked);
  const word = sql`tracker_config_id, by_time, currency, raw_status, is_reversal`;
  await sql`
    insert into conversion_day (by_time, organization_id, tracker_config_id, at, dimension, ${CATALOG}, currency, raw_status,
      spelling, is_reversal, conversions, revenue)
    select by_time, ${organizationId}, tracker_config_id, ${day}, ${DIMENSION}, ${CATALOG}, currency, raw_status,
      max(spelling), is_reversal, sum(conversions), sum(revenue)
    from conversion_hour where ${ofDay(marked)} and dimension = 'all' group by grouping sets ((${word}), ${sets(word)})`.execute(
    tx,
  );
}
