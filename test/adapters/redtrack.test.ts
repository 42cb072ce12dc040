// RedTrack conforms, however its account is set up: its zone, its order, its words.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, type LedgerControl, ledgerControl } from '../../simulator/client.ts';
import { idText } from '../../simulator/faces/redtrack/ids.ts';
import type { RedtrackOptionsInput } from '../../simulator/faces/redtrack/options.ts';
import { statusWord } from '../../simulator/faces/redtrack/values.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import type { Connection } from '../../src/adapters/adapter.ts';
import type { Http, RecordedCall } from '../../src/adapters/http.ts';
import { pullTotals } from '../../src/adapters/pull-totals.ts';
import { redtrack } from '../../src/adapters/redtrack.ts';
import { openSession } from '../../src/adapters/session.ts';
import { testConnection } from '../../src/adapters/test-connection.ts';
import { NOTHING_PROMISED } from './conformance/checks.ts';
import { conformance, type Face } from './conformance.ts';
import { readCatalog, readWindow } from './reads.ts';
import type { Tells } from './truth-records.ts';
import { testHttp } from './wire.ts';

const orNull = (text: string): string | null => (text === '' ? null : text);

/** Ids are the face's; a click tells no revenue, a conversion only what it came to. */
const tells =
  (statuses: 'lower' | 'title'): Tells =>
  (record, truth) => {
    const campaignExternalId = idText('campaign', truth.campaignId);
    if ('convertedAt' in record && 'tid' in truth) {
      const rawStatus = statusWord(truth.status, { statuses });
      const externalId = idText('conversion', truth.id);
      const { type: _, ...told } = record;
      return { ...told, externalId, campaignExternalId, rawStatus, isReversal: false };
    }
    if (!('landingId' in truth)) throw new Error('a click of a conversion');
    return {
      ...record,
      ...{ campaignExternalId, flowExternalId: null, revenue: null, isBot: null, landingClicked: null },
      offerExternalId: orNull(idText('offer', truth.offerId)),
      landingPageExternalId: orNull(idText('landing', truth.landingId)),
      trafficSourceExternalId: orNull(idText('source', truth.trafficSourceId)),
      affiliateNetworkExternalId: orNull(idText('network', truth.affiliateNetworkId)),
    };
  };

const face = (name: string, options: RedtrackOptionsInput = {}): Face => ({
  name,
  options: { redtrack: { limit: null, ...options } },
  tells: tells(options.statuses ?? 'lower'),
});

/** The zone of the settings: it counts only where a time names no offset. */
const connect = (access: LedgerAccess, isRight: boolean): Connection => ({
  url: addressOf(access, 'redtrack'),
  credentials: { apiKey: isRight ? access.apiKey : 'some-other-key-0123456789' },
  settings: { currency: 'USD', timezone: 'Europe/Berlin' },
});

conformance({
  adapter: redtrack,
  connect,
  skips: {
    'every window was asked for in UTC': 'its logs are of whole days of the account, which has no zone to ask for',
  },
  logPaths: { clicks: '/tracks', conversions: '/conversions' },
  faces: [
    face('an account in Los Angeles, pages of at most 100', { maxPer: 100 }),
    face('an account far ahead of UTC, in no order at all', {
      ...{ timezone: 'Pacific/Kiritimati', order: 'scattered', statuses: 'title', maxPer: 150 },
    }),
    face('times without offset, money and totals as text', {
      ...{ timezone: 'Europe/Berlin', times: 'plain', money: 'text', total: 'text', maxPer: 200 },
    }),
    { ...face('totals that tell too little', { total: 'tooSmall', maxPer: 150 }), skips: NOTHING_PROMISED },
    face('totals that tell too much', { total: 'tooLarge', maxPer: 150, timezone: 'Asia/Kolkata' }),
    {
      ...face('no totals', { total: 'missing', order: 'scattered' }),
      skips: {
        'a page shortened by filtering': 'without a total, a page that is not full is the last',
        ...NOTHING_PROMISED,
      },
    },
  ],
});

