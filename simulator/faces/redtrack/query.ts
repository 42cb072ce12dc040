// Reads the query of a list or a log: page numbers and whole days.
import { Zone } from '../../zone.ts';
import { Refusal } from './answers.ts';

const dayMs = 86_400_000;

export interface Days {
  zone: Zone;
  /** Seconds since 1970, half-open. */
  from: number;
  to: number;
  /** As the caller wrote it. */
  asked: { from: string; to: string; timezone: string };
}

/** Both days whole and inclusive. Refuses with 400 where one is missing, or no day. */
export function parseDays(query: URLSearchParams, zoneName: string): Days {
  const zone = zoneNamed(zoneName);
  const [from, to] = [dayIn(query, 'date_from'), dayIn(query, 'date_to')];
  const next = new Date(Date.parse(`${to}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
  return { zone, from: zone.secondOf(from)!, to: zone.secondOf(next)!, asked: { from, to, timezone: zone.name } };
}

function dayIn(query: URLSearchParams, name: string): string {
  const day = query.get(name) ?? '';
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day;
  if (!isDay) throw new Refusal(400, day === '' ? `${name} is required` : `invalid ${name}: ${day}`);
  return day;
}

/** Of a list from its first page on: how many come before, and how many are given at most. */
export function parsePage(query: URLSearchParams, most: number): { offset: number; limit: number } {
  const limit = Math.min(number(query, 'per', most), most);
  return { offset: (number(query, 'page', 1) - 1) * limit, limit };
}

function number(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const found = Number(text);
  if (!Number.isSafeInteger(found) || found < 1) throw new Refusal(400, `invalid ${name}: ${text}`);
  return found;
}

function zoneNamed(name: string): Zone {
  try {
    return new Zone(name);
  } catch {
    throw new Refusal(400, `unknown timezone: ${name}`);
  }
}
