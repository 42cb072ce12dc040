// Cycles fall due at absolute times, each config at its own offset, so that none drifts and not all come at once.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shiftOf, slotAfter, slotAt } from '../../src/core/slots.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';

const config = fc.uuid();
const moment = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) }).map((time) => new Date(time));
const interval = fc.integer({ min: 1, max: 1_440 }).map((minutes) => minutes * MINUTE_MS);

test('a slot is at or before its moment, the next one after it, one interval on', () => {
  fc.assert(
    fc.property(config, moment, interval, (id, at, intervalMs) => {
      const slot = slotAt(id, at, intervalMs);
      const next = slotAfter(id, at, intervalMs);
      expect(slot <= at).toBe(true);
      expect(next > at).toBe(true);
      expect(next.getTime() - slot.getTime()).toBe(intervalMs);
    }),
  );
});

test('slots are absolute: asked at any moment between two, the answer is the same', () => {
  fc.assert(
    fc.property(config, moment, interval, fc.double({ min: 0, max: 1, noNaN: true }), (id, at, intervalMs, share) => {
      const slot = slotAt(id, at, intervalMs);
      const later = new Date(slot.getTime() + Math.floor((intervalMs - 1) * share));
      expect(slotAt(id, later, intervalMs)).toEqual(slot);
      expect(slotAt(id, slot, intervalMs)).toEqual(slot);
      expect(slotAfter(id, slot, intervalMs)).toEqual(slotAfter(id, later, intervalMs));
    }),
  );
});

test('going on from slot to slot never stands still and never skips', () => {
  fc.assert(
    fc.property(config, moment, interval, (id, begin, intervalMs) => {
      let at = slotAfter(id, begin, intervalMs);
      for (let i = 0; i < 10; i++) {
        const next = slotAfter(id, at, intervalMs);
        expect(next.getTime() - at.getTime()).toBe(intervalMs);
        at = next;
      }
    }),
  );
});

test('later moments never have earlier slots', () => {
  fc.assert(
    fc.property(config, moment, moment, interval, (id, a, b, intervalMs) => {
      const [earlier, later] = a < b ? [a, b] : [b, a];
      expect(slotAt(id, earlier, intervalMs) <= slotAt(id, later, intervalMs)).toBe(true);
    }),
  );
});

test('nights begin within six hours after midnight, and hours at every minute', () => {
  const shifts = Array.from({ length: 600 }, () => shiftOf(randomUUID()));
  expect(Math.max(...shifts)).toBeLessThan(6 * HOUR_MS);
  expect(new Set(shifts.map((shift) => Math.floor((shift % HOUR_MS) / MINUTE_MS))).size).toBeGreaterThan(55);
});

test('configs are spread over the interval', () => {
  const intervalMs = 15 * MINUTE_MS;
  const minutes = Array<number>(15).fill(0);
  for (let i = 0; i < 3_000; i++) {
    const slot = slotAt(randomUUID(), new Date('2026-03-10T12:00:00Z'), intervalMs);
    const minute = Math.floor((slot.getTime() % intervalMs) / MINUTE_MS);
    minutes[minute] = (minutes[minute] ?? 0) + 1;
  }
  // 200 are expected in each minute; by chance alone, 80 fewer or more are not seen in the life of the universe.
  for (const count of minutes) expect(Math.abs(count - 200)).toBeLessThan(120);
});

test('a config keeps its slots for ever: a replay of years ago finds the same', () => {
  const id = '0b8f3c1e-8d1f-4a0e-9d59-1c3b5a7d9e10';
  expect(slotAt(id, new Date('2026-03-10T12:00:00Z'), HOUR_MS).toISOString()).toBe('2026-03-10T11:43:57.966Z');
});
