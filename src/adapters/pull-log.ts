// The engine for logs: one page of a window in a way of asking that works, checked for order, and where the next one is.
import { TrackerError, UnreadableRowError } from '../core/errors.ts';
import type { Json, LogRecords, LogResource, UnreadableRow } from '../core/resources.ts';
import { type Range, widened } from '../core/windows.ts';
import type { LogSource, MapContext } from './adapter.ts';
import { ask, askFor, contextOf, mapRows, markOf } from './asking.ts';
import { idsByName, lookUpNames } from './names.ts';
import { narrowed } from './narrowing.ts';
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
  await lookUpNames(session, source.names);
  const { marginMs, grainMs } = source;
  const whole = marginMs === undefined ? window : widened(window, grainMs, marginMs);
  const asked = at.from === undefined ? whole : { from: new Date(at.from), to: whole.to };
  const answered = await askVariants(session, source.variants, variant, (way) =>
    ask(session, way.request(asked, page), source.items),
  );
  const { body } = answered;
  const askedTotal = source.total(body);
  const times = timesOf(session, resource, answered.items);
  if (marginMs === 0 && times.some((time) => time !== null && !isAsked(time, asked, grainMs)))
    throw new TrackerError('bad_answer', 'rows from outside of the time that was asked for');
  const inOrder = source.unordered ? [] : ordered(times);
  const received = answered.items.length;
  // The pages are those of what was asked for: they go by what came, before anything is cut off.
  const { next, heldFrom } =
    source.paging.style === 'narrowing'
      ? narrowed(source.paging, at, received, inOrder, asked.from.getTime())
      : {
          next: nextCursor(source.paging, at, { body, received, total: askedTotal, mark: markOf(answered.items) }),
          heldFrom: null,
        };
  // A row whose time cannot be read belongs to every window: it is set aside there, not lost.
  const isGiven = (time: number | null): boolean =>
    time === null || ((marginMs === undefined || isWithin(time, window)) && (heldFrom === null || time < heldFrom));
  const isWhole = marginMs === undefined && heldFrom === null;
  const items = isWhole ? answered.items : answered.items.filter((_, i) => isGiven(times[i]!));
  const lastMs = inOrder.findLast((time) => marginMs === undefined || isWithin(time, window));
  return {
    ...{ items, received: items.length, askedTotal, total: marginMs === undefined ? askedTotal : null },
    lastAt: lastMs === undefined ? null : new Date(lastMs),
    next,
    variant: answered.variant,
  };
}

/**
 * Some take the end of a time along. Any other row from outside means that the tracker has another zone, or another time,
 * in mind: cut to the window, its rows would be lost in silence.
 */
const isAsked = (time: number, { from, to }: Range, grainMs: number): boolean =>
  time >= from.getTime() && time < to.getTime() + grainMs;

const isWithin = (time: number, { from, to }: Range): boolean => time >= from.getTime() && time < to.getTime();

/** A page's rows, or some of them, as records, and those that cannot be read. */
export function mapLogItems<R extends LogResource>(
  session: Session,
  resource: R,
  items: readonly Json[],
): { records: LogRecords[R][]; unreadable: UnreadableRow[] } {
  const source = sourceOf(session, resource);
  const context = logContext(session, source);
  return mapRows(session, items, (item) => source.map(item, context));
}

const logContext = (session: Session, { names }: Pick<LogSource<LogResource>, 'names'>): MapContext =>
  contextOf(session, names === undefined ? {} : { idOf: idsByName(session) });

function sourceOf<R extends LogResource>(session: Session, resource: R): LogSource<R> {
  const source = session.adapter.logs[resource] as LogSource<R> | undefined;
  if (source === undefined) throw new Error(`${session.adapter.title} has no ${resource}`);
  return source;
}

/** Of each row, null where it cannot be read: such a row is set aside by the mapping, and has no say in the order. */
function timesOf(session: Session, resource: LogResource, items: readonly Json[]): (number | null)[] {
  const source = sourceOf(session, resource);
  const context = logContext(session, source);
  return items.map((item) => {
    try {
      return isObject(item) ? source.timeOf(item, context).getTime() : null;
    } catch (error) {
      if (error instanceof UnreadableRowError) return null;
      throw error;
    }
  });
}

/** @throws TrackerError `bad_answer` where the page is not in order of time: windows could not be cut safely */
function ordered(times: readonly (number | null)[]): number[] {
  const known = times.filter((time) => time !== null);
  if (known.some((time, i) => i > 0 && time < known[i - 1]!))
    throw new TrackerError('bad_answer', 'the log is not in order of time');
  return known;
}
