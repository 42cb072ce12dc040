// Reads the catalog, resource by resource, and marks what is gone after each complete pass.
import type { CatalogPage } from '../adapters/pull.ts';
import { pullCatalog } from '../adapters/pull.ts';
import { type ErrorKind, TrackerError } from '../core/errors.ts';
import { CATALOG_RESOURCES, type CatalogResource } from '../core/resources.ts';
import { DAY_MS } from '../core/windows.ts';
import { campaignsForFlows, markGone, saveCatalog } from '../store/catalog.ts';
import type { Tx } from '../store/db.ts';
import { recordRequests } from '../store/requests.ts';
import { addRun, beginRun, countRun, endRun, openRuns } from '../store/runs.ts';
import { noteProgress, noteResourceRead, type ResourceState, readResources } from '../store/sync-state.ts';
import { setAside } from '../store/unreadable.ts';
import { holdConfig } from '../store/windows.ts';
import { settleTrouble } from './outcome.ts';
import type { Slice } from './slice.ts';

/** Refusals that concern one resource: the others are read on. */
const OF_ONE_RESOURCE: ReadonlySet<ErrorKind> = new Set(['refused', 'plan', 'forbidden', 'not_the_tracker']);

export async function readCatalog(slice: Slice): Promise<void> {
  const { db, clock } = slice.deps;
  const runId = await openCatalogRun(slice);
  slice.about.runId = runId;
  const states = await readResources(db, slice.config.id);
  const startedAt = clock();
  const refused: [CatalogResource, TrackerError][] = [];
  for (const resource of CATALOG_RESOURCES) {
    if (slice.adapter.catalog[resource] === undefined || isLeftOut(states.get(resource), startedAt)) continue;
    slice.about.resource = resource;
    try {
      await readResource(slice, runId, resource, startedAt);
    } catch (error) {
      if (!(error instanceof TrackerError) || !OF_ONE_RESOURCE.has(error.kind)) throw error;
      refused.push([resource, error]);
    }
  }
  // Only now: what the others answered would have ended the wait that a refusal asks for.
  for (const [resource, error] of refused) await settleTrouble(slice.deps, slice.config, { runId, resource }, error);
  if (refused.length > 0) return endIncomplete(slice, runId);
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('tracker_config')
      .set({ catalog_read_at: startedAt })
      .where('id', '=', slice.config.id)
      .execute();
    await endRun(tx, runId, 'done');
  });
}

async function openCatalogRun(slice: Slice): Promise<string> {
  const { db } = slice.deps;
  const open = (await openRuns(db, slice.config.id)).find((run) => run.kind === 'catalog');
  const runId =
    open?.id ?? (await addRun(db, slice.config, { kind: 'catalog', resources: CATALOG_RESOURCES, range: null }));
  if (runId === null) throw new Error(`no catalog run could be opened for ${slice.config.id}`);
  await beginRun(db, runId);
  return runId;
}

/** Found unavailable within the last day: not asked for now. */
function isLeftOut(state: ResourceState | undefined, now: Date): boolean {
  return state?.state === 'unavailable' && now.getTime() - (state.askedAt?.getTime() ?? 0) < DAY_MS;
}

/** Nothing is left to try now: the config's wait, or the resource's absence, is noted already. */
async function endIncomplete(slice: Slice, runId: string): Promise<void> {
  const { db } = slice.deps;
  const config = await db
    .selectFrom('tracker_config')
    .select(['retry_at', 'blocked_kind'])
    .where('id', '=', slice.config.id)
    .executeTakeFirst();
  const isTriedAgain = config !== undefined && (config.retry_at !== null || config.blocked_kind !== null);
  if (isTriedAgain) return;
  await db
    .updateTable('tracker_config')
    .set({ catalog_read_at: slice.deps.clock() })
    .where('id', '=', slice.config.id)
    .execute();
  await endRun(db, runId, 'done');
}

async function readResource(slice: Slice, runId: string, resource: CatalogResource, startedAt: Date): Promise<void> {
  const { parentIds, isComplete } = await parentsOf(slice, resource, startedAt);
  const seen: string[] = [];
  let unreadable = 0;
  for await (const page of pullCatalog(slice.session, resource, parentIds)) {
    seen.push(...page.records.map((record) => record.externalId));
    unreadable += page.unreadable.length;
    await commit(slice, runId, resource, page);
  }
  await slice.deps.db.transaction().execute(async (tx) => {
    // A row that could not be read may be any of those not seen.
    if (isComplete && unreadable === 0) await markGone(tx, slice.config.id, resource, seen);
    await noteResourceRead(tx, slice.config, resource, { inserted: 0, variant: null });
  });
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
    const { written, inserted } = await saveCatalog(tx, owner, resource, page.records);
    await setAside(tx, { ...owner, runId }, resource, page.unreadable);
    await noteResourceRead(tx, config, resource, { inserted, variant: null });
    await countRun(tx, runId, {
      requests: calls.length,
      rowsRead: page.records.length + page.unreadable.length,
      rowsWritten: written,
      rowsUnchanged: page.records.length - written,
      rowsUnreadable: page.unreadable.length,
      firstUnreadableReason: page.unreadable[0]?.reason ?? null,
    });
    await recordRequests(tx, { ...owner, runId }, calls);
    await noteProgress(tx, config.id);
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
