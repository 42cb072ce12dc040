// Carries out a run's windows: each page's rows, its checkpoint and its calls commit together.
import { sql } from 'kysely';
import type { TrackerError } from '../core/errors.ts';
import type { LogResource } from '../core/resources.ts';
import type { Tx } from '../store/db.ts';
import { loadPage } from '../store/loader.ts';
import type { LoaderConnection } from '../store/loader-connection.ts';
import { settleRun } from '../store/plan-runs.ts';
import { recordRequests } from '../store/requests.ts';
import { isAsked, noteResourceRead, readResources } from '../store/resource-state.ts';
import { beginRun, countRun, endReadRun, type OpenRun } from '../store/runs.ts';
import { isTroubled, noteProgress } from '../store/sync-state.ts';
import { setAside } from '../store/unreadable.ts';
import { advanceWindow, holdConfig, openWindows, planWindows } from '../store/windows.ts';
import { ahead } from './ahead.ts';
import { othersMayGoOn, settleTrouble } from './outcome.ts';
import { ENOUGH_ROWS, type PreparedPage, readPages, sizeOf } from './read-pages.ts';
import type { Slice } from './slice.ts';

/** More than a slice can read; the rest is looked up by the next one. */
const WINDOWS_A_SLICE = 200;

/** Reads on in a run until it is read, the slice's time is over, or something stops it. */
export async function readLogs(slice: Slice, run: OpenRun, resources: readonly LogResource[]): Promise<void> {
  slice.about.runId = run.id;
  if (run.kind !== 'cycle') await beginRun(slice.deps.db, run.id);
  const refused = await readWindows(slice, run, resources);
  // Only now: what the others answered would have ended the wait that a refusal asks for.
  for (const [resource, trouble] of refused) {
    await settleTrouble(slice.deps, slice.config, { runId: run.id, resource }, trouble);
  }
  await endIfRead(slice, run);
}

/** @returns the resources that were refused: the others were read on without them */
async function readWindows(
  slice: Slice,
  run: OpenRun,
  resources: readonly LogResource[],
): Promise<[LogResource, TrackerError][]> {
  const { db, clock } = slice.deps;
  const states = await readResources(db, slice.config.id);
  const variants = new Map(resources.map((resource) => [resource, states.get(resource)?.variant ?? null]));
  // Windows that turned out not to be fresh: their later pages, already formatted, take the careful way too.
  const touched = new Set<string>();
  const refused: [LogResource, TrackerError][] = [];
  let left = resources.filter((resource) => isAsked(states.get(resource), clock()));
  for (let isWhole = false; !isWhole; ) {
    const windows = await openWindows(db, run.id, left, WINDOWS_A_SLICE);
    try {
      const pages = readPages(slice, windows, variants);
      for await (const page of ahead(pages, ENOUGH_ROWS, sizeOf)) {
        await slice.deps.loaders.use((connection) => commitPage(slice, connection, run, page, touched));
      }
      isWhole = true;
    } catch (error) {
      const resource = slice.about.resource as LogResource;
      if (!othersMayGoOn(error) || !left.includes(resource)) throw error;
      refused.push([resource, error]);
      left = left.filter((other) => other !== resource);
    }
  }
  return refused;
}

async function commitPage(
  slice: Slice,
  { db, client }: LoaderConnection,
  run: OpenRun,
  page: PreparedPage,
  touched: Set<string>,
): Promise<void> {
  const { config } = slice;
  const owner = { configId: config.id, organizationId: config.organization_id };
  const { window } = page;
  const isFresh = page.isFresh && !touched.has(window.id);
  const calls = [...slice.calls];
  const loaded = await db.transaction().execute(async (tx) => {
    if (page.formatted.rows.length > 0) await planByIndex(tx);
    await holdConfig(tx, config.id);
    await advanceWindow(tx, window, {
      cursor: page.cursor,
      coveredTo: page.coveredTo,
      rows: page.received,
      isFresh,
      expectedRows: page.expectedRows,
      to: page.to,
    });
    const result = await loadPage(client, owner, page.formatted, isFresh);
    if (isFresh && !result.wasFresh) {
      await tx.updateTable('sync_window').set({ is_fresh: false }).where('id', '=', window.id).execute();
    }
    const unreadable = [...page.unreadable, ...result.unreadable];
    await planWindows(tx, { id: run.id, ...owner }, page.rest);
    await setAside(tx, { ...owner, runId: run.id }, window.resource, unreadable);
    await noteResourceRead(tx, config, window.resource, {
      ...{ inserted: result.inserted, variant: page.variant },
      at: slice.deps.clock(),
    });
    await countRun(tx, run.id, {
      requests: calls.length,
      rowsRead: page.received,
      rowsWritten: result.inserted + result.updated,
      rowsUnchanged: result.unchanged,
      rowsUnreadable: unreadable.length,
      firstUnreadableReason: unreadable[0]?.reason ?? null,
      windowsBegun: window.seq === 0 ? 1 : 0,
    });
    await recordRequests(tx, { ...owner, runId: run.id }, calls);
    if (isTroubled(config)) await noteProgress(tx, config.id);
    return result;
  });
  slice.calls.splice(0, calls.length);
  if (!loaded.wasFresh) touched.add(window.id);
}

/**
 * Neither a staging table nor a partition that was filled a moment ago has statistics: left to itself the plan may read
 * all of a partition for each page, or even for each row.
 */
async function planByIndex(tx: Tx): Promise<void> {
  const ways = ['hashjoin', 'mergejoin', 'seqscan', 'bitmapscan', 'material'].map((way) => `enable_${way}`);
  await sql`select set_config(way, 'off', true) from unnest(${ways}::text[]) way`.execute(tx);
}

async function endIfRead(slice: Slice, run: OpenRun): Promise<void> {
  const { db, clock } = slice.deps;
  await db.transaction().execute(async (tx) => {
    if (!(await endReadRun(tx, run.id))) return;
    await settleRun(tx, slice.config, run, clock());
    if (isTroubled(slice.config)) await noteProgress(tx, slice.config.id);
  });
}
