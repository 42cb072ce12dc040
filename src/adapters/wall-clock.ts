// Wall-clock times of a zone, brought to UTC: trackers write `2026-03-29 02:30:00` and name the zone beside it, or nowhere.
import { MINUTE_MS } from '../core/windows.ts';

/** `2026-11-01 12:00:00`, as clocks in UTC show a moment. */
export const wallClock = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

const OFFSET = /^([+-])(\d\d):?(\d\d)$/;

/**
 * The moment at which the clocks of a zone show this time. A time that comes twice (clocks set back) means its first
 * coming; one that never comes (clocks set forward) means the moment as far after the jump.
 * @param wallMs the time shown, as if it were UTC
 * @param zone an IANA name or an offset such as `+03:00`; one that is neither counts as UTC
 */
export function momentOf(wallMs: number, zone: string): number {
  if (zone === 'UTC') return wallMs;
  // Before and after any change of the clocks that could be near.
  const offsets = [wallMs - 24 * 60 * MINUTE_MS, wallMs + 24 * 60 * MINUTE_MS].map((at) => offsetMs(at, zone));
  const moments = offsets.map((offset) => wallMs - offset);
  const shown = moments.filter((moment) => moment + offsetMs(moment, zone) === wallMs);
  return shown.length > 0 ? Math.min(...shown) : moments[0]!;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

/** How far a zone's clocks are ahead of UTC. */
function offsetMs(at: number, zone: string): number {
  const fixed = OFFSET.exec(zone);
  if (fixed !== null) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3])) * MINUTE_MS;
  if (!formats.has(zone)) formats.set(zone, formatOf(zone));
  const format = formats.get(zone);
  if (format === null || format === undefined) return 0;
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year, month, day, hour, minute, second } = parts as Record<string, number>;
  const shown = Date.UTC(year!, month! - 1, day, hour, minute, second);
  return shown - Math.floor(at / 1000) * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  const numeric = 'numeric' as const;
  const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields });
  } catch {
    return null;
  }
}
