// What a tracker gives of each resource: readable, refused and left out for a while, or not given at all.
import { type Kysely, sql } from 'kysely';
import { CATALOG_RESOURCES, LOG_RESOURCES, type Resource } from '../core/resources.ts';
import type { Database, Db } from './db.ts';
import type { SyncConfig } from './sync-state.ts';

export interface ResourceState {
  resource: Resource;
  state: 'pending' | 'ok' | 'unavailable';
  readTo: Date | null;
  variant: string | null;
  /** It refused several times running: not asked before then, while the others go on. */
  retryAt: Date | null;
  askedAt: Date | null;
}

export async function readResources(db: Kysely<Database>, configId: string): Promise<Map<string, ResourceState>> {
  const rows = await db.selectFrom('tracker_resource').selectAll().where('tracker_config_id', '=', configId).execute();
  return new Map(
    rows.map((row) => [
      row.resource,
      {
        resource: row.resource as Resource,
        state: row.state,
        readTo: row.read_to,
        variant: row.variant,
        retryAt: row.retry_at,
        askedAt: row.asked_at,
      },
    ]),
  );
}

/** An unavailable resource is asked again this often. */
const ASK_AGAIN_MS = 86_400_000;

/** Whether a resource is asked for now: not while it is left out, and once a day where it was found unavailable. */
export function isAsked(state: ResourceState | undefined, now: Date): boolean {
  if (state === undefined) return true;
  if (state.retryAt !== null && state.retryAt > now) return false;
  return state.state !== 'unavailable' || now.getTime() - (state.askedAt?.getTime() ?? 0) >= ASK_AGAIN_MS;
}

export interface Found {
  inserted: number;
  variant: string | null;
  at: Date;
}

/** A resource that gave something: readable, and so many rows more. */
export async function noteResourceRead(
  db: Kysely<Database>,
  config: Pick<SyncConfig, 'id' | 'organization_id'>,
  resource: Resource,
  found: Found,
): Promise<void> {
  await resourceRead(db, config, resource, found).execute();
}

export function resourceRead(
  db: Kysely<Database>,
  config: Pick<SyncConfig, 'id' | 'organization_id'>,
  resource: Resource,
  { inserted, variant, at }: Found,
) {
  return db
    .insertInto('tracker_resource')
    .values({
      tracker_config_id: config.id,
      organization_id: config.organization_id,
      resource,
      state: 'ok',
      rows: inserted,
      variant,
      last_synced_at: at,
      asked_at: at,
    })
    .onConflict((conflict) =>
      conflict.columns(['tracker_config_id', 'resource']).doUpdateSet({
        state: 'ok',
        reason: null,
        refusals: 0,
        refused_since: null,
        retry_at: null,
        rows: sql`tracker_resource.rows + excluded.rows`,
        variant: sql`coalesce(excluded.variant, tracker_resource.variant)`,
        last_synced_at: at,
        asked_at: at,
      }),
    );
}

export interface Refusals {
  /** Running. */
  count: number;
  since: Date;
  /** It has given something before. */
  hasAnswered: boolean;
  /** Another resource has answered since shortly before the first refusal. */
  othersAnswer: boolean;
}

/** What answered so shortly before belongs to the slice that was refused. */
const SAME_SLICE_MS = 60_000;

/** Resources that are asked for in the same slices; itself alone where there is none. */
const kinOf = (resource: Resource): readonly Resource[] =>
  [LOG_RESOURCES, CATALOG_RESOURCES].find((kin: readonly Resource[]) => kin.includes(resource)) ?? [resource];

