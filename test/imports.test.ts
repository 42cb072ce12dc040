// The one-way rule of the house: what each folder may import, read from the sources themselves.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/** Folder → folders whose values it may import, and those whose types alone. Roots may import all. */
const RULES: Record<string, { values: readonly string[]; types: readonly string[] }> = {
  core: { values: [], types: [] },
  adapters: { values: ['core'], types: [] },
  store: { values: ['core'], types: [] },
  activities: { values: ['core', 'adapters', 'store'], types: [] },
  workflows: { values: ['core'], types: ['activities'] },
  api: { values: ['core', 'adapters', 'store'], types: ['workflows'] },
  dashboard: { values: ['core'], types: ['api'] },
};

interface Import {
  file: string;
  from: string;
  target: string;
  isType: boolean;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : /\.tsx?$/.test(name) ? [path] : [];
  });
}

const IMPORT = /^(?:import|export)\s+(type\s)?([^'"]*?from\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;

function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map((match) => {
    const names = match[2] ?? '';
    const isType = match[1] !== undefined || (/^\{/.test(names.trim()) && everyNameIsType(names));
    return { file: relative(ROOT, path), from: folderOf(path), target: match[3] ?? match[4] ?? '', isType };
  });
}

function everyNameIsType(names: string): boolean {
  const inner = names.slice(names.indexOf('{') + 1, names.lastIndexOf('}'));
  const parts = inner
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.length > 0 && parts.every((part) => part.startsWith('type '));
}

const folderOf = (path: string): string => {
  const parts = relative(SRC, path).split(sep);
  return parts.length === 1 ? '(root)' : parts[0]!;
};

/** What is against the rule, in words; null where it is allowed. */
function offence({ file, from, target, isType }: Import): string | null {
  const rule = RULES[from];
  if (!target.startsWith('.')) {
    const isPackage = !target.startsWith('node:');
    if (from === 'core' && (isPackage || target.startsWith('node:'))) return `${file}: core imports ${target}`;
    return null;
  }
  const path = resolve(ROOT, dirname(file), target);
  if (target === '../package.json' && from === '(root)') return null;
  if (!path.startsWith(SRC + sep)) return `${file} leaves src: ${target}`;
  const to = folderOf(path);
  if (rule === undefined || to === from) return null;
  const isAllowed = rule.values.includes(to) || (isType && rule.types.includes(to));
  return isAllowed ? null : `${file} imports ${isType ? 'types' : 'values'} from ${to}`;
}

const sources = filesIn(SRC).map((path) => ({ path, text: readFileSync(path, 'utf8') }));

describe('the one-way rule', () => {
  test('every import is allowed', () => {
    const offences = sources
      .flatMap(({ path, text }) => importsOf(path, text).map(offence))
      .filter((found) => found !== null);
    expect(sources.length).toBeGreaterThan(50);
    expect(offences).toEqual([]);
  });

  test.each([
    ['core/statuses.ts', "import { z } from 'zod';"],
    ['core/statuses.ts', "import fs from 'node:fs';"],
    ['store/db.ts', "import { keitaro } from '../adapters/keitaro.ts';"],
    ['adapters/pull-log.ts', "import type { Db } from '../store/db.ts';"],
    ['workflows/fleet.ts', "import { createActivities } from '../activities/index.ts';"],
    ['api/app.ts', "import { type A, b } from '../workflows/index.ts';"],
    ['local/demo.ts', "import { startSimulator } from '../../simulator/server.ts';"],
    ['main.ts', "await import('../simulator/server.ts');"],
  ])('notices %s with %s', (file, text) => {
    expect(importsOf(join(SRC, file), text).map(offence)).toEqual([expect.any(String)]);
  });
});
