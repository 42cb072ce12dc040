// What checks against a tracker's own totals have found: figures of both sides, and what was done about each day.
import { type Kysely, sql } from 'kysely';
import { plainDecimal } from '../core/decimal.ts';
import { type CampaignDay, type Currencies, type Figures, keyOf, startOfDay } from '../core/reconciliation.ts';
import type { Compared, Served, Verdicts } from '../core/reconciliation-verdicts.ts';
import type { ClickDay } from '../core/reconciliation-zone.ts';
import { DAY_MS } from '../core/windows.ts';
import type { Database, Db } from './db.ts';
import type { SyncConfig } from './sync-state.ts';
import { Superseded } from './windows.ts';

export interface ComparedDay extends CampaignDay, Compared {
  currencies: Currencies;
}

export interface DayRecord {
  day: string;
  state: 'equal' | 'differs' | 'explained';
  /** The latest re-read that a check asked for; its UTC day, and how many there were on that day. */
  rereadRunId: string | null;
  rereadOn: string | null;
  rereadsOnDay: number;
  /** Fingerprint of what still differed after it. */
  rereadLeft: string | null;
}

export async function readDays(db: Db, configId: string): Promise<Map<string, DayRecord>> {
  const { rows } = await sql<DayRecord>`
    select day::text as day, state, reread_run_id as "rereadRunId", reread_on::text as "rereadOn",
      rereads_on_day as "rereadsOnDay", reread_left as "rereadLeft"
    from reconciliation_day where tracker_config_id = ${configId}`.execute(db);
  return new Map(rows.map((row) => [row.day, row]));
}

interface FigureRow extends CampaignDay {
  ours: Figures;
  theirs: Figures;
  currencies: Currencies;
  verdicts: Verdicts;
}

const side = (name: 'our' | 'their') => sql`jsonb_build_object(
  'clicks', ${sql.ref(`${name}_clicks`)}::text, 'cost', ${sql.ref(`${name}_cost`)}::text,
  'conversions', ${sql.ref(`${name}_conversions`)}::text, 'revenue', ${sql.ref(`${name}_revenue`)}::text)`;

/** By `keyOf`. */
export async function readFigures(
  db: Db,
  configId: string,
  days: readonly string[],
): Promise<Map<string, ComparedDay>> {
  const { rows } = await sql<FigureRow>`
    select day::text as day, campaign_external_id as campaign, ${side('our')} as ours, ${side('their')} as theirs, verdicts,
      jsonb_build_object('cost', coalesce(cost_currency, ''), 'revenue', coalesce(revenue_currency, '')) as currencies
    from reconciliation_figure where tracker_config_id = ${configId} and day = any(${[...days]}::date[])`.execute(db);
  return new Map(
    rows.map((row) => [keyOf(row), { ...row, ours: plainFigures(row.ours), theirs: plainFigures(row.theirs) }]),
  );
}

/** Of every day that was compared, as it was found. */
export async function readClickDays(db: Db, configId: string): Promise<ClickDay[]> {
  const { rows } = await sql<ClickDay>`
    select day::text as day, sum(our_clicks)::float8 as ours, sum(their_clicks)::float8 as theirs
    from reconciliation_figure where tracker_config_id = ${configId} group by day`.execute(db);
  return rows;
}

const plainFigures = ({ clicks, cost, conversions, revenue }: Figures): Figures => ({
  ...{ clicks, conversions },
  ...{ cost: plainDecimal(cost), revenue: plainDecimal(revenue) },
});

export interface Check {
  at: Date;
  freshAt: Date | null;
  isOfAllDays: boolean;
  /** A re-read to be looked at when it has ended. */
  rereadId: string | null;
}

/**
 * Puts down that a check was made, from exactly the one before.
 * @throws Superseded where another one was made meanwhile
 */
export async function noteCheck(tx: Kysely<Database>, config: SyncConfig, check: Check): Promise<void> {
  const noted = await tx
    .updateTable('tracker_config')
    .set({
      totals_checked_at: check.at,
      totals_fresh_at: check.freshAt,
      ...(check.isOfAllDays ? { totals_all_fresh_at: check.freshAt } : {}),
      totals_reread_id: check.rereadId,
    })
    .where('id', '=', config.id)
    .where(sql<boolean>`totals_checked_at is not distinct from ${config.totals_checked_at}::timestamptz`)
    .executeTakeFirst();
  if (noted.numUpdatedRows !== 1n) throw new Superseded(`totals of ${config.id} were checked meanwhile`);
}

type Owner = Pick<SyncConfig, 'id' | 'organization_id'>;

/** Of thousands of campaigns a month is a long text. */
const ROWS_A_STATEMENT = 5_000;

/** Only what changed: equal days are checked every hour, and must cost no write. */
export async function saveFigures(tx: Kysely<Database>, config: Owner, changed: readonly ComparedDay[]): Promise<void> {
  for (let at = 0; at < changed.length; at += ROWS_A_STATEMENT)
    await saveSome(tx, config, changed.slice(at, at + ROWS_A_STATEMENT));
}

