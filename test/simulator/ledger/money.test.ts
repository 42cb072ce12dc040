// Money survives its way to text and back, and sums stay exact.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf, microsOf, scaleMicros } from '../../../simulator/ledger/money.ts';

test('decimal text and micros name the same amount', () => {
  expect(decimalOf(1_230_000)).toBe('1.23');
  expect(decimalOf(-10)).toBe('-0.00001');
  expect(microsOf('12.3456')).toBe(12_345_600);
  fc.assert(
    fc.property(fc.maxSafeInteger(), (micros) => {
      expect(microsOf(decimalOf(micros))).toBe(micros);
    }),
  );
});

test('what is no amount is refused', () => {
  for (const text of ['', '1,5', '1.2345678', '1e3', 'NaN', '99999999999999'])
    expect(() => microsOf(text)).toThrow(RangeError);
});

test('a factor rounds to the fifth decimal', () => {
  expect(scaleMicros(12_340, 1_100_000)).toBe(13_570);
  expect(scaleMicros(10, 1_500_000)).toBe(20);
});
