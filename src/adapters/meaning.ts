// What a refusal in words means, where no status tells: a key, rights, a plan, a pace.
import type { ErrorKind } from '../core/errors.ts';

const BAD = '(invalid|wrong|bad|unknown|incorrect|missing|expired|no|not found)';
/** What lets us in: columns, pages and parameters have keys and tokens of their own. */
const OURS = '((api|access|secret|auth|bearer|session)[ _-]?(key|token)|credentials?|authori[sz]ation)';

/** One-word errors of some families, and what others say in a sentence. */
const MEANINGS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/^(api[ _-]?)?(key|token|auth)$|unauthori[sz]ed|unauthenticated/i, 'auth'],
  [new RegExp(`^(the )?(${BAD} (key|token|secret)|(key|token|secret)( is| has)? ${BAD})\\W*$`, 'i'), 'auth'],
  [new RegExp(`\\b${BAD}\\b.{0,20}\\b${OURS}\\b|\\b${OURS}\\b.{0,20}\\b${BAD}\\b`, 'i'), 'auth'],
  [/^access$|denied|forbidden|not allowed|no permission/i, 'forbidden'],
  [/too many requests|rate limit|^flood$/i, 'rate_limited'],
  [/quota|events? limit|limit of events|\b(subscription|plan)\b.{0,40}\b(expired|exceeded|upgrade|ended)\b/i, 'plan'],
];

export const meaningOf = (said: string): ErrorKind => MEANINGS.find(([words]) => words.test(said))?.[1] ?? 'refused';
