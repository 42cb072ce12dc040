// A log for each parent: which ones have rows in a window is asked for once, then each is read to its end.
import { TrackerError } from '../core/errors.ts';
import type { Json } from '../core/resources.ts';
import type { Range } from '../core/windows.ts';
import { ask, askFor } from './asking.ts';
import { markOf } from './page-mark.ts';
import { type Cursor, firstCursor, type LogPaging, nextCursor } from './paging.ts';
import { isObject } from './reading.ts';
import type { Session } from './session.ts';
import type { LogParents } from './sources.ts';

/**
 * Those that are still to be read, the one whose turn it is first.
 * @throws TrackerError
 */
export async function parentsAt(session: Session, parents: LogParents, at: Cursor, asked: Range): Promise<string[]> {
  if (at.parents !== undefined) return at.parents;
  const ids = new Set<string>();
  for (let cursor: Cursor | null = firstCursor(parents.paging); cursor !== null; ) {
    const request = parents.request(asked, askFor(parents.paging, cursor));
    const { body, items } = await ask(session, request, parents.items);
    for (const id of items.map((item) => idOf(parents, item))) if (id !== null) ids.add(id);
    const total = parents.total(body);
    cursor = nextCursor(parents.paging, cursor, { body, received: items.length, total, mark: markOf(items) });
  }
  return [...ids];
}

const idOf = (parents: LogParents, item: Json): string | null => (isObject(item) ? parents.idOf(item) : null);

/** So many refused in a row, and no other between them: that is no matter of theirs. */
const MOST_REFUSED = 10;

/**
 * The answer of the first parent that gives one, and the place it was asked at. One that is refused comes last, asked for
 * again when another has answered: refused once more, it is passed over for this window. Null: none is left.
 * @throws TrackerError where all are refused, and for any trouble that is not one parent's
 */
export async function firstToAnswer<T>(
  paging: LogPaging,
  at: Cursor,
  parents: readonly string[],
  ask: (place: Cursor, parentId: string) => Promise<T>,
): Promise<{ at: Cursor; answered: T } | null> {
  const { suspects = [], witness } = at;
  const refused: string[] = [];
  let trouble: unknown = null;
  // Where none is left to show that the tracker answers, one that has answered is asked once more.
  for (const [i, id] of [...parents, ...(witness === undefined ? [] : [witness])].entries()) {
    if (i === parents.length && refused.length === 0) break;
    const place = i === 0 ? at : firstCursor(paging);
    try {
      const answered = await ask(place, id);
      const left = [id, ...parents.slice(i + 1), ...refused];
      return { answered, at: { ...place, parents: left, suspects: [...suspects, ...refused], witness: id } };
    } catch (error) {
      if (!isOfOneParent(error)) throw error;
      if (suspects.includes(id)) continue;
      trouble ??= error;
      if (refused.push(id) === MOST_REFUSED) break;
    }
  }
  if (trouble !== null) throw trouble;
  return null;
}

/** It may be gone, closed or broken while the others are not; nobody asks us to wait. */
const isOfOneParent = (error: unknown): boolean =>
  error instanceof TrackerError &&
  !['auth', 'plan', 'rate_limited'].includes(error.kind) &&
  error.details.retryAfterMs === undefined &&
  ([400, 403, 404, 405].includes(error.details.status ?? 0) || (error.details.status ?? 0) >= 500);

/**
 * The next page of the same parent, or the first one of the next. It was named since it has rows: one that has none at all
 * is asked for once more.
 */
export function pastParent(paging: LogPaging, next: Cursor | null, at: Cursor, received: number): Cursor | null {
  const { parents = [], suspects, witness } = at;
  if (received === 0 && at.pages === 0) return { ...at, pages: 1 };
  if (next === null && parents.length <= 1) return null;
  const place = next === null ? { ...firstCursor(paging), parents: parents.slice(1) } : { ...next, parents };
  const known = suspects === undefined || suspects.length === 0 ? {} : { suspects };
  return { ...place, ...known, ...(witness === undefined ? {} : { witness }) };
}
