// Rows by hour: a run's rows lie in the hours that it took, and none is lost.
import { expect, test } from 'vitest';
import { type ReadRun, throughputOf } from '../../src/dashboard/pages/tracker/throughput.ts';

const NOW = Date.parse('2026-11-27T12:30:00Z');
const run = (startedAt: string | null, finishedAt: string | null, rowsRead: number, requests = 0): ReadRun => ({
  ...{ startedAt, finishedAt, rowsRead, requests, queuedAt: startedAt ?? '2026-11-27T12:00:00Z' },
});
const rows = (runs: ReadRun[], hours = 3) => throughputOf(runs, NOW, hours).map((hour) => hour.rows);

test('the last hours, oldest first, the one that is not over included', () => {
  expect(throughputOf([], NOW, 2).map(({ atMs }) => new Date(atMs).toISOString())).toEqual([
    '2026-11-27T11:00:00.000Z',
    '2026-11-27T12:00:00.000Z',
  ]);
});

test('what takes several hours is shared out by time; what is still at work counts until now', () => {
  expect(rows([run('2026-11-27T10:30:00Z', '2026-11-27T11:30:00Z', 100)])).toEqual([50, 50, 0]);
  expect(rows([run('2026-11-27T11:30:00Z', null, 60)])).toEqual([0, 30, 30]);
  expect(rows([run('2026-11-27T12:10:00Z', '2026-11-27T12:10:00Z', 7)])).toEqual([0, 0, 7]);
});

test('what has not begun, or ended before, is not in it; calls go the same way', () => {
  expect(rows([run(null, null, 5), run('2026-11-27T08:00:00Z', '2026-11-27T09:00:00Z', 9)])).toEqual([0, 0, 0]);
  expect(
    throughputOf([run('2026-11-27T11:30:00Z', '2026-11-27T12:30:00Z', 0, 4)], NOW, 2).map(({ calls }) => calls),
  ).toEqual([2, 2]);
});

test('hours that older runs may have filled are not told', () => {
  const runs = [
    run('2026-11-27T12:10:00Z', '2026-11-27T12:20:00Z', 5),
    run('2026-11-27T11:30:00Z', '2026-11-27T11:40:00Z', 3),
  ];
  expect(throughputOf(runs, NOW, 3, false).map((hour) => hour.rows)).toEqual([5]);
});
