// The closed family of ways to page through a list, and the guards that make every one of them end.
import { TrackerError } from '../core/errors.ts';
import type { Json } from '../core/resources.ts';
import { isSamePage } from './page-mark.ts';

/** A page that came before: the tracker's fault, or rows came in that moved it to where we are. */
export class RepeatedPage extends TrackerError {
  constructor() {
    super('bad_answer', 'the same page came twice');
  }
}

/** `maxPages` is a promise that paging ends, whatever the tracker says. */
export type Paging =
  | { style: 'whole' }
  /** `again`: a repeat is asked for once more; a short first page that comes a third time is all that there is. */
  | (Pages & { style: 'offset'; onRepeat: 'end' | 'fail' | 'again' })
  | (Pages & { style: 'page'; firstPage: 0 | 1; onRepeat?: 'end' | 'fail'; hasMore?(body: Json): Json | undefined })
  | { style: 'growing'; limit: number; maxPages: number }
  | { style: 'token'; limit: number; maxPages: number; firstToken?: string; tokenOf(body: Json): Json | undefined };

/** A log without pages, but in order of time: the next page is the window from the last row's second on (`narrowing.ts`). */
export interface Narrowing {
  style: 'narrowing';
  limit: number;
  maxPages: number;
  /** No page is shorter while there is more; default: the limit. Less where the tracker may have a limit of its own. */
  leastLimit?: number;
}

export type LogPaging = Paging | Narrowing;

interface Pages {
  limit: number;
  maxPages: number;
  /**
   * Little is known of this tracker: a short page may be its own limit, so that only an empty page ends the list, or the
   * total on a short one.
   */
  isCautious?: boolean;
}

/** Where in the pages a list is; plain JSON, kept in the checkpoint. */
export interface Cursor {
  offset: number;
  page: number;
  token: string | null;
  /** What the page before is known by (`page-mark.ts`): the same one again means that the tracker repeats itself. */
  mark: string | null;
  /** How many rows that page had. */
  received?: number;
  pages: number;
  /** The page came twice, and is asked for once more. */
  isRepeated?: boolean;
  /** The latest count of the whole list that the tracker told, and the longest page so far. */
  total?: number | null;
  most?: number;
  /** The page before was empty, and the total was not reached: it is asked for once more, or passed over. */
  gap?: 'again' | 'passed';
  /** Whose rows are still to be read, the ones being read first, where there is a log for each parent. */
  parents?: string[];
  /** Of those, the ones that were refused once and come last; and one that has answered. */
  suspects?: string[];
  witness?: string;
  /** Rows of seconds before this one are read (Unix milliseconds), where pages end with a second. */
  wholeTo?: number;
  /** Asked for instead of the declared limit, where that was not enough. */
  limit?: number;
  /** Narrowing: the second with which the rest of the window begins. */
  from?: string;
  /** Narrowing: only asked to see whether the page before was cut. */
  isProbe?: boolean;
}

export interface Answered {
  body: Json;
  /** Items on the page, counted before anything is filtered. */
  received: number;
  /** The tracker's own count of the whole list, where it gives one. */
  total: number | null;
  mark: string;
}

export function firstCursor(paging: LogPaging): Cursor {
  return {
    offset: 0,
    page: paging.style === 'page' ? paging.firstPage : 0,
    token: paging.style === 'token' ? (paging.firstToken ?? null) : null,
    mark: null,
    pages: 0,
  };
}

export const limitOf = (paging: LogPaging): number => (paging.style === 'whole' ? 0 : paging.limit);

/** A list without pages is asked for again with twice the limit while it fills it: only the last answer is the list. */
export const isHeldBack = (paging: Paging, next: Cursor | null): boolean => paging.style === 'growing' && next !== null;

/**
 * The place of the next page, or null where the list is at its end.
 * @throws TrackerError `bad_answer` where the tracker repeats a page or a token, or the pages do not end
 */
export function nextCursor(paging: Paging, cursor: Cursor, answer: Answered): Cursor | null {
  if (paging.style === 'whole') return null;
  if (paging.style === 'growing') return grown(paging, cursor, answer.received);
  if (answer.received === 0) return pastEmptyPage(paging, cursor, answer);
  const isRepeat = isSamePage(answer.mark, answer.received, cursor);
  if (isRepeat && isAskedAgain(paging, cursor)) return { ...cursor, pages: cursor.pages + 1, isRepeated: true };
  if (isRepeat && isWholeEachTime(paging, cursor, answer)) return null;
  if (isRepeat) throw new RepeatedPage();
  const pages = cursor.pages + 1;
  const next: Cursor = {
    ...{
      offset: cursor.offset + answer.received,
      page: cursor.page + 1,
      token: cursor.token,
      mark: answer.mark,
      received: answer.received,
      pages,
    },
    ...{ total: toldTotal(cursor, answer), most: Math.max(cursor.most ?? 0, answer.received) },
  };
  if (isLastPage(paging, next, answer)) return null;
  if (pages >= paging.maxPages) throw new TrackerError('bad_answer', `more than ${paging.maxPages} pages`);
  return paging.style === 'token' ? { ...next, token: nextToken(paging, cursor, answer.body) } : next;
}

