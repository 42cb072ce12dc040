// Uploads of many lines, as JSON or CSV: each is looked at by itself, and a bad one is named while the good ones are kept.
import { z } from '@hono/zod-openapi';
import { CsvError, parse } from 'csv-parse/sync';
import type { Context } from 'hono';
import { badInput, Problem } from './problems.ts';
import { jsonAnswer } from './router.ts';

export const MOST_LINES = 50_000;
/** A hundred megabytes would be kept in memory whole. */
export const LARGEST_UPLOAD_BYTES = 16 * 1024 * 1024;

export interface UploadLine<T> {
  /** In JSON counted from 1; in CSV the file's own, where the first is the header. */
  line: number;
  row: T;
}

export interface RejectedLine {
  line: number;
  message: string;
}

export const uploadAnswer = jsonAnswer(
  'What came of it. Good lines are kept whatever the others are.',
  z
    .object({
      accepted: z.int().openapi({ description: 'Lines that are kept now, changed or not.' }),
      takenBack: z.int().openapi({ description: 'What was here and is not any more, as lines with null told.' }),
      rejected: z.array(z.object({ line: z.int(), message: z.string() })),
    })
    .openapi('UploadResult'),
);

/** The same example as JSON; its cells hold no commas. */
function rowsOf(csv: string): Record<string, string>[] {
  const [header = [], ...lines] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(cells.map((cell, i) => [header[i]!, cell])));
}

/** The body of a route that takes both. */
export const uploadBody = <S extends z.ZodType>(row: S, csv: string) => ({
  content: {
    // Whatever is no such line is answered by name, not refused with all the others.
    'application/json': {
      schema: z.array(z.union([row, z.unknown()])).openapi({ maxItems: MOST_LINES }),
      example: rowsOf(csv),
    },
    'text/csv': { schema: z.string().openapi({ example: csv }) },
  },
});

/**
 * @param row a strict object of texts: what a line may have
 * @param amount the column whose empty field in CSV is null, and takes back; any other empty field says nothing
 * @throws Problem where the body as a whole cannot be read
 */
export async function readUpload<S extends z.ZodType>(
  c: Context,
  row: S,
  amount: string,
): Promise<{ lines: UploadLine<z.output<S>>[]; rejected: RejectedLine[] }> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json' && type !== 'text/csv') {
    throw new Problem('unsupported_media_type', 'Send application/json or text/csv.');
  }
  const given = type === 'text/csv' ? fromCsv(await c.req.text(), amount) : fromJson(await c.req.text());
  if (given.length > MOST_LINES) throw badInput('', `has more than ${MOST_LINES} lines`);
  const lines: UploadLine<z.output<S>>[] = [];
  const rejected: RejectedLine[] = [];
  for (const { line, row: told, message } of given) {
    const read = message === undefined ? row.safeParse(told) : null;
    if (read?.success) lines.push({ line, row: read.data });
    else rejected.push({ line, message: message ?? messageOf(read!.error!) });
  }
  return { lines, rejected };
}

interface GivenLine {
  line: number;
  row: unknown;
  /** Why it is no line at all. */
  message?: string;
}

function fromJson(text: string): GivenLine[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Problem('invalid_json');
  }
  if (!Array.isArray(body)) throw badInput('', 'must be a list of objects');
  return body.map((row: unknown, i) => ({ line: i + 1, row }));
}

/** With `info`, which the library's types do not know of a whole parse. */
interface CsvLine {
  info: { lines: number; error?: CsvError };
  record: Record<string, string>;
}

function fromCsv(text: string, amount: string): GivenLine[] {
  try {
    const options = {
      columns: (header: string[]) => header.map((name, i) => once(name, header.indexOf(name) === i)),
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      relax_quotes: true,
      info: true,
    } as const;
    const records = parse(text.replaceAll('\r\n', '\n'), options) as unknown as CsvLine[];
    return records.map(({ info, record }) => {
      const line = info.lines;
      if (info.error !== undefined) return { line, row: null, message: 'has more or fewer fields than the header' };
      const told = Object.entries(record).filter(([name, value]) => value !== '' || name === amount);
      return { line, row: Object.fromEntries(told.map(([name, value]) => [name, value === '' ? null : value])) };
    });
  } catch (error) {
    if (error instanceof CsvError) throw badInput('', `is not CSV: ${error.message}`);
    throw error;
  }
}

/** @throws Problem for a second column of a name: one of the two would be lost */
function once(name: string, isFirst: boolean): string {
  if (!isFirst) throw badInput('', `has two columns named ${name}`);
  return name;
}

function messageOf({ issues }: z.ZodError): string {
  return issues
    .map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `${issue.keys.join(', ')}: not known here`
        : [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': '),
    )
    .join('; ');
}

/** In the order of the lines. */
export const byLine = (rejected: readonly RejectedLine[]): RejectedLine[] =>
  rejected.toSorted((a, b) => a.line - b.line);