async function saveSome(tx: Kysely<Database>, config: Owner, some: readonly ComparedDay[]): Promise<void> {
  const rows = some.map(({ day, campaign, ours, theirs, currencies, verdicts }) => ({
    ...{ day, campaign_external_id: campaign, verdicts },
    ...{ cost_currency: currencies.cost, revenue_currency: currencies.revenue },
    ...Object.fromEntries(Object.entries(ours).map(([column, value]) => [`our_${column}`, value])),
    ...Object.fromEntries(Object.entries(theirs).map(([column, value]) => [`their_${column}`, value])),
  }));
  await sql`
    insert into reconciliation_figure
    select (jsonb_populate_record(null::reconciliation_figure, value || ${JSON.stringify({
      tracker_config_id: config.id,
      organization_id: config.organization_id,
    })}::jsonb)).* from jsonb_array_elements(${JSON.stringify(rows)}::jsonb)
    on conflict (tracker_config_id, day, campaign_external_id) do update set
      our_clicks = excluded.our_clicks, their_clicks = excluded.their_clicks,
      our_cost = excluded.our_cost, their_cost = excluded.their_cost,
      our_conversions = excluded.our_conversions, their_conversions = excluded.their_conversions,
      our_revenue = excluded.our_revenue, their_revenue = excluded.their_revenue, verdicts = excluded.verdicts,
      cost_currency = excluded.cost_currency, revenue_currency = excluded.revenue_currency`.execute(tx);
}

/** Campaigns that neither side knows on a day any more. */
export async function dropFigures(
  tx: Kysely<Database>,
  config: Owner,
  vanished: readonly CampaignDay[],
): Promise<void> {
  if (vanished.length === 0) return;
  await sql`
    delete from reconciliation_figure f using jsonb_to_recordset(${JSON.stringify(vanished)}::jsonb) as v (day date, campaign text)
    where f.tracker_config_id = ${config.id} and f.day = v.day and f.campaign_external_id = v.campaign`.execute(tx);
}

export async function saveDays(
  tx: Kysely<Database>,
  config: Owner,
  checkedAt: Date,
  days: readonly DayRecord[],
): Promise<void> {
  if (days.length === 0) return;
  await sql`
    insert into reconciliation_day (tracker_config_id, organization_id, checked_at, day, state, reread_run_id, reread_on,
      rereads_on_day, reread_left)
    select ${config.id}, ${config.organization_id}, ${checkedAt}, day, state, "rereadRunId", "rereadOn", "rereadsOnDay", "rereadLeft"
    from jsonb_to_recordset(${JSON.stringify(days)}::jsonb)
      as d (day date, state text, "rereadRunId" uuid, "rereadOn" date, "rereadsOnDay" smallint, "rereadLeft" text)
    on conflict (tracker_config_id, day) do update set checked_at = excluded.checked_at, state = excluded.state,
      reread_run_id = excluded.reread_run_id, reread_on = excluded.reread_on, rereads_on_day = excluded.rereads_on_day,
      reread_left = excluded.reread_left`.execute(tx);
}

/** What a finished re-read has brought of each of its days, up to a time; both sides' clicks left out. */
export async function readServed(
  db: Db,
  configId: string,
  runId: string,
): Promise<(day: string, to: Date) => Pick<Served, 'clicks' | 'conversions'>> {
  const windows = await db
    .selectFrom('sync_window')
    .select(['resource', 'from_at', 'to_at', 'rows'])
    .where('run_id', '=', runId)
    .where('state', '=', 'done')
    .execute();
  const { rows: unreadable } = await sql<{ resource: string; count: number }>`
    select u.resource, count(*) as count from unreadable_row u
    join run r on r.id = ${runId} and u.seen_at >= coalesce(r.started_at, r.queued_at)
    where u.tracker_config_id = ${configId} group by 1`.execute(db);
  const unreadableOf = (resource: string): number => unreadable.find((row) => row.resource === resource)?.count ?? 0;
  return (day, to) => {
    const start = startOfDay(day).getTime();
    const ofDay = windows.filter(
      ({ resource, from_at }) =>
        resource === 'clicks' && from_at.getTime() >= start && from_at.getTime() < start + DAY_MS,
    );
    // A cycle between the two has read on: then the day has more rows than the re-read was given.
    const isWhole = ofDay.some(({ to_at }) => to_at >= to);
    const rows = isWhole ? ofDay.reduce((sum, window) => sum + window.rows, 0) : null;
    const hasConversions = windows.some(({ resource }) => resource === 'conversions');
    return {
      clicks: ofDay.length === 0 ? null : { rows, unreadable: unreadableOf('clicks') },
      conversions: hasConversions ? { unreadable: unreadableOf('conversions') } : null,
    };
  };
}
