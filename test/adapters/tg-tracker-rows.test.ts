// TG Tracker's answers one by one: every setting at work, what cannot be read set aside, refusals in its own words.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Http } from '../../src/adapters/http.ts';
import { pullCatalog } from '../../src/adapters/pull-catalog.ts';
import { pullLogPage } from '../../src/adapters/pull-log.ts';
import { openSession } from '../../src/adapters/session.ts';
import { settingsOf } from '../../src/adapters/settings.ts';
import { testConnection } from '../../src/adapters/test-connection.ts';
import { tgTracker } from '../../src/adapters/tg-tracker.ts';
import { statusMeaning } from '../../src/core/statuses.ts';
import { serve, type TestServer, testHttp } from './wire.ts';

const KEY = 'canary-key-0123456789';
const WINDOW = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };

let tracker: TestServer;
let http: Http;
let answer = '';
let status = 200;
let asked: { url: URL; authorization: string | undefined }[] = [];
beforeAll(async () => {
  tracker = await serve((request, response) => {
    const { authorization } = request.headers;
    asked.push({ url: new URL(request.url ?? '', 'http://tracker'), authorization });
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
  });
  http = testHttp();
});
afterAll(async () => {
  await tracker.stop();
  await http.close();
});

const connection = (settings: object) => ({
  ...{ url: `${tracker.url}/panel`, credentials: { apiKey: KEY } },
  settings: settingsOf(tgTracker, settings),
});
const sessionWith = (settings: object) => openSession(tgTracker, connection(settings), { http, onCall: () => {} });

async function read<R extends 'clicks' | 'conversions'>(resource: R, body: unknown, settings: object = {}) {
  [asked, answer, status] = [[], typeof body === 'string' ? body : JSON.stringify(body), 200];
  return pullLogPage(sessionWith(settings), resource, WINDOW, null, null);
}

async function readList(resource: 'campaigns' | 'offers' | 'traffic_sources', items: object[], settings: object = {}) {
  [asked, answer, status] = [[], JSON.stringify({ data: items, meta: { total: items.length } }), 200];
  for await (const page of pullCatalog(sessionWith(settings), resource, [])) return page;
  throw new Error('no page');
}

const paramsOf = () => Object.fromEntries(asked[0]!.url.searchParams);
const click = (more: object = {}) => ({ id: 'c1', created_at: '2026-03-01T10:00:00Z', cost: 0.5, ...more });
const conversion = (more: object = {}) => ({
  ...{ id: 7, click_id: 'c1', status: 'approve', payout: '2.50', created_at: '2026-03-01T10:00:00Z' },
  ...more,
});

