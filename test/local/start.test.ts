// The one-command start with real PostgreSQL and Temporal: order, crashes, neighbours, and nothing left behind.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { identifyProcess } from '../../src/local/processes.ts';
import { ask, eventually, type Home, homeOf, launch, launchFully, processesOf } from './launched.ts';

const pidIn = (one: Home, name: string): number => JSON.parse(readFileSync(join(one.dataDir, name), 'utf8')).pid;
const modeOf = (one: Home, name: string): string => (statSync(join(one.dataDir, name)).mode & 0o777).toString(8);

describe.skipIf(process.platform !== 'linux')('start', { timeout: 180_000 }, () => {
  test('runs everything, keeps its secrets to itself, and leaves no process after SIGTERM', async ({
    expect,
    onTestFinished,
  }) => {
    const one = await homeOf({ onTestFinished });
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

  test('goes on with the same data and keys after kill -9 of the parent; the children end by themselves', async ({
    expect,
    onTestFinished,
  }) => {
    const one = await homeOf({ onTestFinished });
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

  test('goes on after kill -9 of everything', async ({ expect, onTestFinished }) => {
    const one = await homeOf({ onTestFinished });
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

  test('lives beside another instance, and is refused a data folder that is taken', async ({
    expect,
    onTestFinished,
  }) => {
    const [one, other] = [await homeOf({ onTestFinished }), await homeOf({ onTestFinished })];
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

  test('starts again what crashes: a child, Temporal, PostgreSQL', async ({ expect, onTestFinished }) => {
    const one = await homeOf({ onTestFinished });
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
