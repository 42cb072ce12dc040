// Wall clocks of zones, through gaps and repeated hours.
import { expect, test } from 'vitest';
import { Zone } from '../../simulator/zone.ts';

const second = (iso: string) => Date.parse(iso) / 1000;

test.each([
  ['UTC', '2026-03-29 02:30:00', '2026-03-29T02:30:00Z'],
  ['Europe/Berlin', '2026-01-15 12:00:00', '2026-01-15T11:00:00Z'],
  ['America/New_York', '2026-07-01 00:00:00', '2026-07-01T04:00:00Z'],
  ['Asia/Kolkata', '2026-07-01 05:30:00', '2026-07-01T00:00:00Z'],
  ['Europe/Berlin', '2026-10-25 02:30:00', '2026-10-25T00:30:00Z'],
  ['Australia/Lord_Howe', '2026-01-01 11:00:00', '2026-01-01T00:00:00Z'],
])('%s %s', (name, wall, iso) => {
  const zone = new Zone(name);
  expect(zone.secondOf(wall)).toBe(second(iso));
  expect(zone.wallOf(second(iso))).toBe(wall);
});

test('an hour that is skipped counts on from before the gap; one that comes twice shows twice', () => {
  const berlin = new Zone('Europe/Berlin');
  expect(berlin.secondOf('2026-03-29 02:30:00')).toBe(second('2026-03-29T01:30:00Z'));
  expect(berlin.wallOf(second('2026-10-25T00:30:00Z'))).toBe('2026-10-25 02:30:00');
  expect(berlin.wallOf(second('2026-10-25T01:30:00Z'))).toBe('2026-10-25 02:30:00');
});

test('what is no date and what is no zone are refused', () => {
  expect(new Zone('UTC').secondOf('2026-02-30 00:00:00')).toBeNull();
  expect(new Zone('UTC').secondOf('yesterday')).toBeNull();
  expect(() => new Zone('Mars/Base')).toThrow(RangeError);
});
