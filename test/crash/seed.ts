// Everything that chance decides comes from one seed, which is printed, so that a failure can be repeated.
import { randomInt } from 'node:crypto';

export interface Chance {
  /** Whole numbers from `from` to `to`, both included. */
  int(from: number, to: number): number;
  oneOf<T>(choices: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
}

/** `CRASH_SEED`, or a new one; said where a person sees it. */
export function seedOfRun(): number {
  const seed = Number(process.env.CRASH_SEED ?? randomInt(1, 2 ** 31));
  process.stdout.write(`CRASH_SEED=${seed} repeats this run.\n`);
  return seed;
}

/** Mulberry32 under a name, so that one more use of chance here changes nothing there. */
export function chanceOf(seed: number, name: string): Chance {
  let state = [...name].reduce((hash, letter) => Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193), seed) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    int,
    oneOf: (choices) => choices[int(0, choices.length - 1)]!,
    shuffled(items) {
      const left = [...items];
      return items.map(() => left.splice(int(0, left.length - 1), 1)[0]!);
    },
  };
}
