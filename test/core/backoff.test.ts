// Waits after tries without progress grow, never beyond their bounds, and never all at the same moment.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs, LONGEST_RETRY_AFTER_MS } from '../../src/core/backoff.ts';
import { MINUTE_MS } from '../../src/core/windows.ts';

const tries = fc.integer({ min: 1, max: 1_000_000 });
const interval = fc.integer({ min: 1, max: 1_440 }).map((minutes) => minutes * MINUTE_MS);
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a wait is at least half of what it may be, and at most ten minutes or one interval', () => {
  fc.assert(
    fc.property(tries, interval, random, (count, intervalMs, chance) => {
      const full = Math.min(5_000 * 2 ** (count - 1), 10 * MINUTE_MS, intervalMs);
      const waitMs = backoffMs(count, intervalMs, chance);
      expect(Number.isSafeInteger(waitMs)).toBe(true);
      expect(waitMs).toBeGreaterThanOrEqual(Math.floor(full / 2));
      expect(waitMs).toBeLessThanOrEqual(full);
    }),
  );
});

test('with every try the wait is as long or longer', () => {
  fc.assert(
    fc.property(tries, interval, random, (count, intervalMs, chance) => {
      expect(backoffMs(count + 1, intervalMs, chance)).toBeGreaterThanOrEqual(backoffMs(count, intervalMs, chance));
    }),
  );
});

test.each([
  [1, 2_500, 5_000],
  [2, 5_000, 10_000],
  [7, 160_000, 320_000],
  [8, 300_000, 600_000],
  [99, 300_000, 600_000],
])('try %i: between %i and %i ms', (count, least, most) => {
  expect(backoffMs(count, 15 * MINUTE_MS, 0)).toBe(least);
  expect(backoffMs(count, 15 * MINUTE_MS, 0.999_999_999)).toBe(most);
});

test('half of it is chance', () => {
  const waits = new Set(Array.from({ length: 100 }, (_, i) => backoffMs(4, 15 * MINUTE_MS, i / 100)));
  expect(waits.size).toBe(100);
});

test('a day is the longest that a tracker may ask for', () => {
  expect(LONGEST_RETRY_AFTER_MS).toBe(86_400_000);
});
