// What a refusal in words means, where no status tells: a key, rights, a plan, a pace.
import type { ErrorKind } from '../core/errors.ts';

/** One-word errors of some families, and what others say in a sentence. */
const MEANINGS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/^(api[ _-]?)?(key|token|auth)$|unauthori[sz]ed|unauthenticated/i, 'auth'],
  [/\b(invalid|wrong|bad|unknown|incorrect|missing|expired|no)\b.{0,20}\b(key|token)\b/i, 'auth'],
  [/\b(key|token)\b.{0,20}\b(invalid|wrong|unknown|incorrect|missing|expired|not found)\b/i, 'auth'],
  [/^access$|denied|forbidden|not allowed|no permission/i, 'forbidden'],
  [/too many requests|rate limit|^flood$/i, 'rate_limited'],
  [/quota|events? limit|limit of events|\b(subscription|plan)\b.{0,40}\b(expired|exceeded|upgrade|ended)\b/i, 'plan'],
];

export const meaningOf = (said: string): ErrorKind => MEANINGS.find(([words]) => words.test(said))?.[1] ?? 'refused';
