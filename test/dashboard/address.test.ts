// What stands in an address is what is shown, typed by hand too.
import { expect, test } from 'vitest';
import { text } from '../../src/dashboard/app/address.ts';
import { coloursOf } from '../../src/dashboard/app/colours.ts';
import { readReportSearch } from '../../src/dashboard/app/report-search.ts';
import { readAnalyticsSearch } from '../../src/dashboard/pages/analytics/search.ts';

test.each([
  ['north', 'north'],
  [123, '123'],
  [0, '0'],
  ['', undefined],
  [null, undefined],
  [['a'], undefined],
])('%o is read as %s', (value, words) => {
  expect(text(value)).toBe(words);
});

test('the money that a chart draws is in the address, apart from the one all is turned into', () => {
  const read = (draw: unknown) => readAnalyticsSearch({ columns: 'clicks', chart: 'revenue', draw });
  expect(read('EUR')).toMatchObject({ draw: 'EUR', chart: 'revenue' });
  expect(read('EUR')).not.toHaveProperty('currency');
  expect(read('euro')).not.toHaveProperty('draw');
});

test('a filter may ask for rows without a value, but where every row has one', () => {
  const filter = { country: ['', 'DE', ''], ad: [''], config: [''], status: ['', 'hold'], day: [''] };
  expect(readReportSearch({ filter })).toMatchObject({ filter: { country: ['', 'DE'], ad: [''], status: ['hold'] } });
  expect(readReportSearch({ filter }).filter).not.toHaveProperty('config');
});

test('a status has the colour that it has everywhere, any other name one of the series', () => {
  expect([...coloursOf('status', ['rejected', 'approved'])]).toEqual([
    ['rejected', 'var(--bad)'],
    ['approved', 'var(--ok)'],
  ]);
  const others = coloursOf('campaign', ['rejected', 'approved']);
  expect(others.get('rejected')).toMatch(/^var\(--series-[1-8]\)$/);
  expect(new Set(others.values()).size).toBe(2);
});
