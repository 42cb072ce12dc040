// Paging without pages: a log in order of time is asked for again from its last row's second on, until a page is not full.
import { TrackerError } from '../core/errors.ts';
import { DAY_MS, SECOND_MS } from '../core/windows.ts';
import type { Cursor, Narrowing } from './paging.ts';

export interface Narrowed {
  next: Cursor | null;
  /**
   * Rows from then on are not given yet: the next page begins with them, and has all of that second. Null: all are given.
   */
  heldFrom: number | null;
}

/** So much is looked back for older rows, to see whether a page is cut. */
const PROBED_MS = 30 * DAY_MS;

const ALL = { next: null, heldFrom: null };

/**
 * @param times of the page's rows, in order; of those that can be read
 * @param startsAt of what was asked for
 * @throws TrackerError `bad_answer` where a second has more rows than can be asked for, as far as can be told
 */
export function narrowed(
  paging: Narrowing,
  cursor: Cursor,
  received: number,
  times: readonly number[],
  startsAt: number,
): Narrowed {
  if (cursor.isProbe) return probed(paging, cursor, received, times);
  const limit = cursor.limit ?? paging.limit;
  const last = times.at(-1);
  if (received < (paging.leastLimit ?? paging.limit)) return ALL;
  if (last === undefined) throw new TrackerError('bad_answer', 'a full page without a readable time');
  const second = Math.floor(last / SECOND_MS) * SECOND_MS;
  const pages = cursor.pages + 1;
  if (pages >= paging.maxPages) throw new TrackerError('bad_answer', `more than ${paging.maxPages} pages`);
  const most = Math.max(cursor.most ?? 0, received);
  const given = times.findIndex((time) => time >= second);
  const next = { ...cursor, offset: cursor.offset + given, from: new Date(second).toISOString(), most, pages };
  if (second > startsAt) {
    const { limit: _, ...plain } = next;
    return { next: plain, heldFrom: second };
  }
  // All of one second: where the tracker gives as many as it is asked for, it is asked for more.
  if (received >= limit) return { next: { ...next, limit: limit * 2 }, heldFrom: second };
  if (!isCut(cursor, received)) return ALL;
  return { next: { ...next, from: new Date(second - PROBED_MS).toISOString(), isProbe: true }, heldFrom: null };
}

/**
 * With older rows before them there are more: a page that has more is not cut there, and the one before was the end. So it
 * was where there is no older row, and the tracker keeps to the limit that it is asked for, as far as is known: nothing
 * shows that the page is cut, and its exact number would be a contradiction for ever.
 */
function probed(
  { leastLimit }: Narrowing,
  { most = 0, from = '' }: Cursor,
  received: number,
  times: readonly number[],
): Narrowed {
  const hasOlder = times.some((time) => time < Date.parse(from) + PROBED_MS);
  const mayCut = hasOlder || leastLimit !== undefined;
  if (received > most || !mayCut) return { next: null, heldFrom: Number.NEGATIVE_INFINITY };
  throw new TrackerError('bad_answer', `more than ${most} rows in one second`);
}

/** Fewer than asked for: the end, unless it is the longest page that the tracker ever gives. That would be a round number. */
const isCut = ({ most }: Cursor, received: number): boolean =>
  (most === undefined || received === most) && received % 50 === 0;
