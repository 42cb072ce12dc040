// Reconciliation as it is shown: figures of both sides by day, campaign or config, with the worst that is known of them.
import { type RawBuilder, sql } from 'kysely';
import type { ReconciledColumn, ReconciliationState } from '../core/reconciliation.ts';
import { DAY_MS, type Range } from '../core/windows.ts';
import type { Tx } from './db.ts';
import type { EntityRef } from './lists-entities.ts';

export const RECONCILIATION_GROUPS = ['day', 'campaign', 'config'] as const;
export type ReconciliationGroup = (typeof RECONCILIATION_GROUPS)[number];

export interface ReconciliationAsk {
  groupBy: ReconciliationGroup;
  /** Days that begin within. */
  range: Range;
  configIds: readonly string[] | null;
  column?: ReconciledColumn | undefined;
  state?: ReconciliationState | undefined;
}

export interface ReconciliationItem {
  configId: string;
  /** Null where days are summed. */
  day: string | null;
  /** Null where campaigns are summed, and for clicks of none. */
  campaign: EntityRef | null;
  column: ReconciledColumn;
  /** Of money. */
  currency: string | null;
  ours: string;
  theirs: string;
  /** Ours less theirs. */
  difference: string;
  state: ReconciliationState;
  reason: string | null;
  /** The earliest check of what is summed. */
  checkedAt: Date;
  /** When days of it were last read again since they differed; null where none had to be. */
  rereadAt: Date | null;
}

/** From good to bad: a sum is as bad as its worst part. */
const STATES: readonly ReconciliationState[] = ['equal', 'explained', 'rereading', 'differs'];

/** The last day that begins before the moment: the first one after it may be in a year of five digits. */
const lastDayBefore = (at: Date): string =>
  new Date(Math.floor((at.getTime() - 1) / DAY_MS) * DAY_MS).toISOString().slice(0, 10);

export async function readReconciliation(tx: Tx, ask: ReconciliationAsk): Promise<ReconciliationItem[]> {
  const { groupBy, range, configIds, column, state } = ask;
  const conditions: RawBuilder<unknown>[] = [
    sql`d.day > ${lastDayBefore(range.from)}::date`,
    sql`d.day <= ${lastDayBefore(range.to)}::date`,
    sql`t.desired_state <> 'deleting'`,
  ];
  if (configIds !== null) conditions.push(sql`d.tracker_config_id = any(${[...configIds]}::uuid[])`);
  if (column !== undefined) conditions.push(sql`v.name = ${column}`);
  if (groupBy === 'campaign') conditions.push(sql`f.day is not null`);
  const keys = {
    day: groupBy === 'day' ? sql`d.day::text` : sql`null::text`,
    campaign: groupBy === 'campaign' ? sql`nullif(f.campaign_external_id, '')` : sql`null::text`,
  };
  const { rows } = await sql<ReconciliationItem>`
    with parts as (
      select d.tracker_config_id, case v.name when 'cost' then coalesce(f.cost_currency, t.settings ->> 'currency', 'USD')
          when 'revenue' then coalesce(f.revenue_currency, t.settings ->> 'currency', 'USD') end as currency,
        ${keys.day} as day, ${keys.campaign} as campaign, v.position, v.name, v.ours, v.theirs,
        d.checked_at, r.finished_at as reread_at, f.verdicts -> v.name ->> 'reason' as reason,
        array_position(${[...STATES]}::text[], case
          when v.state = 'differs' and r.state in ('queued', 'running') then 'rereading' else v.state end) as rank
      from reconciliation_day d
      join tracker_config t on t.id = d.tracker_config_id
      left join run r on r.id = d.reread_run_id
      left join reconciliation_figure f on f.tracker_config_id = d.tracker_config_id and f.day = d.day
      cross join lateral (
        select position, name, coalesce(ours, 0) as ours, coalesce(theirs, 0) as theirs,
          coalesce(f.verdicts -> name ->> 'state', 'equal') as state
        from (values (1, 'clicks', f.our_clicks::numeric, f.their_clicks::numeric), (2, 'cost', f.our_cost, f.their_cost),
          (3, 'conversions', f.our_conversions::numeric, f.their_conversions::numeric),
          (4, 'revenue', f.our_revenue, f.their_revenue)) as told (position, name, ours, theirs)
      ) v
      where ${sql.join(conditions, sql` and `)}
    ), ranked as (
      select *, max(rank) over (partition by tracker_config_id, day, campaign, name, currency) as worst from parts
    ), items as (
      select tracker_config_id, day, campaign, position, name, sum(ours) as ours, sum(theirs) as theirs,
        (${[...STATES]}::text[])[worst] as state,
        string_agg(distinct reason, '; ' order by reason) filter (where rank = worst) as reason,
        min(checked_at) as checked_at, max(reread_at) as reread_at, currency
      from ranked group by tracker_config_id, day, campaign, position, name, currency, worst
    )
    select i.tracker_config_id as "configId", i.day, i.name as "column", i.currency, trim_scale(i.ours)::text as ours,
      trim_scale(i.theirs)::text as theirs, trim_scale(i.ours - i.theirs)::text as difference, i.state, i.reason, i.checked_at as "checkedAt",
      i.reread_at as "rereadAt",
      case when i.campaign is not null then json_build_object('id', c.id, 'externalId', i.campaign, 'name', c.name) end as campaign
    from items i
    left join campaign c on c.tracker_config_id = i.tracker_config_id and c.external_id = i.campaign
    where ${state === undefined ? sql`true` : sql`i.state = ${state}`}
    order by i.tracker_config_id, i.day, c.name, i.campaign, i.position, i.currency`.execute(tx);
  return rows;
}

export interface UncomparedConfig {
  configId: string;
  type: string;
  /** Why its totals cannot be read, where that was tried. */
  reason: string | null;
  /** It has clicks or conversions by now. */
  hasLogs: boolean;
}

/** Connections of which no day was ever compared. */
export async function uncomparedConfigs(tx: Tx, configIds: readonly string[] | null): Promise<UncomparedConfig[]> {
  const { rows } = await sql<UncomparedConfig>`
    select t.id as "configId", t.type, p.reason,
      exists (select from tracker_resource r where r.tracker_config_id = t.id and r.resource in ('clicks', 'conversions')
        and r.state = 'ok') as "hasLogs"
    from tracker_config t
    left join tracker_resource p on p.tracker_config_id = t.id and p.resource = 'totals' and p.state = 'unavailable'
    where t.desired_state <> 'deleting' and not exists (select from reconciliation_day d where d.tracker_config_id = t.id)
      and ${configIds === null ? sql`true` : sql`t.id = any(${[...configIds]}::uuid[])`}
    order by t.id`.execute(tx);
  return rows;
}
