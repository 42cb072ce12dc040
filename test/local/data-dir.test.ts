// What lies in a data folder: its lock, remembered processes and ports, secrets, the first sign-in, logs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstSignIn } from '../../src/local/first-sign-in.ts';
import { generatedKeys } from '../../src/local/generated-keys.ts';
import { openLogFile } from '../../src/local/log-file.ts';
import { findRemembered, rememberProcess } from '../../src/local/pid-file.ts';
import { rememberedPorts } from '../../src/local/ports.ts';
import { endProcess, identifyProcess, type ProcessIdentity } from '../../src/local/processes.ts';
import { DataDirTakenError, lockDataDir } from '../../src/local/start-lock.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tracker-hub-data-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = (): string => mkdtempSync(join(root, 'd-'));

/** A process of ours that ignores SIGTERM when told to. */
async function sleeper(isStubborn = false) {
  const script = `${isStubborn ? `process.on('SIGTERM', () => {});` : ''} setInterval(() => {}, 1e6); console.log('up')`;
  const child = spawn(process.execPath, ['-e', script, 'sleeper-of-this-test'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return { pid: child.pid!, gone: once(child, 'exit'), kill: () => child.kill('SIGKILL') };
}

describe('processes', () => {
  test('a remembered process is found again only while it lives and its command line is ours', async () => {
    const file = join(folder(), 'x.pid');
    const one = await sleeper();
    rememberProcess(file, one.pid);
    expect(findRemembered(file, 'sleeper-of-this-test')?.pid).toBe(one.pid);
    expect(findRemembered(file, 'another-program')).toBeNull();
    one.kill();
    await one.gone;
    expect(findRemembered(file, 'sleeper-of-this-test')).toBeNull();
  });

  test('a recycled pid is never signalled', async () => {
    const one = await sleeper();
    const earlier: ProcessIdentity = { ...identifyProcess(one.pid)!, born: 'another moment' };
    await endProcess(earlier, 0);
    expect(identifyProcess(one.pid)).not.toBeNull();
    one.kill();
    await one.gone;
  });

  test('one that ignores SIGTERM is killed', async () => {
    const one = await sleeper(true);
    await endProcess(identifyProcess(one.pid)!, 100);
    await one.gone;
    expect(identifyProcess(one.pid)).toBeNull();
  });

  test('a torn pid file is nobody', () => {
    const file = join(folder(), 'x.pid');
    writeFileSync(file, '{"pid": 12');
    expect(findRemembered(file, '')).toBeNull();
  });
});

describe('the lock', () => {
  test('is refused while its owner lives, by name, and free again after release', () => {
    const dataDir = folder();
    const lock = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(DataDirTakenError);
    expect(() => lockDataDir(dataDir)).toThrow(`pid ${process.pid}`);
    lock.release();
    lockDataDir(dataDir).release();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test.each([
    ['of a process that is gone', { pid: 2 ** 22 + 1, born: 'x', command: 'node' }],
    ['whose pid lives on as another process', { pid: process.pid, born: 'long ago', command: 'node' }],
    ['that was torn by a crash', null],
  ])('%s is taken over', (_, owner) => {
    const dataDir = folder();
    writeFileSync(join(dataDir, 'start.pid'), owner === null ? '{' : JSON.stringify(owner));
    const lock = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(DataDirTakenError);
    lock.release();
  });
});

describe('ports', () => {
  test('are the same again, differ from each other, and one that is taken is replaced', async () => {
    const file = join(folder(), 'ports.json');
    const first = await rememberedPorts(file, ['one', 'two']);
    expect(first.one).not.toBe(first.two);
    expect(await rememberedPorts(file, ['one', 'two'])).toEqual(first);

    const squatter = createServer().listen(first.one, '127.0.0.1');
    await once(squatter, 'listening');
    const second = await rememberedPorts(file, ['one', 'two']);
    expect(second.one).not.toBe(first.one);
    expect(second.two).toBe(first.two);
    squatter.close();
  });

  test('a torn file counts as none', async () => {
    const file = join(folder(), 'ports.json');
    writeFileSync(file, '{"one":');
    expect((await rememberedPorts(file, ['one'])).one).toBeGreaterThan(0);
  });
});

describe('secrets', () => {
  test('keys are made once, mode 0600, and given ones are neither replaced nor written down', () => {
    const dataDir = folder();
    const first = generatedKeys(dataDir, {});
    expect(Buffer.from(first.TRACKER_ENCRYPTION_KEY!, 'base64')).toHaveLength(32);
    expect(generatedKeys(dataDir, {})).toEqual(first);
    expect(statSync(join(dataDir, 'encryption-key')).mode & 0o777).toBe(0o600);

    const other = folder();
    expect(generatedKeys(other, { TRACKER_ENCRYPTION_KEY: 'k', AUTH_SECRET: 's' })).toEqual({
      TRACKER_ENCRYPTION_KEY: 'k',
      AUTH_SECRET: 's',
    });
    expect(readdirSync(other)).toEqual([]);
  });

  test('the first sign-in is generated once and is the same at every start', () => {
    const dataDir = join(folder(), 'not made yet');
    const given = { email: 'admin@localhost', password: null, apiKey: null };
    const first = firstSignIn(dataDir, given);
    expect(first).toMatchObject({ email: 'admin@localhost', isNew: true, file: join(dataDir, 'first-sign-in.txt') });
    expect(firstSignIn(dataDir, given)).toEqual({ ...first, isNew: false });
    expect(statSync(first.file!).mode & 0o777).toBe(0o600);
    const text = readFileSync(first.file!, 'utf8');
    for (const value of [first.email, first.password, first.apiKey]) expect(text).toContain(value);
  });

  test('what ADMIN_* gives wins and is not written down', () => {
    const dataDir = folder();
    const given = { email: 'a@b', password: 'given-password', apiKey: null };
    const first = firstSignIn(dataDir, given);
    expect(first.password).toBe('given-password');
    expect(readFileSync(first.file!, 'utf8')).not.toContain('given-password');
    expect(firstSignIn(dataDir, given)).toEqual({ ...first, isNew: false });

    const other = folder();
    firstSignIn(other, { ...given, apiKey: 'given-api-key-given' });
    expect(existsSync(join(other, 'first-sign-in.txt'))).toBe(false);
  });
});

test('a log past its limit becomes <name>.1, and nothing of it is lost', () => {
  const file = join(folder(), 'x.log');
  const log = openLogFile(file, 20);
  for (const word of ['one', 'two', 'three', 'four']) log.write(`line ${word}\n`);
  log.close();
  expect(readFileSync(`${file}.1`, 'utf8') + readFileSync(file, 'utf8')).toBe(
    'line one\nline two\nline three\nline four\n',
  );
  expect(statSync(file).size).toBeLessThanOrEqual(20);
});
