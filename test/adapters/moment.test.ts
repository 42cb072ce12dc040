// Times of a tracker whose habits nobody knows: ISO 8601 with and without a zone, Unix seconds, Unix milliseconds.
import { expect, test } from 'vitest';
import { moment, requiredMoment } from '../../src/adapters/moment.ts';
import type { Json } from '../../src/core/resources.ts';

test.each<[Json | undefined, string, string | null]>([
  ['2026-03-29T02:30:00Z', 'UTC', '2026-03-29T02:30:00.000Z'],
  ['2026-03-29T02:30:00z', 'Europe/Berlin', '2026-03-29T02:30:00.000Z'],
  ['2026-03-29T02:30:00.123456789Z', 'UTC', '2026-03-29T02:30:00.123Z'],
  ['2026-03-29T02:30Z', 'UTC', '2026-03-29T02:30:00.000Z'],
  ['2026-03-29T02:30:00+03:00', 'UTC', '2026-03-28T23:30:00.000Z'],
  ['2026-03-29 02:30:00-0530', 'Europe/Berlin', '2026-03-29T08:00:00.000Z'],
  ['2026-07-01 12:00:00', 'UTC', '2026-07-01T12:00:00.000Z'],
  ['2026-07-01 12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
  ['2026-10-25 02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  [1_767_323_045, 'Europe/Berlin', '2026-01-02T03:04:05.000Z'],
  ['1767323045', 'UTC', '2026-01-02T03:04:05.000Z'],
  ['1767323045.5', 'UTC', '2026-01-02T03:04:05.500Z'],
  [1_767_323_045_678, 'UTC', '2026-01-02T03:04:05.678Z'],
  [0, 'UTC', null],
  ['0', 'UTC', null],
  ['', 'UTC', null],
  [null, 'UTC', null],
  [undefined, 'UTC', null],
  ['0000-00-00 00:00:00', 'UTC', null],
  ['2026-02-30T00:00:00Z', 'UTC', null],
  ['2026-03-01T24:00:00Z', 'UTC', null],
  ['2026-03-01', 'UTC', null],
  ['yesterday', 'UTC', null],
  [-5, 'UTC', null],
  [{ date: '2026-03-01' }, 'UTC', null],
])('%j, on clocks of %s', (told, zone, at) => {
  expect(moment(told, zone)?.toISOString() ?? null).toBe(at);
});

test('where one is needed, its absence is told apart from nonsense', () => {
  expect(() => requiredMoment(null, 'UTC', 'time')).toThrow('time is missing');
  expect(() => requiredMoment('soon', 'UTC', 'time')).toThrow('time is not a time');
});
