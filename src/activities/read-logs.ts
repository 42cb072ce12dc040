// Carries out a run's windows: each page's rows, its checkpoint and its calls commit together.
import type { TrackerError } from '../core/errors.ts';
import { dayOf } from '../core/reconciliation.ts';
import type { LogResource } from '../core/resources.ts';
import { isOfSomeRow, loadPage, type Way } from '../store/loader.ts';
import type { LoaderConnection } from '../store/loader-connection.ts';
import { notePage } from '../store/page-journal.ts';
import { settleRun } from '../store/plan-runs.ts';
import { isAsked, type ResourceState, readResources } from '../store/resource-state.ts';
import { beginRun, endReadRun, type OpenRun } from '../store/runs.ts';
import { learnStatuses } from '../store/status-map.ts';
import { isTroubled, noteProgress } from '../store/sync-state.ts';
import { setAside } from '../store/unreadable.ts';
import { advanceWindow, holdConfig, openWindows, planWindows } from '../store/windows.ts';
import { ahead } from './ahead.ts';
import { othersMayGoOn, settleTrouble } from './outcome.ts';
import { ENOUGH_ROWS, type PreparedPage, readPages, sizeFor } from './read-pages.ts';
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
  const variants = new Map(resources.map((resource) => [resource, wayOf(slice, resource, states.get(resource))]));
  // Windows of which a page could not be loaded as it was: their other pages are not tried that way.
  const careful = new Set<string>();
  const refused: [LogResource, TrackerError][] = [];
  let left = resources.filter((resource) => isAsked(states.get(resource), clock()));
  for (let isWhole = false; !isWhole; ) {
    const windows = await openWindows(db, run.id, left, WINDOWS_A_SLICE);
    try {
      const pages = readPages(slice, windows, variants);
      for await (const page of ahead(pages, ENOUGH_ROWS, sizeFor(ENOUGH_ROWS))) {
        await commitPage(slice, run, page, careful);
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

/** The way that worked; but one whose rows lack words gives way to a fuller one, where that works by the next day. */
function wayOf({ adapter, deps }: Slice, resource: LogResource, state: ResourceState | undefined): string | null {
  const way = state?.variant ?? null;
  if (way === null || adapter.logs[resource]?.variants[way]?.lacks !== 'words') return way;
  return dayOf(state?.askedAt ?? new Date(0)) === dayOf(deps.clock()) ? way : null;
}

async function commitPage(slice: Slice, run: OpenRun, page: PreparedPage, careful: Set<string>): Promise<void> {
  const { loaders } = slice.deps;
  const { id } = page.window;
  const write = (way: Way) => loaders.use((connection) => writePage(slice, connection, run, page, way));
  if (careful.has(id)) return write('careful');
  try {
    await write(page.isFresh ? 'straight' : 'staged');
  } catch (error) {
    if (!isOfSomeRow(error)) throw error;
    careful.add(id);
    await write('careful');
  }
}

async function writePage(
  slice: Slice,
  { db, client }: LoaderConnection,
  run: OpenRun,
  page: PreparedPage,
  way: Way,
): Promise<void> {
  const { config } = slice;
  const { window, cursor, coveredTo, expectedRows, to, variant, received } = page;
  const { resource } = window;
  const owner = { configId: config.id, organizationId: config.organization_id };
  const calls = [...slice.calls];
  await db.transaction().execute(async (tx) => {
    await holdConfig(tx, config.id);
    const isFresh = way === 'straight';
    await advanceWindow(tx, window, { cursor, coveredTo, rows: received, isFresh, expectedRows, to });
    const { inserted, updated, unchanged, refused } = await loadPage(client, owner, page.formatted, way);
    // A click that is there already must not be in the way: never straight.
    await loadPage(client, owner, page.clicks, way === 'straight' ? 'staged' : way);
    await learnStatuses(tx, config, page.statuses, slice.adapter.otherStatuses);
    const unreadable = [...page.unreadable, ...refused];
    await planWindows(tx, { id: run.id, ...owner }, page.rest);
    await setAside(tx, { ...owner, runId: run.id }, resource, unreadable);
    const windowsBegun = window.seq === 0 ? 1 : 0;
    await notePage(tx, config, run.id, {
      ...{ resource, variant, inserted, unreadable, calls, at: slice.deps.clock() },
      counts: { rowsRead: received, rowsWritten: inserted + updated, rowsUnchanged: unchanged, windowsBegun },
    });
    if (isTroubled(config)) await noteProgress(tx, config.id);
  });
  slice.calls.splice(0, calls.length);
}

async function endIfRead(slice: Slice, run: OpenRun): Promise<void> {
  const { db, clock } = slice.deps;
  await db.transaction().execute(async (tx) => {
    if (!(await endReadRun(tx, run.id))) return;
    await settleRun(tx, slice.config, run, clock());
    if (isTroubled(slice.config)) await noteProgress(tx, slice.config.id);
  });
}
