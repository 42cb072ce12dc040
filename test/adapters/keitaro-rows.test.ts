// Keitaro's rows one by one: what cannot be read is set aside with its reason, and all else is kept as it was told.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Http } from '../../src/adapters/http.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { pullCatalog } from '../../src/adapters/pull-catalog.ts';
import { pullLogPage } from '../../src/adapters/pull-log.ts';
import { openSession, type Session } from '../../src/adapters/session.ts';
import { statusMeaning } from '../../src/core/statuses.ts';
import { bodyOf, serve, type TestServer, testHttp } from './wire.ts';

const KEY = 'canary-key-0123456789';
const WINDOW = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };

let panel: TestServer;
let http: Http;
let session: Session;
/** What the panel answers next, and what it was asked. */
let answer = '';
let asked: { path: string; body: { range: object; columns: string[]; sort: object[] } }[] = [];
beforeAll(async () => {
  panel = await serve(async (request, response) => {
    const body = await bodyOf(request);
    asked.push({ path: request.url ?? '', body: body === '' ? null : JSON.parse(body) });
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
  http = testHttp();
  const settings = { currency: 'EUR', timezone: 'UTC' };
  session = openSession(
    keitaro,
    { url: panel.url, credentials: { apiKey: KEY }, settings },
    { http, onCall: () => {} },
  );
});
afterAll(async () => {
  await panel.stop();
  await http.close();
});

const read = async <R extends 'clicks' | 'conversions'>(resource: R, rows: string[], window = WINDOW) => {
  asked = [];
  answer = `{"rows":[${rows.join(',')}],"total":${rows.length}}`;
  return pullLogPage(session, resource, window, null, null);
};

const readOffers = async () => {
  for await (const page of pullCatalog(session, 'offers', [])) return page;
  throw new Error('no page of offers');
};

const click = (more: object = {}): string =>
  JSON.stringify({ sub_id: 'c1', datetime: '2026-03-01 10:00:00', cost: 0.5, revenue: 0, ...more });
const conversion = (more: object = {}): string =>
  JSON.stringify({
    ...{ conversion_id: 7, sub_id: 'c1', tid: 't1', postback_datetime: '2026-03-01 10:00:00', status: 'sale' },
    ...{ previous_status: '', revenue: 2.5 },
    ...more,
  });

describe('rows that cannot be read are set aside, and the others kept', () => {
  test.each<[string, string, string]>([
    ['no id', click({ sub_id: '' }), 'sub_id is missing'],
    ['no time', click({ datetime: null }), 'datetime is missing'],
    ['a time of zeros', click({ datetime: '0000-00-00 00:00:00' }), 'datetime is not a time'],
    ['a day that never was', click({ datetime: '2026-02-30 10:00:00' }), 'datetime is not a time'],
    ['an hour that never was', click({ datetime: '2026-03-01 24:00:00' }), 'datetime is not a time'],
    ['a time in words', click({ datetime: 'yesterday' }), 'datetime is not a time'],
    ['money in words', click({ cost: 'free' }), 'cost is not a number'],
    ['money with a comma', click({ cost: '1,5' }), 'cost is not a number'],
    ['money that is a list', click({ revenue: [1] }), 'revenue is not a number'],
    ['money that overflows', '{"sub_id":"c1","datetime":"2026-03-01 10:00:00","cost":1e400}', 'cost is not a number'],
    ['money beyond all bounds', click({ cost: '1000000000001' }), 'cost is out of bounds'],
    ['a number', '17', 'not an object'],
    ['nothing', 'null', 'not an object'],
    ['a list', '[{"sub_id":"x"}]', 'not an object'],
  ])('%s', async (_, row, reason) => {
    const { records, unreadable, received } = await read('clicks', [
      click({ sub_id: 'a' }),
      row,
      click({ sub_id: 'b' }),
    ]);
    expect(records.map(({ externalId }) => externalId)).toEqual(['a', 'b']);
    expect(unreadable).toEqual([{ reason, raw: expect.any(String) }]);
    expect(received).toBe(3);
  });

  test('a conversion without a status', async () => {
    const { records, unreadable } = await read('conversions', [conversion({ status: '' }), conversion()]);
    expect([records.length, unreadable[0]?.reason]).toEqual([1, 'status is missing']);
  });

  test('a catalog entry without an id', async () => {
    answer = '[{"id":1,"name":"One"},{"id":"","name":"None"},{"id":0,"name":"Zero"},"text"]';
    const page = await readOffers();
    expect(page.records.map(({ externalId }) => externalId)).toEqual(['1']);
    expect(page.unreadable.map(({ reason }) => reason)).toEqual(['id is missing', 'id is missing', 'not an object']);
  });

  test('what is kept of them holds no secret', async () => {
    const row = click({ cost: 'x', token: 'tok-123456', referrer: `https://a/?k=${KEY}` });
    const { unreadable } = await read('clicks', [row]);
    expect(unreadable[0]!.raw).toContain('https://a/?k=[redacted]');
    expect(unreadable[0]!.raw).not.toMatch(/tok-123456|canary/);
  });

  test('their times have no say in the order', async () => {
    const { lastAt } = await read('clicks', [
      click(),
      click({ datetime: 'soon' }),
      click({ datetime: '2026-03-01 11:00:00' }),
    ]);
    expect(lastAt).toEqual(new Date('2026-03-01T11:00:00Z'));
  });
});

describe('values as they are told', () => {
  test('ids and amounts beyond what a float holds keep every digit', async () => {
    const row = `{"sub_id":9007199254740993,"datetime":"2026-03-01 10:00:00","campaign_id":18446744073709551615,
      "cost":0.12345678901234567,"revenue":123456789.000000001,"sub_id_3":1234567890123456789}`;
    const [record] = (await read('clicks', [row])).records;
    expect(record).toMatchObject({
      ...{ externalId: '9007199254740993', campaignExternalId: '18446744073709551615' },
      ...{ cost: '0.12345678901234567', revenue: '123456789.000000001', subIds: { 3: '1234567890123456789' } },
    });
  });

  test('empty text and zero ids mean none; the account’s currency stands in', async () => {
    const [record] = (
      await read('clicks', [click({ offer_id: 0, landing_id: '', ts_id: '0', city: '', cost: '', sub_id_1: '' })])
    ).records;
    expect(record).toMatchObject({
      ...{ offerExternalId: null, landingPageExternalId: null, trafficSourceExternalId: null, city: null, cost: null },
      ...{ subIds: {}, currency: 'EUR', isBot: null },
    });
  });

  test.each([
    [true, true],
    [1, true],
    ['1', true],
    [false, false],
    [0, false],
    ['0', false],
    ['', null],
    ['yes', null],
  ])('a flag of %j is %j', async (told, isBot) => {
    expect((await read('clicks', [click({ is_bot: told })])).records[0]!.isBot).toBe(isBot);
  });

  test('sub-ids are kept by number, macros that were never filled too', async () => {
    const [record] = (
      await read('clicks', [click({ sub_id_1: '{{ad.id}}', sub_id_2: '', sub_id_30: 'last', sub_id_31: 'no' })])
    ).records;
    expect(record!.subIds).toEqual({ 1: '{{ad.id}}', 30: 'last' });
  });

  test.each<[unknown, string | null]>([
    ['2026-03-29 02:30:00', '2026-03-29T02:30:00.000Z'],
    [{ date: '2026-03-29 02:30:00.000000', timezone_type: 3, timezone: 'UTC' }, '2026-03-29T02:30:00.000Z'],
    [{ date: '2026-07-01 12:00:00.000000', timezone_type: 3, timezone: 'Europe/Madrid' }, '2026-07-01T10:00:00.000Z'],
    [{ date: '2026-01-01 12:00:00.000000', timezone_type: 3, timezone: 'Europe/Madrid' }, '2026-01-01T11:00:00.000Z'],
    [{ date: '2026-07-01 12:00:00', timezone_type: 1, timezone: '+05:30' }, '2026-07-01T06:30:00.000Z'],
    [{ date: '2026-03-29 02:30:00', timezone: 'Europe/Berlin' }, '2026-03-29T01:30:00.000Z'],
    [{ date: '2026-10-25 02:30:00', timezone: 'Europe/Berlin' }, '2026-10-25T00:30:00.000Z'],
    [{ date: '2026-07-01 12:00:00', timezone: 'Nowhere/Land' }, '2026-07-01T12:00:00.000Z'],
    ['0000-00-00 00:00:00', null],
    ['', null],
    [null, null],
  ])('an entry’s time %j is %s', async (told, at) => {
    answer = JSON.stringify([{ id: 1, name: 'x', created_at: told }]);
    const page = await readOffers();
    expect(page.records[0]!.createdAt?.toISOString() ?? null).toBe(at);
  });
});

describe('conversions', () => {
  test.each([
    ['lead', 'pending'],
    ['registration', 'pending'],
    ['sale', 'approved'],
    ['rebill', 'approved'],
    ['deposit', 'approved'],
    ['rejected', 'rejected'],
    ['trash', 'rejected'],
  ])('the documented status %s means %s', async (raw, status) => {
    expect((await read('conversions', [conversion({ status: raw })])).records[0]!.rawStatus).toBe(raw);
    expect(statusMeaning(keitaro.statuses[raw as keyof typeof keitaro.statuses])).toEqual({ status, reversed: false });
  });

  test.each(['Hold review', 'подтверждён', 'SALE '])('an unknown word is kept as it is: %s', async (raw) => {
    expect((await read('conversions', [conversion({ status: raw })])).records[0]!.rawStatus).toBe(raw);
    expect(Object.keys(keitaro.statuses)).not.toContain(raw);
  });

  test.each<[object, boolean]>([
    [{ status: 'rejected', previous_status: 'sale' }, true],
    [{ status: 'trash', previous_status: 'Deposit' }, true],
    [{ status: 'rejected', previous_status: 'rebill' }, true],
    [{ status: 'rejected', previous_status: 'lead' }, false],
    [{ status: 'sale', previous_status: 'rejected' }, false],
    [{ revenue: '-1.5' }, true],
    [{ revenue: '-0.00' }, false],
    [{ revenue: '1.5' }, false],
  ])('%j: a reversal? %s', async (told, isReversal) => {
    expect((await read('conversions', [conversion(told)])).records[0]!.isReversal).toBe(isReversal);
  });

  test('several of one click are told apart by their transaction; without a click by their event', async () => {
    const rows = [
      conversion(),
      conversion({ tid: 't2' }),
      conversion({ tid: '' }),
      conversion({ sub_id: '', event_id: 'e9' }),
    ];
    const { records } = await read('conversions', rows);
    expect(records.map(({ externalId }) => externalId)).toEqual(['c1:t1', 'c1:t2', 'c1:', 'event:7']);
    expect(records[3]!.clickExternalId).toBeNull();
  });
});

describe('a window', () => {
  test.each([
    ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', '2026-03-01 00:00:00', '2026-03-01 23:59:59'],
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:01Z', '2026-03-01 10:00:00', '2026-03-01 10:00:00'],
    ['2026-03-29T01:59:59Z', '2026-03-29T03:00:00.500Z', '2026-03-29 01:59:59', '2026-03-29 03:00:00'],
  ])('[%s, %s) is asked in UTC, its last second included', async (from, to, first, last) => {
    await read('clicks', [], { from: new Date(from), to: new Date(to) });
    expect(asked[0]!.path).toBe('/admin_api/v1/clicks/log');
    expect(asked[0]!.body.range).toEqual({ from: first, to: last, timezone: 'UTC' });
    expect(asked[0]!.body).toMatchObject({ limit: 5_000, offset: 0, filters: [] });
    expect(asked[0]!.body.sort).toEqual([
      { name: 'datetime', order: 'ASC' },
      { name: 'sub_id', order: 'ASC' },
    ]);
  });
});
