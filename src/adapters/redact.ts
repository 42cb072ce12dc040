// Secrets out of words: an account's own credentials in any spelling, and the secrets that ride in a tracker's records.
import type { Json, JsonObject } from '../core/resources.ts';

const HIDDEN = '[redacted]';

/** A text without any of the secrets, as they are, URL-encoded, base64 or hex; cut to a length that a log bears. */
export function redact(text: string, secrets: readonly string[], maxLength = 500): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < 4) continue;
    const bytes = Buffer.from(secret);
    const spellings = [
      secret,
      encodeURIComponent(secret),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('hex'),
    ];
    for (const spelling of new Set(spellings))
      clean = clean.replaceAll(new RegExp(escapeRegExp(spelling), 'gi'), HIDDEN);
  }
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean;
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const SECRET_KEY = /token|secret|password|passwd|api_?key|postback_?key|auth/i;
const POSTBACK_KEY = /postback_?url|s2s/i;

/** A record without what opens something: tokens and keys are dropped, postback addresses lose theirs. */
export function withoutSecrets(item: JsonObject): JsonObject {
  const clean: JsonObject = {};
  for (const [key, value] of Object.entries(item)) {
    if (SECRET_KEY.test(key)) continue;
    clean[key] = POSTBACK_KEY.test(key) && typeof value === 'string' ? postbackWithoutKeys(value) : strip(value);
  }
  return clean;
}

function strip(value: Json): Json {
  if (Array.isArray(value)) return value.map(strip);
  return value !== null && typeof value === 'object' ? withoutSecrets(value) : value;
}

/** Keeps host and macros (`{sub_id}`) of a postback address; path segments and values that could be a key are hidden. */
export function postbackWithoutKeys(address: string): string {
  const [before = '', query] = address.split('?', 2);
  const path = before.replace(/(?<![/:])\/([^/{}]*\d[^/{}]*)(?=\/|$)/g, (whole, segment: string) =>
    segment.length < 6 ? whole : `/${HIDDEN}`,
  );
  if (query === undefined) return path;
  const pairs = query.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return value === '' || /^[{[$]/.test(value) ? pair : `${name}=${HIDDEN}`;
  });
  return `${path}?${pairs.join('&')}`;
}
