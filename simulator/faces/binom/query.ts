// Reads the query of a call: how many rows, and which time.
import { Zone } from '../../zone.ts';
import type { AnswerNotes } from '../face.ts';
import { Refusal } from './answers.ts';
import type { BinomOptions } from './options.ts';

const presets = [
  ...['today', 'yesterday', 'this_week', 'last_week', 'last_2_days', 'last_3_days', 'last_7_days', 'last_14_days'],
  ...['last_30_days', 'this_month', 'last_month', 'this_year', 'last_year', 'all_time', 'custom_time'],
];

export interface Span {
  zone: Zone;
  /** Seconds since 1970, half-open. */
  from: number;
  to: number;
}

export function presetOf(query: URLSearchParams): string {
  const preset = query.get('datePreset') ?? '';
  if (presets.includes(preset)) return preset;
  throw new Refusal(400, `DatePreset: Expected one of: "${presets.join('", "')}". Got: "${preset}"`);
}

/** Of the presets, those that a log and a report are asked with here. */
export function parseSpan(query: URLSearchParams, options: BinomOptions, notes: AnswerNotes): Span {
  const preset = presetOf(query);
  const zone = zoneNamed(query.get('timezone') ?? options.timezone);
  if (preset === 'all_time') return { zone, from: 0, to: Number.POSITIVE_INFINITY };
  if (preset !== 'custom_time') throw new Refusal(400, `DatePreset: "${preset}" is not simulated`);
  const [dateFrom, dateTo] = [query.get('dateFrom') ?? '', query.get('dateTo') ?? ''];
  notes.window = { from: dateFrom, to: dateTo, timezone: zone.name };
  const last = secondOf(zone, 'DateTo', dateTo);
  return { zone, from: secondOf(zone, 'DateFrom', dateFrom), to: last + (options.endsInclusive ? 1 : 0) };
}

function secondOf(zone: Zone, name: string, text: string): number {
  const second = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? zone.secondOf(text) : null;
  if (second === null) throw new Refusal(400, `${name}: Expected a date and a time. Got: "${text}"`);
  return second;
}

function zoneNamed(name: string): Zone {
  try {
    return new Zone(name);
  } catch {
    throw new Refusal(400, `Timezone: Expected one of the known zones. Got: "${name}"`);
  }
}

export function numberIn(query: URLSearchParams, name: string, fallback: number, least: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least) return number;
  throw new Refusal(400, `${name}: Expected a number of at least ${least}. Got: "${text}"`);
}
