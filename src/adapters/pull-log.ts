// The engine for logs: one page of a window in a way of asking that works, checked for order, and where the next one is.
import { TrackerError, UnreadableRowError } from '../core/errors.ts';
import type { ClickRecord, Json, JsonObject, LogRecords, LogResource, UnreadableRow } from '../core/resources.ts';
import { type Range, widened } from '../core/windows.ts';
import type { LogSource, MapContext } from './adapter.ts';
import { ask, askFor, contextOf, mapRows, markOf } from './asking.ts';
import { parentsAt, pastParent } from './log-parents.ts';
import { type Cursor, firstCursor, limitOf, nextCursor } from './paging.ts';
import { isObject } from './reading.ts';
import type { Session } from './session.ts';
import { numbered, type Twins, wholeSeconds } from './twins.ts';
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
  /** What conversions tell of their clicks. */
  clicks: ClickRecord[];
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
  const parents = source.parents === undefined ? null : await parentsAt(session, source.parents, at, asked);
  const parentId = parents?.[0] ?? null;
  if (parents !== null && parentId === null) return nothing(variant ?? Object.keys(source.variants)[0]!);
  const answered = await askVariants(session, source.variants, variant, (way) =>
    ask(session, way.request(asked, page, parentId), source.items),
  );
  const { body } = answered;
  const askedTotal = source.total(body);
  const context = contextOf(session);
  const timeOf = (item: Json): Date | null => readTime(item, source, context);
  const received = answered.items.length;
  if (!source.unordered) expectOrder(answered.items, timeOf);
  // The pages are those of what was asked for: they go by what came, before anything is cut off.
  const following = nextCursor(source.paging, at, { body, received, total: askedTotal, mark: markOf(answered.items) });
  const part = { items: answered.items, next: following };
  const { items: whole, next } = source.numbersTwins ? wholeSeconds(part, at, limitOf(source.paging), timeOf) : part;
  const items = marginMs === undefined ? whole : whole.filter((item) => isWithin(timeOf(item), window));
  return {
    ...{ items, received: items.length, askedTotal, total: marginMs === undefined ? askedTotal : null },
    lastAt: source.unordered ? null : lastTime(items, timeOf),
    next: parents === null ? next : pastParent(source.paging, next, parents),
    variant: answered.variant,
  };
}

/** No parent has rows in the window. */
const nothing = (variant: string): LogAnswer => ({
  ...{ items: [], received: 0, total: null, askedTotal: null, lastAt: null, next: null, variant },
});

/** A row whose time cannot be read belongs to every window: it is set aside there, not lost. */
const isWithin = (time: Date | null, { from, to }: Range): boolean => time === null || (time >= from && time < to);

/**
 * A page's rows, or some of them, as records, and those that cannot be read.
 * @param twins of the rows of the page that were mapped before these
 */
export function mapLogItems<R extends LogResource>(
  session: Session,
  resource: R,
  items: readonly Json[],
  twins: Twins = new Map(),
): { records: LogRecords[R][]; unreadable: UnreadableRow[]; clicks: ClickRecord[] } {
  const source = sourceOf(session, resource);
  const context = contextOf(session);
  const map = (item: JsonObject) => source.map(item, context);
  const mapped = mapRows(session, items, source.numbersTwins ? (item) => numbered(map(item), twins) : map);
  const { clickOf } = source;
  // What of a click cannot be read is no row of its own: the conversion it stands in tells it.
  const told = clickOf === undefined ? [] : mapRows(session, items, (item) => clickOf(item, context)).records;
  return { ...mapped, clicks: told.filter((click) => click !== null) };
}

function sourceOf<R extends LogResource>(session: Session, resource: R): LogSource<R> {
  const source = session.adapter.logs[resource] as LogSource<R> | undefined;
  if (source === undefined) throw new Error(`${session.adapter.title} has no ${resource}`);
  return source;
}

/** @throws TrackerError `bad_answer` where the page is not in order of time: windows could not be cut safely */
function expectOrder(items: readonly Json[], timeOf: (item: Json) => Date | null): void {
  let last: Date | null = null;
  for (const item of items) {
    const time = timeOf(item);
    if (time === null) continue;
    if (last !== null && time < last) throw new TrackerError('bad_answer', 'the log is not in order of time');
    last = time;
  }
}

/** Of rows in order of time. */
function lastTime(items: readonly Json[], timeOf: (item: Json) => Date | null): Date | null {
  for (let i = items.length - 1; i >= 0; i--) {
    const time = timeOf(items[i]!);
    if (time !== null) return time;
  }
  return null;
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
