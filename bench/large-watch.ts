// Looks on while a large tracker is read: progress as a person sees it, windows and today as the database has them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerControl } from '../simulator/client.ts';
import type { Hub } from './hub.ts';
import { memoryOf } from './processes.ts';

export interface Seen {
  seconds: number;
  rows: number;
  /** Clicks and cost of the backfill's range: the hub's, the ledger's. */
  sums: [string, string];
  largestWindow: number;
  longestWindowSeconds: number;
  longestGapSeconds: number;
  todayEqualAt: number | null;
  cycleAt: number | null;
  wasOpenAtCycle: boolean;
  falls: number;
  looks: number;
  eta: { least: number; most: number; count: number; unknown: number };
  memory: number;
  memoryAt100k: number;
}

interface Progress {
  percent: number;
  etaSeconds: number | null;
  rows: { clicks: number };
}

const LOOK_EVERY_MS = 1_000;
const ESTIMATES_FROM_S = 60;
const ESTIMATE_EVERY_S = 5;
/** The last seconds are nothing to estimate. */
const SHORTEST_LEFT_S = 10;
const DAY_MS = 86_400_000;

export async function watch(hub: Hub, ledger: LedgerControl, id: string, startedAt: number): Promise<Seen> {
  const since = (): number => (Date.now() - startedAt) / 1_000;
  const today = { from: new Date(Math.floor(startedAt / DAY_MS) * DAY_MS), to: new Date(startedAt - 180_000) };
  const estimates: { at: number; eta: number | null }[] = [];
  let [falls, looks, percent, memory, memoryAt100k, gap] = [0, 0, 0, 0, 0, 0];
  let todayEqualAt: number | null = null;
  let cycleAt: number | null = null;
  let wasOpenAtCycle = false;
  let lastPageAt: number | null = null;
  for (;;) {
    const progress = await hub.api<Progress>(`/trackers/${id}/progress`);
    const { first_synced_at: synced } = await one(hub, 'select first_synced_at from tracker_config where id = $1', [
      id,
    ]);
    looks++;
    if (progress.percent < percent) falls++;
    percent = progress.percent;
    memory = Math.max(memory, memoryOf(hub.pidOf('worker')) ?? 0);
    if (memoryAt100k === 0 && progress.rows.clicks >= 100_000) memoryAt100k = memory;
    if (since() >= ESTIMATES_FROM_S && since() - (estimates.at(-1)?.at ?? 0) >= ESTIMATE_EVERY_S && synced === null) {
      estimates.push({ at: since(), eta: progress.etaSeconds });
    }
    const { page } = await one(hub, 'select max(cursor_at) as page from sync_window where tracker_config_id = $1', [
      id,
    ]);
    if (page !== null && page.getTime() !== lastPageAt) {
      gap = Math.max(gap, (page.getTime() - (lastPageAt ?? page.getTime())) / 1_000);
      lastPageAt = page.getTime();
    }
    // The sum costs the simulator something: not each time.
    if (todayEqualAt === null && looks % 5 === 0 && (await isEqual(hub, ledger, id, today))) todayEqualAt = since();
    if (cycleAt === null && (await isCycleIn(hub, id))) [cycleAt, wasOpenAtCycle] = [since(), synced === null];
    if (synced !== null && cycleAt !== null) {
      const seconds = (synced.getTime() - startedAt) / 1_000;
      const { from, to } = await one(
        hub,
        'select backfill_from as from, backfill_to as to from tracker_config where id = $1',
        [id],
      );
      return {
        ...{ seconds, falls, looks, memory, memoryAt100k, todayEqualAt, cycleAt, wasOpenAtCycle },
        ...{ sums: await sumsOf(hub, ledger, id, { from, to }), rows: progress.rows.clicks },
        ...{ longestGapSeconds: gap, eta: rated(estimates, seconds), ...(await windowsOf(hub, id)) },
      };
    }
    await sleep(LOOK_EVERY_MS);
  }
}

function rated(estimates: { at: number; eta: number | null }[], seconds: number): Seen['eta'] {
  const meant = estimates.filter(({ at }) => seconds - at >= SHORTEST_LEFT_S);
  const ratios = meant.flatMap(({ at, eta }) => (eta === null ? [] : [eta / (seconds - at)]));
  const unknown = meant.length - ratios.length;
  return { least: Math.min(...ratios), most: Math.max(...ratios), count: ratios.length, unknown };
}

// biome-ignore lint/suspicious/noExplicitAny: rows of every shape
async function one(hub: Hub, query: string, values: unknown[]): Promise<any> {
  return (await hub.db.query(query, values)).rows[0];
}

interface Span {
  from: Date;
  to: Date;
}

async function sumsOf(hub: Hub, ledger: LedgerControl, id: string, { from, to }: Span): Promise<[string, string]> {
  const ours = await one(
    hub,
    `select count(*)::int as clicks, trim_scale(coalesce(sum(cost), 0))::text as cost from click
    where tracker_config_id = $1 and clicked_at >= $2 and clicked_at < $3`,
    [id, from, to],
  );
  const theirs = await ledger.truth({ from: from.toISOString(), to: to.toISOString() });
  const plain = theirs.cost.includes('.') ? theirs.cost.replace(/\.?0+$/, '') : theirs.cost;
  return [`${ours.clicks} ${ours.cost}`, `${theirs.clicks} ${plain}`];
}

async function isEqual(hub: Hub, ledger: LedgerControl, id: string, span: Span): Promise<boolean> {
  const [ours, theirs] = await sumsOf(hub, ledger, id, span);
  return ours === theirs;
}

const isCycleIn = async (hub: Hub, id: string): Promise<boolean> =>
  (await one(hub, `select 1 as found from run where tracker_config_id = $1 and kind = 'cycle' and state = 'done'`, [
    id,
  ])) !== undefined;

async function windowsOf(hub: Hub, id: string): Promise<{ largestWindow: number; longestWindowSeconds: number }> {
  const { rows, seconds } = await one(
    hub,
    `select max(rows)::int as rows, max(extract(epoch from finished_at - started_at))::float8 as seconds
    from sync_window where tracker_config_id = $1`,
    [id],
  );
  return { largestWindow: rows, longestWindowSeconds: seconds };
}
