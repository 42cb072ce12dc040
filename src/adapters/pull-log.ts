// The engine for logs: one page of a window in a way of asking that works, checked for order, and where the next one is.
import { TrackerError, UnreadableRowError } from '../core/errors.ts';
import type { ClickRecord, Json, JsonObject, LogRecords, LogResource, UnreadableRow } from '../core/resources.ts';
import { type Range, widened } from '../core/windows.ts';
import { ask, askFor, contextOf, mapRows } from './asking.ts';
import { firstToAnswer, parentsAt, pastParent } from './log-parents.ts';
import { idsByName, lookUpNames } from './names.ts';
import { type Narrowed, narrowed } from './narrowing.ts';
import { isSamePage, markOf, markOfTwins } from './page-mark.ts';
import { type Cursor, firstCursor, limitOf, mayLackRows, nextCursor } from './paging.ts';
import { isObject } from './reading.ts';
import type { Session } from './session.ts';
import type { LogSource, MapContext } from './sources.ts';
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
  /** The last page, and fewer rows came than the tracker had promised: one of the pages may have lacked some. */
  mayLackRows: boolean;
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
  const begun = cursor ?? firstCursor(source.paging);
  await lookUpNames(session, source.names);
  const { marginMs, grainMs, paging } = source;
  const whole = marginMs === undefined ? window : widened(window, grainMs, marginMs);
  const asked = begun.from === undefined ? whole : { from: new Date(begun.from), to: whole.to };
  const askAt = (place: Cursor, parentId: string | null) => {
    const page = { ...askFor(paging, place), ...(limit === undefined ? {} : { limit }) };
    return askVariants(session, source.variants, variant, (way) =>
      ask(session, way.request(asked, page, parentId), source.items),
    );
  };
  const parents = source.parents === undefined ? null : await parentsAt(session, source.parents, begun, asked);
  const found =
    parents === null
      ? { at: begun, answered: await askAt(begun, null) }
      : await firstToAnswer(paging, begun, parents, askAt);
  if (found === null) return nothing(variant ?? Object.keys(source.variants)[0]!);
  const { at, answered } = found;
  const { body } = answered;
  const askedTotal = source.total(body);
  const context = logContext(session, source);
  const timeOf = (item: Json): number | null => readTime(item, source, context);
  const times = answered.items.map(timeOf);
  const idOf = (item: Json): Json => readId(item, source, context) ?? item;
  // The latest rows of each parent come whatever time is asked for.
  const isExact = marginMs === 0 && parents === null;
  if (isExact && times.some((time) => time !== null && !isAsked(time, asked, grainMs)))
    throw new TrackerError('bad_answer', 'rows from outside of the time that was asked for');
  const inOrder = source.unordered ? [] : ordered(times);
  const received = answered.items.length;
  // The pages are those of what was asked for: they go by what came, before anything is cut off.
  const mark = source.numbersTwins ? markOfTwins(answered.items, idOf) : markOf(answered.items, idOf);
  const following =
    paging.style === 'narrowing'
      ? narrowed(paging, at, received, inOrder, asked.from.getTime())
      : nextCursor(paging, at, { body, received, total: askedTotal, mark });
  // A list that knows no pages repeats itself: the repeat is not given a second time.
  const part = partOf(isSamePage(mark, received, at) ? [] : answered.items, times, following);
  const { items: ripe, next } = source.numbersTwins ? wholeSeconds(part, at, limitOf(paging), timeOf) : part;
  const items = marginMs === undefined ? ripe : ripe.filter((item) => isWithin(timeOf(item), window));
  return {
    ...{ items, received: items.length, askedTotal, total: marginMs === undefined ? askedTotal : null },
    lastAt: source.numbersTwins
      ? lastOf(items.map(timeOf), window)
      : lastOf(inOrder, marginMs === undefined ? null : window),
    next: parents === null ? next : pastParent(paging, next, at, received),
    mayLackRows: mayLackRows(paging, at, next),
    variant: answered.variant,
  };
}

/** No parent has rows in the window, or none that answers is left. */
const nothing = (variant: string): LogAnswer => ({
  ...{ items: [], received: 0, total: null, askedTotal: null, lastAt: null, next: null },
  ...{ mayLackRows: false, variant },
});

/**
 * Some take the end of a time along. Any other row from outside means that the tracker has another zone, or another time,
 * in mind: cut to the window, its rows would be lost in silence.
 */
const isAsked = (time: number, { from, to }: Range, grainMs: number): boolean =>
  time >= from.getTime() && time < to.getTime() + grainMs;

/** What of a page is given now; the rest comes once more with the next one. */
function partOf(
  items: Json[],
  times: readonly (number | null)[],
  following: Narrowed | Cursor | null,
): { items: Json[]; next: Cursor | null } {
  if (following === null || !('heldFrom' in following)) return { items, next: following };
  const { next, heldFrom } = following;
  if (heldFrom === null) return { items, next };
  return { items: items.filter((_, i) => times[i] === null || times[i]! < heldFrom), next };
}

/** A row whose time cannot be read belongs to every window: it is set aside there, not lost. */
const isWithin = (time: number | null, { from, to }: Range): boolean =>
  time === null || (time >= from.getTime() && time < to.getTime());

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
  const context = logContext(session, source);
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

const logContext = (session: Session, { names }: Pick<LogSource<LogResource>, 'names'>): MapContext =>
  contextOf(session, names === undefined ? {} : { idOf: idsByName(session) });

/** @throws TrackerError `bad_answer` where the page is not in order of time: windows could not be cut safely */
function ordered(times: readonly (number | null)[]): number[] {
  const known = times.filter((time) => time !== null);
  if (known.some((time, i) => i > 0 && time < known[i - 1]!))
    throw new TrackerError('bad_answer', 'the log is not in order of time');
  return known;
}

/** The latest of the window, of times in order. */
function lastOf(times: readonly (number | null)[], window: Range | null): Date | null {
  const last = times.findLast((time) => time !== null && (window === null || isWithin(time, window)));
  return last === undefined || last === null ? null : new Date(last);
}

/** Null for a row whose time cannot be read: it is set aside by the mapping, and has no say in the order. */
function readTime(item: Json, source: Pick<LogSource<LogResource>, 'timeOf'>, context: MapContext): number | null {
  try {
    return isObject(item) ? source.timeOf(item, context).getTime() : null;
  } catch (error) {
    if (error instanceof UnreadableRowError) return null;
    throw error;
  }
}

/** Null for a row that cannot be read. */
function readId(item: Json, source: Pick<LogSource<LogResource>, 'map'>, context: MapContext): string | null {
  try {
    return isObject(item) ? source.map(item, context).externalId : null;
  } catch (error) {
    if (error instanceof UnreadableRowError) return null;
    throw error;
  }
}
