// The engine for catalogs: list after list, page after page.
import { TrackerError } from '../core/errors.ts';
import type { CatalogRecords, CatalogResource, Json, UnreadableRow } from '../core/resources.ts';
import { ask, askFor, contextOf, mapRows } from './asking.ts';
import { isSamePage, markOf } from './page-mark.ts';
import { type Cursor, firstCursor, isHeldBack, nextCursor } from './paging.ts';
import { isObject } from './reading.ts';
import type { Session } from './session.ts';
import type { Listing } from './sources.ts';

export interface CatalogPage<R extends CatalogResource> {
  records: CatalogRecords[R][];
  unreadable: UnreadableRow[];
}

/** One list of a catalog resource: which of its listings, and whose children where it is asked for per parent. */
export interface CatalogList {
  listing: number;
  parentId: string | null;
}

/**
 * The lists that make up a resource, in one order.
 * @param parentIds the entries whose children are asked for, where the source asks once per parent
 */
export function catalogLists(session: Session, resource: CatalogResource, parentIds: readonly string[]): CatalogList[] {
  const listings = session.adapter.catalog[resource]?.listings ?? [];
  const parents = [...parentIds].sort();
  return listings.flatMap(({ perParent }, listing) =>
    (perParent === undefined ? [null] : parents).map((parentId) => ({ listing, parentId })),
  );
}

/**
 * Every page of one list.
 * @throws TrackerError; what was given before it stands
 */
export async function* pullCatalogList<R extends CatalogResource>(
  session: Session,
  resource: R,
  { listing, parentId }: CatalogList,
): AsyncGenerator<CatalogPage<R>> {
  const source = session.adapter.catalog[resource];
  const declared = source?.listings[listing];
  if (source === undefined || declared === undefined) return;
  const context = contextOf(session, { parentId });
  for await (const items of pages(session, declared, parentId)) {
    yield mapRows(session, items, (item) => source.map(item, context) as CatalogRecords[R]);
  }
}

/** Every page of a catalog resource, list after list. */
export async function* pullCatalog<R extends CatalogResource>(
  session: Session,
  resource: R,
  parentIds: readonly string[],
): AsyncGenerator<CatalogPage<R>> {
  for (const list of catalogLists(session, resource, parentIds)) yield* pullCatalogList(session, resource, list);
}

async function* pages(session: Session, listing: Listing, parentId: string | null): AsyncGenerator<Json[]> {
  for (let cursor: Cursor | null = firstCursor(listing.paging); cursor !== null; ) {
    const answered = await ask(session, listing.request(askFor(listing.paging, cursor), parentId), listing.items).catch(
      (error: unknown) => {
        if (listing.isOptional && isMissing(error)) return null;
        throw error;
      },
    );
    if (answered === null) return;
    const { body, items } = answered;
    const mark = markOf(items);
    const total = listing.total?.(body) ?? null;
    const next = nextCursor(listing.paging, cursor, { body, received: items.length, total, mark });
    // A list that ignores its limit repeats itself: the repeat is not given a second time.
    const isRepeat = isSamePage(mark, items.length, cursor);
    if (!isRepeat && !isHeldBack(listing.paging, next)) yield kept(listing, items);
    cursor = next;
  }
}

/** What is no object is kept: it is set aside by the mapping, not lost. */
const kept = ({ keeps }: Listing, items: Json[]): Json[] =>
  keeps === undefined ? items : items.filter((item) => !isObject(item) || keeps(item));

const isMissing = (error: unknown): boolean =>
  error instanceof TrackerError && [400, 404, 405].includes(error.details.status ?? 0);

/**
 * The items of a listing's first page: for the connection test.
 * @throws TrackerError `not_the_tracker` also where the items are not objects
 */
export async function peek(session: Session, listing: Listing, parentId: string | null): Promise<Json[]> {
  const request = listing.request(askFor(listing.paging, firstCursor(listing.paging)), parentId);
  const objects = (body: Json): Json[] | null => {
    const items = listing.items(body);
    return items?.every(isObject) === true ? items : null;
  };
  return (await ask(session, request, objects)).items;
}
