// The journal of what people did: written in the transaction of the deed itself, so that neither is without the other.
import { sql } from 'kysely';
import type { JsonObject } from '../core/resources.ts';
import type { Db, Tx } from './db.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';

export interface Actor {
  type: 'user' | 'api_key' | 'system';
  id: string | null;
  name: string | null;
  ip: string | null;
}

export interface Deed {
  /** `tracker.pause` and the like. */
  action: string;
  targetType: string;
  targetId: string;
  /** Never holds a secret. */
  before?: JsonObject;
  after?: JsonObject;
}

export interface AuditEntry {
  id: string;
  at: Date;
  actorType: 'user' | 'api_key' | 'system';
  actorId: string | null;
  actorName: string | null;
  action: string;
  targetType: string | null;
  targetId: string | null;
  before: JsonObject | null;
  after: JsonObject | null;
  ip: string | null;
}

export async function recordDeed(tx: Tx, organizationId: string, actor: Actor, deed: Deed): Promise<void> {
  await tx
    .insertInto('audit_log')
    .values({
      organization_id: organizationId,
      actor_type: actor.type,
      actor_id: actor.id,
      actor_name: actor.name,
      action: deed.action,
      target_type: deed.targetType,
      target_id: deed.targetId,
      before: deed.before === undefined ? null : JSON.stringify(deed.before),
      after: deed.after === undefined ? null : JSON.stringify(deed.after),
      ip: actor.ip,
    })
    .execute();
}

/** What somebody did with their own account: told to each organisation that they belong to. */
export async function recordPersonalDeed(db: Db, who: { email: string } | { userId: string }, deed: PersonalDeed) {
  const isThem = 'email' in who ? sql`u."email" = ${who.email.toLowerCase()}` : sql`u."id" = ${who.userId}::uuid`;
  await sql`
    insert into audit_log (organization_id, actor_type, actor_id, actor_name, action, target_type, target_id, ip, before, after)
    select m."organizationId", 'user', u."id", u."email", ${deed.action}, 'user', u."id", ${deed.ip},
      ${deed.before === undefined ? null : JSON.stringify(deed.before)}::jsonb, ${deed.after === undefined ? null : JSON.stringify(deed.after)}::jsonb
    from auth."user" u join auth."member" m on m."userId" = u."id" where ${isThem}`.execute(db);
}

export interface PersonalDeed {
  /** `sign_in`, `sign_in.failed`, `password.change` and the like. */
  action: string;
  ip: string | null;
  before?: JsonObject;
  after?: JsonObject;
}

export interface AuditFilter {
  /** An id, or a name. */
  actor?: string | undefined;
  /** `sign_in.*` takes all that begin so. */
  action?: string | undefined;
  targetType?: string | undefined;
  targetId?: string | undefined;
  configId?: string | undefined;
  /** `ok` or `failed`. */
  status?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

/** Newest first. */
export async function listDeeds(tx: Tx, filter: AuditFilter, { limit, after }: PageAsk): Promise<Page<AuditEntry>> {
  let query = tx
    .selectFrom('audit_log')
    .select(['id', 'at', 'actor_type as actorType', 'actor_id as actorId', 'actor_name as actorName', 'action'])
    .select(['target_type as targetType', 'target_id as targetId', 'before', 'after', 'ip'])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (after !== null) query = query.where(behind({ at: 'at', id: 'id' }, after));
  const { actor, action, status } = filter;
  if (actor !== undefined)
    query = query.where((eb) => eb.or([eb('actor_id', '=', actor), eb('actor_name', '=', actor)]));
  if (action?.endsWith('.*')) query = query.where(sql<boolean>`starts_with(action, ${action.slice(0, -1)})`);
  else if (action !== undefined) query = query.where('action', '=', action);
  if (filter.targetType !== undefined) query = query.where('target_type', '=', filter.targetType);
  for (const id of [filter.targetId, filter.configId]) {
    if (id !== undefined) query = query.where('target_id', '=', id);
  }
  if (status !== undefined) query = query.where(sql<boolean>`action like '%.failed' = ${status === 'failed'}`);
  if (filter.from !== undefined) query = query.where(sql<boolean>`at >= ${filter.from}`);
  if (filter.to !== undefined) query = query.where(sql<boolean>`at < ${filter.to}`);
  return pageOf(await query.execute(), limit, ({ at, id }) => ({ at, id }));
}

/** Two years are kept: the journal of an organisation that forgets within a month answers nobody's question. */
const DEED_YEARS = 2;

export async function dropOldDeeds(db: Db): Promise<void> {
  await sql`delete from audit_log where at < now() - make_interval(years => ${DEED_YEARS})`.execute(db);
}
