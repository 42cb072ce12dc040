// Nothing outside the adapters names a tracker: what the hub does with one follows from what its adapter declares.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { adapters } from '../src/adapters/index.ts';

const ROOT = join(import.meta.dirname, '..');
const LOOKED_AT = ['src', 'bench', 'migrations'];
const EXEMPT = join('src', 'adapters');

/**
 * Benchmarks that have one tracker for their subject: the reference reads the same log of the same panel as the hub that
 * it is the limit for, and the fleet and the very large tracker are promised in that tracker's rows.
 */
const OF_ONE_TRACKER = ['reference.ts', 'hub.ts', 'large.ts', 'fleet-seed.ts'].map((name) => join('bench', name));

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

/** The six that are known, whether they are there yet or not, and all that the registry has: as key and as title. */
const KNOWN = ['Keitaro', 'Voluum', 'RedTrack', 'BeMob', 'TG Tracker', 'Binom', 'AlterCPA'];
const names = [...new Set([...KNOWN, ...Object.values(adapters).flatMap(({ type, title }) => [type, title])])];

/** Word by word, however the words are joined: `TG Tracker`, `tgTracker`, `tg_tracker`. */
const pattern = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .join('[\\s_-]?');
const named = new RegExp(`(?<![a-z])(${names.map(pattern).join('|')})`, 'i');

const linesNaming = (text: string): string[] => text.split('\n').filter((line) => named.test(line));

test('no line outside src/adapters names a tracker', () => {
  const paths = LOOKED_AT.flatMap((folder) => filesIn(join(ROOT, folder))).map((path) => relative(ROOT, path));
  const looked = paths.filter((path) => !path.startsWith(EXEMPT) && !OF_ONE_TRACKER.includes(path));
  expect(looked.length).toBeGreaterThan(150);
  const found = looked.flatMap((path) =>
    linesNaming(readFileSync(join(ROOT, path), 'utf8')).map((line) => `${path}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

test('what is exempt exists, and names one', () => {
  for (const path of OF_ONE_TRACKER) expect(linesNaming(readFileSync(join(ROOT, path), 'utf8')), path).not.toEqual([]);
});

test.each([
  ["import { keitaro } from '../adapters/keitaro.ts';"],
  ["if (type === 'tg_tracker') return;"],
  ['const tgTracker = 1;'],
  ['// Binom answers with names.'],
  ['title: "TG Tracker"'],
  ['create table voluum_session ();'],
  ['<RedTrackMark />'],
  ["case 'be_mob':"],
])('is noticed: %s', (line) => {
  expect(linesNaming(line)).toEqual([line]);
});

test.each([['const trackerType = type;'], ['nextTrackers()'], ['a tracker of one host']])('is none: %s', (line) => {
  expect(linesNaming(line)).toEqual([]);
});
