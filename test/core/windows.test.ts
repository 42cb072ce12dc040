// Windows cover what they are planned for exactly, whatever the range, and are cut on the tracker's grain.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cutAfter,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  OVERLAP_MS,
  planBackfill,
  type Range,
  readableUntil,
  rereadDepthMs,
  SECOND_MS,
  SETTLE_MS,
  splitEvenly,
  widened,
} from '../../src/core/windows.ts';

const at = (iso: string): Date => new Date(iso);
const start = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) });
const range = (longestMs: number) =>
  fc.tuple(start, fc.integer({ min: 1, max: longestMs })).map(([from, length]) => ({
    from: new Date(from),
    to: new Date(from + length),
  }));
const grain = fc.constantFrom(SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS);

/** Newest first, each beginning where the next one ends: no gap, no overlap, nothing beyond. */
function expectCovered(windows: readonly Range[], whole: Range): void {
  expect(windows[0]!.to).toEqual(whole.to);
  expect(windows.at(-1)!.from).toEqual(whole.from);
  for (const [i, window] of windows.entries()) {
    expect(window.from < window.to).toBe(true);
    if (i > 0) expect(window.to).toEqual(windows[i - 1]!.from);
  }
}

describe('a backfill', () => {
  test('covers its range exactly, newest first, in windows within one UTC day', () => {
    fc.assert(
      fc.property(range(95 * DAY_MS), (whole) => {
        const windows = planBackfill(whole);
        expectCovered(windows, whole);
        for (const { from, to } of windows) {
          expect(Math.floor(from.getTime() / DAY_MS)).toBe(Math.floor((to.getTime() - 1) / DAY_MS));
        }
        const days = Math.floor((whole.to.getTime() - 1) / DAY_MS) - Math.floor(whole.from.getTime() / DAY_MS) + 1;
        expect(windows).toHaveLength(days);
      }),
    );
  });

  test('in windows of several days covers its range exactly, each ending at a midnight', () => {
    fc.assert(
      fc.property(range(95 * DAY_MS), fc.integer({ min: 1, max: 40 }), (whole, days) => {
        const windows = planBackfill(whole, days);
        expectCovered(windows, whole);
        for (const { from, to } of windows.slice(1, -1)) expect(to.getTime() - from.getTime()).toBe(days * DAY_MS);
        for (const { to } of windows.slice(1)) expect(to.getTime() % DAY_MS).toBe(0);
      }),
    );
  });

  test('of nothing has no windows', () => {
    const now = at('2026-03-10T12:00:00Z');
    expect(planBackfill({ from: now, to: now })).toEqual([]);
    expect(planBackfill({ from: now, to: new Date(now.getTime() - 1) })).toEqual([]);
  });

  test('over whole days has one window a day', () => {
    const windows = planBackfill({ from: at('2026-03-28T00:00:00Z'), to: at('2026-03-30T00:00:00Z') });
    expect(windows).toEqual([
      { from: at('2026-03-29T00:00:00Z'), to: at('2026-03-30T00:00:00Z') },
      { from: at('2026-03-28T00:00:00Z'), to: at('2026-03-29T00:00:00Z') },
    ]);
  });
});

describe('a window that is asked for in whole grains', () => {
  test('has the margin on both sides, and no grain more', () => {
    fc.assert(
      fc.property(range(10 * DAY_MS), grain, fc.constantFrom(0, HOUR_MS, DAY_MS), (window, grainMs, marginMs) => {
        const asked = widened(window, grainMs, marginMs);
        const before = window.from.getTime() - asked.from.getTime();
        const after = asked.to.getTime() - window.to.getTime();
        for (const ms of [before, after]) {
          expect(ms).toBeGreaterThanOrEqual(marginMs);
          expect(ms).toBeLessThan(marginMs + grainMs);
        }
        expect([(asked.from.getTime() + marginMs) % grainMs, (asked.to.getTime() - marginMs) % grainMs]).toEqual([
          0, 0,
        ]);
      }),
    );
  });
});

