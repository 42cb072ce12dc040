// BeMob conforms, however its account answers: prefixes, names, columns, refusals with a 200.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LedgerControl, ledgerControl } from '../../simulator/client.ts';
import type { BemobOptionsInput } from '../../simulator/faces/bemob/options.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { bemob } from '../../src/adapters/bemob.ts';
import type { Http } from '../../src/adapters/http.ts';
import { pullTotals } from '../../src/adapters/pull-totals.ts';
import { openSession } from '../../src/adapters/session.ts';
import { testConnection } from '../../src/adapters/test-connection.ts';
import { sumMicros } from '../simulator/panel.ts';
import { ACCESS_KEY, connectionTo, tells } from './bemob-faces.ts';
import { NOTHING_PROMISED } from './conformance/checks.ts';
import { conformance, type Face } from './conformance.ts';
import { readCatalog, readWindow } from './reads.ts';
import { testHttp } from './wire.ts';

const WRONG_KEY = 'some-other-key-0123456789';

const face = (name: string, options: BemobOptionsInput = {}): Face => ({ name, options: { bemob: options }, tells });

conformance({
  adapter: bemob,
  connect: (access, isRight) => connectionTo(access, isRight ? access.apiKey : WRONG_KEY),
  wrongKey: /^(refused|401) \(Invalid access key\)$/,
  skips: NOTHING_PROMISED,
  logPaths: { clicks: '/live-visits', conversions: '/live-conversions' },
  faces: [
    face('as it comes'),
    face('pages of at most 100, keys without a prefix, a 401 for a wrong key', {
      ...{ maxRows: 100, isPrefixed: false, badKeyStatus: 401 },
    }),
    face('the other names, columns of its own choice, money as text, Unix times', {
      ...{ names: 'second', columns: 'ignored', money: 'text', times: 'unix', groupBy: 'campaignId' },
    }),
    face('columns that it does not know, oldest first, ISO times', {
      ...{ columns: 'refused', order: 'oldest', times: 'iso', maxRows: 150 },
    }),
    face('a time that ends before its end', { endsInclusive: false, maxRows: 230 }),
  ],
});

