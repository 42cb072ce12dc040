// Reads the query of a report: whole hours, a zone, a limit of a hundred where none is sent.
import { Zone } from '../../zone.ts';
import type { AnswerNotes } from '../face.ts';
import { badRequest } from './answers.ts';
import type { VoluumOptions } from './options.ts';

const defaultLimit = 100;

export interface ReportQuery {
  /** Seconds since 1970, half-open. */
  from: number;
  to: number;
  zone: Zone;
  limit: number;
  offset: number;
}

/** Refuses with 400 what is no whole hour, no zone or no number. */
export function parseReport(query: URLSearchParams, options: VoluumOptions, notes: AnswerNotes): ReportQuery {
  const [from, to] = [wholeHour(query, 'from'), wholeHour(query, 'to')];
  if (from >= to) throw badRequest('from must be before to');
  const zone = zoneNamed(query.get('tz') ?? options.timezone);
  const offset = number(query, 'offset', 0);
  const limit = Math.min(number(query, 'limit', defaultLimit), options.maxRows);
  const timezone = zone.name === 'Etc/GMT' ? 'UTC' : zone.name;
  notes.window = { from: query.get('from')!, to: query.get('to')!, timezone };
  Object.assign(notes, { offset, limit });
  return { from, to, zone, limit, offset };
}

function wholeHour(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  const isHour = /^\d{4}-\d\d-\d\dT\d\d(:00(:00(\.0+)?)?)?Z?$/.test(text);
  const time = isHour ? Date.parse(`${text.slice(0, 13)}:00:00Z`) : Number.NaN;
  if (Number.isNaN(time)) throw badRequest(`${name} must be a time rounded to the hour`);
  return time / 1000;
}

export function number(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`${name} must be a number`);
  return Number(text);
}

export function zoneNamed(name: string): Zone {
  try {
    return new Zone(name);
  } catch {
    throw badRequest(`unknown time zone: ${name}`);
  }
}

/** A page of a report in its envelope; that it is cut short shows in the number of all rows alone. */
export function envelope(
  rows: readonly object[],
  { limit, offset }: Pick<ReportQuery, 'limit' | 'offset'>,
  { total }: VoluumOptions,
  notes: AnswerNotes,
): object {
  const page = rows.slice(offset, offset + limit);
  notes.rows = page.length;
  return {
    ...{ limit, offset, truncated: offset + page.length < rows.length, messages: [] as string[] },
    totalRows: told(rows.length, total),
    ...{ totals: {}, columnMappings: {}, rows: page },
  };
}

function told(total: number, kind: VoluumOptions['total']): number | string {
  if (kind === 'text') return String(total);
  if (kind === 'tooSmall') return Math.floor(total / 2);
  return kind === 'tooLarge' ? total * 2 + 1_000 : total;
}
