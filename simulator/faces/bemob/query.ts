// Reads the query of a report or a log: its time, and how many rows.
import { Zone } from '../../zone.ts';
import type { AnswerNotes } from '../face.ts';
import { Refusal } from './answers.ts';

export interface Span {
  zone: Zone;
  /** Seconds since 1970, half-open. */
  from: number;
  to: number;
}

export function parseSpan(query: URLSearchParams, endsInclusive: boolean, notes: AnswerNotes): Span {
  const date = query.get('date') ?? '';
  if (date !== 'customDateTime')
    throw new Refusal(400, date === '' ? 'date is required' : `date: unknown value ${date}`);
  const zone = zoneNamed(query.get('timezone') ?? 'UTC');
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  notes.window = { from, to, timezone: zone.name };
  return { zone, from: secondOf(zone, 'from', from), to: secondOf(zone, 'to', to) + (endsInclusive ? 1 : 0) };
}

function secondOf(zone: Zone, name: string, text: string): number {
  const second = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? zone.secondOf(text) : null;
  if (second === null) throw new Refusal(400, `${name}: ${text === '' ? 'is required' : 'is no date and time'}`);
  return second;
}

function zoneNamed(name: string): Zone {
  try {
    return new Zone(name);
  } catch {
    throw new Refusal(400, `timezone: unknown value ${name}`);
  }
}

export function numberIn(query: URLSearchParams, name: string, fallback: number, least: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least) return number;
  throw new Refusal(400, `${name}: is no number of at least ${least}`);
}
