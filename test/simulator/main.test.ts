// The program: one line when it is ready, and no orphan when its parent is gone.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import { panelOf } from './panel.ts';

const main = new URL('../../simulator/main.ts', import.meta.url).pathname;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function started(child: ChildProcess) {
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return JSON.parse(line) as { address: string; ledgers: LedgerAccess[] };
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

test('says where it listens, serves the ledgers it was given, and ends on SIGTERM', async () => {
  const ledgers = ['first', 'second'].flatMap((name) => [
    '--ledger',
    JSON.stringify({ name, clicks: 100, conversions: 5 }),
  ]);
  const child = spawn(process.execPath, [main, '--port', '0', '--until-stdin-ends', ...ledgers]);
  const ready = await started(child);
  expect(ready.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(ready.ledgers.map(({ name }) => name)).toEqual(['first', 'second']);
  expect((await panelOf(ready.ledgers[1]!).get('/campaigns')).status).toBe(200);
  child.kill('SIGTERM');
  expect(await exitCode(child)).toBe(0);
});

test('ends when its stdin does, if told so, also with a request hanging', async () => {
  const child = spawn(process.execPath, [main, '--until-stdin-ends', '--ledger', '{"clicks":10,"conversions":0}']);
  const ready = await started(child);
  await fetch(`${ready.address}/control/ledgers/main/faults`, {
    method: 'POST',
    body: JSON.stringify({ fault: { kind: 'hangBeforeHeaders' } }),
  });
  const hanging = panelOf(ready.ledgers[0]!).get('/offers');
  hanging.catch(() => undefined);
  child.stdin!.end();
  expect(await exitCode(child)).toBe(0);
  await expect(hanging).rejects.toThrow();
});

test('ends when the channel to its parent is gone', async () => {
  const child = fork(main, [], { silent: true });
  await started(child);
  child.disconnect();
  expect(await exitCode(child)).toBe(0);
});

test('wrong options end it with the reason and no ready line', async () => {
  const child = spawn(process.execPath, [main, '--ledger', '{"clicks":"many"}']);
  children.push(child);
  let errors = '';
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  expect(await exitCode(child)).not.toBe(0);
  expect(errors).toContain('clicks');
  expect(output).toBe('');
});
