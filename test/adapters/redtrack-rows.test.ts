// RedTrack's rows and lists one by one: kept as they were told, set aside with a reason, cut to the wanted time.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Http } from '../../src/adapters/http.ts';
import { pullCatalog } from '../../src/adapters/pull-catalog.ts';
import { pullLogPage } from '../../src/adapters/pull-log.ts';
import { pullTotals } from '../../src/adapters/pull-totals.ts';
import { redtrack } from '../../src/adapters/redtrack.ts';
import { openSession, type Session } from '../../src/adapters/session.ts';
import type { CatalogResource, LogResource } from '../../src/core/resources.ts';
import { statusMeaning } from '../../src/core/statuses.ts';
import { serve, type TestServer, testHttp } from './wire.ts';

const KEY = 'canary-key-0123456789';
const WINDOW = { from: new Date('2026-09-18T00:00:00Z'), to: new Date('2026-09-19T00:00:00Z') };

let server: TestServer;
let http: Http;
let session: Session;
let answer = '';
beforeAll(async () => {
  server = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
  http = testHttp();
  const settings = { currency: 'EUR', timezone: 'America/New_York' };
  const connection = { url: server.url, credentials: { apiKey: KEY }, settings };
  session = openSession(redtrack, connection, { http, onCall: () => {} });
});
afterAll(async () => {
  await server.stop();
  await http.close();
});

const read = async <R extends LogResource>(resource: R, rows: (object | string)[], window = WINDOW) => {
  const texts = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  answer = `{"items":[${texts.join(',')}],"total":${rows.length}}`;
  return pullLogPage(session, resource, window, null, null);
};
const list = async (resource: CatalogResource) => {
  for await (const page of pullCatalog(session, resource, [])) return page;
  throw new Error(`no page of ${resource}`);
};

const click = (more: object = {}) => ({ id: 'c1', track_time: '2026-09-18T10:00:00-04:00', cost: 0.5, ...more });
const conversion = (more: object = {}) => ({
  ...{ id: 'v1', clickid: 'c1', status: 'approved', conv_time: '2026-09-18T13:16:09-07:00', payout: 2.5 },
  ...more,
});

describe('times', () => {
  test.each([
    ['2026-09-18T13:16:09-07:00', '2026-09-18T20:16:09.000Z'],
    ['2026-09-18T13:16:09.87Z', '2026-09-18T13:16:09.870Z'],
    ['2026-09-18T23:16:09.9999999+05:30', '2026-09-18T17:46:09.999Z'],
    ['2026-09-18T13:16:09', '2026-09-18T17:16:09.000Z'],
    ['2026-09-18 13:16:09', '2026-09-18T17:16:09.000Z'],
    ['2026-01-18 13:16:09', '2026-01-18T18:16:09.000Z'],
    ['2026-03-08T02:30:00', '2026-03-08T07:30:00.000Z'],
    ['2026-11-01T01:30:00', '2026-11-01T05:30:00.000Z'],
  ])('%s is %s, by its own offset or the account’s clocks', async (told, at) => {
    const window = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') };
    const { records } = await read('clicks', [click({ track_time: told })], window);
    expect(records[0]!.clickedAt.toISOString()).toBe(at);
  });

  test.each(['0001-01-01T00:00:00Z', '', null])('%j is none', async (told) => {
    const { records } = await read('conversions', [conversion({ track_time: told })]);
    expect(records[0]!.clickedAt).toBeNull();
  });

  test('what lies outside of the window is left out, to the millisecond, and counts as a page’s rows all the same', async () => {
    const times = [
      '2026-09-17T23:59:59.999Z',
      '2026-09-18T00:00:00Z',
      '2026-09-18T23:59:59.999Z',
      '2026-09-19T00:00:00Z',
    ];
    const page = await read(
      'clicks',
      times.map((track_time, i) => click({ id: `c${i}`, track_time })),
    );
    expect(page.records.map(({ externalId }) => externalId)).toEqual(['c1', 'c2']);
    expect(page).toMatchObject({ received: 2, total: null, askedTotal: 4, lastAt: null, next: null });
  });

  test('pages end by what came, not by what was left of it', async () => {
    answer = `{"items":[${JSON.stringify(click({ track_time: '2026-09-17T10:00:00Z' }))}],"total":9}`;
    const page = await pullLogPage(session, 'clicks', WINDOW, null, null);
    expect([page.received, page.next?.page]).toEqual([0, 2]);
  });

  test('a row whose time cannot be read is set aside, not lost', async () => {
    const page = await read('clicks', [click({ track_time: 'yesterday' }), click()]);
    expect(page.unreadable.map(({ reason }) => reason)).toEqual(['track_time is not a time']);
    expect(page.records).toHaveLength(1);
  });
});

