// The engine for logs: one page of a window in a way of asking that works, checked for order, and where the next one is.
import { TrackerError, UnreadableRowError } from '../core/errors.ts';
import type { Json, LogRecords, LogResource, UnreadableRow } from '../core/resources.ts';
import { type Range, widened } from '../core/windows.ts';
import type { LogSource, MapContext } from './adapter.ts';
import { ask, askFor, contextOf, mapRows, markOf } from './asking.ts';
import { type Cursor, firstCursor, nextCursor } from './paging.ts';
import { isObject } from './reading.ts';
import type { Session } from './session.ts';
import { askVariants } from './variants.ts';

/** A page as the tracker gave it: enough to know where to go on, before any row of it is mapped. */
export interface LogAnswer {
  /** Those of the window, where more was asked for. */
  items: Json[];
  received: number;
  /** The tracker's own count of the window's rows; null where it tells none, or of more than the window. */
  total: number | null;
  /** The tracker's own count of what was asked for: one that moves from page to page tells of rows that shift. */
  askedTotal: number | null;
  /** The latest time on the page by which the log is sorted; null on an empty page, and where there is no order. */
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
  const { marginMs, grainMs } = source;
  const asked = marginMs === undefined ? window : widened(window, grainMs, marginMs);
  const answered = await askVariants(session, source.variants, variant, (way) =>
    ask(session, way.request(asked, page), source.items),
  );
  const { body } = answered;
  const askedTotal = source.total(body);
  const context = contextOf(session);
  const timeOf = (item: Json): Date | null => readTime(item, source, context);
  const items =
    marginMs === undefined ? answered.items : answered.items.filter((item) => isWithin(timeOf(item), window));
  const received = answered.items.length;
  return {
    ...{ items, received: items.length, askedTotal, total: marginMs === undefined ? askedTotal : null },
    lastAt: source.unordered ? null : lastTime(items, timeOf),
    // The pages are those of what was asked for: they go by what came, before anything is cut off.
    next: nextCursor(source.paging, at, { body, received, total: askedTotal, mark: markOf(answered.items) }),
    variant: answered.variant,
  };
}

/** A row whose time cannot be read belongs to every window: it is set aside there, not lost. */
const isWithin = (time: Date | null, { from, to }: Range): boolean => time === null || (time >= from && time < to);

/** A page's rows, or some of them, as records, and those that cannot be read. */
export function mapLogItems<R extends LogResource>(
  session: Session,
  resource: R,
  items: readonly Json[],
): { records: LogRecords[R][]; unreadable: UnreadableRow[] } {
  const source = sourceOf(session, resource);
  const context = contextOf(session);
  return mapRows(session, items, (item) => source.map(item, context));
}

function sourceOf<R extends LogResource>(session: Session, resource: R): LogSource<R> {
  const source = session.adapter.logs[resource] as LogSource<R> | undefined;
  if (source === undefined) throw new Error(`${session.adapter.title} has no ${resource}`);
  return source;
}

/** @throws TrackerError `bad_answer` where the page is not in order of time: windows could not be cut safely */
function lastTime(items: readonly Json[], timeOf: (item: Json) => Date | null): Date | null {
  let last: Date | null = null;
  for (const item of items) {
    const time = timeOf(item);
    if (time === null) continue;
    if (last !== null && time < last) throw new TrackerError('bad_answer', 'the log is not in order of time');
    last = time;
  }
  return last;
}

/** Null for a row whose time cannot be read: it is set aside by the mapping, and has no say in the order. */
function readTime(item: Json, source: Pick<LogSource<LogResource>, 'timeOf'>, context: MapContext): Date | null {
  try {
    return isObject(item) ? source.timeOf(item, context) : null;
  } catch (error) {
    if (error instanceof UnreadableRowError) return null;
    throw error;
  }
}
