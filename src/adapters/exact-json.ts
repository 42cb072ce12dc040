// JSON without loss: numbers of 16 and more characters become text before they are parsed, so that every digit is kept.
import type { Json } from '../core/resources.ts';

/** Cheap question first: hardly any answer has such a number, and a reviver would cost more than all else. */
const ANY_LONG_NUMBER = /(?:^|[:[,\s])-?\d[\d.eE+-]{15,}/;
const LONG_NUMBER = /-?\d[\d.eE+-]{15,}/g;
const SHORTEST = 16;

/** @throws SyntaxError where the text is not JSON */
export function parseExact(text: string): Json {
  return JSON.parse(ANY_LONG_NUMBER.test(text) ? withLongNumbersQuoted(text) : text);
}

/** Goes from string to string by their quotes: one pattern for both would take quadratic time on a text that is cut off. */
function withLongNumbersQuoted(text: string): string {
  let quoted = '';
  let copiedTo = 0;
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('"', at);
    const open = found === -1 ? text.length : found;
    if (open - at >= SHORTEST) {
      quoted += text.slice(copiedTo, at) + text.slice(at, open).replace(LONG_NUMBER, '"$&"');
      copiedTo = open;
    }
    at = open === text.length ? open : endOfString(text, open);
  }
  return quoted + text.slice(copiedTo);
}

/** Behind the closing quote of the string that opens here; the end of the text where it never closes. */
function endOfString(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}
