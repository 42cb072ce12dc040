// The one-command start with real PostgreSQL and Temporal: order, crashes, neighbours, and nothing left behind.
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { identifyProcess } from '../../src/local/processes.ts';
import { systemFolderFor } from '../../src/local/system-folder.ts';
import { ask, eventually, type Home, launch, launchFully, newHome, processesOf } from './launched.ts';

const homes: Home[] = [];
async function home(): Promise<Home> {
  const made = await newHome();
  homes.push(made);
  return made;
}
afterEach(() => {
  for (const made of homes.splice(0)) made.remove();
});

const pidIn = (one: Home, name: string): number => JSON.parse(readFileSync(join(one.dataDir, name), 'utf8')).pid;
const modeOf = (one: Home, name: string): string => (statSync(join(one.dataDir, name)).mode & 0o777).toString(8);

describe.skipIf(process.platform !== 'linux')('start', () => {
  test('runs everything, keeps its secrets to itself, and leaves no process after SIGTERM', async () => {
    const one = await home();
    const started = await launchFully(one);
    expect((await ask(one, '/')).rows).toEqual([{ one: 1 }]);
    for (const file of ['server.pid', 'worker.pid', 'temporal.pid', 'start.pid']) {
      expect(identifyProcess(pidIn(one, file)), file).not.toBeNull();
    }
    for (const file of ['encryption-key', 'auth-secret', 'postgres-password', 'first-sign-in.txt', 'server.log']) {
      expect(modeOf(one, file), file).toBe('600');
    }
    expect(statSync(one.dataDir).mode & 0o007).toBe(0);
    expect(started.output()).toContain(`http://localhost:${one.port}`);
    expect(started.output()).toContain('worker: warning: the fake worker warns');
    expect(started.output()).not.toContain('listening');
    expect(readFileSync(join(one.dataDir, 'server.log'), 'utf8')).toContain('listening');

    started.process.kill('SIGTERM');
    expect(await started.ended()).toBe(0);
    expect(existsSync(join(one.dataDir, 'server-stopped-in-order'))).toBe(true);
    expect(processesOf(one.dataDir)).toEqual([]);
    expect(existsSync(join(one.dataDir, 'start.pid'))).toBe(false);
  });

  test('goes on with the same data and keys after kill -9 of the parent; the children end by themselves', async () => {
    const one = await home();
    const first = await launchFully(one);
    await ask(one, '/write');
    const children = [pidIn(one, 'server.pid'), pidIn(one, 'worker.pid')];
    const keys = readFileSync(join(one.dataDir, 'encryption-key'), 'utf8');
    first.process.kill('SIGKILL');
    await first.ended();
    await eventually(() => children.every((pid) => identifyProcess(pid) === null));
    expect(existsSync(join(one.dataDir, 'server-stopped-in-order'))).toBe(true);

    const second = await launchFully(one);
    expect((await ask(one, '/read')).rows).toEqual([{ word: 'still here' }]);
    expect(readFileSync(join(one.dataDir, 'encryption-key'), 'utf8')).toBe(keys);
    expect(second.output()).toContain('still runs from an earlier start');
    expect(second.output()).not.toContain('shown only now');
    second.process.kill('SIGINT');
    expect(await second.ended()).toBe(0);
    expect(processesOf(one.dataDir)).toEqual([]);
  });

  test('goes on after kill -9 of everything', async () => {
    const one = await home();
    const first = await launchFully(one);
    await ask(one, '/write');
    for (const pid of processesOf(one.dataDir)) process.kill(pid, 'SIGKILL');
    await first.ended();
    await eventually(() => processesOf(one.dataDir).length === 0);

    const second = await launchFully(one);
    expect((await ask(one, '/read')).rows).toEqual([{ word: 'still here' }]);
    second.process.kill('SIGTERM');
    await second.ended();
    expect(processesOf(one.dataDir)).toEqual([]);
  });

  test('lives beside another instance, and is refused a data folder that is taken', async () => {
    const [one, other] = [await home(), await home()];
    const [first, second] = await Promise.all([launchFully(one), launchFully(other)]);
    expect((await ask(one, '/')).temporal).not.toBe((await ask(other, '/')).temporal);

    const intruder = launch({ ...one, port: other.port });
    expect(await intruder.ended()).toBe(1);
    expect(intruder.output()).toContain(`already runs on ${one.dataDir} (pid ${first.process.pid})`);
    expect((await ask(one, '/')).rows).toEqual([{ one: 1 }]);

    first.process.kill('SIGTERM');
    await first.ended();
    expect((await ask(other, '/')).rows).toEqual([{ one: 1 }]);
    second.process.kill('SIGTERM');
    await second.ended();
  });

  test('starts again what crashes: a child, Temporal, PostgreSQL', async () => {
    const one = await home();
    const started = await launchFully(one);
    const before = await ask(one, '/');
    await fetch(`http://127.0.0.1:${one.port}/crash`).catch(() => {});
    await eventually(async () => (await ask(one, '/').catch(() => before)).pid !== before.pid);
    expect(started.output()).toContain('The server ended unexpectedly (exit code 3)');

    process.kill(pidIn(one, 'temporal.pid'), 'SIGKILL');
    await started.says('Temporal is back.');
    const postmaster = Number(readFileSync(join(one.dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(postmaster, 'SIGKILL');
    await started.says('PostgreSQL is back.');
    await eventually(() =>
      ask(one, '/').then(
        () => true,
        () => false,
      ),
    );
    started.process.kill('SIGTERM');
    expect(await started.ended()).toBe(0);
    expect(processesOf(one.dataDir)).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('stopping', () => {
  test('a worker that never ends is killed, and the rest still stops in order', async () => {
    const one = await home();
    const started = await launchFully(one, { FAKE_WORKER: 'never stops' });
    started.process.kill('SIGTERM');
    expect(await started.ended()).toBe(0);
    expect(processesOf(one.dataDir)).toEqual([]);
    expect(existsSync(join(one.dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
  });

  test('a second ctrl-C hurries; the same one passed on twice does not', async () => {
    const one = await home();
    const started = await launchFully(one, { FAKE_WORKER: 'never stops' });
    started.process.kill('SIGINT');
    started.process.kill('SIGINT');
    await sleep(1_200);
    expect(started.output()).not.toContain('Hurrying');
    started.process.kill('SIGINT');
    expect(await started.ended()).toBe(0);
    expect(started.output()).toContain('Hurrying');
    expect(processesOf(one.dataDir)).toEqual([]);
  });

  test('a signal during the start stops what has been started', async () => {
    const one = await home();
    const started = launch(one);
    await started.says('Making the PostgreSQL data folder');
    started.process.kill('SIGTERM');
    expect(await started.ended()).toBe(0);
    expect(started.output()).not.toContain('ctrl-C stops everything');
    expect(processesOf(one.dataDir)).toEqual([]);
  });
});

test.skipIf(process.getuid?.() !== 0)(
  'as root, a data folder out of PostgreSQL’s reach is replaced by one within',
  async () => {
    const outer = await home();
    const one: Home = { ...outer, dataDir: join(outer.dataDir, 'private') };
    chmodSync(outer.dataDir, 0o700);
    homes.push({ ...one, remove: () => rmSync(systemFolderFor(one.dataDir), { recursive: true, force: true }) });
    const started = await launchFully(one);
    expect(started.output()).toContain(`PostgreSQL keeps its data in ${systemFolderFor(one.dataDir)}`);
    await ask(one, '/write');
    started.process.kill('SIGTERM');
    await started.ended();

    // Who deletes the data folder begins anew: the old database has lost its password, and nothing of it is deleted.
    rmSync(one.dataDir, { recursive: true });
    const second = await launchFully(one);
    expect(second.output()).toMatch(/was moved to .*without-password/);
    await expect(ask(one, '/read')).rejects.toThrow('does not exist');
    second.process.kill('SIGTERM');
    await second.ended();
    expect(processesOf(one.dataDir)).toEqual([]);
  },
);

test('a child that cannot start ends the start with the end of its log, and nothing is left', async () => {
  const one = await home();
  writeFileSync(join(one.dataDir, 'refuse-to-start'), '');
  const started = launch(one);
  expect(await started.ended()).toBe(1);
  expect(started.output()).toContain('The server did not start (exit code 1)');
  expect(started.output()).toContain('the fake server refuses to start');
  expect(processesOf(one.dataDir)).toEqual([]);
});

test('a taken port is named before anything is started', async () => {
  const [one, other] = [await home(), await home()];
  const squatter = createServer().listen(other.port);
  const started = launch({ ...one, port: other.port });
  expect(await started.ended()).toBe(1);
  expect(started.output()).toContain(`Port ${other.port} is taken`);
  expect(existsSync(join(one.dataDir, 'postgres'))).toBe(false);
  squatter.close();
});
