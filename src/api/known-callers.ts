// Which keys and cookies were good lately, as hashes: who is known is not held up by strangers at the same address.
import { createHash } from 'node:crypto';

const MOST_KNOWN = 10_000;

export interface KnownCallers {
  has(credential: string): boolean;
  add(credential: string): void;
  forget(credential: string): void;
}

export function createKnownCallers(): KnownCallers {
  const known = new Set<string>();
  const hashOf = (credential: string): string => createHash('sha256').update(credential).digest('base64');
  return {
    has: (credential) => known.has(hashOf(credential)),
    add(credential) {
      const hash = hashOf(credential);
      // The most recently seen stand last.
      known.delete(hash);
      known.add(hash);
      if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
    },
    forget: (credential) => void known.delete(hashOf(credential)),
  };
}
