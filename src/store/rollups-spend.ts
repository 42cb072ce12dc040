// Sums anew what spend makes of the clicks' cost, for the days whose shares no longer hold; by the very rule of reports.
import { type RawBuilder, sql } from 'kysely';
import { AD_LEVELS } from '../core/ads.ts';
import { DAY_MS, type Range } from '../core/windows.ts';
import type { Db, Tx } from './db.ts';
import { type AdRoles, readAdRoles } from './reports-ads.ts';
import { wholeHours } from './spend-doubt.ts';
import {
  countedClicks,
  duringAny,
  mergedRanges,
  SHARE,
  SINCE,
  type SpentDays,
  sharedClicks,
  spentDays,
  spentIn,
  UNTIL,
} from './spend-shares.ts';

type Sql = RawBuilder<unknown>;

/** Whether trackers of a type give a complete click log: without one there are no clicks to share spend out over. */
export type HasClickLog = (type: string) => boolean;

export interface SpendUnit {
  organizationId: string;
  day: Date;
}

/** Clicks of marked hours have changed: so may have the shares of all of their days. @param pairs under `m`: config and hour */
export async function markSpend(tx: Tx, { organizationId, day }: SpendUnit, pairs: Sql): Promise<void> {
  const around = { from: day, to: new Date(day.getTime() + DAY_MS) };
  await sql`
    insert into spend_mark (organization_id, since, until)
    select ${organizationId}, d.since, d.until from (
      select distinct ${SINCE} as since, ${UNTIL} as until from ad_spend s
      where s.organization_id = ${organizationId} and ${spentIn([around])}
    ) d where exists (
      select from ${pairs} where m.hour < d.until and m.hour > d.since - interval '1 hour' and m.config in (
        select tracker_config_id from sub_id_map where role = any(${[...AD_LEVELS]}::text[])
        union all select tracker_config_id from ad_campaign_map))`.execute(tx);
}

export async function markedSpend(db: Db): Promise<SpendUnit[]> {
  const { rows } = await sql<SpendUnit>`
    select organization_id as "organizationId", date_trunc('day', since, 'UTC') as day
    from spend_mark group by 1, 2 order by 2 desc`.execute(db);
  return rows;
}

/** @returns how many days of spend were shared out anew. To be called in one snapshot that no other cleaner has begun before. */
export async function shareAnew(tx: Tx, unit: SpendUnit, hasClickLog: HasClickLog): Promise<number> {
  const { organizationId, day } = unit;
  const { rows } = await sql<Range>`
    delete from spend_mark where organization_id = ${organizationId} and since >= ${day} and since < ${new Date(day.getTime() + DAY_MS)}
    returning since as from, until as to`.execute(tx);
  if (rows.length === 0) return 0;
  const hours = mergedRanges(rows.map(wholeHours));
  const within = sql`organization_id = ${organizationId} and ${duringAny(hours, sql`at`)}`;
  await sql`delete from spend_hour where ${within}`.execute(tx);
  await sql`delete from spend_rest where ${within}`.execute(tx);
  await sql`delete from spend_total where ${within}`.execute(tx);
  const days = await spentDays(tx, hours, sql`s.organization_id = ${organizationId}`);
  if (days !== null) {
    const roles = await readAdRoles(tx, organizationId);
    const { rows: configs } = await sql<{ id: string; type: string }>`
      select id, type from tracker_config where organization_id = ${organizationId} and desired_state <> 'deleting'
        and id = any(${[...roles.configIds]}::uuid[])`.execute(tx);
    await writeShares(tx, {
      organizationId,
      hours,
      days,
      roles,
      configIds: configs.filter(({ type }) => hasClickLog(type)).map(({ id }) => id),
    });
  }
  await sumDays(tx, organizationId, hours);
  return rows.length;
}

