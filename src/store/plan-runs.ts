// Plans runs: the backfill, a cycle's newest hours, the deeper re-reads, a requested range.
import { type Kysely, sql } from 'kysely';
import { LOG_RESOURCES, type LogResource } from '../core/resources.ts';
import { shiftOf, slotAfter, slotAt } from '../core/slots.ts';
import { DAY_MS, OVERLAP_MS, type Range, readableUntil, rereadDepthMs } from '../core/windows.ts';
import type { Database, Db } from './db.ts';
import { backfillDaysOf, intervalOf, isSlotOver } from './plan.ts';
import { conversionsByWeek, type LogSpans, SPANS, windowsOf } from './plan-windows.ts';
import { isAsked, type ResourceState, readResources } from './resource-state.ts';
import { addRun, beginCycle, beginRun, isQueued, type OpenRun, openRuns } from './runs.ts';
import type { SyncConfig } from './sync-state.ts';
import { planWindows, type RunOwner } from './windows.ts';

/** Deeper than this a re-read is a run of its own, that takes turns with the others. */
const LONGEST_IN_CYCLE_MS = 3 * DAY_MS;

const ownerOf = (config: SyncConfig, runId: string): RunOwner => ({
  id: runId,
  configId: config.id,
  organizationId: config.organization_id,
});

const laterOf = (a: Date, b: Date): Date => (a > b ? a : b);
const earlierOf = (a: Date, b: Date): Date => (a < b ? a : b);
const back = (from: Date, ms: number): Date => new Date(from.getTime() - ms);

const askable = (logs: readonly LogResource[], states: Map<string, ResourceState>, now: Date): LogResource[] =>
  logs.filter((resource) => isAsked(states.get(resource), now));

/** The first backfill, or the missing part before it where more days are wanted now. Harmless when repeated. */
export async function planBackfillRun(
  db: Db,
  config: SyncConfig,
  logs: readonly LogResource[],
  now: Date,
  spans: LogSpans = SPANS,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('tracker_config')
      .select(['backfill_from', 'backfill_to'])
      .where('id', '=', config.id)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow();
    const anchor = row.backfill_to ?? readableUntil(now);
    const from = back(anchor, backfillDaysOf(config.settings) * DAY_MS);
    const to = row.backfill_from ?? anchor;
    if (from >= to) return;
    const isFirst = row.backfill_from === null;
    await tx
      .updateTable('tracker_config')
      .set({
        backfill_from: from,
        backfill_to: anchor,
        next_sync_at: sql<Date>`coalesce(next_sync_at, ${slotAfter(config.id, now, intervalOf(config.settings))})`,
      })
      .where('id', '=', config.id)
      .execute();
    const resources = askable(logs, await readResources(tx, config.id), now);
    const open = (await openRuns(tx, config.id)).find((run) => run.kind === 'backfill');
    const runId = open?.id ?? (await addRun(tx, config, { kind: 'backfill', resources, range: { from, to: anchor } }));
    if (runId === null) return;
    await planWindows(tx, ownerOf(config, runId), windowsOf({ from, to }, resources, true, spans, now));
    if (isFirst) await setReadTo(tx, config.id, resources, anchor);
  });
}

async function setReadTo(
  db: Kysely<Database>,
  configId: string,
  resources: readonly string[],
  to: Date,
): Promise<void> {
  if (resources.length === 0) return;
  await db
    .updateTable('tracker_resource')
    .set({ read_to: to })
    .where('tracker_config_id', '=', configId)
    .where('resource', 'in', [...resources])
    .execute();
}

/**
 * Begins the cycle that is due or asked for, and plans its windows; answers the one under way where there is one. Null
 * where there is none to be done: an attempt that did it may have died before it could tell.
 */
export async function openCycle(
  db: Db,
  config: SyncConfig,
  logs: readonly LogResource[],
  now: Date,
  spans: LogSpans = SPANS,
): Promise<OpenRun | null> {
  const findOpen = async () => (await openRuns(db, config.id)).find(({ kind }) => kind === 'cycle') ?? null;
  if (!isSlotOver(config, now) && (await findOpen()) === null) return null;
  const slot = slotAt(config.id, now, intervalOf(config.settings));
  const until = readableUntil(now);
  const states = await readResources(db, config.id);
  const resources = askable(logs, states, now);
  const windows = resources.map((resource) => ({
    resource,
    range: cycleRange(config, resource, states.get(resource)?.readTo ?? until, slot, until),
    isFresh: false,
  }));
  const planned = windows.filter(({ range }) => range.from < range.to);
  const from = planned.reduce((earliest, { range }) => earlierOf(earliest, range.from), until);
  const range: Range | null = planned.length === 0 ? null : { from, to: until };
  const unread = resources.filter((resource) => (states.get(resource)?.readTo ?? null) === null);
  const begun = await db.transaction().execute(async (tx) => {
    const run = await beginCycle(tx, config, { resources, range, slotAt: slot });
    if (run === null) return null;
    await planWindows(tx, ownerOf(config, run.id), planned);
    if (unread.length > 0) await addHistory(tx, config, unread, until, spans);
    await addDeepReread(tx, config, states, slot, until);
    return run;
  });
  return begun ?? findOpen();
}

