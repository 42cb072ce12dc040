// Reading what trackers send: amounts by their exact value, whole numbers that a column can hold.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal, integer, utcTime } from '../../src/adapters/reading.ts';

describe('amounts', () => {
  test.each([
    '1000000000000',
    '-1000000000000.000',
    '1e12',
    '999999999999.99999999999',
    '0.0000000000001e25',
    '+1e+12',
  ])('%s is within the bound', (amount) => expect(decimal(amount, 'cost')).toBe(amount));

  test.each([
    '1000000000000.00000001',
    '-1000000000000.00000001',
    '1.0000000000000000000001e12',
    '0.0010000000000000000001e15',
    '1e13',
  ])('%s is beyond it', (amount) => expect(() => decimal(amount, 'cost')).toThrow('cost is out of bounds'));
});

test.each([
  [2147483647, 2147483647],
  ['-2147483648', -2147483648],
  [2147483648, null],
  [3000000000, null],
  ['-2147483649', null],
  [1.5, null],
])('the whole number %s is read as %s', (sent, read) => expect(integer(sent)).toBe(read));

describe('times', () => {
  test('every second of every day, whatever was read before it', () => {
    const seconds = fc.integer({ min: Date.UTC(1990, 0) / 1_000, max: Date.UTC(2200, 0) / 1_000 });
    fc.assert(
      fc.property(seconds, fc.constantFrom(' ', 'T'), (second, between) => {
        const iso = new Date(second * 1_000).toISOString().slice(0, 19);
        expect(utcTime(iso.replace('T', between))?.toISOString()).toBe(`${iso}.000Z`);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '2026-02-29 10:00:00',
    '2026-13-01 10:00:00',
    '0000-00-00 00:00:00',
    '2026-11-01 24:00:00',
    '2026-11-01 10:60:00',
    '2026-11-01 10:00:60',
    '2026-11-01 1o:00:00',
    '2026-11-01x10:00:00',
    '2026-11-01 10-00-00',
    '2026-11-01 10:00:0 ',
    'no time whatsoever ',
  ])('%s is none, also behind a row of the same day', (text) => {
    expect(utcTime('2026-11-01 10:00:00')).not.toBeNull();
    expect(utcTime(text)).toBeNull();
  });
});