/** One more refusal of a resource. */
export async function noteRefusal(db: Db, configId: string, resource: Resource, now: Date): Promise<Refusals> {
  const row = await db
    .updateTable('tracker_resource')
    .set({
      refusals: sql<number>`refusals + 1`,
      refused_since: sql<Date>`coalesce(refused_since, ${now})`,
      asked_at: now,
    })
    .where('tracker_config_id', '=', configId)
    .where('resource', '=', resource)
    .returning(['refusals', 'refused_since', 'last_synced_at'])
    .executeTakeFirst();
  const since = row?.refused_since ?? now;
  const hasAnswered = row !== undefined && row.last_synced_at !== null;
  const other = await db
    .selectFrom('tracker_resource')
    .select('resource')
    .where('tracker_config_id', '=', configId)
    .where('resource', '<>', resource)
    .where('state', '=', 'ok')
    .where((where) =>
      where.or([
        where('last_synced_at', '>', since),
        where.and([
          where('last_synced_at', '>', new Date(since.getTime() - SAME_SLICE_MS)),
          // The account may have been shut in between: then only those count that were asked again, and not refused.
          ...(hasAnswered ? [where('resource', 'in', kinOf(resource)), where('refused_since', 'is', null)] : []),
        ]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return {
    count: row?.refusals ?? 1,
    since,
    hasAnswered,
    othersAnswer: other !== undefined,
  };
}

/** Whether a log never came to the end of a window. */
export async function isNeverRead(db: Db, configId: string, resource: Resource): Promise<boolean> {
  const { rows } = await sql<{ is_never_read: boolean }>`
    select coalesce(bool_and(state <> 'done'), true) and not exists (
      select from tracker_resource t
      where t.tracker_config_id = ${configId} and t.resource = ${resource} and t.read_to is not null) as is_never_read
    from sync_window where tracker_config_id = ${configId} and resource = ${resource}`.execute(db);
  return rows[0]?.is_never_read ?? false;
}

/** Whether a run under way has windows of a log to read, and has read no page of it for so long. */
export async function standsStill(db: Db, configId: string, resource: Resource, forMs: number): Promise<boolean> {
  const { rows } = await sql`
    select r.id from sync_window w join run r on r.id = w.run_id
    where w.tracker_config_id = ${configId} and w.resource = ${resource} and r.state = 'running'
    group by r.id
    having bool_or(w.state <> 'done')
      and greatest(r.started_at, max(w.cursor_at)) < now() - ${forMs} * interval '1 millisecond'
    limit 1`.execute(db);
  return rows.length > 0;
}

/** Leaves a resource out until a time: cycles and re-reads end without it, the backfill's windows wait for it. */
export async function leaveOut(
  db: Db,
  configId: string,
  resource: Resource,
  reason: string,
  until: Date,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('tracker_resource')
      .set({ reason, retry_at: until })
      .where('tracker_config_id', '=', configId)
      .where('resource', '=', resource)
      .execute();
    await dropFromCycles(tx, configId, resource);
    await endWait(tx, configId);
  });
}

/** Its finished windows go too: with a hole between them the cycle must not move the resource's cursor. */
async function dropFromCycles(tx: Kysely<Database>, configId: string, resource: Resource): Promise<void> {
  await sql`
    delete from sync_window w using run r
    where w.tracker_config_id = ${configId} and w.resource = ${resource}
      and r.id = w.run_id and r.kind in ('cycle', 'reread') and r.state in ('queued', 'running')`.execute(tx);
}

/** The others go on at once. */
async function endWait(tx: Kysely<Database>, configId: string): Promise<void> {
  await tx
    .updateTable('tracker_config')
    .set({ fruitless_tries: 0, retry_at: null, retry_kind: null })
    .where('id', '=', configId)
    .execute();
}

/**
 * A resource that its tracker does not give. Its open windows are dropped; when it answers again, all of it is read.
 */
export async function markUnavailable(db: Db, configId: string, resource: Resource, reason: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('tracker_resource')
      .set({ state: 'unavailable', reason, read_to: null, retry_at: null })
      .where('tracker_config_id', '=', configId)
      .where('resource', '=', resource)
      .execute();
    await dropFromCycles(tx, configId, resource);
    await tx
      .deleteFrom('sync_window')
      .where('tracker_config_id', '=', configId)
      .where(sql`resource`, '=', resource)
      .where('state', '<>', 'done')
      .execute();
    await endWait(tx, configId);
  });
}

/** A resource that is asked for the first time: from now on it has a state. */
export async function awaitResource(
  db: Kysely<Database>,
  config: Pick<SyncConfig, 'id' | 'organization_id'>,
  resource: Resource,
): Promise<void> {
  await db
    .insertInto('tracker_resource')
    .values({ tracker_config_id: config.id, organization_id: config.organization_id, resource })
    .onConflict((conflict) => conflict.columns(['tracker_config_id', 'resource']).doNothing())
    .execute();
}
