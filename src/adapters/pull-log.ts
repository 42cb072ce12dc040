// The engine for logs: one page of a window in a way of asking that works, checked for order, and where the next one is.
import { TrackerError, UnreadableRowError } from '../core/errors.ts';
import type { Json, JsonObject, LogRecords, LogResource, UnreadableRow } from '../core/resources.ts';
import type { Range } from '../core/windows.ts';
import type { LogSource } from './adapter.ts';
import { ask, askFor, mapRows, markOf } from './asking.ts';
import { type Cursor, firstCursor, nextCursor } from './paging.ts';
import { isObject } from './reading.ts';
import type { Session } from './session.ts';
import { askVariants } from './variants.ts';

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
  return { ...answer, ...mapLogItems(session, resource, answer.items) };
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
  const answered = await askVariants(session, source.variants, variant, (way) =>
    ask(session, way.request(window, page), source.items),
  );
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

/** A page's rows, or some of them, as records, and those that cannot be read. */
export function mapLogItems<R extends LogResource>(
  session: Session,
  resource: R,
  items: readonly Json[],
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
