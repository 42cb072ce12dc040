// Ranges of days: what the address says becomes the moments that the API is asked for, in any zone, over changes of the clock.
import { describe, expect, test } from 'vitest';
import { type Preset, previousOf, rangeOf, readRange, todayAgainstYesterday } from '../../src/dashboard/app/range.ts';

const NOW = Date.parse('2026-03-30T22:30:00Z');

test.each([
  ['today', 'UTC', '2026-03-30T00:00:00.000Z', '2026-03-31T00:00:00.000Z'],
  ['today', 'Europe/Berlin', '2026-03-30T22:00:00.000Z', '2026-03-31T22:00:00.000Z'],
  ['yesterday', 'America/New_York', '2026-03-29T04:00:00.000Z', '2026-03-30T04:00:00.000Z'],
  ['last7', 'Europe/Berlin', '2026-03-24T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
  ['last30', 'UTC', '2026-03-01T00:00:00.000Z', '2026-03-31T00:00:00.000Z'],
  ['month', 'Asia/Kolkata', '2026-02-28T18:30:00.000Z', '2026-03-31T18:30:00.000Z'],
  ['lastMonth', 'UTC', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
] as const)('%s in %s', (range, tz, from, to) => {
  expect(rangeOf({ range, tz }, NOW)).toMatchObject({ from, to, preset: range });
});

test.each([
  // Clocks go from 24:00 to 1:00 in Santiago, from 23:59 back to 23:00 in autumn, and a whole day was left out in Samoa.
  ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z', '2026-09-07T03:00:00.000Z'],
  ['America/Santiago', '2026-04-04', '2026-04-04T03:00:00.000Z', '2026-04-05T04:00:00.000Z'],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z', '2011-12-31T10:00:00.000Z'],
])('a day in %s: %s', (tz, day, from, to) => {
  expect(rangeOf({ from: day, to: day, tz }, NOW)).toMatchObject({ from, to, days: 1, preset: null });
});

test('an address that makes no sense is the usual range, and the zone is always told', () => {
  const tz = 'Asia/Tokyo';
  expect(readRange({ from: '2026-03-01', to: '2026-03-09', range: 'today', tz })).toEqual({
    ...{ from: '2026-03-01', to: '2026-03-09', tz },
  });
  expect(readRange({ from: '2026-03-09', to: '2026-03-01', tz })).toEqual({ tz });
  expect(readRange({ from: '2020-03-09', to: '2026-03-01', tz })).toEqual({ tz });
  expect(readRange({ from: 20260309, to: '2026-02-31', range: 'toString', tz })).toEqual({ tz });
  expect(readRange({ from: '2026-02-01', to: '2026-02-31', tz })).toEqual({ tz });
  expect(readRange({ range: 'month', tz: 'IST' })).toEqual({ range: 'month', tz: readRange({}).tz });
  expect(readRange({}).tz).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});

describe('what came before', () => {
  const prior = (range: Preset, tz = 'UTC') => previousOf(rangeOf({ range, tz }, NOW), NOW);
  test('is as long, and of today as much as has passed', () => {
    expect(prior('yesterday')).toMatchObject({ from: '2026-03-28T00:00:00.000Z', to: '2026-03-29T00:00:00.000Z' });
    expect(prior('today')).toMatchObject({ from: '2026-03-29T00:00:00.000Z', to: '2026-03-29T22:30:00.000Z' });
    expect(prior('last7')).toEqual({
      ...{ first: '2026-03-17', from: '2026-03-17T00:00:00.000Z', to: '2026-03-23T22:30:00.000Z' },
    });
  });
});

test.each([
  // In Berlin clocks went forward on 29 March: on that day and on the next, the same time is not 24 hours earlier.
  ['2026-03-30T08:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T08:00:00.000Z'],
  ['2026-03-29T08:00:00Z', 'Europe/Berlin', '2026-03-27T23:00:00.000Z', '2026-03-28T09:00:00.000Z'],
  ['2026-10-25T09:00:00Z', 'Europe/Berlin', '2026-10-23T22:00:00.000Z', '2026-10-24T08:00:00.000Z'],
  ['2026-11-27T00:05:00Z', 'UTC', '2026-11-26T00:00:00.000Z', '2026-11-26T00:05:00.000Z'],
])('what is known of today, up to %s in %s, is held against yesterday up to the same time', (known, zone, from, to) => {
  const knownMs = Date.parse(known);
  const spans = todayAgainstYesterday(knownMs, knownMs + 15 * 60_000, zone);
  expect(spans).toEqual([
    { from: expect.any(String), to: new Date(knownMs).toISOString() },
    { from, to },
  ]);
  // Of a new day nothing is known before it was read once.
  expect(todayAgainstYesterday(knownMs, knownMs + 24 * 3_600_000, zone)).toBeNull();
});

test('what came before a day that is not over ends at the same time by the clock', () => {
  const nowMs = Date.parse('2026-03-30T08:00:00Z');
  const range = rangeOf({ range: 'today', tz: 'Europe/Berlin' }, nowMs);
  expect(previousOf(range, nowMs)).toMatchObject({ to: '2026-03-29T08:00:00.000Z' });
});
