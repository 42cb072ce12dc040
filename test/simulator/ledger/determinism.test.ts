// The same seed and anchor give the same bytes, in one process and in the next; another seed gives others.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import type { LedgerAccess } from '../../../simulator/hosted-ledgers.ts';
import { startSimulator } from '../../../simulator/server.ts';
import { panelOf } from '../panel.ts';

const main = new URL('../../../simulator/main.ts', import.meta.url).pathname;
const options = {
  anchorAt: '2026-03-10T12:00:00Z',
  frozenAt: '2026-03-12T12:00:00Z',
  days: 6,
  clicks: 3000,
  conversions: 300,
  bursts: [{ daysAgo: 1.5, clicks: 40 }],
  heavyDay: { daysAgo: 3, clicks: 500 },
};

async function bytesOf(access: LedgerAccess): Promise<string> {
  const panel = panelOf(access);
  const range = { from: '2026-03-01', to: '2026-03-20' };
  const clickColumns = [
    'sub_id',
    'click_id',
    'datetime',
    'campaign',
    'sub_id_1',
    'sub_id_4',
    'city',
    'ip',
    'cost',
    'revenue',
  ];
  const conversionColumns = [
    'conversion_id',
    'sub_id',
    'tid',
    'status',
    'previous_status',
    'revenue',
    'postback_datetime',
  ];
  const answers = [
    await panel.askLog('clicks', { ...range, columns: clickColumns }),
    await panel.askLog('conversions', { ...range, columns: conversionColumns }),
    await panel.get('/campaigns'),
    await panel.get('/offers'),
  ];
  return (await Promise.all(answers.map((answer) => answer.text()))).join('\n');
}

test('the same seed gives the same bytes under another name, another seed gives others', async () => {
  const simulator = await startSimulator({
    ledgers: [
      { ...options, name: 'one', seed: 5 },
      { ...options, name: 'two', seed: 5 },
      { ...options, name: 'three', seed: 6 },
    ],
  });
  const [one, two, three] = await Promise.all(simulator.ledgers.map(bytesOf));
  await simulator.stop();
  expect(one!.length).toBeGreaterThan(500_000);
  expect(two).toBe(one);
  expect(three).not.toBe(one);
});

test('the same seed gives the same bytes after a restart, however the clock went there', async () => {
  const simulator = await startSimulator({ ledgers: [{ ...options, seed: 5 }] });
  const before = await bytesOf(simulator.ledgers[0]!);
  await simulator.stop();

  const child = spawn(process.execPath, [
    main,
    '--until-stdin-ends',
    '--ledger',
    JSON.stringify({ ...options, frozenAt: options.anchorAt, seed: 5 }),
  ]);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const started = JSON.parse(line) as { address: string; ledgers: LedgerAccess[] };
  for (const hours of [7, 30, 11]) {
    await bytesOf(started.ledgers[0]!);
    await fetch(`${started.address}/control/ledgers/main/clock`, {
      method: 'POST',
      body: JSON.stringify({ advanceMs: hours * 3_600_000 }),
    });
  }
  const after = await bytesOf(started.ledgers[0]!);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(after).toBe(before);
  expect(code).toBe(0);
});
