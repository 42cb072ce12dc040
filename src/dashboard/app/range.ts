// A range of whole days in a zone, as the address holds it and as the API is asked for it.

export const PRESETS = {
  today: 'Today',
  yesterday: 'Yesterday',
  last7: 'Last 7 days',
  last14: 'Last 14 days',
  last30: 'Last 30 days',
  month: 'This month',
  lastMonth: 'Last month',
} as const;
export type Preset = keyof typeof PRESETS;

/** In the address: a preset's name or two days, both meant whole, and the zone in which days begin. */
export interface RangeSearch {
  range?: Preset;
  from?: string;
  to?: string;
  tz?: string;
}

/** Half-open, as the API has ranges; `first` and `last` are its days, both in it. */
export interface Range {
  from: string;
  to: string;
  zone: string;
  first: string;
  last: string;
  days: number;
  preset: Preset | null;
}

export const USUAL_PRESET: Preset = 'last7';
export const LONGEST_DAYS = 400;
const DAY_MS = 86_400_000;

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What the address says of the range; what makes no sense is left out. The zone is always there: others have another. */
export function readRange(search: Record<string, unknown>): RangeSearch {
  const { range, from, to, tz } = search;
  const zone = typeof tz === 'string' && isZone(tz) ? tz : ownZone();
  if (isDay(from) && isDay(to) && from <= to && daysBetween(from, to) < LONGEST_DAYS) return { from, to, tz: zone };
  return typeof range === 'string' && Object.hasOwn(PRESETS, range)
    ? { range: range as Preset, tz: zone }
    : { tz: zone };
}

export function rangeOf({ range, from, to, tz = ownZone() }: RangeSearch, nowMs: number): Range {
  const preset = from !== undefined && to !== undefined ? null : (range ?? USUAL_PRESET);
  const [first, last] = preset === null ? [from!, to!] : daysOf(preset, dayIn(tz, nowMs));
  return {
    ...{ first, last, preset, zone: tz, days: daysBetween(first, last) + 1 },
    from: new Date(startOf(first, tz)).toISOString(),
    to: new Date(startOf(shiftDay(last, 1), tz)).toISOString(),
  };
}

/** The same number of days before it; of a range that is not over, as much as has passed of it. */
export function previousOf({ first, last, days, zone }: Range, nowMs: number): Pick<Range, 'from' | 'to' | 'first'> {
  const before = shiftDay(first, -days);
  const from = startOf(before, zone);
  const whole = startOf(shiftDay(last, 1 - days), zone);
  const to = nowMs > startOf(first, zone) ? Math.min(whole, sameClock(nowMs, -days, zone)) : whole;
  return { first: before, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Today up to when it is known, and the same hours of yesterday; null while nothing of today is. */
export function todayAgainstYesterday(knownMs: number, nowMs: number, zone: string): [now: Span, before: Span] | null {
  const today = dayIn(zone, nowMs);
  const start = startOf(today, zone);
  if (knownMs <= start) return null;
  const spanOf = (from: number, to: number): Span => ({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  });
  return [spanOf(start, knownMs), spanOf(startOf(shiftDay(today, -1), zone), sameClock(knownMs, -1, zone))];
}

type Span = Pick<Range, 'from' | 'to'>;

export function daysOf(preset: Preset, today: string): [first: string, last: string] {
  const monthOf = (day: string): string => `${day.slice(0, 8)}01`;
  const beforeMonth = shiftDay(monthOf(today), -1);
  switch (preset) {
    case 'today':
      return [today, today];
    case 'yesterday':
      return [shiftDay(today, -1), shiftDay(today, -1)];
    case 'last7':
      return [shiftDay(today, -6), today];
    case 'last14':
      return [shiftDay(today, -13), today];
    case 'last30':
      return [shiftDay(today, -29), today];
    case 'month':
      return [monthOf(today), today];
    case 'lastMonth':
      return [monthOf(beforeMonth), beforeMonth];
  }
}

export function shiftDay(day: string, by: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, date + by)).toISOString().slice(0, 10);
}

const daysBetween = (first: string, last: string): number =>
  Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS);

/** Of the calendar: no 31 February. */
export const isDay = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])-[0-3]\d$/.test(value) && shiftDay(value, 0) === value;

/** As the API takes them: full names alone. */
function isZone(zone: string): boolean {
  try {
    return /^(UTC|GMT|[A-Za-z]+(\/[\w+-]+)+)$/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}

export const dayIn = (zone: string, atMs: number): string =>
  new Date(atMs + offsetOf(zone, atMs)).toISOString().slice(0, 10);

/** The same time by the clock, some days later: where clocks change, that is not so many times 24 hours. */
function sameClock(atMs: number, days: number, zone: string): number {
  const local = atMs + offsetOf(zone, atMs) + days * DAY_MS;
  const guesses = [local - offsetOf(zone, local - DAY_MS), local - offsetOf(zone, local + DAY_MS)];
  return guesses.find((guess) => guess + offsetOf(zone, guess) === local) ?? Math.max(...guesses);
}

/** The first moment of a day. Where clocks skip midnight, it is the moment of the skip. */
function startOf(day: string, zone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const guesses = [utc - offsetOf(zone, utc - DAY_MS), utc - offsetOf(zone, utc + DAY_MS)];
  return Math.min(...guesses.filter((atMs) => dayIn(zone, atMs) >= day));
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetOf(zone: string, atMs: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    const two = '2-digit';
    format = new Intl.DateTimeFormat('en-US', {
      ...{
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: two,
        day: two,
        hour: two,
        minute: two,
        second: two,
      },
    });
    formats.set(zone, format);
  }
  const part = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const local = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
  return local - Math.floor(atMs / 1_000) * 1_000;
}
