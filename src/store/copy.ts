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

/** @throws UnreadableRowError for an impossible date and for years that a tracker cannot mean */
export function timeField(value: Date | null): string {
  if (value === null) return NULL_FIELD;
  const year = value.getUTCFullYear();
  if (!(year >= 1990 && year <= 2200)) throw new UnreadableRowError('a time outside of 1990 to 2200');
  return value.toISOString();
}

export const flagField = (value: boolean | null): string => (value === null ? NULL_FIELD : value ? 't' : 'f');

/** Null for an empty object: only what is filled is kept. */
export function jsonField(value: object): string {
  for (const _ in value) return textField(JSON.stringify(value));
  return NULL_FIELD;
}