describe('asking', () => {
  test('is plain, with the key as a Bearer, where nothing is set', async () => {
    await read('clicks', { data: [], meta: { total: 0 } });
    expect(asked[0]).toMatchObject({ authorization: `Bearer ${KEY}`, url: { pathname: '/panel/api/v1/clicks' } });
    expect(paramsOf()).toEqual({
      ...{ from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', page: '1', per_page: '1000' },
    });
    await readList('campaigns', []);
    expect(paramsOf()).toEqual({ page: '1', per_page: '500' });
  });

  test.each<[object, Record<string, string>]>([
    [{ timeFormat: 'unix' }, { from: '1772323200', to: '1772409600' }],
    [
      { fromParam: 'date_from', toParam: 'filter[to]' },
      { date_from: '2026-03-01T00:00:00Z', 'filter[to]': '2026-03-02T00:00:00Z' },
    ],
    [{ paging: 'offset' }, { offset: '0', per_page: '1000' }],
    [
      { paging: 'offset', pageParam: 'skip', pageSizeParam: 'limit', pageSize: 200 },
      { skip: '0', limit: '200' },
    ],
    [{ pageParam: 'p' }, { p: '1' }],
  ])('with %j', async (settings, parameters) => {
    await read('clicks', [], settings);
    expect(paramsOf()).toMatchObject(parameters);
    expect(Object.keys(paramsOf())).toHaveLength(4);
  });

  test('paths are those of the settings, the test’s own call too', async () => {
    const paths = { campaigns: '/ext/streams?kind=all', conversions: 'leads/list' };
    await read('conversions', [], { paths });
    expect(asked[0]!.url.pathname).toBe('/panel/api/v1/leads/list');
    [asked, answer] = [[], '[]'];
    await testConnection(tgTracker, connection({ paths }), { http, onCall: () => {} });
    expect(asked[0]!.url.href).toBe('http://tracker/panel/ext/streams?kind=all&page=1&per_page=1');
  });

  test('a window ends with the whole second in which it ends', async () => {
    await pullLogPage(
      sessionWith({}),
      'clicks',
      { from: WINDOW.from, to: new Date(WINDOW.to.getTime() + 5) },
      null,
      null,
    );
    expect(asked.at(-1)!.url.searchParams.get('to')).toBe('2026-03-02T00:00:01Z');
  });
});

describe('answers', () => {
  test.each<[string, object, unknown]>([
    ['data and meta.total', {}, { data: [click()], meta: { total: '9' } }],
    ['items and total', {}, { items: [click()], total: 9 }],
    [
      'fields of other names',
      { itemsField: 'result.rows', totalField: 'result.n' },
      { result: { rows: [click()], n: 9 } },
    ],
  ])('with %s', async (_, settings, body) => {
    const page = await read('clicks', body, settings);
    expect([page.records.map(({ externalId }) => externalId), page.total]).toEqual([['c1'], 9]);
  });

  test('that are bare lists tell no total', async () => {
    expect(await read('clicks', [click()])).toMatchObject({ received: 1, total: null });
  });

  test.each<[string, object, unknown]>([
    ['of another shape', {}, { rows: [] }],
    ['without the field of the settings', { itemsField: 'list' }, { data: [] }],
    ['that are bare lists where a field is set', { itemsField: 'list' }, []],
    ['that are a number', {}, 7],
  ])('%s are not this tracker’s', async (_, settings, body) => {
    await expect(read('clicks', body, settings)).rejects.toMatchObject({ kind: 'not_the_tracker' });
  });

  test('with null for the items are empty', async () => {
    expect(await read('clicks', { data: null, meta: { total: 0 } })).toMatchObject({ received: 0, next: null });
  });
});

describe('refusals', () => {
  test.each<[number, unknown, string, string]>([
    [200, { status: 'error', error: 'key' }, 'auth', 'key'],
    [200, { status: 'ERROR', message: 'Invalid API token' }, 'auth', 'Invalid API token'],
    [200, { status: 'error', error: 'access' }, 'forbidden', 'access'],
    [200, { status: 'error', error: 'module' }, 'refused', 'module'],
    [200, { status: 'error' }, 'refused', 'error'],
    [200, { error: 'no such module', data: [] }, 'refused', 'no such module'],
    [200, { error: { code: 7, message: 'No such field' } }, 'refused', 'No such field'],
    [200, { success: false, message: 'switched off' }, 'refused', 'switched off'],
    [200, { ok: false, message: 'Too many requests' }, 'rate_limited', 'Too many requests'],
    [401, { error: 'who are you' }, 'auth', 'who are you'],
    [403, { message: 'not yours' }, 'forbidden', 'not yours'],
    [404, { message: 'no clicks here' }, 'not_the_tracker', 'no clicks here'],
  ])('%i with %j', async (told, body, kind, said) => {
    [asked, answer, status] = [[], JSON.stringify(body), told];
    const reading = pullLogPage(sessionWith({}), 'clicks', WINDOW, null, null);
    await expect(reading).rejects.toMatchObject({ kind, details: { status: told, said, hint: expect.any(String) } });
  });

  test.each([
    { status: 'ok', error: null },
    { status: 'ok', error: '' },
    { error: false },
    { ok: true, message: 'hi' },
  ])('%j is none', async (body) => {
    expect((await read('clicks', { ...body, data: [click()] })).received).toBe(1);
  });

  test('are on record in the tracker’s words, without the key', async () => {
    [answer, status] = [JSON.stringify({ status: 'error', error: `no module for ${KEY}` }), 200];
    const errors: (string | null)[] = [];
    const onCall = ({ error }: { error: string | null }) => void errors.push(error);
    const session = openSession(tgTracker, connection({}), { http, onCall });
    await expect(pullLogPage(session, 'clicks', WINDOW, null, null)).rejects.toThrow('refused');
    expect(errors).toEqual(['refused: no module for [redacted]']);
  });

  test.each([
    [401, 'auth'],
    [403, 'auth'],
    [402, 'plan'],
  ])('a connection test that is answered %i is one verdict: %s', async (told, kind) => {
    [asked, answer, status] = [[], JSON.stringify({ error: 'no' }), told];
    const result = await testConnection(tgTracker, connection({}), { http, onCall: () => {} });
    expect(result).toMatchObject({
      ok: false,
      error: { kind, status: told, message: `Connection test failed: ${told} (no)` },
    });
    expect(asked).toHaveLength(1);
  });
});

describe('clicks', () => {
  test('ids and money are kept digit for digit', async () => {
    const row =
      '{"id":9007199254740993,"time":1772359200,"cost":0.12345678901234567,"campaign_id":18446744073709551615}';
    const { records } = await read('clicks', `[${row}]`);
    expect(records[0]).toMatchObject({
      ...{ externalId: '9007199254740993', campaignExternalId: '18446744073709551615' },
      ...{ cost: '0.12345678901234567', clickedAt: new Date('2026-03-01T10:00:00Z') },
    });
  });

  test('fields have the names of the settings, also within others', async () => {
    const fields = {
      clicks: { id: 'uid', created_at: 'at', country: 'client.geo', sub1: 'utm.source', sub30: 'last', cost: 'spent' },
    };
    const row = {
      uid: 'u1',
      at: 1_772_359_200,
      client: { geo: 'DE' },
      utm: { source: 's' },
      last: 'z',
      spent: '1.10',
      id: 'x',
    };
    const { records, unreadable } = await read('clicks', [row], { fields });
    expect(unreadable).toEqual([]);
    expect(records[0]).toMatchObject({
      ...{ externalId: 'u1', country: 'DE', subIds: { 1: 's', 30: 'z' }, cost: '1.10' },
      clickedAt: new Date('2026-03-01T10:00:00Z'),
    });
  });

  test('the currency is the row’s own, else that of the settings', async () => {
    const rows = [click({ currency: 'eur' }), click(), click({ currency: '$' })];
    const { records } = await read('clicks', rows, { currency: 'RUB' });
    expect(records.map(({ currency }) => currency)).toEqual(['EUR', 'RUB', 'RUB']);
  });

  test('times without a zone are shown by the account’s clocks', async () => {
    const { records } = await read('clicks', [click({ created_at: '2026-03-01 10:00:00' })], {
      timezone: 'Europe/Moscow',
    });
    expect(records[0]!.clickedAt.toISOString()).toBe('2026-03-01T07:00:00.000Z');
  });

  test.each<[object | number, string]>([
    [click({ id: null }), 'id is missing'],
    [click({ created_at: '' }), 'created_at is missing'],
    [click({ created_at: 'soon' }), 'created_at is not a time'],
    [click({ cost: 'free' }), 'cost is not a number'],
    [5, 'not an object'],
  ])('%j is set aside: %s', async (row, reason) => {
    const { records, unreadable } = await read('clicks', [click(), row]);
    expect([records.length, unreadable.map((one) => one.reason)]).toEqual([1, [reason]]);
  });
});

describe('conversions', () => {
  test.each([
    ['wait', 'pending'],
    ['hold', 'hold'],
    ['approve', 'approved'],
    ['approved', 'approved'],
    ['cancel', 'rejected'],
    ['declined', 'rejected'],
    ['rejected', 'rejected'],
    ['trash', 'rejected'],
  ])('%s means %s', async (raw, meaning) => {
    expect((await read('conversions', [conversion({ status: raw })])).records[0]!.rawStatus).toBe(raw);
    expect(statusMeaning(tgTracker.statuses[raw]!)).toEqual({ status: meaning, reversed: false });
  });

  test('an unknown word is kept as it is', async () => {
    expect((await read('conversions', [conversion({ status: 'Подтверждён' })])).records[0]!.rawStatus).toBe(
      'Подтверждён',
    );
  });

  test.each<[object, string]>([
    [{}, '7'],
    [{ id: null, transaction_id: 't1' }, 'c1:t1'],
    [{ id: '', type: 'deposit' }, 'c1:deposit'],
    [{ id: null }, 'c1:'],
    [{ id: null, click_id: '', transaction_id: 't1' }, 'transaction:t1'],
  ])('%j has the key %s', async (more, key) => {
    const { records } = await read('conversions', [conversion(more)]);
    expect(records.map(({ externalId }) => externalId)).toEqual([key]);
  });

  test('without anything to know them by, or a status, are set aside', async () => {
    const rows = [conversion({ id: null, click_id: null }), conversion({ status: '' })];
    const { records, unreadable } = await read('conversions', rows);
    expect([records, unreadable.map(({ reason }) => reason)]).toEqual([[], ['id is missing', 'status is missing']]);
  });

  test.each<[object, object]>([
    [{}, { revenue: '2.50', payout: null, isReversal: false }],
    [
      { payout: null, revenue: 3 },
      { revenue: '3', payout: null, isReversal: false },
    ],
    [{ revenue: '4.1' }, { revenue: '4.1', payout: '2.50', isReversal: false }],
    [{ payout: '-2.50' }, { revenue: '-2.50', payout: null, isReversal: true }],
    [{ payout: '-0.00' }, { revenue: '-0.00', isReversal: false }],
    [{ payout: 0 }, { revenue: '0', payout: null, isReversal: false }],
  ])('of %j: %j', async (more, money) => {
    expect((await read('conversions', [conversion(more)])).records[0]).toMatchObject(money);
  });

  test('keep no secret', async () => {
    const row = conversion({ token: 'hush-hush-1', link: 'https://x.example/?api_key=hush-hush-2&a=1' });
    expect(JSON.stringify((await read('conversions', [row])).records[0]!.raw)).not.toContain('hush');
  });
});

describe('entries', () => {
  test('a name is a name or a title, or else the id', async () => {
    const { records } = await readList('campaigns', [{ id: 1, name: 'N' }, { id: 2, title: 'T' }, { id: 3 }]);
    expect(records.map(({ name }) => name)).toEqual(['N', 'T', '#3']);
  });

  test('offers have their money, network and countries', async () => {
    const offer = {
      id: 1,
      payout: '12.340',
      network_id: 9,
      country: 'DE, AT',
      url: 'https://o.example/?token=hush-hush',
    };
    const { records } = await readList('offers', [offer], { currency: 'EUR' });
    expect(records[0]).toMatchObject({
      ...{ payout: '12.340', currency: 'EUR', affiliateNetworkExternalId: '9', countries: ['DE', 'AT'] },
      offerUrl: expect.not.stringContaining('hush'),
    });
  });

  test('postback addresses lose their keys', async () => {
    const source = { id: 1, postback_url: 'https://s2s.example/postback?key=hush-hush&cid={sub1}' };
    const { records } = await readList('traffic_sources', [source]);
    expect(records[0]).toMatchObject({ postbackUrl: 'https://s2s.example/postback?key=[redacted]&cid={sub1}' });
    expect(JSON.stringify(records)).not.toContain('hush');
  });
});

describe('a setting that is wrong is told by its place', () => {
  test.each<[object, string]>([
    [{ paging: 'cursor' }, 'paging'],
    [{ pageParam: 'a b' }, 'pageParam'],
    [{ pageSizeParam: '' }, 'pageSizeParam'],
    [{ pageSize: 5 }, 'pageSize'],
    [{ pageSize: '200' }, 'pageSize'],
    [{ fromParam: 'x=1&y' }, 'fromParam'],
    [{ toParam: 7 }, 'toParam'],
    [{ timeFormat: 'rfc' }, 'timeFormat'],
    [{ itemsField: 'a..b' }, 'itemsField'],
    [{ totalField: '' }, 'totalField'],
    [{ paths: { clicks: 'https://elsewhere.example/' } }, 'paths.clicks'],
    [{ paths: { visits: '/x' } }, 'paths'],
    [{ fields: { visits: {} } }, 'fields'],
    [{ fields: { clicks: { id: 'a b' } } }, 'fields.clicks.id'],
    [{ fields: { clicks: { colour: 'x' } } }, 'fields.clicks'],
    [{ fields: { clicks: 'id' } }, 'fields.clicks'],
    [{ fromParam: 'page' }, 'fromParam'],
    [{ paging: 'offset', pageSizeParam: 'offset' }, 'pageSizeParam'],
    [{ colour: 'red' }, ''],
  ])('%j', (settings, path) => {
    const issues = tgTracker.settings.safeParse(settings).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join('.'))).toContain(path);
    for (const { message } of issues) expect(message.length).toBeGreaterThan(5);
  });

  test('two parameters of one name are told by both', () => {
    const { error } = tgTracker.settings.safeParse({ toParam: 'from' });
    expect(error?.issues[0]).toMatchObject({ path: ['toParam'], message: 'is from, and so is fromParam' });
  });
});
