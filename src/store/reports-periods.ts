// The asked period and the one before it, whose rows are moved onto the asked one so that their days fall together.
import { type RawBuilder, sql } from 'kysely';
import { DAY_MS, type Range } from '../core/windows.ts';
import { localSql } from './local-time.ts';
import type { Period } from './reports-columns.ts';
import { localOf, timeOf } from './zone-offsets.ts';

type Sql = RawBuilder<unknown>;

/** By how much rows are moved along: by days of the zone, whatever their length, or by plain time. */
export interface Shift {
  days: number;
  ms: number;
}

export interface AskedPeriod {
  period: Period;
  range: Range;
  shift: Shift;
}

/** Of whole days of the zone the same number of days goes before, of anything else as much time. */
export function periodsOf(asked: Range, zone: string, comparesPrevious: boolean): AskedPeriod[] {
  const now: AskedPeriod = { period: 'now', range: asked, shift: { days: 0, ms: 0 } };
  return comparesPrevious ? [now, { period: 'previous', ...previousOf(asked, zone) }] : [now];
}

function previousOf({ from, to }: Range, zone: string): Omit<AskedPeriod, 'period'> {
  const [first, end] = [localOf(zone, from.getTime()), localOf(zone, to.getTime())];
  if (first % DAY_MS === 0 && end % DAY_MS === 0) {
    const days = (end - first) / DAY_MS;
    return { range: { from: new Date(timeOf(zone, first - days * DAY_MS)), to: from }, shift: { days, ms: 0 } };
  }
  const ms = to.getTime() - from.getTime();
  return { range: { from: new Date(from.getTime() - ms), to: from }, shift: { days: 0, ms } };
}

interface Moving {
  shift: Shift;
  zone: string;
  /** Where the rows lie before they are moved. */
  range: Range;
}

const seconds = (ms: number): Sql => sql`make_interval(secs => ${ms / 1_000})`;
const later = (at: Sql, ms: number): Sql => (ms === 0 ? at : sql`(${at} + ${seconds(ms)})`);
export const movedRange = ({ from, to }: Range, ms: number): Range => ({
  from: new Date(from.getTime() + ms),
  to: new Date(to.getTime() + ms),
});

/** The local day on which a row counts. */
export function localDaySql(at: Sql, { shift: { days, ms }, zone, range }: Moving): Sql {
  const day = sql`${localSql(later(at, ms), zone, movedRange(range, ms))}::date`;
  return days === 0 ? day : sql`(${day} + ${days}::int)`;
}

/** The quarter hour in which a row counts. */
export function quarterSql(at: Sql, { shift: { days, ms }, zone }: Moving): Sql {
  const local = sql`(${at} at time zone ${zone}::text) + make_interval(days => ${days}::int)`;
  const moved = days === 0 ? later(at, ms) : sql`((${local}) at time zone ${zone}::text)`;
  return sql`date_bin('15 minutes', ${moved}, '2000-01-01Z')`;
}

/** For what is told by the day alone. */
export const wholeDays = ({ days, ms }: Shift): number => days + Math.round(ms / DAY_MS);
