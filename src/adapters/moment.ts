// Moments as trackers write them whose habits nobody knows: ISO 8601 with or without a zone, or Unix time.
import { UnreadableRowError } from '../core/errors.ts';
import type { Json } from '../core/resources.ts';
import { text } from './reading.ts';
import { zonedTime } from './zoned-time.ts';

const UNIX_SECONDS = /^\d{1,10}(\.\d+)?$/;
const UNIX_MILLISECONDS = /^\d{13}$/;
const ISO = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?([.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Null for nothing, for zeros, and for what is no time.
 * @param zone whose clocks a time shows that names no zone
 */
export function moment(value: Json | undefined, zone: string): Date | null {
  const told = text(value)?.trim() ?? '';
  if (UNIX_SECONDS.test(told)) return Number(told) === 0 ? null : new Date(Math.round(Number(told) * 1_000));
  if (UNIX_MILLISECONDS.test(told)) return new Date(Number(told));
  const parts = ISO.exec(told);
  if (parts === null) return null;
  const [, day, minute, second = ':00', fraction = '', mark = ''] = parts;
  return zonedTime(`${day} ${minute}${second}${fraction.replace(',', '.').slice(0, 10)}${mark.toUpperCase()}`, zone);
}

/** @throws UnreadableRowError where there is no such time */
export function requiredMoment(value: Json | undefined, zone: string, name: string): Date {
  const at = moment(value, zone);
  if (at !== null) return at;
  throw new UnreadableRowError(text(value) === null ? `${name} is missing` : `${name} is not a time`);
}
