// By how much the clocks of a time zone differ from UTC.
import { DAY_MS, type Range } from '../core/windows.ts';

/** Every offset that the zone has within the range, in milliseconds. */
export function offsetsOf(zone: string, { from, to }: Range): number[] {
  const format = formatOf(zone);
  const found = new Set<number>();
  for (let at = from.getTime(); at < to.getTime(); at += DAY_MS) found.add(offsetAt(format, at));
  found.add(offsetAt(format, to.getTime()));
  return [...found];
}

const formatOf = (zone: string) => new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });

/** What the zone's clocks show at a time, in milliseconds as if it were UTC. */
export const localOf = (zone: string, at: number): number => at + offsetAt(formatOf(zone), at);

/** When the zone's clocks show that. */
export function timeOf(zone: string, local: number): number {
  const format = formatOf(zone);
  const near = local - offsetAt(format, local);
  return local - offsetAt(format, near);
}

const OFFSET = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

function offsetAt(format: Intl.DateTimeFormat, at: number): number {
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(name) ?? [];
  const size = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  return sign === '-' ? -size : size;
}
