// Exact decimals: sums of money keep every digit, whatever form a tracker writes it in.

import * as fc from 'fast-check';
import { assert as check, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, decimalsOf, isWithin, plainDecimal, roundTo, signOf, subtract } from '../../src/core/decimal.ts';

test.each([
  ['12.50', '12.5'],
  ['-0.0', '0'],
  ['+7', '7'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['1e-7', '0.0000001'],
  ['1.25E+3', '1250'],
  ['-1.5e1', '-15'],
  ['000.100', '0.1'],
])('%s is %s', (written, plain) => expect(plainDecimal(written)).toBe(plain));

test.each(['', 'free', '1,5', '0x10', 'NaN'])('%s is none', (text) => expect(() => plainDecimal(text)).toThrow());

test('no digit is lost where a float would lose one', () => {
  expect(add('0.1', '0.2')).toBe('0.3');
  expect(add('900719925474099.1234567890123456789', '0.0000000000000000001')).toBe(
    '900719925474099.123456789012345679',
  );
  expect(subtract('1', '0.9999999999999999999999')).toBe('0.0000000000000000000001');
});

test.each([
  ['12.345', 2, '12.35'],
  ['-12.345', 2, '-12.35'],
  ['12.344', 2, '12.34'],
  ['0.0000004', 6, '0'],
  ['12.340000000000002', 6, '12.34'],
  ['7', 2, '7'],
])('%s to %i decimals is %s', (text, decimals, rounded) => expect(roundTo(text, decimals)).toBe(rounded));

test('decimals and signs', () => {
  expect(['1', '1.50', '0.123456', '-2.5'].map(decimalsOf)).toEqual([0, 1, 6, 1]);
  expect(['-0.01', '0', '0.00', '3'].map(signOf)).toEqual([-1, 0, 0, 1]);
});

describe('within', () => {
  test.each([
    ['1.005', '1', '0.005', true],
    ['1', '1.005', '0.005', true],
    ['1.0050001', '1', '0.005', false],
    ['-1', '1', '1.99', false],
    ['3', '3', '0', true],
    ['3', '4', '0', false],
  ])('%s and %s by %s: %s', (a, b, tolerance, is) => expect(isWithin(a, b, tolerance)).toBe(is));
});

test('what is added and taken away again leaves what was there', () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }))
    .map(([units, scale]) => plainDecimal(`${units}e-${scale}`));
  check(
    property(decimal, decimal, (a, b) => {
      expect(subtract(add(a, b), b)).toBe(a);
      expect(add(a, b)).toBe(add(b, a));
      expect(signOf(subtract(a, a))).toBe(0);
    }),
  );
});
