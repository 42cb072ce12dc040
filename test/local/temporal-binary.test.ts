// Which Temporal program is taken, and what is said when there is none.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identifyProcess } from '../../src/local/processes.ts';
import { findTemporal } from '../../src/local/temporal-binary.ts';
import { buildTemporal } from '../../src/local/temporal-build.ts';
import { cachedTemporal } from '../../src/local/temporal-cache.ts';
import { eventually } from './launched.ts';

const silent = () => {};
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tracker-hub-temporal-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = (): string => mkdtempSync(join(root, 'd-'));

function program(file: string, script: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}
const genuine = (file: string): string => program(file, 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"');

test('TEMPORAL_CLI wins over PATH, PATH over the cache folder', async () => {
  const [bin, cache] = [folder(), folder()];
  const env = { PATH: `${bin}:${process.env.PATH}`, XDG_CACHE_HOME: cache };
  const cached = genuine(cachedTemporal(env));
  expect(await findTemporal({ env, chosen: null, say: silent })).toBe(cached);
  const onPath = genuine(join(bin, 'temporal'));
  expect(await findTemporal({ env, chosen: null, say: silent })).toBe(onPath);
  const chosen = genuine(join(folder(), 'mine'));
  expect(await findTemporal({ env, chosen, say: silent })).toBe(chosen);
});

test('a program that is only called temporal is passed over, and refused when it was chosen', async () => {
  const bin = folder();
  const env = { PATH: `${bin}:${process.env.PATH}`, XDG_CACHE_HOME: folder() };
  const other = program(join(bin, 'temporal'), 'echo "a time machine"');
  const cached = genuine(cachedTemporal(env));
  expect(await findTemporal({ env, chosen: null, say: silent })).toBe(cached);
  await expect(findTemporal({ env, chosen: other, say: silent })).rejects.toThrow(`TEMPORAL_CLI names ${other}`);
});

test('two builds at a time make one program, whole, and leave nothing else', async () => {
  const destination = join(folder(), 'temporal-1', 'temporal');
  const count = join(folder(), 'count');
  // Stands in for the compiler: slow enough for the other build to come in between.
  const go = program(join(folder(), 'go'), `echo x >> ${count}; sleep 1; echo '#!/bin/sh' > "$GOBIN/temporal"`);
  const build = () => buildTemporal({ go, destination, env: process.env, say: silent });
  await Promise.all([build(), build()]);
  expect(readFileSync(count, 'utf8')).toBe('x\n');
  expect(readFileSync(destination, 'utf8')).toBe('#!/bin/sh\n');
  expect(readdirSync(dirname(destination))).toEqual(['temporal']);
});

test('a failed build leaves no program and says what the compiler said', async () => {
  const destination = join(folder(), 'temporal-1', 'temporal');
  const go = program(join(folder(), 'go'), 'echo "no space left"; exit 1');
  await expect(buildTemporal({ go, destination, env: process.env, say: silent })).rejects.toThrow('no space left');
  expect(readdirSync(dirname(destination))).toEqual([]);
});

test('a build that is called off ends the compiler and what that has started', async () => {
  const destination = join(folder(), 'temporal-1', 'temporal');
  const started = join(folder(), 'started');
  const go = program(join(folder(), 'go'), `sleep 1000 & echo $! > ${started}; wait`);
  const calledOff = new AbortController();
  const building = buildTemporal({ go, destination, env: process.env, say: silent, signal: calledOff.signal });
  const failed = expect(building).rejects.toThrow('could not be built');
  await eventually(() => existsSync(started) && readFileSync(started, 'utf8').endsWith('\n'));
  const child = Number(readFileSync(started, 'utf8'));
  expect(identifyProcess(child)).not.toBeNull();
  calledOff.abort();
  await failed;
  await eventually(() => identifyProcess(child) === null);
  expect(readdirSync(dirname(destination))).toEqual([]);
});
