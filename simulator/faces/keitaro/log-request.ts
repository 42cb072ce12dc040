// Reads the body of a log or report request: range, filters, sorting, paging.
import { Zone } from '../../zone.ts';
import { invalidField, Refusal } from './answers.ts';

const secondsPerDay = 86_400;

export interface Range {
  zone: Zone;
  /** Seconds since 1970, half-open. */
  from: number;
  to: number;
  /** As the caller wrote it. */
  asked: { from: string; to: string; timezone: string };
}

export interface Filter {
  name: string;
  operator: string;
  expression: unknown;
}

export interface SortTerm {
  name: string;
  isDescending: boolean;
}

export type Body = Record<string, unknown>;

/** The body as an object. Refuses with 400 what is not JSON. */
export function parseBody(bytes: Buffer): Body {
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    if (isRecord(body)) return body;
  } catch {
    // Refused below, like any other body that is not an object.
  }
  throw new Refusal(400, 'Malformed JSON');
}

/** `range`, with `to` inclusive to the second; a date alone means its whole day. */
export function parseRange(body: Body): Range {
  const range = isRecord(body.range) ? body.range : {};
  const { from, to, timezone = 'UTC' } = range;
  if (typeof from !== 'string') throw invalidField('range.from', 'This value should not be blank.');
  if (typeof to !== 'string') throw invalidField('range.to', 'This value should not be blank.');
  if (typeof timezone !== 'string') throw invalidField('range.timezone', 'Unknown timezone.');
  const zone = zoneNamed(timezone);
  const first = zone.secondOf(from);
  const last = to.length === 10 ? endOfDay(zone, to) : zone.secondOf(to);
  if (first === null) throw invalidField('range.from', `Failed to parse time string (${from})`);
  if (last === null) throw invalidField('range.to', `Failed to parse time string (${to})`);
  return { zone, from: first, to: last + 1, asked: { from, to, timezone } };
}

export function parseFilters(body: Body): Filter[] {
  return listOf(body, 'filters').map((filter) => {
    if (!isRecord(filter) || typeof filter.name !== 'string') throw invalidField('filters', 'Wrong filter.');
    const operator = String(filter.operator ?? 'EQUALS').toUpperCase();
    return { name: filter.name, operator, expression: filter.expression };
  });
}

export function parseSort(body: Body): SortTerm[] {
  return listOf(body, 'sort').map((term) => {
    if (!isRecord(term) || typeof term.name !== 'string') throw invalidField('sort', 'Wrong sorting.');
    return { name: term.name, isDescending: String(term.order ?? 'ASC').toUpperCase() === 'DESC' };
  });
}

/** A list of names, or null when the body has none. */
export function parseNames(body: Body, field: string): string[] | null {
  if (body[field] === undefined) return null;
  return listOf(body, field).map((name) => {
    if (typeof name !== 'string') throw invalidField(field, 'Only names are allowed.');
    return name;
  });
}

/** A number of rows, also as numeric text. */
export function parseRowNumber(body: Body, field: string, fallback: number): number {
  if (body[field] === undefined || body[field] === null) return fallback;
  const number = Number(body[field]);
  if (!Number.isSafeInteger(number) || number < 0) throw invalidField(field, 'This value should be 0 or more.');
  return number;
}

function listOf(body: Body, field: string): unknown[] {
  const list = body[field] ?? [];
  if (!Array.isArray(list)) throw invalidField(field, 'This value should be a list.');
  return list;
}

function zoneNamed(name: string): Zone {
  try {
    return new Zone(name);
  } catch {
    throw invalidField('range.timezone', `Unknown or bad timezone (${name})`);
  }
}

function endOfDay(zone: Zone, day: string): number | null {
  const start = Date.parse(`${day}T00:00:00Z`) / 1000;
  if (Number.isNaN(start)) return null;
  const next = zone.secondOf(new Date((start + secondsPerDay) * 1000).toISOString().slice(0, 10));
  return next === null ? null : next - 1;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
