// Times on a clock of twice twelve hours, `2020-08-30 02:39:13 AM`, in UTC where that was asked for.
import { UnreadableRowError } from '../core/errors.ts';
import type { Json } from '../core/resources.ts';
import { text, utcTime } from './reading.ts';

const HALF_DAY = /^(\d{4}-\d\d-\d\d) (\d\d?)(:\d\d:\d\d) ([AP])M$/i;

/** Null for nothing, and for what is no time. Twelve is the hour in which a half begins. */
export function halfDayTime(value: Json | undefined): Date | null {
  const parts = HALF_DAY.exec(text(value) ?? '');
  if (parts === null) return null;
  const [, day, told, rest, half] = parts;
  const hour = Number(told);
  if (hour < 1 || hour > 12) return null;
  const ofDay = (hour % 12) + (half?.toUpperCase() === 'P' ? 12 : 0);
  return utcTime(`${day} ${String(ofDay).padStart(2, '0')}${rest}`);
}

/** @throws UnreadableRowError where there is no such time */
export function requiredHalfDayTime(value: Json | undefined, name: string): Date {
  const time = halfDayTime(value);
  if (time !== null) return time;
  throw new UnreadableRowError(text(value) === null ? `${name} is missing` : `${name} is not a time`);
}
