// The lock file installs anywhere: npm leaves out optional packages that it could not fetch, and then refuses its own file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Locked {
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}

const text = readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8');
const packages = (JSON.parse(text) as { packages: Record<string, Locked> }).packages;

test('every optional package that is named is also locked', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`${path}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
    ),
  );
  expect(Object.keys(packages).length).toBeGreaterThan(200);
  expect(missing).toEqual([]);
});

test('no address of a registry is written down', () => {
  expect(text).not.toContain('"resolved"');
});
