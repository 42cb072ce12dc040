// The colour of each thing in charts: by its name, however it ranks, and no two alike in one chart.
import type { ConversionStatus } from '../../core/statuses.ts';
import { SERIES } from '../look/series.ts';
import { STATUS_TONES } from './statuses.ts';

/** By the thing's name, a status by its tone; where two want the same colour, one takes the next free one, in whatever order they are shown. */
export function coloursOf(dimension: string, names: readonly string[]): Map<string, string> {
  if (dimension === 'status') return new Map(names.map((name) => [name, `var(--${toneOf(name)})`]));
  const given = new Map<string, string>();
  const taken = new Set<number>();
  const ordered = [...new Set(names)].sort((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1));
  for (const name of ordered) {
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
