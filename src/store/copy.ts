// PostgreSQL's COPY text format: one line a row, and a refusal, with its reason, of what the database cannot hold.
import { UnreadableRowError } from '../core/errors.ts';

/** What COPY needs told: its own signs, NUL, and the halves of a split character. */
const SPECIAL = /[\\\t\n\r\0\ud800-\udfff]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

export const NULL_FIELD = '\\N';

/** @throws UnreadableRowError for NUL and lone surrogates */
export function textField(value: string | null): string {
  if (value === null) return NULL_FIELD;
  if (!SPECIAL.test(value)) return value;
  if (value.includes('\0')) throw new UnreadableRowError('a NUL character in a text');
  if (!value.isWellFormed()) throw new UnreadableRowError('half of a character in a text');
  return value.replace(/[\\\t\n\r]/g, (sign) => ESCAPES[sign]!);
}

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
/** Rows of a log share their days: the one before is remembered, and only the clock is written. */
let knownDay = { number: Number.NaN, text: '' };

/** @throws UnreadableRowError for an impossible date and for years that a tracker cannot mean */
export function timeField(value: Date | null): string {
  if (value === null) return NULL_FIELD;
  const time = value.getTime();
  const day = Math.floor(time / DAY_MS);
  if (day !== knownDay.number) {
    const year = value.getUTCFullYear();
    if (!(year >= 1990 && year <= 2200)) throw new UnreadableRowError('a time outside of 1990 to 2200');
    knownDay = { number: day, text: value.toISOString().slice(0, 11) };
  }
  const clock = time - day * DAY_MS;
  const seconds = Math.floor(clock / 1_000);
  const minutes = Math.floor(seconds / 60);
  const fraction = String(clock % 1_000).padStart(3, '0');
  return `${knownDay.text}${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}.${fraction}Z`;
}

/** None for what `timeField` refuses: a time that a row can do without does not cost the row. */
export function optionalTimeField(value: Date | null): string {
  const year = value?.getUTCFullYear() ?? Number.NaN;
  return year >= 1990 && year <= 2200 ? timeField(value) : NULL_FIELD;
}

export const flagField = (value: boolean | null): string => (value === null ? NULL_FIELD : value ? 't' : 'f');

/**
 * Null for an empty object: only what is filled is kept.
 * @throws UnreadableRowError for NUL and lone surrogates in a text or a name
 */
export function optionalJsonField(value: object): string {
  const field = jsonField(value);
  return field === '{}' ? NULL_FIELD : field;
}

/** JSON writes NUL and lone surrogates as these; data that holds a backslash and the same letters looks alike. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/;

/** @throws UnreadableRowError for NUL and lone surrogates in a text or a name */
export function jsonField(value: object): string {
  const json = JSON.stringify(value);
  // All that COPY needs told, JSON writes with a backslash.
  if (!json.includes('\\')) return json;
  if (SUSPICIOUS.test(json)) refuseUnholdable(value);
  return textField(json);
}

function refuseUnholdable(value: unknown): void {
  if (typeof value === 'string') textField(value);
  else if (Array.isArray(value)) value.forEach(refuseUnholdable);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      textField(name);
      refuseUnholdable(inner);
    }
  }
}