describe('a split', () => {
  test('covers its range exactly, newest first, on the grain, in as many pieces as wanted where there are so many', () => {
    fc.assert(
      fc.property(range(10 * DAY_MS), fc.integer({ min: -1, max: 60 }), grain, (whole, pieces, grainMs) => {
        const windows = splitEvenly(whole, pieces, grainMs);
        expectCovered(windows, whole);
        const grains = Math.ceil((whole.to.getTime() - whole.from.getTime()) / grainMs);
        expect(windows).toHaveLength(Math.max(1, Math.min(pieces, grains)));
        for (const { from } of windows) expect((from.getTime() - whole.from.getTime()) % grainMs).toBe(0);
      }),
    );
  });

  test('has pieces that differ by one grain at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 60 }),
        grain,
        (grains, pieces, grainMs) => {
          const from = at('2026-03-01T00:00:00Z');
          const windows = splitEvenly({ from, to: new Date(from.getTime() + grains * grainMs) }, pieces, grainMs);
          const lengths = windows.map((window) => (window.to.getTime() - window.from.getTime()) / grainMs);
          expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test('leaves one grain whole', () => {
    const second = { from: at('2026-03-01T00:00:00Z'), to: at('2026-03-01T00:00:01Z') };
    expect(splitEvenly(second, 8, SECOND_MS)).toEqual([second]);
  });
});

describe('a cut after a page', () => {
  test('leaves nothing unread: the rest begins on the grain, at or before the last row', () => {
    fc.assert(
      fc.property(range(3 * DAY_MS), fc.double({ min: 0, max: 1, noNaN: true }), grain, (window, share, grainMs) => {
        const length = window.to.getTime() - window.from.getTime();
        const lastRowAt = new Date(window.from.getTime() + Math.floor((length - 1) * share));
        const cut = cutAfter(window, lastRowAt, grainMs);
        if (cut === null) {
          expect(lastRowAt.getTime() - window.from.getTime()).toBeLessThan(grainMs);
          return;
        }
        expectCovered([cut.rest, cut.read], window);
        expect((cut.rest.from.getTime() - window.from.getTime()) % grainMs).toBe(0);
        expect(cut.rest.from <= lastRowAt).toBe(true);
        expect(lastRowAt.getTime() - cut.rest.from.getTime()).toBeLessThan(grainMs);
      }),
    );
  });

  test('is not made where all of the page lies within the first grain, or beyond the window', () => {
    const window = { from: at('2026-03-01T00:00:00Z'), to: at('2026-03-01T00:00:10Z') };
    expect(cutAfter(window, at('2026-03-01T00:00:00.999Z'), SECOND_MS)).toBeNull();
    expect(cutAfter(window, at('2026-02-28T23:59:59Z'), SECOND_MS)).toBeNull();
    expect(cutAfter(window, at('2026-03-01T00:00:10Z'), SECOND_MS)).toBeNull();
    expect(cutAfter(window, at('2026-03-01T00:00:09Z'), SECOND_MS)?.rest.from).toEqual(at('2026-03-01T00:00:09Z'));
  });
});

test('what may be read ends two minutes ago, on a whole second', () => {
  fc.assert(
    fc.property(start, (now) => {
      const until = readableUntil(new Date(now)).getTime();
      expect(until % SECOND_MS).toBe(0);
      expect(now - until).toBeGreaterThanOrEqual(SETTLE_MS);
      expect(now - until).toBeLessThan(SETTLE_MS + SECOND_MS);
    }),
  );
});

describe('how far back conversions are read again', () => {
  const depthDays = (slot: string, previous: string | null): number =>
    rereadDepthMs(at(slot), previous === null ? null : at(previous)) / DAY_MS;

  test.each<[string, string, string | null, number]>([
    ['in an ordinary cycle', '2026-03-10T12:30:00Z', '2026-03-10T12:15:00Z', OVERLAP_MS / DAY_MS],
    ['in the first cycle of an hour', '2026-03-10T13:05:00Z', '2026-03-10T12:50:00Z', 3],
    ['after hours of silence', '2026-03-10T18:05:00Z', '2026-03-10T12:50:00Z', 3],
    ['in the first cycle of a day', '2026-03-10T00:05:00Z', '2026-03-09T23:50:00Z', 30],
    ['after days of silence', '2026-03-20T12:30:00Z', '2026-03-10T12:15:00Z', 30],
    ['in the first cycle of a month’s first day', '2026-04-01T00:05:00Z', '2026-03-31T23:50:00Z', 90],
    ['in the first cycle of its fifth day', '2026-04-05T00:05:00Z', '2026-04-04T23:50:00Z', 90],
    ['in the first cycle of its sixth day', '2026-04-06T00:05:00Z', '2026-04-05T23:50:00Z', 30],
    ['later on a month’s first day', '2026-04-01T00:20:00Z', '2026-04-01T00:05:00Z', OVERLAP_MS / DAY_MS],
    ['where there was no cycle before', '2026-03-10T12:30:00Z', null, 30],
  ])('%s', (_, slot, previous, days) => {
    expect(depthDays(slot, previous)).toBe(days);
  });

  test('by the hours and days of the config’s own, where these begin later', () => {
    const shiftMs = 3 * HOUR_MS + 10 * MINUTE_MS;
    const depth = (slot: string, previous: string) => rereadDepthMs(at(slot), at(previous), shiftMs) / DAY_MS;
    expect(depth('2026-03-10T00:05:00Z', '2026-03-09T23:50:00Z')).toBe(OVERLAP_MS / DAY_MS);
    expect(depth('2026-03-10T12:12:00Z', '2026-03-10T12:07:00Z')).toBe(3);
    expect(depth('2026-03-10T03:12:00Z', '2026-03-10T03:07:00Z')).toBe(30);
  });

  test('on every day once the whole month, every hour once three days, whatever the interval up to an hour', () => {
    fc.assert(
      fc.property(start, fc.integer({ min: MINUTE_MS, max: HOUR_MS }), (first, intervalMs) => {
        const slots = Array.from(
          { length: Math.ceil((2 * DAY_MS) / intervalMs) + 1 },
          (_, i) => first + i * intervalMs,
        );
        const deep = slots
          .slice(1)
          .filter((slot, i) => rereadDepthMs(new Date(slot), new Date(slots[i]!)) >= 30 * DAY_MS);
        const midnights = Math.floor(slots.at(-1)! / DAY_MS) - Math.floor(first / DAY_MS);
        expect(deep).toHaveLength(midnights);
      }),
      { numRuns: 30 },
    );
  });
});
