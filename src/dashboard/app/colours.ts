// The colour of each thing in charts: the same one on every page, and no two alike in one chart.
import type { ConversionStatus } from '../../core/statuses.ts';
import { SERIES } from '../look/series.ts';
import { STATUS_TONES } from './statuses.ts';

/** By the thing's name, a status by its tone; where two want the same colour, the later takes the next free one. */
export function coloursOf(dimension: string, names: readonly string[]): Map<string, string> {
  if (dimension === 'status') return new Map(names.map((name) => [name, `var(--${toneOf(name)})`]));
  const given = new Map<string, string>();
  const taken = new Set<number>();
  for (const name of names) {
    let place = hash(name) % SERIES.length;
    while (taken.has(place) && taken.size < SERIES.length) place = (place + 1) % SERIES.length;
    taken.add(place);
    given.set(name, SERIES[place]!);
  }
  return given;
}

const toneOf = (name: string): string =>
  Object.hasOwn(STATUS_TONES, name) ? STATUS_TONES[name as ConversionStatus] : 'muted';

function hash(text: string): number {
  let value = 0;
  for (const letter of text) value = (value * 31 + letter.codePointAt(0)!) >>> 0;
  return value;
}
