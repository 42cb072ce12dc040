// How Voluum writes its values: words and ids that stand for none, references, and where an answer's items and errors lie.
import type { Json, JsonObject } from '../core/resources.ts';
import { count, isObject, text } from './reading.ts';

const NONE = new Set(['', 'unknown', '00000000-0000-0000-0000-000000000000']);

/** A word or an id; the nil UUID and UNKNOWN mean none. */
export function told(value: Json | undefined): string | null {
  const found = text(value)?.trim() ?? '';
  return NONE.has(found.toLowerCase()) ? null : found;
}

/** Of an entry that another one names: `{"id":"…"}`. */
export const idIn = (value: Json | undefined): string | null => (isObject(value) ? told(value.id) : null);

/** Under its name, as a bare list, or in whatever list the answer begins with. */
export const listNamed =
  (name: string) =>
  (body: Json): Json[] | null => {
    if (Array.isArray(body)) return body;
    if (!isObject(body)) return null;
    const named = body[name];
    return Array.isArray(named) ? named : (Object.values(body).find((value) => Array.isArray(value)) ?? null);
  };

/** A report's own count of all its rows: its pages are cut short in silence. */
export const totalRows = (body: Json): number | null => (isObject(body) ? count(body.totalRows) : null);

/** `{"error":{"code":"…","messages":[…],"webRequestId":"…"}}`: the id is what their support asks for. */
export function errorWords(body: Json): string | null {
  const error = isObject(body) && isObject(body.error) ? body.error : null;
  if (error === null) return null;
  const messages = Array.isArray(error.messages) ? error.messages.map(text) : [];
  const words = [text(error.code), text(error.description), ...messages].filter((word) => word !== null);
  const requestId = text(error.webRequestId);
  return `${words.join(': ')}${requestId === null ? '' : ` (webRequestId ${requestId})`}`;
}

/** The filled ones of `customVariable1` … `customVariable10`. */
export function customVariables(row: JsonObject): JsonObject {
  return Object.fromEntries(
    CUSTOM_VARIABLES.map((name) => [name, told(row[name])] as const).filter(([, value]) => value !== null),
  );
}

export const CUSTOM_VARIABLES = Array.from({ length: 10 }, (_, i) => `customVariable${i + 1}`);
