// What both shapes have in common: the key, a page of a list or of a log, and what they tell of the whole.
import type { AnswerNotes, FaceContext, FaceRequest } from '../face.ts';
import type { TgOptions, TgResource } from './options.ts';
import { catalogRecords, clickRecord, conversionRecord, type Dialect, type Fields } from './records.ts';

export interface Span {
  /** Seconds since 1970, half-open. */
  from: number;
  to: number;
}

export interface Page {
  records: Fields[];
  /** Of the whole list, as JSON text; null where none is told. */
  total: string | null;
}

export interface Asked {
  offset: number;
  limit: number;
}

export function credentialOf(request: FaceRequest, context: FaceContext): AnswerNotes['credential'] {
  const given = request.headers.authorization;
  if (given === undefined || given === '') return 'missing';
  return given === `Bearer ${context.apiKey}` ? 'right' : 'wrong';
}

/** A whole number of at least `least`, or null for what is none. */
export function wholeNumber(told: string | null, fallback: number, least: number): number | null {
  if (told === null) return fallback;
  const number = /^\d{1,9}$/.test(told) ? Number(told) : Number.NaN;
  return number >= least ? number : null;
}

/** A page of a resource. `span` is that of a log. */
export function pageOf(context: FaceContext, dialect: Dialect, resource: TgResource, asked: Asked, span?: Span): Page {
  const { ledger } = context;
  const { options } = dialect;
  const at = placeOf(options, asked);
  const { total, slice } = listOf(context, dialect, resource, span);
  const records = at === null ? [] : slice(at, asked.limit, ledger.now());
  return { records, total: totalText(options, total) };
}

interface List {
  total: number;
  slice(offset: number, limit: number, asOf: number): Fields[];
}

function listOf({ ledger }: FaceContext, dialect: Dialect, resource: TgResource, span?: Span): List {
  if (resource !== 'clicks' && resource !== 'conversions') {
    const records = catalogRecords(ledger, dialect)[resource]!;
    return { total: records.length, slice: (offset, limit) => records.slice(offset, offset + limit) };
  }
  const now = ledger.now();
  const { from, to } = { from: span?.from ?? 0, to: Math.min(span?.to ?? now, now) };
  if (resource === 'clicks')
    return {
      total: ledger.order.count(from, to),
      slice: (offset, limit, asOf) =>
        ledger.order.slice(from, to, offset, limit).map((index) => clickRecord(ledger, dialect, index, asOf)),
    };
  const { first, end } = ledger.conversions.postbacksBetween(from, to);
  return {
    total: end - first,
    slice: (offset, limit, asOf) =>
      ledger.conversions
        .inPostbackOrder(Math.min(first + offset, end), Math.min(first + offset + limit, end))
        .map((conversion) => conversionRecord(ledger, dialect, conversion, asOf)),
  };
}

/** Where in the list a page begins; null for the empty one in the middle. */
function placeOf({ emptyPage, ignoresPaging }: TgOptions, { offset, limit }: Asked): number | null {
  if (ignoresPaging) return 0;
  const gapAt = emptyPage === null ? Number.POSITIVE_INFINITY : (emptyPage - 1) * limit;
  if (offset < gapAt) return offset;
  return offset < gapAt + limit ? null : offset - limit;
}

function totalText({ total: kind }: TgOptions, total: number): string | null {
  switch (kind) {
    case 'missing':
      return null;
    case 'text':
      return `"${total}"`;
    case 'tooSmall':
      return String(Math.floor(total / 2));
    case 'tooLarge':
      return String(total * 2 + 1_000);
    default:
      return String(total);
  }
}

/** A record whose fields may have other names. */
export function recordText(fields: Fields, names: Readonly<Record<string, string>> = {}): string {
  return `{${Object.entries(fields)
    .map(([name, value]) => `"${names[name] ?? name}":${value}`)
    .join(',')}}`;
}