describe('as it asks', () => {
  const ANCHOR = '2026-03-10T12:00:00Z';
  let simulator: Simulator;
  let ledger: LedgerControl;
  let access: LedgerAccess;
  let http: Http;
  const session = () => openSession(bemob, connectionTo(access), { http, onCall: () => {} });

  beforeAll(async () => {
    simulator = await startSimulator({
      ledgers: [
        { ...{ anchorAt: ANCHOR, frozenAt: ANCHOR, days: 6, clicks: 9_000, conversions: 900, campaigns: 500 } },
      ],
    });
    access = simulator.ledgers[0]!;
    ledger = ledgerControl(simulator.address, access.name);
    http = testHttp();
  });
  afterAll(async () => {
    await simulator.stop();
    await http.close();
  });

  test.each([
    ['the access key', [undefined, WRONG_KEY]],
    ['the secret key', [WRONG_KEY, ACCESS_KEY]],
  ] as const)('a test with %s wrong is a refusal of the key, though it comes with a 200', async (_, keys) => {
    const result = await testConnection(bemob, connectionTo(access, ...keys), { http, onCall: () => {} });
    expect(result).toMatchObject({ ok: false, error: { kind: 'auth', status: 200 } });
    expect(result).toMatchObject({ error: { message: 'Connection test failed: refused (Invalid access key)' } });
  });

  test('an account that is locked over its quota is told in its own words, neither as key nor as network', async () => {
    await ledger.change({ bemob: { isLocked: true } });
    const result = await testConnection(bemob, connectionTo(access), { http, onCall: () => {} });
    const message = 'Connection test failed: refused (Your events limit is exceeded. Please upgrade your plan.)';
    expect(result).toMatchObject({ ok: false, error: { kind: 'plan', message } });
    await ledger.change({ bemob: { isLocked: false } });
  });

  test('a list that fills its limit is asked for again with twice as much, and given once', async () => {
    await ledger.clearRequests();
    const catalog = await readCatalog(session());
    expect(catalog.get('campaigns')!.records).toHaveLength(500);
    expect(catalog.get('offers')!.records).toHaveLength(1_000);
    const asked = async (path: string) =>
      (await ledger.requests())
        .filter((request) => request.path === `/bemob/v1${path}`)
        .map(({ limit, rows }) => [limit, rows]);
    expect(await asked('/campaigns')).toEqual([
      [500, 500],
      [1_000, 500],
    ]);
    expect(await asked('/offers')).toEqual([
      [500, 500],
      [1_000, 1_000],
      [2_000, 1_000],
    ]);
    expect(await asked('/affiliate-networks')).toEqual([[500, 6]]);
  });

  test('a log goes on until a page is empty: a short one may be its own limit', async () => {
    await ledger.change({ bemob: { maxRows: 700 } });
    await ledger.clearRequests();
    const window = { from: new Date('2026-03-06T00:00:00Z'), to: new Date('2026-03-07T00:00:00Z') };
    const { records } = await readWindow(session(), 'clicks', window);
    const truth = await ledger.truth({ from: window.from.toISOString(), to: window.to.toISOString() });
    expect(records.length).toBe(truth.clicks);
    const asked = await ledger.requests();
    expect(asked.map(({ offset }) => offset)).toEqual(asked.map((_, i) => Math.min(i * 700, asked.at(-1)!.offset!)));
    expect(asked.at(-1)!.rows).toBe(0);
    await ledger.change({ bemob: { maxRows: 10_000 } });
  });

  test.each(['ignored', 'refused'] as const)(
    'a refusal with a 200 is never the end of a log, columns %s',
    async (columns) => {
      await ledger.change({ bemob: { columns, maxRows: 700 } });
      const window = { from: new Date('2026-03-06T00:00:00Z'), to: new Date('2026-03-08T00:00:00Z') };
      const { records: whole, pages } = await readWindow(session(), 'clicks', window);
      expect(pages.length).toBeGreaterThan(3);
      const body = JSON.stringify({ success: false, message: 'columns: unknown parameter' });
      // The first of all calls may be refused in earnest.
      for (const nth of [2, 3, 4, 5]) {
        const lay = (times: number | null) =>
          ledger.addFault({
            ...{ match: { path: '/live-visits', nth, times }, fault: { kind: 'status', status: 200, body } },
          });
        await lay(1);
        const read = await readWindow(session(), 'clicks', window).catch((error: unknown) => error);
        // Refused before any way has worked, the next way is tried; after that, the same one once more.
        if (read instanceof Error) expect([nth, columns, read]).toMatchObject([2, 'refused', { kind: 'refused' }]);
        else expect(read).toMatchObject({ records: { length: whole.length } });
        await ledger.clearFaults();
        await lay(null);
        await expect(readWindow(session(), 'clicks', window)).rejects.toMatchObject({ kind: 'refused' });
        await ledger.clearFaults();
      }
      await ledger.change({ bemob: { columns: 'only', maxRows: 10_000 } });
    },
  );

  test('a log that knows no offset gives the same page each time: three times, and that is all', async () => {
    await ledger.change({ bemob: { knowsOffset: false } });
    const window = { from: new Date('2026-03-06T00:00:00Z'), to: new Date('2026-03-07T00:00:00Z') };
    for (const resource of ['clicks', 'conversions'] as const) {
      await ledger.clearRequests();
      const { records } = await readWindow(session(), resource, window);
      const truth = await ledger.truth({ from: window.from.toISOString(), to: window.to.toISOString() });
      const conversions = Object.values(truth.conversions).reduce((sum, { count }) => sum + count, 0);
      expect(records.length).toBe(resource === 'clicks' ? truth.clicks : conversions);
      expect(await ledger.requests()).toHaveLength(3);
    }
    await ledger.change({ bemob: { knowsOffset: true } });
  });

  test('daily totals, day by day: the sums are the ledger’s, without what is declined', async () => {
    const range = { from: new Date('2026-03-05T00:00:00Z'), to: new Date('2026-03-09T18:00:00Z') };
    await ledger.clearRequests();
    const { totals, unreadable } = await pullTotals(session(), range, null);
    expect(unreadable).toEqual([]);
    const asked = await ledger.requests();
    expect(asked.map(({ window }) => window!.from)).toEqual([5, 6, 7, 8, 9].map((day) => `2026-03-0${day} 00:00:00`));
    expect(asked.at(-1)!.window).toEqual({ from: '2026-03-09 00:00:00', to: '2026-03-09 17:59:59', timezone: 'UTC' });
    const truth = await ledger.truth({ from: range.from.toISOString(), to: range.to.toISOString(), by: 'click' });
    const sum = (of: (row: (typeof totals)[number]) => number) => totals.reduce((all, row) => all + of(row), 0);
    expect(sum(({ clicks }) => clicks)).toBe(truth.clicks);
    expect(sumMicros(totals.map(({ cost }) => cost))).toBe(sumMicros([truth.cost]));
    const rows = (uncounted: RegExp) => Object.entries(truth.conversions).filter(([status]) => !uncounted.test(status));
    const counted = rows(/^(rejected|trash)$/).reduce((all, [, { count }]) => all + count, 0);
    expect(sum(({ conversions }) => conversions)).toBe(counted);
    const paid = rows(/^(rejected|trash|lead|registration)$/).map(([, { revenue }]) => revenue);
    expect(sumMicros(totals.map(({ revenue }) => revenue))).toBe(sumMicros(paid));
  });
});
