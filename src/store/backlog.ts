// What waits in an organisation: trackers by state, those that are late, open work, and sums that are to be made anew.
import { sql } from 'kysely';
import type { ConfigState } from '../core/sync.ts';
import { configIsStale, configNextSyncAt, configState } from './config-state.ts';
import type { Tx } from './db.ts';

export interface Backlog {
  states: Partial<Record<ConfigState, number>>;
  stale: number;
  late: LateConfig[];
  runs: { queued: number; running: number };
  windows: { planned: number; running: number };
  /** Hours of roll-ups that were written to and are to be summed anew: reports read the logs for them until then. */
  marks: { hours: number; oldestHour: Date | null };
}

export interface LateConfig {
  configId: string;
  name: string;
  /** When it should have been read. */
  dueAt: Date;
}

/** A worker may need so long to take up what is due. */
const GRACE_SECONDS = 60;
const MOST_LATE = 50;

export async function readBacklog(tx: Tx): Promise<Backlog> {
  const states = await sql<{ state: ConfigState; count: number; stale: number }>`
    select state, count(*)::int as count, count(*) filter (where "isStale")::int as stale
    from (select ${configState} as state, ${configIsStale} as "isStale" from tracker_config
      where tracker_config.desired_state <> 'deleting') c group by 1`.execute(tx);
  const late = await sql<LateConfig>`
    select * from (select tracker_config.id as "configId", tracker_config.name, ${configNextSyncAt} as "dueAt"
      from tracker_config where not exists (
        select from sync_lease l where l.tracker_config_id = tracker_config.id and l.until > now())) c
    where "dueAt" < now() - make_interval(secs => ${GRACE_SECONDS}) order by "dueAt", "configId" limit ${MOST_LATE}`.execute(
    tx,
  );
  const work = await sql<{ queued: number; running: number; windowsPlanned: number; windowsRunning: number }>`
    select count(*) filter (where state = 'queued')::int as queued,
      count(*) filter (where state = 'running')::int as running,
      coalesce(sum(planned), 0)::int as "windowsPlanned", coalesce(sum(at_work), 0)::int as "windowsRunning"
    from run left join lateral (
      select count(*) filter (where w.state = 'planned') as planned, count(*) filter (where w.state = 'running') as at_work
      from sync_window w where w.run_id = run.id
    ) w on true where state in ('queued', 'running')`.execute(tx);
  const marks = await sql<{ hours: number; oldestHour: Date | null }>`
    select count(*)::int as hours, min(hour) as "oldestHour"
    from (select distinct tracker_config_id, source, hour from rollup_mark) m`.execute(tx);
  const { queued, running, windowsPlanned, windowsRunning } = work.rows[0]!;
  return {
    states: Object.fromEntries(states.rows.map(({ state, count }) => [state, count])),
    stale: states.rows.reduce((sum, { stale }) => sum + stale, 0),
    late: late.rows,
    runs: { queued, running },
    windows: { planned: windowsPlanned, running: windowsRunning },
    marks: marks.rows[0]!,
  };
}
