// Tolerant reading of what trackers send: ids as number or text, numbers as text, flags as 0/1, empty text for "none".
import { UnreadableRowError } from '../core/errors.ts';
import type { Decimal, Json, JsonObject, SubIds } from '../core/resources.ts';
import { momentOf } from './wall-clock.ts';

const MONEY_BOUND = 1e12;
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text, or null for nothing: absent, null, empty. */
export function text(value: Json | undefined): string | null {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** An id as text; 0 and empty mean none. */
export function id(value: Json | undefined): string | null {
  const found = text(value);
  return found === '0' ? null : found;
}

/** @throws UnreadableRowError where it is missing */
export function required(value: string | null, name: string): string {
  if (value === null) throw new UnreadableRowError(`${name} is missing`);
  return value;
}

/**
 * An exact decimal.
 * @throws UnreadableRowError for what is not a number, and for amounts beyond 10^12
 */
export function decimal(value: Json | undefined, name: string): Decimal | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number' && Math.abs(value) < MONEY_BOUND) return String(value);
  const found = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  if (!DECIMAL.test(found)) throw new UnreadableRowError(`${name} is not a number`);
  if (isBeyondBound(found)) throw new UnreadableRowError(`${name} is out of bounds`);
  return found;
}

/** A float near the bound may stand for more than the bound: there the digits decide, `1000…` against `1000…01`. */
function isBeyondBound(amount: string): boolean {
  const near = Math.abs(Number(amount));
  if (near !== MONEY_BOUND) return near > MONEY_BOUND;
  const digits = amount
    .replace(/[eE].*$/, '')
    .replace(/[+.-]/g, '')
    .replace(/^0+/, '');
  return /^10*[1-9]/.test(digits);
}

/** A count, exact; null for all else. */
export function count(value: Json | undefined): number | null {
  const found = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isSafeInteger(found) ? found : null;
}

/** @throws UnreadableRowError where there is none */
export function requiredCount(value: Json | undefined, name: string): number {
  const found = count(value);
  if (found === null) throw new UnreadableRowError(text(value) === null ? `${name} is missing` : `${name} is no count`);
  return found;
}

/** Of sums: empty and null sum up nothing; a column that is not there at all was not told. */
export const orZero = (value: Json | undefined): Json | undefined => (value === null || value === '' ? 0 : value);

/** A whole number of PostgreSQL's `integer`, four bytes; null for all else. */
export function integer(value: Json | undefined): number | null {
  const found = count(value);
  return found !== null && found >= -(2 ** 31) && found < 2 ** 31 ? found : null;
}

export function flag(value: Json | undefined): boolean | null {
  if (value === true || value === 1 || value === '1' || value === 'true') return true;
  if (value === false || value === 0 || value === '0' || value === 'false') return false;
  return null;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(\.\d{1,6})?$/;

/** `2026-11-01 12:00:00`, told in UTC, or `{ date, timezone }` in a zone of its own. Null for nothing and for zeros. */
export function utcTime(value: Json | undefined): Date | null {
  if (typeof value === 'string' && value.length === 19) return ofKnownDay(value) ?? anyTime(value);
  return anyTime(value);
}

/** Rows of a log share their days: the one before is remembered, and only the clock is read. */
let knownDay = { text: '', startsAt: 0 };

function ofKnownDay(text: string): Date | null {
  const day = text.slice(0, 10);
  if (day !== knownDay.text) {
    const start = anyTime(`${day} 00:00:00`);
    if (start === null) return null;
    knownDay = { text: day, startsAt: start.getTime() };
  }
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const isClock = hour < 24 && minute < 60 && second < 60 && text[13] === ':' && text[16] === ':';
  const isParted = text[10] === ' ' || text[10] === 'T';
  return isClock && isParted ? new Date(knownDay.startsAt + ((hour * 60 + minute) * 60 + second) * 1_000) : null;
}

/** NaN, which is below nothing, where there are no two digits. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function anyTime(value: Json | undefined): Date | null {
  const found = isObject(value) ? text(value.date) : text(value);
  if (found === null || found.startsWith('0000')) return null;
  const parts = TIME.exec(found);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const millisecond = Math.floor(Number(parts[7] ?? 0) * 1000);
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millisecond));
  const isReal =
    time.getUTCDate() === day && time.getUTCMonth() === month - 1 && hour < 24 && minute < 60 && second < 60;
  if (!isReal) return null;
  const zone = isObject(value) ? text(value.timezone) : null;
  return zone === null ? time : new Date(momentOf(time.getTime(), zone));
}

/** @throws UnreadableRowError where there is no such time */
export function requiredTime(value: Json | undefined, name: string): Date {
  const time = utcTime(value);
  if (time === null)
    throw new UnreadableRowError(text(value) === null ? `${name} is missing` : `${name} is not a time`);
  return time;
}

/**
 * A day, `2026-11-01`.
 * @throws UnreadableRowError where there is no such day
 */
export function requiredDay(value: Json | undefined, name: string): string {
  const found = text(value);
  if (found === null || utcTime(`${found} 00:00:00`) === null)
    throw new UnreadableRowError(found === null ? `${name} is missing` : `${name} is not a day`);
  return found;
}

/** An object that may come as JSON text, even twice packed; null where there is none. */
export function unpacked(value: Json | undefined): Json {
  let found: Json = value ?? null;
  for (let depth = 0; depth < 3 && typeof found === 'string' && /^\s*["{[]/.test(found); depth++) {
    try {
      found = JSON.parse(found);
    } catch {
      return found;
    }
  }
  return found === '' ? null : found;
}

/** A list, from an array or comma-separated text. */
export function list(value: Json | undefined): string[] {
  const found = Array.isArray(value) ? value.map(text) : (text(value)?.split(',') ?? []);
  return found.map((entry) => entry?.trim() ?? '').filter((entry) => entry !== '');
}

/** The filled ones of `sub_id_1` … `sub_id_30`, by number. */
export function subIds(item: JsonObject, names: readonly string[]): SubIds {
  const filled: SubIds = {};
  for (let i = 0; i < names.length; i++) {
    const value = item[names[i]!];
    if (value !== undefined && value !== null && value !== '') filled[i + 1] = String(value);
  }
  return filled;
}

/** The items of an answer that is a bare list. */
export const bareList = (body: Json): Json[] | null => (Array.isArray(body) ? body : body === null ? [] : null);

/** The items of an answer that keeps them under a name; null there means an empty list. */
export function listUnder(name: string): (body: Json) => Json[] | null {
  return (body) => (isObject(body) && name in body ? bareList(body[name] ?? null) : null);
}
