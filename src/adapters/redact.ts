// Secrets out of words: an account's own credentials in any spelling, and the secrets that ride in a tracker's records.
import type { Json, JsonObject } from '../core/resources.ts';

const HIDDEN = '[redacted]';
/** Shorter texts occur by chance. */
const SHORTEST = 4;

/** A text without any of the secrets, however they are spelled (`spellingsOf`); cut to a length that a log bears, and one that a database holds. */
export function redact(text: string, secrets: readonly string[], maxLength = 500): string {
  // The longest first: one secret may be a part of another.
  const spellings = secrets.flatMap(spellingsOf).sort((a, b) => b.length - a.length);
  let clean = text;
  for (const spelling of new Set(spellings))
    clean = clean.replaceAll(new RegExp(escapeRegExp(spelling), 'giu'), HIDDEN);
  const cut = clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean;
  return cut.replaceAll('\0', '').toWellFormed();
}

/** As it is, in a URL, all of it escaped, in a form, in JSON (as PHP writes it, too), in base64 alone or within more, in hex. */
function spellingsOf(secret: string): string[] {
  if (secret.length < SHORTEST) return [];
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const spellings = [
    secret,
    ...[encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)],
    ...[json, json.replaceAll('/', '\\/')],
    Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    ...['base64', 'base64url', 'hex'].map((encoding) => bytes.toString(encoding as BufferEncoding)),
    ...[0, 1, 2].flatMap((before) => base64Within(bytes, before)),
  ];
  return spellings.filter((spelling) => spelling.length >= SHORTEST);
}

/** What stays the same of the bytes in the base64 of a longer text, where so many bytes of a group of three precede them. */
function base64Within(bytes: Buffer, before: number): string[] {
  const from = before === 0 ? 0 : before + 1;
  const to = Math.floor(((before + bytes.length) * 8) / 6);
  const padded = Buffer.concat([Buffer.alloc(before), bytes]);
  return [padded.toString('base64').slice(from, to), padded.toString('base64url').slice(from, to)];
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const SECRET_KEY =
  /token|secret|passw(?:or)?d|passphrase|credential|bearer|(?:api|access|private|postback)[_-]?key|auth|(?:^|[_-])(?:key|pass|pwd)$/i;
const POSTBACK_KEY = /postback|s2s/i;

/** A record without what opens something: tokens and keys are dropped, postback addresses lose theirs, also within JSON text. */
export function withoutSecrets<T extends Json>(item: T): T {
  // Objects stay objects, lists lists, texts texts.
  return strip(item, false) as T;
}

function strip(value: Json, isPostback: boolean): Json {
  if (Array.isArray(value)) return value.map((entry) => strip(entry, isPostback));
  if (typeof value === 'string') return stripText(value, isPostback);
  return value !== null && typeof value === 'object' ? stripObject(value, isPostback) : value;
}

function stripObject(item: JsonObject, isPostback: boolean): JsonObject {
  const clean: JsonObject = {};
  for (const [key, value] of Object.entries(item)) {
    if (!SECRET_KEY.test(key)) clean[key] = strip(value, isPostback || POSTBACK_KEY.test(key));
  }
  return clean;
}

function stripText(text: string, isPostback: boolean): string {
  if (/^\s*["{[]/.test(text)) {
    try {
      const inside: Json = JSON.parse(text);
      const clean = JSON.stringify(strip(inside, isPostback));
      // Written anew only where something was taken out: numbers of more than 53 bits would not come back.
      return clean === JSON.stringify(inside) ? text : clean;
    } catch {}
  }
  return isPostback ? postbackWithoutKeys(text) : withoutNamedKeys(text);
}

/** What an address calls a token or a key, and a password before its host; all else stays, as in a link to an offer. */
function withoutNamedKeys(text: string): string {
  if (!text.includes('=') && !text.includes('@')) return text;
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*:[^/@\s]*@/gi, '$1')
    .replace(/([?&;#])([^=&;#?\s]+)=([^&;#\s]*)/g, (whole, mark: string, name: string, value: string) =>
      SECRET_KEY.test(name) && !isMacro(value) ? `${mark}${name}=${HIDDEN}` : whole,
    );
}

/** `{sub_id}`, `[clickid]`, `$id$`, `__CID__`, one after another: filled in by the tracker, and no secret. */
const isMacro = (value: string): boolean =>
  /^[\W_]*$/.test(value.replaceAll(/\{[^{}]*\}|\[[^[\]]*\]|\$\w+|__\w+?__/g, ''));

/** Keeps host and macros (`{sub_id}`) of a postback address; user info, and path segments and values that could be a key, are hidden. */
export function postbackWithoutKeys(address: string): string {
  const [before = '', query] = address.split('?', 2);
  const path = before
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1')
    .replace(/(?<![/:])\/([^/{}]+)(?=\/postback\b)/g, `/${HIDDEN}`)
    .replace(/(?<![/:])\/([^/{}]*\d[^/{}]*)(?=\/|$)/g, (whole, segment: string) =>
      segment.length < 6 ? whole : `/${HIDDEN}`,
    );
  if (query === undefined) return path;
  const pairs = query.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 || isMacro(pair.slice(at + 1)) ? pair : `${pair.slice(0, at)}=${HIDDEN}`;
  });
  return `${path}?${pairs.join('&')}`;
}
