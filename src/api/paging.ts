// Lists in answers: `limit` and an opaque `cursor` in, `items` and `nextCursor` out.
import { z } from '@hono/zod-openapi';
import type { Page, PageAsk, Position } from '../store/lists-page.ts';
import { badInput } from './problems.ts';

export const MOST_ITEMS = 1_000;
const USUAL_ITEMS = 100;

export const pagingQuery = {
  limit: z.coerce.number().int().min(1).max(MOST_ITEMS).default(USUAL_ITEMS).openapi({ description: 'Items at most.' }),
  cursor: z.string().max(500).optional().openapi({ description: 'The `nextCursor` of the page before.' }),
};

const position = z.tuple([z.iso.datetime(), z.uuid()]);

/** @throws Problem where the cursor is none of ours */
export function pageAsk({ limit, cursor }: { limit: number; cursor?: string | undefined }): PageAsk {
  const found = cursor === undefined ? null : readCursor(cursor, position);
  return { limit, after: found === null ? null : { at: new Date(found[0]), id: found[1] } };
}

/** @throws Problem where it is none of this list's */
export function readCursor<T>(cursor: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw badInput('cursor', 'is not a cursor of this list');
  }
}

export const writeCursor = (place: readonly (string | null)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

export const cursorOf = (next: Position | null): string | null =>
  next === null ? null : writeCursor([next.at.toISOString(), next.id]);

export const listOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export function listAnswer<T, W>(
  { items, next }: Page<T>,
  toWire: (item: T) => W,
): { items: W[]; nextCursor: string | null } {
  return { items: items.map(toWire), nextCursor: cursorOf(next) };
}
