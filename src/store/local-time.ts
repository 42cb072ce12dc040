// A time as the clocks of a zone show it, in SQL: where these are moved in no part of a range, by plain addition.
import { type RawBuilder, sql } from 'kysely';
import type { Range } from '../core/windows.ts';
import { offsetsOf } from './zone-offsets.ts';

/** Of `timestamptz` values within the range. Asked for millions of rows, a zone by name is dear. */
export function localSql(at: RawBuilder<unknown>, zone: string, range: Range): RawBuilder<unknown> {
  const [offsetMs, ...others] = offsetsOf(zone, range);
  return others.length === 0
    ? sql`(${at} at time zone make_interval(secs => ${sql.lit(offsetMs! / 1_000)}))`
    : sql`(${at} at time zone ${zone}::text)`;
}
