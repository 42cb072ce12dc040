// A connected account whose days are compared: its ledger's clock and ours moved together, from a noon on.
import { sql } from 'kysely';
import type { Dependencies } from '../../src/activities/dependencies.ts';
import type { Http } from '../../src/adapters/http.ts';
import type { JsonObject } from '../../src/core/resources.ts';
import type { RunKind } from '../../src/core/sync.ts';
import { DAY_MS } from '../../src/core/windows.ts';
import { activitiesOf, type Ground, workUntilRest } from './ground.ts';

export interface Figure {
  day: string;
  campaign: string;
  our_clicks: number;
  their_clicks: number;
  our_cost: string;
  their_cost: string;
  our_conversions: number;
  their_conversions: number;
  our_revenue: string;
  their_revenue: string;
  cost_currency: string;
  verdicts: Record<string, { state: string; reason: string | null }>;
  place: string;
}

const SMALL = { clicks: 6_000, conversions: 900, days: 20, campaigns: 3, growthPerDay: 300 };

/** A noon ahead of all that the database calls now: the same rows, at the same distance from midnight, whenever it runs. */
const NOON = Date.parse('2036-03-20T12:00:00Z');

type Row = JsonObject & { day?: string; sub_id?: string };

/** The tracker as it is, but for the rows of one call, which a test may write anew. */
export function rewriting(http: Http, path: string, rewrite: (rows: Row[]) => Row[]): Http {
  return {
    ...http,
    async call(call) {
      const answer = await http.call(call);
      if (!call.url.pathname.endsWith(path)) return answer;
      const body = answer.body as JsonObject & { rows: Row[] };
      return { ...answer, body: { ...body, rows: rewrite(body.rows) } };
    },
  };
}

export async function reconciled(
  ground: Ground,
  options: object = {},
  settings: object = {},
  more: Partial<Dependencies> = {},
  face = 'keitaro',
) {
  let now = NOON;
  const at = (time: number): string => new Date(time).toISOString();
  const connected = await ground.connect(
    { ...SMALL, anchorAt: at(NOON), frozenAt: at(NOON), ...options },
    { backfillDays: 20, syncIntervalMinutes: 15, ...settings },
    face,
  );
  const { configId, ledger } = connected;
  const activities = activitiesOf({ ...ground.deps, clock: () => new Date(now), ...more });
  await workUntilRest(activities, configId);
  const { db } = ground;
  return {
    ...connected,
    activities,
    now: () => new Date(now),
    /** The UTC day so many days ago. */
    day: (daysAgo: number): string => at(now - daysAgo * DAY_MS).slice(0, 10),
    async pass(ms: number): Promise<void> {
      now += ms;
      await ledger.setClock({ freezeAt: at(now) });
      await workUntilRest(activities, configId);
    },
    /** As `pass`; something happens at the tracker right before its totals are asked for. */
    async passWith(ms: number, beforeCheck: () => Promise<unknown>): Promise<void> {
      now += ms;
      await ledger.setClock({ freezeAt: at(now) });
      let isDone = false;
      for (let step = await activities.plan(configId); step.kind === 'work'; ) {
        if (step.work === 'reconcile' && !isDone) {
          isDone = true;
          await beforeCheck();
        }
        step = await activities[step.work](configId);
      }
    },
    config: () => db.selectFrom('tracker_config').selectAll().where('id', '=', configId).executeTakeFirstOrThrow(),
    resource: (name: string) =>
      db
        .selectFrom('tracker_resource')
        .selectAll()
        .where('tracker_config_id', '=', configId)
        .where('resource', '=', name)
        .executeTakeFirst(),
    async days(): Promise<Record<string, string>> {
      const { rows } = await sql<{ day: string; state: string }>`
        select day::text as day, state from reconciliation_day where tracker_config_id = ${configId} order by day`.execute(
        db,
      );
      return Object.fromEntries(rows.map(({ day, state }) => [day, state]));
    },
    async figures(day?: string): Promise<Figure[]> {
      const { rows } = await sql<Figure>`
        select f.*, f.day::text as day, campaign_external_id as campaign, ctid::text || ' ' || xmin::text as place
        from reconciliation_figure f where tracker_config_id = ${configId} and (${day ?? null}::date is null or day = ${day ?? null}::date)
        order by f.day, campaign_external_id`.execute(db);
      return rows;
    },
    /** The re-reads that checks have asked for, with their windows. */
    async rereads(kind: RunKind = 'reread') {
      const { rows } = await sql<{ id: string; resources: string[]; windows: { resource: string; from: string }[] }>`
        select r.id, r.resources, (select coalesce(json_agg(json_build_object('resource', w.resource, 'from', w.from_at, 'to', w.to_at)
            order by w.from_at), '[]') from sync_window w where w.run_id = r.id) as windows
        from run r where r.tracker_config_id = ${configId} and r.kind = ${kind}
          and (r.id in (select reread_run_id from reconciliation_day where tracker_config_id = ${configId}) or ${kind} <> 'reread')
        order by r.queued_at`.execute(db);
      return rows;
    },
    /** UTC days that a log was asked for again, of those before the last three. */
    async oldDaysAsked(log: 'clicks' | 'conversions'): Promise<string[]> {
      const asked = (await ledger.requests()).filter(({ path }) => path.endsWith(`/${log}/log`));
      const before = at(now - 3 * DAY_MS).slice(0, 10);
      const spans = asked.flatMap(({ window }) => (window == null ? [] : [[window.from, window.to]]));
      const days = spans.flatMap(([from, to]) => daysBetween(from!.slice(0, 10), to!.slice(0, 10)));
      return [...new Set(days)].filter((day) => day < before).sort();
    },
    async reportsAsked(): Promise<number> {
      return (await ledger.requests()).filter(({ path }) => path.endsWith('/report/build')).length;
    },
  };
}

function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let time = Date.parse(from); time <= Date.parse(to); time += DAY_MS) {
    days.push(new Date(time).toISOString().slice(0, 10));
  }
  return days;
}
