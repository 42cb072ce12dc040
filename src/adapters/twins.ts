// Rows without an id: those with the same key are numbered, the same way however often and in whichever pages they are read.
import { TrackerError } from '../core/errors.ts';
import type { Json } from '../core/resources.ts';
import type { Cursor } from './paging.ts';

/** How often each key came on a page so far. */
export type Twins = Map<string, number>;

export function numbered<T extends { externalId: string }>(record: T, twins: Twins): T {
  const count = (twins.get(record.externalId) ?? 0) + 1;
  twins.set(record.externalId, count);
  return count === 1 ? record : { ...record, externalId: `${record.externalId}|${count}` };
}

interface Part {
  items: Json[];
  next: Cursor | null;
}

/**
 * Twins share their second: a second is counted from one page alone. What follows a page begins with that page's last
 * second, which is left out of it; rows of seconds that are read have been moved here by others, and are left out, too.
 * @param part a page in order of time
 * @param limit items of a full page
 * @throws TrackerError `bad_answer` where a second has more rows than a page
 */
export function wholeSeconds(part: Part, at: Cursor, limit: number, timeOf: (item: Json) => number | null): Part {
  const times = part.items.map((item) => timeOf(item));
  const { wholeTo } = at;
  const isNew = (i: number): boolean => wholeTo === undefined || times[i] === null || times[i]! >= wholeTo;
  const { next } = part;
  const last = times.findLast((time) => time !== null) ?? null;
  const end = next === null || last === null ? times.length : times.indexOf(last);
  // All of it is one second: the rest of a list that is over, or more than can be numbered.
  if (end === 0 && times.length >= limit) throw new TrackerError('bad_answer', `more than ${limit} rows in one second`);
  const isCut = next !== null && last !== null && end > 0;
  const kept = part.items.filter((_, i) => isNew(i) && (!isCut || i < end));
  const items = inOneOrder(kept, timeOf);
  return { items, next: isCut ? { ...next, offset: at.offset + end, wholeTo: last } : next };
}

/** Within a second the tracker's order may be another one each time: there the rows' own text decides. */
function inOneOrder(items: readonly Json[], timeOf: (item: Json) => number | null): Json[] {
  const groups: Json[][] = [];
  let before: number | null = null;
  for (const item of items) {
    const time = timeOf(item);
    if (time !== null && time === before) groups.at(-1)!.push(item);
    else groups.push([item]);
    before = time;
  }
  return groups.flatMap((group) => (group.length === 1 ? group : sortedByText(group)));
}

function sortedByText(items: readonly Json[]): Json[] {
  const texts = items.map((item) => ({ item, text: JSON.stringify(item) }));
  return texts.sort((a, b) => (a.text < b.text ? -1 : 1)).map(({ item }) => item);
}
