// JSON without loss: numbers of 16 and more characters become text before they are parsed, so that every digit is kept.
import type { Json } from '../core/resources.ts';

/** Cheap question first: hardly any answer has such a number, and a reviver would cost more than all else. */
const LONG_NUMBER = /[:[,\s]-?\d[\d.eE+-]{15,}/;
const STRING_OR_LONG_NUMBER = /"(?:[^"\\]|\\[\s\S])*"|-?\d[\d.eE+-]{15,}/g;

/** @throws SyntaxError where the text is not JSON */
export function parseExact(text: string): Json {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(
    text.replace(STRING_OR_LONG_NUMBER, (found) => (found[0] === '"' || found.length < 16 ? found : `"${found}"`)),
  );
}
