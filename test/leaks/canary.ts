// What every credential of every test begins with, so that one search finds any of them wherever it was left.
import { randomBytes } from 'node:crypto';
import { needlesFor, Search, toldHits } from './search.ts';

/** Two of its characters are written otherwise in a URL, so that the spellings differ. */
export const CANARY = 'Cn4ry/h7+Qz2VxTw';

/** A key for a tracker as tests use them. A secret that is to stand in clear by intent must be another. */
export const canaryKey = (): string => `${CANARY}${randomBytes(12).toString('hex')}`;

export const searchForCanary = (): Search => new Search(needlesFor({ 'a test’s credential': CANARY }));

/** @throws where the canary was found, naming the places */
export function expectNoCanary({ hits }: Search): void {
  if (hits.length > 0) throw new Error(`A secret was left behind:\n${toldHits(hits)}`);
}
