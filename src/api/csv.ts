// CSV answers: RFC 4180, streamed page by page so that memory stays flat, with nothing that a spreadsheet would execute.
import type { Page, PageAsk, Position } from '../store/lists-page.ts';
import { MOST_ITEMS } from './paging.ts';

export type Cell = string | number | boolean | Date | null;

export interface CsvColumn<T> {
  name: string;
  of(row: T): Cell;
}

const NUMBER = /^-?\d+(\.\d+)?$/;
/** A cell that begins like this is taken for a formula by spreadsheets (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** One cell: quoted where it must be, neutralised with an apostrophe where it looks like a formula and is no number. */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/**
 * All pages of a list as one download. The first page is read before the answer begins, so that its errors become
 * problems; a later error breaks the connection, so that nobody takes a part for the whole.
 */
export async function csvAnswer<T>(
  fileName: string,
  columns: readonly CsvColumn<T>[],
  after: Position | null,
  read: (ask: PageAsk) => Promise<Page<T>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const linesOf = (page: Page<T>): string =>
    page.items.map((row) => csvLine(columns.map((column) => column.of(row)))).join('');
  const encoder = new TextEncoder();
  let page = await read({ limit: MOST_ITEMS, after });
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(csvLine(columns.map(({ name }) => name)) + linesOf(page)));
      if (page.next === null) controller.close();
    },
    // Asked for only when the reader has taken what there was: a slow reader holds no rows and no transaction.
    async pull(controller) {
      page = await read({ limit: MOST_ITEMS, after: page.next });
      controller.enqueue(encoder.encode(linesOf(page)));
      if (page.next === null) controller.close();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
      ...headers,
    },
  });
}
