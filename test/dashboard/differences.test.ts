// Days that differ from the tracker, folded where they differ alike; names that are shared; addresses as people write them.
import { expect, test } from 'vitest';
import { shortAddress } from '../../src/dashboard/app/addresses.ts';
import { sharedNames } from '../../src/dashboard/app/shared-names.ts';
import { type Compared, differencesOf, equalDays, sumsOf } from '../../src/dashboard/pages/tracker/differences.ts';

const year = new Date().getFullYear();
const day = (date: number, column: Compared['column'], ours: string, theirs: string, more: Partial<Compared> = {}) => ({
  ...{ day: `${year}-11-${String(date).padStart(2, '0')}`, column, currency: null, ours, theirs, reason: null },
  ...{ state: ours === theirs ? ('equal' as const) : ('differs' as const), ...more },
});
const known = { state: 'explained' as const, reason: 'no click log' };

test('days with one known reason are one line, others stay by themselves and come first; money is added exactly', () => {
  const usd = { currency: 'USD' };
  const compared: Compared[] = [
    ...[day(1, 'clicks', '1', '10', known), day(1, 'cost', '0', '0.1', { ...known, ...usd })],
    ...[day(2, 'clicks', '2', '20', known), day(2, 'cost', '0', '0.2', { ...known, ...usd })],
    ...[day(3, 'clicks', '5', '7'), day(4, 'clicks', '5', '8'), day(5, 'clicks', '5', '5')],
    day(6, 'clicks', '1', '2', { ...known, reason: 'another' }),
  ];
  expect(
    differencesOf(compared).map(({ title, days, ours, theirs, reason }) => [title, days, ours, theirs, reason]),
  ).toEqual([
    ['Clicks', 'Nov 4', '5', '8', null],
    ['Clicks', 'Nov 3', '5', '7', null],
    ['Clicks', 'Nov 6', '1', '2', 'another'],
    ['Cost', 'Nov 1\u2009–\u20092, 2 days', '0', '0.3', 'no click log'],
    ['Clicks', 'Nov 1\u2009–\u20092, 2 days', '3', '30', 'no click log'],
  ]);
  expect(equalDays(compared)).toBe(1);
  expect(sumsOf(compared)).toMatchObject([
    { title: 'Clicks', days: null, reason: null, ours: '19', theirs: '52', isExplained: false },
    { title: 'Cost', ours: '0', theirs: '0.3', isExplained: true },
  ]);
});

test('who have one name are told apart by their trackers, or by their ids where these do not do it', () => {
  const entry = (name: string | null, externalId: string, configId?: string) => ({
    id: null,
    name,
    externalId,
    configId,
  });
  const keys = [
    ...[entry('Summer', '1', 'a'), entry('Summer', '9', 'b'), entry('Twice', '2', 'a'), entry('Twice', '3', 'a')],
    ...[entry(null, '7', 'a'), entry('7', '1', 'b'), entry('Ad', '1'), entry('Ad', '2'), null, 'DE', undefined],
    // The same campaign again, beside another country.
    ...[entry('Once', '5', 'a'), entry('Once', '5', 'a')],
    ...[entry('Both', '1', 'a'), entry('Both', '2', 'a'), entry('Both', '1', 'b')],
  ];
  expect(Object.fromEntries(sharedNames(keys))).toEqual({
    Summer: { byTracker: true, byId: false },
    Twice: { byTracker: false, byId: true },
    7: { byTracker: true, byId: false },
    Ad: { byTracker: false, byId: true },
    Both: { byTracker: true, byId: true },
  });
});

test.each([
  ['0000:0000:0000:0000:0000:0000:0000:0001', '::1'],
  ['2001:0db8:0000:0000:0000:ff00:0042:8329', '2001:db8::ff00:42:8329'],
  ['0000:0000:0000:0000:0000:ffff:7f00:0001', '127.0.0.1'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['203.0.113.9', '203.0.113.9'],
  ['unknown', 'unknown'],
])('%s is written %s', (ip, short) => {
  expect(shortAddress(ip)).toBe(short);
});
