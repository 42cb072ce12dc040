// Reading what trackers send: amounts by their exact value, whole numbers that a column can hold.
import { describe, expect, test } from 'vitest';
import { decimal, integer } from '../../src/adapters/reading.ts';

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