describe('values as they are told', () => {
  test('ids and amounts keep every digit, the currency is the conversion’s own', async () => {
    const row = `{"id":"64f0c0de00000000000000aa","clickid":"c1","conv_time":"2026-09-18T13:16:09-07:00","status":"",
      "payout":123456789.000000001,"currency":"PLN","order":9007199254740993,"sub20":1234567890123456789}`;
    const { records } = await read('conversions', [row, conversion({ id: 'v2', payout: '0.10' })]);
    expect(records[0]).toMatchObject({
      ...{ externalId: '64f0c0de00000000000000aa', revenue: '123456789.000000001', currency: 'PLN' },
      ...{ transactionId: '9007199254740993', subIds: { 20: '1234567890123456789' }, rawStatus: '' },
    });
    expect(records[1]).toMatchObject({ revenue: '0.10', currency: 'EUR' });
  });

  test('empty text means none', async () => {
    const { records } = await read('clicks', [click({ offer_id: '', source_id: '', sub1: '', cost: '' })]);
    expect(records[0]).toMatchObject({ offerExternalId: null, trafficSourceExternalId: null, cost: null, subIds: {} });
  });

  test.each<[string, string]>([
    ['approved', 'approved'],
    ['pending', 'pending'],
    ['declined', 'rejected'],
    ['rejected', 'rejected'],
    ['hold', 'hold'],
    ['', 'approved'],
  ])('the status "%s" means %s', (raw, status) => {
    expect(statusMeaning(redtrack.statuses[raw]!)).toEqual({ status, reversed: false });
  });

  test.each([
    ['-1.5', true],
    [0, false],
    [1.5, false],
  ])('a payout of %j: a reversal? %s', async (payout, isReversal) => {
    expect((await read('conversions', [conversion({ payout })])).records[0]!.isReversal).toBe(isReversal);
  });

  test.each([
    ['an id', { id: '' }, 'id is missing'],
    ['a time', { conv_time: null }, 'conv_time is missing'],
    ['money', { payout: 'much' }, 'payout is not a number'],
  ])('a conversion without %s is set aside', async (_, change, reason) => {
    const { records, unreadable } = await read('conversions', [conversion(change), conversion({ id: 'v2' })]);
    expect([records.length, unreadable.map((row) => row.reason)]).toEqual([1, [reason]]);
  });
});

describe('answers', () => {
  test.each(['{"items":null,"total":0}', 'null', '{"items":[],"total":"0"}'])('%s is an empty log', async (told) => {
    answer = told;
    expect(await pullLogPage(session, 'clicks', WINDOW, null, null)).toMatchObject({ records: [], next: null });
  });

  test('null is an empty list', async () => {
    answer = 'null';
    expect((await list('campaigns')).records).toEqual([]);
    expect((await list('flows')).records).toEqual([]);
  });

  test('an error in an answer of 200 is the tracker’s own word', async () => {
    answer = '{"error":"too many days"}';
    await expect(pullLogPage(session, 'clicks', WINDOW, null, null)).rejects.toMatchObject({
      details: { said: 'too many days' },
    });
  });

  test.each([
    [1, 'active'],
    ['2', 'paused'],
    [3, 'deleted'],
    [7, '7'],
    [null, null],
  ])('a campaign’s status %j is %s', async (status, state) => {
    answer = JSON.stringify([{ id: 'a1', title: 'One', status, created_at: '2026-09-18T13:16:09-07:00' }]);
    expect((await list('campaigns')).records[0]).toMatchObject({
      ...{ state, name: 'One', createdAt: new Date('2026-09-18T20:16:09Z') },
    });
  });

  test('keys that ride in the catalog are in no record', async () => {
    const secret = 'pl4nted-Qx9zWk2vT8';
    answer = JSON.stringify([
      {
        id: 'a1',
        title: 'x',
        postback_url: `https://api.example/postback?key=${secret}&c={clickid}`,
        postback_token: secret,
      },
    ]);
    for (const resource of ['traffic_sources', 'affiliate_networks'] as const) {
      const { records } = await list(resource);
      expect(JSON.stringify(records)).not.toContain(secret);
      expect(records[0]).toMatchObject({ postbackUrl: 'https://api.example/postback?key=[redacted]&c={clickid}' });
    }
  });

  test.each([
    ['a bare list', (rows: object[]) => rows],
    ['a list with its sums', (rows: object[]) => ({ items: rows, total: { clicks: 3 } })],
  ])('a report as %s', async (_, wrap) => {
    const row = { date: '2026-09-18', campaign_id: 'a1', clicks: 3, conversions: 1, revenue: 2, cost: '0.30' };
    answer = JSON.stringify(wrap([row, { ...row, campaign_id: '', total_conversions: 4, total_revenue: '8.5' }]));
    const { totals } = await pullTotals(session, WINDOW, null);
    expect(totals).toEqual([
      { day: '2026-09-18', campaignExternalId: 'a1', clicks: 3, conversions: 1, revenue: '2', cost: '0.30' },
      { day: '2026-09-18', campaignExternalId: null, clicks: 3, conversions: 4, revenue: '8.5', cost: '0.30' },
    ]);
  });
});
