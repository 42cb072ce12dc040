// Clicks lie in order of time, in the numbers asked for, and any of them is found from either side.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ledgerOptions } from '../../../simulator/ledger/options.ts';
import { Timeline } from '../../../simulator/ledger/timeline.ts';

const anchorMs = Date.parse('2026-03-10T12:00:00Z');
const anchor = anchorMs / 1000;
const timeline = (options: object) => new Timeline(ledgerOptions.parse(options), anchorMs);

describe('timeline', () => {
  test('has exactly the clicks asked for, and bursts and the heavy day on top', () => {
    expect(timeline({ clicks: 12_345 }).historyCount).toBe(12_345);
    const rich = timeline({
      clicks: 1000,
      bursts: [{ daysAgo: 2, clicks: 77 }],
      heavyDay: { daysAgo: 4, clicks: 900 },
    });
    expect(rich.historyCount).toBe(1977);
    const burstSecond = anchor - 2 * 86_400;
    expect(rich.countBefore(burstSecond + 1) - rich.countBefore(burstSecond)).toBeGreaterThanOrEqual(77);
    const heavyStart = Date.parse('2026-03-06T00:00:00Z') / 1000;
    expect(rich.countBefore(heavyStart + 86_400) - rich.countBefore(heavyStart)).toBeGreaterThan(900);
  });

  test('grows by its rate after the anchor', () => {
    const grown = timeline({ days: 10, clicks: 1000, growthPerDay: 250 });
    expect(grown.countBefore(anchor + 4 * 86_400) - grown.historyCount).toBe(1000);
  });

  test('is sorted, and counting agrees with the seconds of the clicks', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer(),
          days: fc.integer({ min: 1, max: 5 }),
          clicks: fc.integer({ min: 0, max: 4000 }),
          burst: fc.integer({ min: 1, max: 300 }),
          at: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        }),
        fc.integer({ min: -3600, max: 7 * 86_400 }),
        ({ seed, days, clicks, burst, at }, ahead) => {
          const some = timeline({ seed, days, clicks, bursts: [{ daysAgo: at * days, clicks: burst }] });
          const second = some.startSecond + ahead;
          const count = some.countBefore(second);
          const seconds = Array.from({ length: some.plannedCount }, (_, index) => some.secondOf(index));
          expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
          expect(seconds.filter((other) => other < second).length).toBe(count);
          expect(seconds.every((other) => other >= some.startSecond)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('refuses what cannot be placed', () => {
    expect(() => timeline({ days: 2, bursts: [{ daysAgo: 3, clicks: 1 }] })).toThrow('before the ledger');
    expect(() => timeline({ days: 2, heavyDay: { daysAgo: 9, clicks: 10 } })).toThrow('heavy day');
  });
});
