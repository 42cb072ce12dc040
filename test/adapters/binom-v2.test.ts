// Binom conforms, however it is set up: its pages without a cursor, its names, its clicks.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LedgerControl, ledgerControl } from '../../simulator/client.ts';
import type { BinomOptionsInput } from '../../simulator/faces/binom/options.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { binomV2 } from '../../src/adapters/binom-v2.ts';
import type { Http } from '../../src/adapters/http.ts';
import { pullTotals } from '../../src/adapters/pull-totals.ts';
import { openSession } from '../../src/adapters/session.ts';
import { collect, sumMicros } from '../simulator/panel.ts';
import { connectionTo, flowOf, fold, tells } from './binom-faces.ts';
import { NOTHING_PROMISED } from './conformance/checks.ts';
import { conformance, type Face } from './conformance.ts';
import { readCatalog, readWindow } from './reads.ts';
import { difference, NO_DIFFERENCE, truthOf } from './truth-records.ts';
import { testHttp } from './wire.ts';

const face = (name: string, options: BinomOptionsInput = {}): Face => ({
  ...{ name, options: { binom_v2: options }, tells, fold },
});

conformance({
  adapter: binomV2,
  connect: (access, isRight) => connectionTo(access, {}, isRight ? access.apiKey : 'some-other-key-0123456789'),
  wrongKey: /^401 \(Full authentication is required/,
  skips: {
    ...NOTHING_PROMISED,
    'a page shortened by filtering': 'it tells no total: a page that is not full is the last',
  },
  logPaths: { clicks: '/clicklog', conversions: '/api/v1/conversions$' },
  faces: [
    face('as it comes'),
    face('ids as text, money as numbers, names with ids', { ids: 'text', money: 'number', names: 'withIds' }),
    face('pages of at most 250, whatever is asked for', { maxRows: 250 }),
    face('a time that ends before its end', { endsInclusive: false, timezone: 'America/New_York' }),
    face('lists that come whole each time', { ignoresPaging: true }),
  ],
});

describe('as it asks', () => {
  const ANCHOR = '2026-03-10T12:00:00Z';
  const BURST_AT = '2026-03-09T08:00:00Z';
  let simulator: Simulator;
  let ledger: LedgerControl;
  let access: LedgerAccess;
  let http: Http;
  const session = () => openSession(binomV2, connectionTo(access), { http, onCall: () => {} });

  beforeAll(async () => {
    simulator = await startSimulator({
      ledgers: [
        {
          ...{ anchorAt: ANCHOR, frozenAt: ANCHOR, days: 6, clicks: 9_000, conversions: 900, campaigns: 320 },
          bursts: [{ at: BURST_AT, clicks: 283 }],
        },
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

  test('each page begins with the second in which the one before ended, and a short one is the last', async () => {
    await ledger.clearRequests();
    const window = { from: new Date('2026-03-06T00:00:00Z'), to: new Date('2026-03-09T00:00:00Z') };
    const { records, pages } = await readWindow(session(), 'conversions', window);
    const truth = await truthOf(ledger, 'conversions', window, tells, fold);
    expect(difference(records, truth, Object.keys(truth[0]!))).toEqual(NO_DIFFERENCE);
    const asked = (await ledger.requests()).filter(({ path }) => path.endsWith('/conversions'));
    expect(asked.length).toBe(pages.length);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.slice(0, -1).map(({ rows }) => rows)).toEqual(Array(asked.length - 1).fill(100));
    expect(asked.at(-1)!.rows).toBeLessThan(100);
    for (const [i, { lastAt }] of pages.slice(0, -1).entries()) {
      expect(asked[i + 1]!.window!.from).toBe(lastAt!.toISOString().slice(0, 19).replace('T', ' '));
    }
    expect(asked.map(({ window }) => window!.to)).toEqual(Array(asked.length).fill('2026-03-09 00:00:00'));
  });

  test('names are looked up once a session; those of campaigns and offers become ids', async () => {
    await ledger.clearRequests();
    const one = session();
    const window = { from: new Date('2026-03-06T00:00:00Z'), to: new Date('2026-03-07T00:00:00Z') };
    await readWindow(one, 'conversions', window);
    const { records } = await readWindow(one, 'conversions', window);
    expect((await ledger.requests()).filter(({ path }) => path.endsWith('/conversions/filters'))).toHaveLength(1);
    const clicks = new Map(
      (await readWindow(one, 'clicks', { ...window, from: new Date('2026-03-04T12:00:00Z') })).records.map((click) => [
        click.externalId,
        click,
      ]),
    );
    const known = records.filter(({ clickExternalId }) => clicks.has(clickExternalId!));
    expect(known.length).toBeGreaterThan(50);
    for (const { clickExternalId, campaignExternalId, offerExternalId } of known) {
      const click = clicks.get(clickExternalId!)!;
      expect([campaignExternalId, offerExternalId]).toEqual([click.campaignExternalId, click.offerExternalId]);
    }
  });

  test('more rows of one second than a page has are asked for with a longer page; a tracker that has none is contradicted, not believed', async () => {
    const second = { from: new Date(BURST_AT), to: new Date(Date.parse(BURST_AT) + 1_000) };
    const whole = await truthOf(ledger, 'clicks', second, tells);
    expect(whole.length).toBeGreaterThanOrEqual(283);
    await ledger.change({ binom_v2: { limitRefusedAbove: 100 } });
    await expect(readWindow(session(), 'clicks', second)).rejects.toMatchObject({ kind: 'bad_answer' });
    await ledger.change({ binom_v2: { limitRefusedAbove: null, maxRows: 100 } });
    await expect(readWindow(session(), 'clicks', second)).rejects.toMatchObject({ kind: 'bad_answer' });
    await ledger.change({ binom_v2: { maxRows: 1_000 } });
    const { records } = await readWindow(session(), 'clicks', second);
    expect(difference(records, whole, ['externalId'])).toEqual(NO_DIFFERENCE);
  });

  test('deleted campaigns come from the panel’s table, once and without its totals; flows from rotations and campaigns', async () => {
    const catalog = await readCatalog(session());
    const campaigns = catalog.get('campaigns')!.records;
    expect(campaigns).toHaveLength(320);
    expect(campaigns.filter(({ state }) => state === 'deleted').length).toBeGreaterThan(5);
    expect(campaigns.map(({ externalId }) => externalId)).not.toContain('totals');
    const flows = catalog.get('flows')!.records.map(({ externalId }) => externalId);
    const wanted = campaigns.map(({ externalId }) => flowOf(Number(externalId)));
    expect(flows.sort()).toEqual(wanted.sort());
  });

  test('daily totals: each day and 300 campaigns at a time, the sums are the ledger’s', async () => {
    const range = { from: new Date('2026-03-05T00:00:00Z'), to: new Date('2026-03-09T18:00:00Z') };
    await ledger.clearRequests();
    const { totals, unreadable } = await pullTotals(session(), range, null);
    expect(unreadable).toEqual([]);
    const asked = (await ledger.requests()).filter(({ path }) => path.endsWith('/report/campaign'));
    expect(asked).toHaveLength(10);
    const spans = new Set(asked.map(({ window }) => `${window!.from} ${window!.to}`));
    expect([...spans]).toEqual([
      '2026-03-05 00:00:00 2026-03-05 23:59:59',
      '2026-03-06 00:00:00 2026-03-06 23:59:59',
      '2026-03-07 00:00:00 2026-03-07 23:59:59',
      '2026-03-08 00:00:00 2026-03-08 23:59:59',
      '2026-03-09 00:00:00 2026-03-09 17:59:59',
    ]);
    const truth = await ledger.truth({ from: range.from.toISOString(), to: range.to.toISOString(), by: 'click' });
    const sum = (of: (row: (typeof totals)[number]) => number) => totals.reduce((all, row) => all + of(row), 0);
    expect([...new Set(totals.map(({ day }) => day))]).toEqual(Object.keys(truth.perDay));
    expect(new Set(totals.map(({ campaignExternalId }) => campaignExternalId)).size).toBeGreaterThan(100);
    expect(sum(({ clicks }) => clicks)).toBe(truth.clicks);
    expect(sum(({ cost }) => Number(cost))).toBeCloseTo(Number(truth.cost), 6);
    const postbacks = await collect(ledger.truthConversions());
    const clickedWithin = fold(postbacks).filter(
      ({ clickAt }) => new Date(clickAt) >= range.from && new Date(clickAt) < range.to,
    );
    expect(sum(({ conversions }) => conversions)).toBe(clickedWithin.length);
    expect(clickedWithin.length).toBeLessThan(
      Object.values(truth.conversions).reduce((all, { count }) => all + count, 0),
    );
    const revenue = sumMicros(clickedWithin.map((row) => row.revenue));
    expect(sumMicros(totals.map((row) => row.revenue))).toBe(revenue);
  });
});