const PLACES = ['campaign_external_id', 'traffic_source_external_id', 'offer_external_id', 'country'];
/** As clicks are summed: the set without any dimension by quarter hours. */
const SETS: readonly { dimension: string; has: readonly string[]; at: string }[] = [
  { dimension: 'config', has: [], at: 'at' },
  { dimension: 'campaign', has: PLACES.slice(0, 2), at: 'slot_of(at)' },
  { dimension: 'offer', has: PLACES.slice(2, 3), at: 'slot_of(at)' },
  { dimension: 'country', has: PLACES.slice(3), at: 'slot_of(at)' },
];

interface Writing {
  organizationId: string;
  hours: readonly Range[];
  days: SpentDays;
  roles: AdRoles;
  configIds: readonly string[];
}

async function writeShares(tx: Tx, { organizationId, hours, days, roles, configIds }: Writing): Promise<void> {
  const keys = sql`${sql.join(
    PLACES.map((name) => sql`${sql.ref(`l.${name}`)}, `),
    sql``,
  )} quarter_of(l.clicked_at) as at, `;
  const sharing = {
    ...{ days, roles, configIds, organizationId, keys, columns: [...PLACES, 'at'] },
    isIn: duringAny(hours, sql`l.clicked_at`),
  };
  const sets = SETS.map(({ dimension, has, at }) => {
    const cell = ['config', ...has, 'at', 'is_in', 'own_currency'];
    const columns = sql.raw(['config', ...has, `${at} as at`, 'is_in', 'own_currency', 'spend_id'].join(', '));
    const positions = sql.raw([...cell, 'spend_id'].map((_, i) => String(i + 1)).join(', '));
    const grouped = sql`(select ${columns}, sum(clicks) as clicks, sum(cost) as cost from counted group by ${positions})`;
    const told = sql.raw(PLACES.map((name) => (has.includes(name) ? name : `null::text as ${name}`)).join(', '));
    return sql`
      select ${dimension} as dimension, config, at, ${told}, spend_currency as currency, ${SHARE} as cost
      from (${sharedClicks(cell, grouped)}) shared where is_in
      union all
      select ${dimension}, config, at, ${told}, own_currency, -cost from ${grouped} own where is_in`;
  });
  const places = sql.raw(PLACES.join(', '));
  await sql`
    with ${countedClicks(sharing)}, unclicked as (
      insert into spend_rest (organization_id, at, day, ad_campaign_external_id, ad_set_external_id, ad_external_id, currency, amount)
      select ${organizationId}, since, day, ad_campaign_external_id, ad_set_external_id, ad_external_id, currency, amount
      from spend where ${duringAny(hours, sql`since`)} and id not in (select spend_id from counted)
    ), totals as (
      insert into spend_total (organization_id, at, level, external_id, day, clicks)
      select ${organizationId}, s.since, s.level, s.external_id, s.day, sum(c.clicks)
      from counted c join spend s on s.id = c.spend_id where ${duringAny(hours, sql`s.since`)}
      group by s.since, s.level, s.external_id, s.day
    )
    insert into spend_hour (organization_id, tracker_config_id, at, dimension, ${places}, currency, cost)
    select ${organizationId}, config, at, dimension, ${places}, currency, sum(cost)
    from (${sql.join(sets, sql` union all `)}) moved
    group by config, at, dimension, ${places}, currency`.execute(tx);
}

/** A day is the sum of its hours. */
async function sumDays(tx: Tx, organizationId: string, hours: readonly Range[]): Promise<void> {
  const days = mergedRanges(hours.map(wholeDays));
  const within = sql`organization_id = ${organizationId} and ${duringAny(days, sql`at`)}`;
  await sql`delete from spend_day where ${within}`.execute(tx);
  const columns = sql.raw(`tracker_config_id, dimension, ${PLACES.join(', ')}, currency`);
  await sql`
    insert into spend_day (organization_id, at, ${columns}, cost)
    select organization_id, date_trunc('day', at, 'UTC'), ${columns}, sum(cost)
    from spend_hour where ${within} group by organization_id, date_trunc('day', at, 'UTC'), ${columns}`.execute(tx);
}

const wholeDays = ({ from, to }: Range): Range => ({
  from: new Date(Math.floor(from.getTime() / DAY_MS) * DAY_MS),
  to: new Date(Math.ceil(to.getTime() / DAY_MS) * DAY_MS),
});
