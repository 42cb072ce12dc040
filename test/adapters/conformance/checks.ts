// The suite's checks by name: one that a tracker cannot meet is skipped by its name, and the reason is printed.
import { test } from 'vitest';

/** By the name of a check, `clicks: a page that repeats`, or by a part of it: `a page that repeats`, `no rights`. */
export type Skips = Readonly<Record<string, string>>;

/** Of a face whose lists tell no total, or one that is too small. */
export const NOTHING_PROMISED: Skips = {
  'an empty page in the middle': 'an empty page is the end where no total promises more',
};

export interface Checks {
  check(name: string, run: () => Promise<void>): void;
  /** Skips that skip nothing. */
  unknown(): string[];
}

export function checksOf(skips: Skips): Checks {
  const left = new Set(Object.keys(skips));
  return {
    check(name, run) {
      const keys = [name, ...name.split(': ')].filter((one) => skips[one] !== undefined);
      for (const key of keys) left.delete(key);
      const [key] = keys;
      if (key === undefined) test(name, run);
      else test.skip(`${name} (skipped: ${skips[key]})`, run);
    },
    unknown: () => [...left],
  };
}
