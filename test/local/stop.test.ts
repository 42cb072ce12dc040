// How a start ends, and what it says when it cannot go on; nothing may be left behind.
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'vitest';
import { systemFolderFor } from '../../src/local/system-folder.ts';
import { ask, eventually, type Home, homeOf, launch, launchFully, processesOf } from './launched.ts';

describe.skipIf(process.platform !== 'linux')('stopping', { timeout: 180_000 }, () => {
  test('a worker that never ends is killed, and the rest still stops in order', async ({ expect, onTestFinished }) => {
    const one = await homeOf({ onTestFinished });
    const started = await launchFully(one, { FAKE_WORKER: 'never stops' });
    started.process.kill('SIGTERM');
    expect(await started.ended()).toBe(0);
    expect(processesOf(one.dataDir)).toEqual([]);
    expect(existsSync(join(one.dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
  });

  test('a second ctrl-C does not wait for what does not stop', async ({ expect, onTestFinished }) => {
    const one = await homeOf({ onTestFinished });
    const started = await launchFully(one, { FAKE_WORKER: 'never stops' });
    started.process.kill('SIGINT');
    await started.says('Stopping');
    await sleep(1_200);
    started.process.kill('SIGINT');
    expect(await started.ended()).toBe(0);
    expect(started.output()).toContain('Hurrying');
    // In a hurry nobody waits until the last session of PostgreSQL has noticed.
    await eventually(() => processesOf(one.dataDir).length === 0);
  });

  test('a signal during the start stops what has been started', async ({ expect, onTestFinished }) => {
    const one = await homeOf({ onTestFinished });
    const started = launch(one);
    await started.says('Making the PostgreSQL data folder');
    started.process.kill('SIGTERM');
    expect(await started.ended()).toBe(0);
    expect(started.output()).not.toContain('ctrl-C stops everything');
    expect(processesOf(one.dataDir)).toEqual([]);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'as root, a data folder out of PostgreSQL’s reach is replaced by one within',
    async ({ expect, onTestFinished }) => {
      const outer = await homeOf({ onTestFinished });
      const one: Home = { ...outer, dataDir: join(outer.dataDir, 'private') };
      chmodSync(outer.dataDir, 0o700);
      onTestFinished(() => rmSync(systemFolderFor(one.dataDir), { recursive: true, force: true }));
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

  test('a child that cannot start ends the start with the end of its log, and nothing is left', async ({
    expect,
    onTestFinished,
  }) => {
    const one = await homeOf({ onTestFinished });
    writeFileSync(join(one.dataDir, 'refuse-to-start'), '');
    const started = launch(one);
    expect(await started.ended()).toBe(1);
    expect(started.output()).toContain('The server did not start (exit code 1)');
    expect(started.output()).toContain('the fake server refuses to start');
    expect(processesOf(one.dataDir)).toEqual([]);
  });

  test('a taken port is named before anything is started', async ({ expect, onTestFinished }) => {
    const [one, other] = [await homeOf({ onTestFinished }), await homeOf({ onTestFinished })];
    const squatter = createServer().listen(other.port);
    const started = launch({ ...one, port: other.port });
    expect(await started.ended()).toBe(1);
    expect(started.output()).toContain(`Port ${other.port} is taken`);
    expect(existsSync(join(one.dataDir, 'postgres'))).toBe(false);
    squatter.close();
  });
});
