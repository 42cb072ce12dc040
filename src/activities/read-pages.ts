// Reads a run's windows page by page, ahead of the writer: fetched, mapped, formatted, and told where the checkpoint goes.
import { randomUUID } from 'node:crypto';
import { type Cursor, RepeatedPage } from '../adapters/paging.ts';
import { askLogPage, type LogAnswer } from '../adapters/pull-log.ts';
import type { JsonObject, LogResource } from '../core/resources.ts';
import { CURSOR_LIFE_MS, cutAfter, SPLIT_ROWS, splitEvenly } from '../core/windows.ts';
import type { PlannedWindow, SyncWindow } from '../store/windows.ts';
import { ahead } from './ahead.ts';
import { type PreparedRows, prepareRows } from './prepare-rows.ts';
import type { Slice } from './slice.ts';

export interface PreparedPage extends PreparedRows {
  window: SyncWindow;
  variant: string;
  /** Where the checkpoint goes when this page is written; null: the window is read. */
  cursor: JsonObject | null;
  coveredTo: Date;
  /** Where the window ends; earlier than planned where it was cut. */
  to: Date;
  /** What a cut leaves to be read, newest first. */
  rest: (PlannedWindow & { id: string })[];
  isFresh: boolean;
  /** Of the window, as far as is known by now. */
  expectedRows: number | null;
}

/** The cursor of a page, and what the window was like when it was begun. */
interface WindowCursor {
  /** Null at the window's start. */
  place: Cursor | null;
  firstTotal: number | null;
  restarts: number;
}

const MOST_RESTARTS = 2;
/** A total that lies may lie for ever: what it promises is looked for only once. */
const RESTARTS_FOR_LACKING = 1;

/** While no more waits to be written, the next page is made ready: a small one does not keep a large one waiting. */
export const ENOUGH_ROWS = 5_000;
/** One page waits while the next is on its way: neither the tracker nor we are kept waiting by a page that takes longer. */
const ENOUGH_ANSWERED_ROWS = 10_000;

/** Two pages are enough, however small: what is read ahead is lost with its process. */
export const sizeFor =
  (enough: number) =>
  ({ received }: { received: number }): number =>
    Math.max(received, enough / 2);

/**
 * Gives pages in order; each may only be written after the one before. While a page is mapped and written, the next
 * one is on its way: the tracker never has more than one call of ours at a time.
 */
export async function* readPages(
  slice: Slice,
  windows: SyncWindow[],
  variants: Map<LogResource, string | null>,
): AsyncGenerator<PreparedPage> {
  const answers = askPages(slice, windows, variants);
  const size = sizeFor(ENOUGH_ANSWERED_ROWS);
  for await (const { window, answer, course } of ahead(answers, ENOUGH_ANSWERED_ROWS, ({ answer }) => size(answer))) {
    yield await prepare(slice, window, answer, course);
  }
}

interface Asked {
  window: SyncWindow;
  answer: LogAnswer;
  course: Course;
}

async function* askPages(
  slice: Slice,
  windows: SyncWindow[],
  variants: Map<LogResource, string | null>,
): AsyncGenerator<Asked> {
  const queue = [...windows];
  for (let window = queue.shift(); window !== undefined && !slice.isOver(); window = queue.shift()) {
    const { resource, range } = window;
    const place = resume(window, slice.deps.clock());
    slice.about.resource = resource;
    const ask = (from: Place): Promise<LogAnswer> =>
      askLogPage(slice.session, resource, range, from.cursor?.place ?? null, variants.get(resource) ?? null);
    const isResumed = place.cursor !== null && windows.includes(window);
    const { answer, at } = await ask(place).then(
      (answer) => ({ answer, at: place }),
      // Rows that came in have shifted it: asked for from there, the same contradiction would come again and again.
      async (error: unknown) => {
        if (!isResumed || !(error instanceof RepeatedPage)) throw error;
        return { answer: await ask(FROM_ITS_START), at: FROM_ITS_START };
      },
    );
    variants.set(resource, answer.variant);
    const course = courseOf(slice, window, at, answer);
    queue.unshift(...course.onward);
    yield { window, answer, course };
  }
}

interface Place {
  cursor: WindowCursor | null;
  isFresh: boolean;
}

const FROM_ITS_START: Place = { cursor: null, isFresh: false };

