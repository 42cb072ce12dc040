// A log for each parent: which ones have rows in a window is asked for once, then each is read to its end.
import type { Json } from '../core/resources.ts';
import type { Range } from '../core/windows.ts';
import type { LogParents } from './adapter.ts';
import { ask, askFor, markOf } from './asking.ts';
import { type Cursor, firstCursor, type LogPaging, nextCursor } from './paging.ts';
import { isObject } from './reading.ts';
import type { Session } from './session.ts';

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

/** The next page of the same parent, or the first one of the next. */
export function pastParent(paging: LogPaging, next: Cursor | null, parents: readonly string[]): Cursor | null {
  if (next !== null) return { ...next, parents: [...parents] };
  return parents.length > 1 ? { ...firstCursor(paging), parents: parents.slice(1) } : null;
}
