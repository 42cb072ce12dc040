// The engine: reads one page of what an adapter declares, maps its rows, and says where the next page is.
import { createHash } from 'node:crypto';
import { TrackerError, UnreadableRowError } from '../core/errors.ts';
import type {
  CatalogRecords,
  CatalogResource,
  Json,
  JsonObject,
  LogRecords,
  LogResource,
  UnreadableRow,
} from '../core/resources.ts';
import type { Range } from '../core/windows.ts';
import type { Listing, LogSource, PageAsk, TrackerRequest } from './adapter.ts';
import { type Cursor, firstCursor, limitOf, nextCursor, type Paging } from './paging.ts';
import { isObject } from './reading.ts';
import { redact, withoutSecrets } from './redact.ts';
import type { Session } from './session.ts';
import { troubleWithAnswer } from './trouble.ts';

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
  const context = { currency: session.connection.settings.currency };
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
    // A list that ignores its limit repeats itself: the repeat is not given a second time.
    if (mark !== cursor.mark || items.length === 0) yield items;
    cursor = nextCursor(listing.paging, cursor, { body, received: items.length, total: null, mark });
  }
}

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

/** A page as the tracker gave it: enough to know where to go on, before any row of it is mapped. */
export interface LogAnswer {
  items: Json[];
  received: number;
  total: number | null;
  /** The latest time on the page by which the log is sorted; null on an empty page. */
  lastAt: Date | null;
  next: Cursor | null;
  /** The way of asking that worked, to be remembered. */
  variant: string;
}

export interface LogPage<R extends LogResource> extends LogAnswer {
  records: LogRecords[R][];
  unreadable: UnreadableRow[];
}

/** One page of a log's window, mapped; see `askLogPage`. */
export async function pullLogPage<R extends LogResource>(
  session: Session,
  resource: R,
  window: Range,
  cursor: Cursor | null,
  variant: string | null,
  limit?: number,
): Promise<LogPage<R>> {
  const answer = await askLogPage(session, resource, window, cursor, variant, limit);
  return { ...answer, ...mapLogPage(session, resource, answer) };
}

/**
 * One page of a log's window.
 * @param variant the way of asking that worked before, null to find out
 * @param limit items to ask for, where fewer than the declared page are wanted
 * @throws TrackerError; `bad_answer` where the tracker breaks its order or repeats itself
 */
export async function askLogPage(
  session: Session,
  resource: LogResource,
  window: Range,
  cursor: Cursor | null,
  variant: string | null,
  limit?: number,
): Promise<LogAnswer> {
  const source = sourceOf(session, resource);
  const at = cursor ?? firstCursor(source.paging);
  const page = { ...askFor(source.paging, at), ...(limit === undefined ? {} : { limit }) };
  const answered = await askVariants(session, source, window, page, variant);
  const { body, items } = answered;
  const total = source.total(body);
  return {
    items,
    received: items.length,
    total,
    lastAt: lastTime(items, source.timeOf),
    next: nextCursor(source.paging, at, { body, received: items.length, total, mark: markOf(items) }),
    variant: answered.variant,
  };
}

/** The page's rows as records, and those that cannot be read. */
export function mapLogPage<R extends LogResource>(
  session: Session,
  resource: R,
  { items }: Pick<LogAnswer, 'items'>,
): { records: LogRecords[R][]; unreadable: UnreadableRow[] } {
  const source = sourceOf(session, resource);
  const context = { currency: session.connection.settings.currency };
  return mapRows(session, items, (item) => source.map(item, context));
}

function sourceOf<R extends LogResource>(session: Session, resource: R): LogSource<R> {
  const source = session.adapter.logs[resource] as LogSource<R> | undefined;
  if (source === undefined) throw new Error(`${session.adapter.title} has no ${resource}`);
  return source;
}

async function askVariants<R extends LogResource>(
  session: Session,
  source: LogSource<R>,
  window: Range,
  page: PageAsk,
  remembered: string | null,
): Promise<{ body: Json; items: Json[]; variant: string }> {
  const names = Object.keys(source.variants);
  const order =
    remembered !== null && names.includes(remembered) ? [remembered, ...names.filter((n) => n !== remembered)] : names;
  for (const [i, name] of order.entries()) {
    try {
      const request = source.variants[name]!.request(window, page);
      return { ...(await ask(session, request, source.items)), variant: name };
    } catch (error) {
      if (!isRefusedAsItIs(error) || i === order.length - 1) throw error;
    }
  }
  throw new Error(`${session.adapter.title} declares no way of asking`);
}

/** The tracker knows this key, but not this way of asking: another one may do. */
export const isRefusedAsItIs = (error: unknown): boolean =>
  error instanceof TrackerError && [400, 406, 422].includes(error.details.status ?? 0);

async function ask(
  session: Session,
  request: TrackerRequest,
  itemsOf: (body: Json) => Json[] | null,
): Promise<{ body: Json; items: Json[] }> {
  const body = await session.call(request);
  const items = itemsOf(body);
  if (items !== null) return { body, items };
  const said = isObject(body) && typeof body.error === 'string' ? body.error : 'JSON of another shape';
  throw troubleWithAnswer(200, session.adapter.title, redact(said, session.secrets, 300));
}

function askFor(paging: Paging, cursor: Cursor): PageAsk {
  return { limit: limitOf(paging), offset: cursor.offset, page: cursor.page, token: cursor.token };
}

/** Tells one page from another: their size, first and last item. */
function markOf(items: readonly Json[]): string {
  const ends = JSON.stringify([items.length, items[0] ?? null, items.at(-1) ?? null]);
  return createHash('sha256').update(ends).digest('base64url').slice(0, 22);
}

function mapRows<T>(
  session: Session,
  items: readonly Json[],
  map: (item: JsonObject) => T,
): { records: T[]; unreadable: UnreadableRow[] } {
  const records: T[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const item of items) {
    try {
      if (!isObject(item)) throw new UnreadableRowError('not an object');
      records.push(map(item));
    } catch (error) {
      if (!(error instanceof UnreadableRowError)) throw error;
      const kept = JSON.stringify(isObject(item) ? withoutSecrets(item) : item);
      unreadable.push({ reason: error.message, raw: redact(kept, session.secrets, 20_000) });
    }
  }
  return { records, unreadable };
}

/** @throws TrackerError `bad_answer` where the page is not in order of time: windows could not be cut safely */
function lastTime(items: readonly Json[], timeOf: (item: JsonObject) => Date): Date | null {
  let last: Date | null = null;
  for (const item of items) {
    const time = readTime(item, timeOf);
    if (time === null) continue;
    if (last !== null && time < last) throw new TrackerError('bad_answer', 'the log is not in order of time');
    last = time;
  }
  return last;
}

/** Null for a row whose time cannot be read: it is set aside by the mapping, and has no say in the order. */
function readTime(item: Json, timeOf: (item: JsonObject) => Date): Date | null {
  try {
    return isObject(item) ? timeOf(item) : null;
  } catch (error) {
    if (error instanceof UnreadableRowError) return null;
    throw error;
  }
}