/** Rows shift under an offset: one that is too old is forgotten, and the window read from its start. */
function resume(window: SyncWindow, now: Date): Place {
  const isOld = window.cursorAt !== null && now.getTime() - window.cursorAt.getTime() > CURSOR_LIFE_MS;
  if (window.cursor === null || isOld) return { cursor: null, isFresh: window.isFresh && !isOld };
  return { cursor: window.cursor as unknown as WindowCursor, isFresh: window.isFresh };
}

/** Where the checkpoint goes after a page, and what is to be read next because of it. */
interface Course extends Pick<PreparedPage, 'cursor' | 'coveredTo' | 'to' | 'rest' | 'isFresh' | 'expectedRows'> {
  onward: SyncWindow[];
}

function courseOf(slice: Slice, window: SyncWindow, at: Place, answer: LogAnswer): Course {
  const rows = window.rows + answer.received;
  const expectedRows = answer.total ?? window.expectedRows;
  const cut = cutOf(window, answer, slice.adapter.logs[window.resource]!.grainMs);
  if (cut !== null) {
    const unread = { runId: window.runId, cursor: null, cursorAt: null, seq: 0, rows: 0 };
    const onward = cut.rest.map((rest) => ({ ...rest, ...unread }));
    const { to, rest } = cut;
    return { cursor: null, coveredTo: to, to, rest, isFresh: at.isFresh, expectedRows: rows, onward };
  }
  const place = nextPlace(at.cursor, answer);
  const cursor = place as unknown as JsonObject | null;
  const isFresh = at.isFresh && (place === null || answer.next !== null);
  const onward =
    cursor === null
      ? []
      : [{ ...window, seq: window.seq + 1, cursor, cursorAt: slice.deps.clock(), isFresh, rows, expectedRows }];
  const coveredTo = answer.lastAt ?? window.range.from;
  return { cursor, coveredTo, to: window.range.to, rest: [], isFresh, expectedRows, onward };
}

async function prepare(slice: Slice, window: SyncWindow, answer: LogAnswer, course: Course): Promise<PreparedPage> {
  const { onward: _, ...checkpoint } = course;
  // Rows of the second that a cut's rest begins with come with the rest.
  const before = checkpoint.rest.length > 0 ? checkpoint.to : null;
  const rows = await prepareRows(slice, window.resource, answer.items, before);
  return { window, variant: answer.variant, ...rows, ...checkpoint };
}

/** The next page; or the window once more, where its total moved while it was read, or was not reached: a row may have slipped past. */
function nextPlace(at: WindowCursor | null, answer: LogAnswer): WindowCursor | null {
  const firstTotal = at === null || at.place === null ? answer.askedTotal : at.firstTotal;
  const restarts = at?.restarts ?? 0;
  if (answer.next !== null) return { place: answer.next, firstTotal, restarts };
  const { askedTotal } = answer;
  const hasMoved = askedTotal !== null && firstTotal !== null && askedTotal !== firstTotal;
  const most = hasMoved ? MOST_RESTARTS : answer.mayLackRows ? RESTARTS_FOR_LACKING : 0;
  return restarts < most ? { place: null, firstTotal: null, restarts: restarts + 1 } : null;
}

/** A window with far more rows than one should have ends at this page's last time; what is left is planned anew. */
function cutOf(
  window: SyncWindow,
  answer: LogAnswer,
  grainMs: number,
): { to: Date; rest: (PreparedPage['rest'][number] & { expectedRows: number | null })[] } | null {
  if (answer.next === null || answer.lastAt === null) return null;
  const rows = answer.total ?? answer.next.offset;
  if (rows <= SPLIT_ROWS) return null;
  const cut = cutAfter(window.range, answer.lastAt, grainMs);
  if (cut === null) return null;
  const expected = answer.total ?? window.expectedRows;
  const left = expected === null ? null : Math.max(0, expected - answer.next.offset);
  const rest = splitEvenly(cut.rest, Math.ceil((left ?? 0) / SPLIT_ROWS), grainMs);
  const expectedRows = left === null ? null : Math.round(left / rest.length);
  const { resource, isFresh } = window;
  return { to: cut.read.to, rest: rest.map((range) => ({ id: randomUUID(), resource, range, isFresh, expectedRows })) };
}
