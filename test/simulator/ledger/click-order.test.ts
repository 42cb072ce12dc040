// The merged order of planned, added and removed clicks equals the plain list made the slow way.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClickOrder } from '../../../simulator/ledger/click-order.ts';
import { ledgerOptions } from '../../../simulator/ledger/options.ts';
import { Timeline } from '../../../simulator/ledger/timeline.ts';

const anchorMs = Date.parse('2026-03-10T12:00:00Z');

test('any slice after any changes equals the same slice of a list sorted by time', () => {
  const within = fc.integer({ min: -600, max: 90_000 });
  fc.assert(
    fc.property(
      // Somewhere, or in the very second of a planned click.
      fc.array(fc.tuple(fc.oneof(within, fc.nat(399).map(String)), fc.integer({ min: 1, max: 4 })), { maxLength: 12 }),
      fc.uniqueArray(fc.nat(399), { maxLength: 60 }),
      fc.tuple(within, within, fc.nat(450), fc.nat(450)),
      (additions, removals, [from, to, offset, limit]) => {
        const timeline = new Timeline(ledgerOptions.parse({ days: 1, clicks: 400 }), anchorMs);
        timeline.extendTo(timeline.startSecond + 100_000);
        const order = new ClickOrder(timeline);
        const start = timeline.startSecond;
        const added = additions.flatMap(([at, count]) =>
          order.add(typeof at === 'string' ? timeline.secondOf(Number(at)) : start + at, count),
        );
        const gone = [...removals, ...added.filter((_, position) => position % 3 === 2)];
        expect(order.remove(gone)).toBe(gone.length);
        expect(order.remove(gone)).toBe(0);

        const planned = Array.from({ length: timeline.plannedCount }, (_, index) => index);
        const expected = [...planned, ...added]
          .filter((index) => !gone.includes(index))
          .map((index) => ({ index, second: order.secondOf(index) }))
          .filter(({ second }) => second >= start + from && second < start + to)
          .sort((a, b) => a.second - b.second || a.index - b.index)
          .map(({ index }) => index);
        expect(order.count(start + from, start + to)).toBe(expected.length);
        expect(order.slice(start + from, start + to, offset, limit)).toEqual(expected.slice(offset, offset + limit));
      },
    ),
    { numRuns: 150 },
  );
});
