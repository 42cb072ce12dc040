// Another zone is said where our clicks, moved, make the tracker's days, and of nothing else that makes days differ.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startOfDay } from '../../src/core/reconciliation.ts';
import {
  type ClickDay,
  clicksAround,
  suspectDays,
  ZONE_STEP_MS,
  zoneApartMs,
  zoneReason,
} from '../../src/core/reconciliation-zone.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';

const START = Date.parse('2026-11-01T00:00:00Z');
const DAYS = 12;
const QUARTERS = DAYS * 96;
const FIRST = START / ZONE_STEP_MS;
const KNOWN = { from: new Date(START), to: new Date(START + DAYS * DAY_MS) };
const dayName = (day: number): string => new Date(START + day * DAY_MS).toISOString().slice(0, 10);

/** Clicks of each quarter hour, as they were. */
type Traffic = readonly number[];
/** Quieter at night, and no day like the other. */
function traffic(seed: number, aDay = 2_000, growth = 0): number[] {
  let state = seed * 2_654_435_761 + 1;
  const draw = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: QUARTERS }, (_, quarter) => {
    const curve = 1 + 0.8 * Math.sin((2 * Math.PI * quarter) / 96);
    return Math.floor((aDay / 96) * (1 + growth) ** (quarter / 96) * curve * (0.6 + 0.8 * draw()) + draw());
  });
}

const sumOf = (clicks: Traffic, from: number): number =>
  clicks.slice(Math.max(0, from), Math.max(0, from + 96)).reduce((sum, one) => sum + one, 0);

/** @param movedMs how much later the tracker's clocks tell what we tell */
const daysOf = (ours: Traffic, theirs: Traffic, movedMs = 0): ClickDay[] =>
  Array.from({ length: DAYS }, (_, day) => ({
    ...{ day: dayName(day), ours: sumOf(ours, day * 96) },
    theirs: sumOf(theirs, day * 96 - movedMs / ZONE_STEP_MS),
  }));

function apartMs(days: readonly ClickDay[], ours: Traffic): number | null {
  const suspect = suspectDays(days, KNOWN);
  if (suspect.length === 0) return null;
  const { from, to } = clicksAround(suspect);
  const asked = ours.flatMap((clicks, place): [number, number][] => {
    const at = (FIRST + place) * ZONE_STEP_MS;
    return at >= from.getTime() && at < to.getTime() && clicks > 0 ? [[FIRST + place, clicks]] : [];
  });
  return zoneApartMs(suspect, new Map(asked));
}

describe('another zone', () => {
  test.each([7 * HOUR_MS, -5.5 * HOUR_MS, 5.75 * HOUR_MS, 14 * HOUR_MS, -HOUR_MS])('%i ms apart is found', (moved) => {
    const clicks = traffic(1);
    expect(apartMs(daysOf(clicks, clicks, moved), clicks)).toBe(moved);
  });

  test('is found in an account that grows day by day, and beside a few clicks that are late', () => {
    const growing = traffic(2, 500, 0.4);
    expect(apartMs(daysOf(growing, growing, 3 * HOUR_MS), growing)).toBe(3 * HOUR_MS);
    const clicks = traffic(3);
    const late = clicks.map((one, place) => (place % 96 === 40 && place > 6 * 96 ? one - 1 : one));
    expect(apartMs(daysOf(late, clicks, -3 * HOUR_MS), late)).toBe(-3 * HOUR_MS);
  });

  test('is told in words', () => {
    const told = (ms: number) => zoneReason(ms).split(': ');
    expect(told(-7 * HOUR_MS)[0]).toBe('looks like another time zone, 7 h apart');
    expect(told(5 * HOUR_MS + 45 * MINUTE_MS)[0]).toBe('looks like another time zone, 5 h 45 min apart');
    expect(told(30 * MINUTE_MS)[0]).toBe('looks like another time zone, 30 min apart');
    expect(told(HOUR_MS)[1]).toBe("set the connection's time zone to the account's");
  });
});

describe('it is not said of', () => {
  const clicks = traffic(4);
  const without = (isLost: (quarter: number) => boolean): number[] =>
    clicks.map((one, quarter) => (isLost(quarter) ? 0 : one));
  test.each<[string, readonly number[]]>([
    ['equal days', clicks],
    ['a lost hour', without((quarter) => quarter >= 700 && quarter < 704)],
    ['a lost day', without((quarter) => quarter >= 672 && quarter < 768)],
    ['the same hour lost every day', without((quarter) => quarter % 96 >= 8 && quarter % 96 < 12)],
    ['the first hour lost every day', without((quarter) => quarter % 96 < 4)],
    ['clicks that the log does not have, each day some', clicks.map((one) => Math.floor(one * 0.97))],
    ['clicks that the report does not have', clicks.map((one) => Math.ceil(one * 1.03))],
    ['the latest days, which are not read to their end', without((quarter) => quarter >= 10.5 * 96)],
  ])('%s', (_, ours) => expect(apartMs(daysOf(ours, clicks), ours)).toBeNull());

  test('a steady growth that makes lost clicks look like hours', () => {
    const growing = Array.from({ length: QUARTERS }, (_, quarter) => Math.round(100_000 * 1.02 ** (quarter / 96)));
    // As many are lost as come in more within two and a half hours, and some.
    const lost = growing.map((one) => Math.round(one * 1.02 ** -(10.5 / 96)));
    expect(apartMs(daysOf(lost, growing), lost)).toBeNull();
  });

  test('days that differ at random, this way and that, however few or many clicks they have', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.constantFrom(3, 40, 300, 5_000),
        fc
          .constantFrom(1, 2, 15)
          .chain((most) => fc.array(fc.integer({ min: -most, max: most }), { minLength: DAYS, maxLength: DAYS })),
        (seed, aDay, errors) => {
          const ours = traffic(seed, aDay);
          const days = daysOf(ours, ours).map((day, i) => ({ ...day, theirs: Math.max(0, day.theirs + errors[i]!) }));
          expect(apartMs(days, ours)).toBeNull();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('a few clicks, or a burst at midnight, although some hour fits them', () => {
    const few = traffic(5, 4);
    expect(apartMs(daysOf(few, few, 7 * HOUR_MS), few)).toBeNull();
    const bursts = clicks.map((_, quarter) => (quarter % 96 === 48 ? 200 : quarter === 6 * 96 - 1 ? 500 : 0));
    const days = daysOf(bursts, bursts, HOUR_MS);
    expect(days.filter(({ ours, theirs }) => ours !== theirs)).toHaveLength(2);
    expect(apartMs(days, bursts)).toBeNull();
  });

  test('days whose surroundings are not known', () => {
    const days = daysOf(clicks, clicks, 7 * HOUR_MS);
    const days5 = { from: KNOWN.from, to: new Date(START + 5 * DAY_MS) };
    expect(suspectDays(days, days5)).toEqual([]);
    expect(suspectDays(days, KNOWN).every(({ day }) => day > dayName(0) && day < dayName(DAYS - 1))).toBe(true);
    expect(startOfDay(suspectDays(days, KNOWN)[0]!.day).getTime()).toBe(START + (DAYS - 2) * DAY_MS);
  });
});
