// Reads the catalog, resource by resource, and marks what is gone after each complete pass.
import { type CatalogList, type CatalogPage, catalogLists, pullCatalogList } from '../adapters/pull-catalog.ts';
import type { TrackerError } from '../core/errors.ts';
import { CATALOG_RESOURCES, type CatalogResource } from '../core/resources.ts';
import { DAY_MS } from '../core/windows.ts';
import { campaignsForFlows, markFlowsGone, markGone, markOrphanFlowsGone, saveCatalog } from '../store/catalog.ts';
import type { Tx } from '../store/db.ts';
import { notePage } from '../store/page-journal.ts';
import { isAsked, noteResourceRead, readResources } from '../store/resource-state.ts';
import { addRun, beginRun, endRun, type OpenRun, openRuns, saveRunCursor } from '../store/runs.ts';
import { isTroubled, noteProgress } from '../store/sync-state.ts';
import { setAside } from '../store/unreadable.ts';
import { holdConfig } from '../store/windows.ts';
import { othersMayGoOn, settleTrouble } from './outcome.ts';
import type { Slice } from './slice.ts';

/** How far a pass is: resources that are read, and the last list of the one being read. */
interface CatalogCursor {
  startedAt: string;
  done: CatalogResource[];
  last: (CatalogList & { resource: CatalogResource }) | null;
}

/** One pass over the catalog, or as much of it as a slice can do; the next slice goes on from the run's cursor. */
export async function readCatalog(slice: Slice): Promise<void> {
  const { db, clock } = slice.deps;
  const run = await openCatalogRun(slice);
  slice.about.runId = run.id;
  const cursor = (run.cursor as CatalogCursor | null) ?? { startedAt: clock().toISOString(), done: [], last: null };
  const startedAt = new Date(cursor.startedAt);
  const refused: [CatalogResource, TrackerError][] = [];
  for (const resource of await leftToRead(slice, cursor)) {
    slice.about.resource = resource;
    try {
      const isRead = await readResource(slice, run.id, resource, startedAt, cursor);
      if (!isRead) break;
    } catch (error) {
      if (!othersMayGoOn(error)) throw error;
      refused.push([resource, error]);
    }
  }
  // Only now: what the others answered would have ended the wait that a refusal asks for.
  for (const [resource, error] of refused)
    await settleTrouble(slice.deps, slice.config, { runId: run.id, resource }, error);
  if ((await leftToRead(slice, cursor)).length > 0) return;
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('tracker_config')
      .set({ catalog_read_at: clock() })
      .where('id', '=', slice.config.id)
      .execute();
    await endRun(tx, run.id, 'done');
  });
}

async function openCatalogRun(slice: Slice): Promise<OpenRun> {
  const { config } = slice;
  const { db } = slice.deps;
  const find = async () => (await openRuns(db, config.id)).find((run) => run.kind === 'catalog');
  if ((await find()) === undefined)
    await addRun(db, config, { kind: 'catalog', resources: CATALOG_RESOURCES, range: null });
  const queued = await find();
  if (queued === undefined) throw new Error(`no catalog run could be opened for ${config.id}`);
  await beginRun(db, queued.id);
  return (await find()) ?? queued;
}

/** Resources of this pass that are not read yet, nor left out for now. */
async function leftToRead(slice: Slice, { done }: CatalogCursor): Promise<CatalogResource[]> {
  const states = await readResources(slice.deps.db, slice.config.id);
  const now = slice.deps.clock();
  return CATALOG_RESOURCES.filter(
    (resource) =>
      slice.adapter.catalog[resource] !== undefined && !done.includes(resource) && isAsked(states.get(resource), now),
  );
}

