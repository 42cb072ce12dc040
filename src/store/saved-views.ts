// Saved views: a name, a page and its query; one's own, and those that others share in the organisation.
import { type SelectQueryBuilder, sql } from 'kysely';
import type { JsonObject } from '../core/resources.ts';
import type { Database, Tx } from './db.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';

export interface SavedView {
  id: string;
  ownerId: string;
  ownerName: string;
  name: string;
  page: string;
  query: JsonObject;
  isShared: boolean;
  createdAt: Date;
  updatedAt: Date;
}

export interface ViewContent {
  name: string;
  page: string;
  query: JsonObject;
  isShared: boolean;
}

/** What is not given stays. */
export type ViewChange = { [field in keyof ViewContent]?: ViewContent[field] | undefined };

const COLUMNS = [
  ...(['id', 'owner_id as ownerId', 'owner_name as ownerName', 'name', 'page', 'query'] as const),
  ...(['is_shared as isShared', 'created_at as createdAt', 'updated_at as updatedAt'] as const),
] as const;

type ViewQuery = SelectQueryBuilder<Database, 'saved_view', SavedView>;

function visibleTo(tx: Tx, ownerId: string): ViewQuery {
  return tx
    .selectFrom('saved_view')
    .select(COLUMNS)
    .where((eb) => eb.or([eb('is_shared', '=', true), eb('owner_id', '=', ownerId)]));
}

/** Newest first. */
export async function listViews(
  tx: Tx,
  ownerId: string,
  page: string | undefined,
  { limit, after }: PageAsk,
): Promise<Page<SavedView>> {
  let query = visibleTo(tx, ownerId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (page !== undefined) query = query.where('page', '=', page);
  if (after !== null) query = query.where(behind({ at: 'created_at', id: 'id' }, after));
  return pageOf(await query.execute(), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
}

export async function findView(tx: Tx, ownerId: string, id: string): Promise<SavedView | null> {
  return (await visibleTo(tx, ownerId).where('id', '=', id).executeTakeFirst()) ?? null;
}

/** @returns its id */
export async function createView(
  tx: Tx,
  owner: { organizationId: string; ownerId: string; ownerName: string },
  { name, page, query, isShared }: ViewContent,
): Promise<string> {
  const { id } = await tx
    .insertInto('saved_view')
    .values({
      ...{ organization_id: owner.organizationId, owner_id: owner.ownerId, owner_name: owner.ownerName },
      ...{ name, page, query: JSON.stringify(query), is_shared: isShared },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** @returns it as it is now, also where the caller sees it no more */
export async function changeView(
  tx: Tx,
  id: string,
  { name, page, query, isShared }: ViewChange,
): Promise<SavedView | null> {
  const changed = await tx
    .updateTable('saved_view')
    .set({
      ...(name === undefined ? {} : { name }),
      ...(page === undefined ? {} : { page }),
      ...(query === undefined ? {} : { query: JSON.stringify(query) }),
      ...(isShared === undefined ? {} : { is_shared: isShared }),
      updated_at: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst();
  return changed ?? null;
}

export async function deleteView(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('saved_view').where('id', '=', id).execute();
}
