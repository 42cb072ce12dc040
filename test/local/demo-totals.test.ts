// What the demo says where hub and ledger differ: nothing is excused but what a tracker does not give.
import { expect, test, vi } from 'vitest';
import type { DemoClient, ReportTotals } from '../../src/local/demo-client.ts';
import { compare, isEqual, isExplained, tableOf } from '../../src/local/demo-totals.ts';

const TRUTH = {
  clicks: 100,
  cost: '12.500000',
  conversions: {
    Won: { count: 3, revenue: '7.100000' },
    LOST: { count: 1, revenue: '2' },
    odd: { count: 2, revenue: '0.4' },
  },
};
const TOTALS: ReportTotals = {
  ...{ currency: 'USD', clicks: 100, cost: '12.5', approved: 3, pending: 2, rejected: 1, hold: 0, revenue: '7.5' },
};

async function compared(totals: Partial<ReportTotals> | null, missing: Record<string, string> = {}) {
  vi.stubGlobal('fetch', async () => Response.json(TRUTH));
  const told = totals === null ? null : { ...TOTALS, ...totals };
  const hub = {
    readRange: async () => ({ from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }),
    totals: async () => told,
    statusMeanings: async () => new Map([['won', 'approved'] as const, ['lost', 'rejected'] as const]),
    missingLogs: async () => missing,
  } as Partial<DemoClient> as DemoClient;
  try {
    return await compare(hub, 'id', 'http://127.0.0.1:1/truth?face=x');
  } finally {
    vi.unstubAllGlobals();
  }
}

test("the ledger's words count as the hub maps them, an unknown one as pending; digits decide", async () => {
  const rows = await compared({});
  expect(rows.filter((row) => !isEqual(row))).toEqual([]);
  expect(rows.map(({ metric, currency, hub }) => [metric, currency, hub])).toEqual([
    ['clicks', null, '100'],
    ['cost', 'USD', '12.5'],
    ['approved', null, '3'],
    ['pending', null, '2'],
    ['rejected', null, '1'],
    ['hold', null, '0'],
    ['revenue', 'USD', '7.5'],
  ]);
});

test('a log that is not given excuses what is made of it, in words, and nothing else', async () => {
  const rows = await compared({ clicks: 7, cost: '0', approved: 2 }, { clicks: 'recent visits only' });
  expect(rows.filter((row) => !isEqual(row)).map(({ metric, reason }) => [metric, reason])).toEqual([
    ['clicks', 'recent visits only'],
    ['cost', 'recent visits only'],
    ['approved', null],
  ]);
  expect(rows.every(isExplained)).toBe(false);
  const table = tableOf(new Map([['Demo One', rows]]));
  expect(table).toMatch(/Demo One\n.*hub.*ledger\n {2}clicks +7 +100 {2}missing: recent visits only\n/);
  expect(table).toMatch(/ {2}approved +2 +3 {2}DIFFERS\n/);
  expect(table).toMatch(/ {2}hold +0 +0 {2}equal\n/);
});

test('a hub without a row is one of zeros, not an error', async () => {
  const rows = await compared(null);
  expect(rows.find(({ metric }) => metric === 'clicks')).toMatchObject({ hub: '0', ledger: '100', reason: null });
});