describe('as it asks', () => {
  const ANCHOR = '2026-03-10T12:00:00Z';
  let simulator: Simulator;
  let ledger: LedgerControl;
  let access: LedgerAccess;
  let http: Http;
  const calls: RecordedCall[] = [];
  const session = (onWire: Http = http) =>
    openSession(redtrack, connect(access, true), { http: onWire, onCall: (call) => calls.push(call) });

  beforeAll(async () => {
    simulator = await startSimulator({
      ledgers: [
        {
          ...{ anchorAt: ANCHOR, frozenAt: ANCHOR, days: 6, clicks: 12_000, conversions: 300, campaigns: 501 },
          redtrack: { limit: null },
        },
      ],
    });
    access = simulator.ledgers[0]!;
    ledger = ledgerControl(simulator.address, access.name);
    http = testHttp();
  });
  afterAll(async () => {
    await http.close();
    await simulator.stop();
  });

  test('the key goes both ways, and is in nothing that is written down', async () => {
    let seen: { header: string | undefined; parameter: string | null } | null = null;
    const spying: Http = {
      ...http,
      call: (call) => {
        seen = { header: call.headers['Api-Key'], parameter: call.url.searchParams.get('api_key') };
        return http.call(call);
      },
    };
    calls.length = 0;
    await readCatalog(session(spying));
    expect(seen).toEqual({ header: access.apiKey, parameter: access.apiKey });
    expect(calls[0]!.url).toContain('api_key=redacted');
    expect(JSON.stringify(calls)).not.toContain(access.apiKey);
  });

  test('a test of the connection counts what it knows: of the last hour’s rows nothing, of lists and the report all', async () => {
    const deps = { http, onCall: () => {}, now: new Date(ANCHOR) };
    const result = await testConnection(redtrack, connect(access, true), deps);
    if (!result.ok) throw new Error(result.error.message);
    const counts = Object.fromEntries(result.checks.map(({ resource, count }) => [resource, count]));
    expect(counts).toMatchObject({ campaigns: null, clicks: null, conversions: null });
    expect(counts.traffic_sources).toBeGreaterThan(0);
    expect(counts.totals).toBeGreaterThan(0);
  });

  test('a wanted time is asked for in whole days, one more on each side', async () => {
    await ledger.clearRequests();
    const window = { from: new Date('2026-03-06T23:10:00Z'), to: new Date('2026-03-07T00:00:00Z') };
    const { records } = await readWindow(session(), 'clicks', window);
    const [request, ...more] = await ledger.requests();
    expect(more).toEqual([]);
    expect(request!.window).toEqual({ from: '2026-03-05', to: '2026-03-07', timezone: 'America/Los_Angeles' });
    const truth = await ledger.truth({ from: window.from.toISOString(), to: window.to.toISOString() });
    expect(records.length).toBe(truth.clicks);
    expect(request!.rows).toBeGreaterThan(records.length);
  });

  test('a list of more than one page comes whole, with what is paused and deleted', async () => {
    await ledger.clearRequests();
    const { records } = (await readCatalog(session())).get('campaigns')!;
    expect(records).toHaveLength(501);
    expect(new Set(records.map(({ state }) => state))).toEqual(new Set(['active', 'paused', 'deleted']));
    const asked = (await ledger.requests()).filter(({ path }) => path === '/redtrack/campaigns');
    expect(asked.map(({ rows }) => rows)).toEqual([500, 1]);
  });

  test('daily totals are those of whole UTC days, page by page, and the sums are the ledger’s', async () => {
    const range = { from: new Date('2026-03-05T00:00:00Z'), to: new Date('2026-03-09T00:00:00Z') };
    await ledger.clearRequests();
    const { totals, unreadable } = await pullTotals(session(), range, null);
    expect(unreadable).toEqual([]);
    const asked = await ledger.requests();
    expect(asked.length).toBeGreaterThan(1);
    expect(asked[0]!.window).toEqual({ from: '2026-03-05', to: '2026-03-08', timezone: 'UTC' });
    const truth = await ledger.truth({ from: range.from.toISOString(), to: range.to.toISOString(), by: 'click' });
    const sum = (of: (row: (typeof totals)[number]) => number) => totals.reduce((all, row) => all + of(row), 0);
    expect([...new Set(totals.map(({ day }) => day))].sort()).toEqual(Object.keys(truth.perDay).sort());
    expect(sum(({ clicks }) => clicks)).toBe(truth.clicks);
    const counted = Object.entries(truth.conversions).filter(([status]) => !/^(rejected|trash)$/.test(status));
    expect(sum(({ conversions }) => conversions)).toBe(counted.reduce((all, [, { count }]) => all + count, 0));
    expect(sum(({ cost }) => Number(cost))).toBeCloseTo(Number(truth.cost), 6);
    expect(sum(({ revenue }) => Number(revenue))).toBeCloseTo(Number(truth.revenue), 6);
  });

  test('an account in which nothing has happened yet has nothing, and no trouble', async () => {
    const window = { from: new Date('2025-01-01T00:00:00Z'), to: new Date('2025-01-02T00:00:00Z') };
    for (const resource of ['clicks', 'conversions'] as const) {
      expect((await readWindow(session(), resource, window)).pages).toMatchObject([{ received: 0, next: null }]);
    }
    expect((await pullTotals(session(), window, null)).totals).toEqual([]);
  });
});
