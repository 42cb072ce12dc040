// The whole program, nothing faked: `main.ts start` to a signed-in request, and its end.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { eventually, homeOf, launch, processesOf } from './launched.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

describe.skipIf(process.platform !== 'linux')('main.ts start', { timeout: 300_000 }, () => {
  test('brings up API, worker and database; the first sign-in works, at the next start too; nothing is left', async ({
    expect,
    onTestFinished,
  }) => {
    const home = await homeOf({ onTestFinished });
    const at = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${home.port}${path}`, init);
    for (const round of ['first', 'second']) {
      const started = launch(home, {}, MAIN);
      await started.says('ctrl-C stops everything.');
      expect((await at('/healthz')).status).toBe(200);
      await eventually(async () => (await at('/readyz')).status === 200);
      expect((await at('/api/v1/trackers')).status).toBe(401);
      const kept = readFileSync(join(home.dataDir, 'first-sign-in.txt'), 'utf8');
      const apiKey = /^API key: (\S+)$/m.exec(kept)![1]!;
      const trackers = await at('/api/v1/trackers', { headers: { authorization: `Bearer ${apiKey}` } });
      expect(await trackers.json(), round).toEqual({ items: [], nextCursor: null });

      started.process.kill('SIGTERM');
      expect(await started.ended()).toBe(0);
      expect(processesOf(home.dataDir)).toEqual([]);
      expect(existsSync(join(home.dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
      expect(started.output()).not.toContain(apiKey);
      for (const log of ['server.log', 'worker.log', 'temporal.log']) {
        expect(readFileSync(join(home.dataDir, log), 'utf8'), log).not.toContain(apiKey);
      }
    }
  });
});