type TurnedPages = Exclude<Paging, { style: 'whole' | 'growing' }>;

function grown(
  { limit, maxPages }: { limit: number; maxPages: number },
  cursor: Cursor,
  received: number,
): Cursor | null {
  const asked = cursor.limit ?? limit;
  const pages = cursor.pages + 1;
  if (received < asked) return null;
  if (pages >= maxPages) throw new TrackerError('bad_answer', `more than ${received} entries in one list`);
  return { ...cursor, limit: asked * 2, pages };
}

/** A fault may give one page twice; a list that knows no offset gives it each time. */
const isAskedAgain = (paging: TurnedPages, { isRepeated }: Cursor): boolean =>
  paging.style === 'offset' && paging.onRepeat === 'again' && !isRepeated;

/** A list that knows no pages repeats itself; not so one that is to be looked at cautiously, and promises more. */
function isWholeEachTime(paging: TurnedPages, cursor: Cursor, { received, total }: Answered): boolean {
  if (paging.style === 'offset' && paging.onRepeat === 'again')
    return received < paging.limit && cursor.offset === received;
  if (paging.style === 'token' || paging.onRepeat !== 'end') return false;
  return !paging.isCautious || (received < paging.limit && (total === null || total <= cursor.offset));
}

const toldTotal = (cursor: Cursor, { total }: Answered): number | null => total ?? cursor.total ?? null;

/**
 * An empty page ends a list, unless its total promises more. That is a fault that passes, a gap, or a total that lies: the
 * page is asked for once more, then the one behind it, and where that is empty as well, the total lies.
 */
function pastEmptyPage(paging: TurnedPages, cursor: Cursor, answer: Answered): Cursor | null {
  const total = toldTotal(cursor, answer);
  if (paging.style === 'token' || total === null || cursor.offset >= total || cursor.gap === 'passed') return null;
  const pages = cursor.pages + 1;
  if (pages >= paging.maxPages) throw new TrackerError('bad_answer', `more than ${paging.maxPages} pages`);
  if (cursor.gap === undefined) return { ...cursor, pages, gap: 'again' };
  // A gap is as long as a page, and the tracker's may be shorter than ours.
  const offset = cursor.offset + (paging.style === 'offset' ? (cursor.most ?? paging.limit) : 0);
  return { ...cursor, offset, page: cursor.page + 1, pages, gap: 'passed' };
}

/**
 * By page number, a list that has ended short of its total by a page or less: one of its pages may have lacked rows, which
 * an offset would have brought with the next page. A total that promises far more lies.
 */
export function mayLackRows({ style }: LogPaging, cursor: Cursor, next: Cursor | null): boolean {
  if (style !== 'page' || next !== null || cursor.gap !== 'passed') return false;
  return cursor.most !== undefined && (cursor.total ?? 0) - cursor.offset <= cursor.most;
}

function isLastPage(paging: TurnedPages, next: Cursor, answer: Answered): boolean {
  const isShort = answer.received < paging.limit;
  switch (paging.style) {
    case 'offset':
      // An answer longer than asked is a tracker that ignores the limit: it gave everything. A total that says "done"
      // is believed only on a short page, and one that is passed already is wrong: on to the empty page then.
      if (answer.received > paging.limit) return true;
      return isShort && next.offset === answer.total;
    case 'page': {
      if (paging.isCautious) return answer.received > paging.limit || (isShort && next.offset === answer.total);
      const more = paging.hasMore?.(answer.body);
      if (more === true || more === 'true' || more === 1 || more === '1') return false;
      if (more === undefined || more === null)
        return isShort && (answer.total === null || next.offset === answer.total);
      return true;
    }
    case 'token':
      return readToken(paging, answer.body) === null;
  }
}

function readToken(paging: Extract<Paging, { style: 'token' }>, body: Json): string | null {
  const token = paging.tokenOf(body);
  return token === undefined || token === null || token === '' || token === false ? null : String(token);
}

function nextToken(paging: Extract<Paging, { style: 'token' }>, cursor: Cursor, body: Json): string | null {
  const token = readToken(paging, body);
  if (token !== null && token === cursor.token) throw new TrackerError('bad_answer', 'the same page token came twice');
  return token;
}
