// What would be lost by a deed that is no way to another page, as signing out: whoever holds it is asked first.

/** Asks, and goes on where the answer is to lose it. */
type Ask = (goOn: () => void) => void;

const held = new Set<Ask>();

/** @returns what ends it */
export function hold(ask: Ask): () => void {
  held.add(ask);
  return () => held.delete(ask);
}

export function askBefore(deed: () => void): void {
  const steps = [...held].reduceRight<() => void>((next, ask) => () => ask(next), deed);
  steps();
}