function cycleRange(config: SyncConfig, resource: LogResource, readTo: Date, slot: Date, until: Date): Range {
  const overlap = back(earlierOf(readTo, until), OVERLAP_MS);
  const depth =
    resource === 'conversions'
      ? Math.min(rereadDepthMs(slot, config.last_slot_at, shiftOf(config.id)), LONGEST_IN_CYCLE_MS)
      : OVERLAP_MS;
  const from = new Date(Math.min(overlap.getTime(), until.getTime() - depth));
  return { from: config.backfill_from === null ? from : laterOf(from, config.backfill_from), to: until };
}

/** A log that was unavailable until now: its newest hours come with the cycle, all that is older like a backfill. */
async function addHistory(
  tx: Kysely<Database>,
  config: SyncConfig,
  resources: readonly LogResource[],
  until: Date,
  spans: LogSpans,
): Promise<void> {
  const range = { from: config.backfill_from ?? until, to: back(until, OVERLAP_MS) };
  if (range.from >= range.to) return;
  const open = (await openRuns(tx, config.id)).find((run) => run.kind === 'backfill');
  const runId = open?.id ?? (await addRun(tx, config, { kind: 'backfill', resources, range }));
  if (runId === null) return;
  await planWindows(tx, ownerOf(config, runId), windowsOf(range, resources, false, spans, until));
  await setReadTo(tx, config.id, resources, range.to);
}

/** Daily, and once the first backfill is in: conversions of 30 or 90 days, as far as history goes. */
async function addDeepReread(
  tx: Kysely<Database>,
  config: SyncConfig,
  states: Map<string, ResourceState>,
  slot: Date,
  until: Date,
): Promise<void> {
  const depth = rereadDepthMs(slot, config.last_slot_at, shiftOf(config.id));
  const isReadable = states.get('conversions')?.state === 'ok';
  if (config.first_synced_at === null || depth <= LONGEST_IN_CYCLE_MS || !isReadable) return;
  const range = { from: laterOf(back(until, depth), config.backfill_from ?? back(until, depth)), to: until };
  const runId = await addRun(tx, config, { kind: 'reread', resources: ['conversions'], range });
  if (runId !== null) await planWindows(tx, ownerOf(config, runId), conversionsByWeek(range));
}

/** Begins a requested range. */
export async function beginResync(
  db: Db,
  config: SyncConfig,
  run: OpenRun,
  now: Date,
  spans: LogSpans = SPANS,
): Promise<OpenRun> {
  if (run.state === 'running' || run.range === null) return run;
  const until = readableUntil(now);
  const range = { from: run.range.from, to: earlierOf(run.range.to, until) };
  const wanted = LOG_RESOURCES.filter((resource) => run.resources.includes(resource));
  const windows = windowsOf(range, wanted, false, spans, now);
  await db.transaction().execute(async (tx) => {
    if (!(await isQueued(tx, run.id))) return;
    await beginRun(tx, run.id);
    await planWindows(tx, ownerOf(config, run.id), windows);
  });
  return { ...run, state: 'running' };
}

/** What a finished run leaves behind, in the transaction that ends it. */
export async function settleRun(tx: Kysely<Database>, config: SyncConfig, run: OpenRun, now: Date): Promise<void> {
  if (run.kind === 'backfill') {
    await tx
      .updateTable('tracker_config')
      .set({ first_synced_at: sql<Date>`coalesce(first_synced_at, now())`, last_synced_at: sql<Date>`now()` })
      .where('id', '=', config.id)
      .execute();
  }
  if (run.kind === 'resync') {
    // Who asks for days to be read again wants to know whether they are right now.
    await tx
      .updateTable('tracker_config')
      .set({ totals_fresh_at: null, totals_all_fresh_at: null })
      .where('id', '=', config.id)
      .execute();
  }
  if (run.kind !== 'cycle') return;
  const { numAffectedRows } = await sql`
    update tracker_resource r set read_to = w.to_at
    from (select resource, max(to_at) as to_at from sync_window where run_id = ${run.id} group by resource) w
    where r.tracker_config_id = ${config.id} and r.resource = w.resource`.execute(tx);
  await tx
    .updateTable('tracker_config')
    .set({
      // A cycle that read no log has brought nobody up to date.
      ...(numAffectedRows === 0n ? {} : { last_synced_at: sql<Date>`now()` }),
      next_sync_at: slotAfter(config.id, now, intervalOf(config.settings)),
      ...(run.slotAt === null ? {} : { last_slot_at: run.slotAt }),
    })
    .where('id', '=', config.id)
    .execute();
}
