// What people changed of a connection's mappings, kept so that it can be shown and taken back.
import { sql } from 'kysely';
import type { Json, JsonObject } from '../core/resources.ts';
import type { Actor } from './audit.ts';
import type { Tx } from './db.ts';

export type MappingKind = 'statuses' | 'sub_ids' | 'campaigns';

export interface MappingOwner {
  id: string;
  organizationId: string;
}

/** By what is mapped; only what is not as it was. */
export interface MappingDelta<T extends Json> {
  before: Record<string, T>;
  after: Record<string, T>;
}

export interface MappingChange {
  id: string;
  kind: MappingKind;
  at: Date;
  actorType: Actor['type'];
  actorId: string | null;
  actorName: string | null;
  /** What a person who is a member is called now. */
  personName: string | null;
  before: JsonObject;
  after: JsonObject;
  undoneAt: Date | null;
}

export type Who = Pick<MappingChange, 'actorType' | 'actorId' | 'actorName' | 'personName'>;
const WHO = ['actor_type as actorType', 'actor_id as actorId', 'actor_name as actorName'] as const;
const personName = sql<string | null>`(
  select u."name" from auth."user" u where mapping_change.actor_type = 'user' and u."id"::text = mapping_change.actor_id)`;

const LATEST = 100;

export const isNothing = ({ after }: MappingDelta<Json>): boolean => Object.keys(after).length === 0;

const TURN = 22;

/**
 * One change of mappings after another, so that each tells truly what was before. The config cannot go meanwhile; whatever else
 * is written of it, above all by its sync, waits for nothing.
 */
export async function holdMappings(tx: Tx, configId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${configId}::uuid::text, ${TURN}))`.execute(tx);
  await tx.selectFrom('tracker_config').select('id').where('id', '=', configId).forKeyShare().execute();
}

export async function recordMappingChange(
  tx: Tx,
  config: MappingOwner,
  actor: Actor,
  kind: MappingKind,
  { before, after }: MappingDelta<Json>,
): Promise<void> {
  await tx
    .insertInto('mapping_change')
    .values({
      ...{ tracker_config_id: config.id, organization_id: config.organizationId, kind },
      ...{ actor_type: actor.type, actor_id: actor.id, actor_name: actor.name },
      ...{ before: JSON.stringify(before), after: JSON.stringify(after) },
    })
    .execute();
}

/** Newest first. */
export async function listMappingChanges(tx: Tx, configId: string): Promise<MappingChange[]> {
  return changes(tx, configId).limit(LATEST).execute();
}

/** Of status words, of all connections or of those named; those that were taken back since as well. */
export async function listMappingChangesSince(
  tx: Tx,
  since: Date,
  configIds: readonly string[] | null,
): Promise<(Who & { configId: string; changeId: string; at: Date })[]> {
  let query = tx
    .selectFrom('mapping_change')
    .select(['tracker_config_id as configId', 'id as changeId', 'at'])
    .select([...WHO, personName.as('personName')])
    .where('kind', '=', 'statuses')
    .where(sql<boolean>`greatest(at, undone_at) >= ${since}`)
    .orderBy('id', 'desc')
    .limit(LATEST);
  if (configIds !== null) query = query.where('tracker_config_id', 'in', [...configIds]);
  return query.execute();
}

/** @param id null for the latest that is not undone */
export async function findMappingChange(tx: Tx, configId: string, id: string | null): Promise<MappingChange | null> {
  const found = changes(tx, configId).limit(1);
  const one = id === null ? found.where('undone_at', 'is', null) : found.where('id', '=', id);
  return (await one.executeTakeFirst()) ?? null;
}

export async function markUndone(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('mapping_change').set({ undone_at: sql<Date>`now()` }).where('id', '=', id).execute();
}

const changes = (tx: Tx, configId: string) =>
  tx
    .selectFrom('mapping_change')
    .select(['id', 'kind', 'at', 'before', 'after'])
    .select([...WHO, personName.as('personName'), 'undone_at as undoneAt'])
    .where('tracker_config_id', '=', configId)
    .orderBy('id', 'desc');
