// Pages of a list, most of them newest first by (time, id): a page begins after the last row of the one before, however much was added.
import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** The last row of a page, of lists by time. */
export interface Position {
  at: Date;
  id: string;
}

export interface PageAsk<P = Position> {
  limit: number;
  after: P | null;
}

export interface Page<T, P = Position> {
  items: T[];
  /** Where the next page begins; null on the last one. */
  next: P | null;
}

/** The rows behind a position, for `order by <time> desc, <id> desc`. */
export function behind(columns: { at: string; id: string }, after: Position): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(columns.at)}, ${sql.ref(columns.id)}) < (${after.at}::timestamptz, ${after.id}::uuid)`;
}

/** Makes a page of rows that were asked for with one more than the limit. */
export function pageOf<T, P>(rows: T[], limit: number, positionOf: (row: T) => P): Page<T, P> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? positionOf(last) : null };
}
