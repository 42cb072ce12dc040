// A log without pages: narrowed from second to second, nothing is lost or doubled, and it ends, whatever the tracker's own limit.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { narrowed } from '../../src/adapters/narrowing.ts';
import { type Cursor, firstCursor, type Narrowing } from '../../src/adapters/paging.ts';
import type { TrackerError } from '../../src/core/errors.ts';
import { SECOND_MS } from '../../src/core/windows.ts';

/** Reads a log as the engine does; `most` is the tracker's own limit. */
function readAll(paging: Narrowing, times: readonly number[], most: number) {
  const given: number[] = [];
  const asked: { from: number; limit: number }[] = [];
  for (let cursor: Cursor | null = firstCursor(paging); cursor !== null; ) {
    const from = cursor.from === undefined ? 0 : Date.parse(cursor.from);
    const limit = cursor.limit ?? paging.limit;
    asked.push({ from, limit });
    if (asked.length > paging.maxPages + 1) throw new Error('it does not end');
    const page = times.filter((time) => time >= from).slice(0, Math.min(limit, most));
    const { next, heldFrom } = narrowed(paging, cursor, page.length, page, from);
    given.push(...page.filter((time) => heldFrom === null || time < heldFrom));
    cursor = next;
  }
  return { given, asked };
}

const paging = (more: Partial<Narrowing> = {}): Narrowing => ({
  style: 'narrowing',
  limit: 10,
  maxPages: 500,
  ...more,
});

/** Milliseconds within seconds, each second with some rows. */
const log = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 40 })), { maxLength: 12 })
  .map((seconds) => seconds.flatMap(([second, rows]) => Array.from({ length: rows }, (_, i) => second * SECOND_MS + i)))
  .map((times) => times.sort((a, b) => a - b));

describe('narrowing', () => {
  test('gives every row once, in order, where the tracker gives what it is asked for', () => {
    fc.assert(
      fc.property(log, (times) => {
        expect(readAll(paging(), times, 10_000).given).toEqual(times);
      }),
    );
  });

  test('a limit of the tracker’s own loses nothing: all is given, or the second that is too full is a contradiction', () => {
    fc.assert(
      fc.property(log, fc.constantFrom(50, 100, 150), (times, most) => {
        const perSecond = Map.groupBy(times, (time) => Math.floor(time / SECOND_MS));
        const isTooFull = [...perSecond.values()].some(({ length }) => length >= most);
        const read = () => readAll(paging({ limit: 200, leastLimit: 50 }), times, most).given;
        if (!isTooFull) {
          expect(read()).toEqual(times);
          return;
        }
        try {
          expect(read()).toEqual(times);
        } catch (error) {
          expect((error as TrackerError).kind).toBe('bad_answer');
        }
      }),
    );
  });

  test('a short page is the last', () => {
    const times = [1, 2, 3].map((second) => second * SECOND_MS);
    expect(readAll(paging(), times, 10).asked).toEqual([{ from: 0, limit: 10 }]);
  });

  test('a second fuller than a page is asked for with twice the limit, until it fits; then the limit is the old one', () => {
    const times = [
      ...Array<number>(35).fill(5 * SECOND_MS),
      ...Array.from({ length: 12 }, (_, i) => (6 + i) * SECOND_MS),
    ];
    const { given, asked } = readAll(paging(), times, 10_000);
    expect(given).toEqual(times);
    expect(asked.map(({ from, limit }) => [from / SECOND_MS, limit])).toEqual(
      [
        [0, 10],
        [5, 10],
        [5, 20],
        [5, 40],
        [10, 10],
        [17, 10],
      ].slice(0, asked.length),
    );
  });

  test.each([50, 100, 200])('exactly %i rows in the last second are all, where another page has more', (rows) => {
    const times = [SECOND_MS, ...Array<number>(rows).fill(5 * SECOND_MS)];
    expect(readAll(paging({ limit: 100, leastLimit: 50 }), times, 10_000).given).toEqual(times);
  });

  test.each([100, 200])('exactly %i rows in the only second there is are all', (rows) => {
    const times = Array<number>(rows).fill(5 * SECOND_MS);
    expect(readAll(paging({ limit: 100 }), times, 10_000).given).toEqual(times);
  });

  test('as many as the longest page there is are a contradiction', () => {
    const times = [SECOND_MS, ...Array<number>(120).fill(5 * SECOND_MS), 7 * SECOND_MS];
    expect(() => readAll(paging({ limit: 100 }), times, 100)).toThrow('more than 100 rows in one second');
  });

  test('a full page without a readable time, and more pages than there may be, end it', () => {
    expect(() => narrowed(paging(), firstCursor(paging()), 10, [], 0)).toThrow('without a readable time');
    const times = Array.from({ length: 100 }, (_, i) => i * SECOND_MS);
    expect(() => readAll(paging({ maxPages: 3 }), times, 100)).toThrow('more than 3 pages');
  });
});