/** @returns false where the slice's time ended before the resource did */
async function readResource(
  slice: Slice,
  runId: string,
  resource: CatalogResource,
  startedAt: Date,
  cursor: CatalogCursor,
): Promise<boolean> {
  const { db } = slice.deps;
  const configId = slice.config.id;
  const { parentIds, isComplete } = await parentsOf(slice, resource, startedAt);
  const seen: string[] = [];
  let isClean = true;
  for (const list of after(
    catalogLists(slice.session, resource, parentIds),
    cursor.last?.resource === resource ? cursor.last : null,
  )) {
    // A list of all is read in one go; those of single parents are where a slice may end.
    if (list.parentId !== null && slice.isOver()) return false;
    const read = await readList(slice, runId, resource, list);
    seen.push(...read.seen);
    isClean &&= read.isClean;
    cursor.last = { resource, ...list };
    await saveRunCursor(db, runId, cursor);
  }
  cursor.done.push(resource);
  cursor.last = null;
  await db.transaction().execute(async (tx) => {
    const isPerParent = parentIds.length > 0;
    // A row that could not be read may be any of those not seen.
    if (isComplete && isClean && !isPerParent) await markGone(tx, configId, resource, seen);
    if (isComplete && isPerParent) await markOrphanFlowsGone(tx, configId, parentIds);
    await noteResourceRead(tx, slice.config, resource, { inserted: 0, variant: null, at: slice.deps.clock() });
    await saveRunCursor(tx, runId, cursor);
  });
  return true;
}

/** A list that is not per parent is gone through again from the start: what it lacks can only be told when it is whole. */
function after(lists: CatalogList[], last: CatalogList | null): CatalogList[] {
  if (last === null || last.parentId === null) return lists;
  const isAfter = (list: CatalogList): boolean =>
    list.listing > last.listing || (list.listing === last.listing && (list.parentId ?? '') > (last.parentId ?? ''));
  return lists.filter(isAfter);
}

async function readList(slice: Slice, runId: string, resource: CatalogResource, list: CatalogList) {
  const seen: string[] = [];
  let isClean = true;
  for await (const page of pullCatalogList(slice.session, resource, list)) {
    seen.push(...page.records.map((record) => record.externalId));
    isClean &&= page.unreadable.length === 0;
    await commit(slice, runId, resource, page);
  }
  if (list.parentId !== null && isClean) await markFlowsGone(slice.deps.db, slice.config.id, list.parentId, seen);
  return { seen, isClean };
}

async function commit<R extends CatalogResource>(
  slice: Slice,
  runId: string,
  resource: R,
  page: CatalogPage<R>,
): Promise<void> {
  const { config } = slice;
  const owner = { configId: config.id, organizationId: config.organization_id };
  const calls = [...slice.calls];
  await slice.deps.db.transaction().execute(async (tx: Tx) => {
    await holdConfig(tx, config.id);
    const { written, inserted, unreadable: refused } = await saveCatalog(tx, owner, resource, page.records);
    const unreadable = [...page.unreadable, ...refused];
    await setAside(tx, { ...owner, runId }, resource, unreadable);
    const rowsRead = page.records.length + page.unreadable.length;
    const rowsUnchanged = page.records.length - written - refused.length;
    await notePage(tx, config, runId, {
      ...{ resource, inserted, variant: null, at: slice.deps.clock(), unreadable, calls },
      counts: { rowsRead, rowsWritten: written, rowsUnchanged },
    });
    if (isTroubled(config)) await noteProgress(tx, config.id);
  });
  slice.calls.splice(0, calls.length);
}

/** Flows cost a call per campaign: hourly those of campaigns that changed or had traffic, once a day all of them. */
async function parentsOf(
  slice: Slice,
  resource: CatalogResource,
  now: Date,
): Promise<{ parentIds: string[]; isComplete: boolean }> {
  const source = slice.adapter.catalog[resource];
  if (!source?.listings.some((listing) => listing.perParent !== undefined)) return { parentIds: [], isComplete: true };
  const last = slice.config.catalog_read_at;
  const isDaily = last === null || Math.floor(last.getTime() / DAY_MS) !== Math.floor(now.getTime() / DAY_MS);
  const parentIds = await campaignsForFlows(slice.deps.db, slice.config.id, isDaily ? null : last);
  return { parentIds, isComplete: isDaily };
}
