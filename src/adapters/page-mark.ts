// What a page is known again by: its first and its last row.
import { createHash } from 'node:crypto';
import type { Json } from '../core/resources.ts';

const BETWEEN = '.';

/**
 * @param idOf what an item is known by, where that is known: its other values may have changed since the page came first
 */
export function markOf(items: readonly Json[], idOf: (item: Json) => Json = (item) => item): string {
  return items.length === 0 ? '' : [items[0]!, items.at(-1)!].map((item) => digest(idOf(item))).join(BETWEEN);
}

/** Where rows may be told apart by nothing, two pages may well share one: only both ends and the length are a page's own. */
export const markOfTwins = (items: readonly Json[], idOf: (item: Json) => Json): string =>
  digest([items.length, markOf(items, idOf)]);

/** What is kept of a page for the next one. */
export interface PageBefore {
  mark: string | null;
  /** How many rows it had; checkpoints of earlier versions do not say. */
  received?: number;
}

/**
 * Of a longer page one end is enough: that one came without its last row before. A shorter one with the same end is the
 * rest behind rows that came in meanwhile and moved it.
 */
export function isSamePage(mark: string, received: number, before: PageBefore): boolean {
  if (before.mark === null || mark === '') return false;
  if (mark === before.mark) return true;
  const [first, last] = mark.split(BETWEEN);
  const [firstBefore, lastBefore] = before.mark.split(BETWEEN);
  const isLonger = before.received === undefined || received > before.received;
  return isLonger && last !== undefined && (first === firstBefore || last === lastBefore);
}

const digest = (id: Json): string => createHash('sha256').update(JSON.stringify(id)).digest('base64url').slice(0, 16);
