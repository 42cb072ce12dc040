// Times that name their own offset, `2026-09-18T13:16:09-07:00`, or none: then they are told on the account's clocks.
import { UnreadableRowError } from '../core/errors.ts';
import type { Json } from '../core/resources.ts';
import { text, utcTime } from './reading.ts';
import { momentOf } from './wall-clock.ts';

const ISO = /^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Null for nothing, and for the year 1 that stands for it in some.
 * @param zone the account's
 */
export function zonedTime(value: Json | undefined, zone: string): Date | null {
  const parts = ISO.exec(text(value) ?? '');
  if (parts === null || parts[1]!.startsWith('0001')) return null;
  const wall = utcTime(parts[1]);
  if (wall === null) return null;
  const wallMs = wall.getTime() + Number((parts[2] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset = parts[3] === 'Z' ? 'UTC' : parts[3];
  return new Date(momentOf(wallMs, offset ?? zone));
}

/** @throws UnreadableRowError where there is no such time */
export function requiredZonedTime(value: Json | undefined, zone: string, name: string): Date {
  const time = zonedTime(value, zone);
  if (time !== null) return time;
  throw new UnreadableRowError(text(value) === null ? `${name} is missing` : `${name} is not a time`);
}
