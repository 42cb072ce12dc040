// BeMob's lists in the shapes that its clients read, and its rows one by one: prefixes and names, keys, money, refusals.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bemob } from '../../src/adapters/bemob.ts';
import type { Http } from '../../src/adapters/http.ts';
import { pullCatalog } from '../../src/adapters/pull-catalog.ts';
import { pullLogPage } from '../../src/adapters/pull-log.ts';
import { pullTotals } from '../../src/adapters/pull-totals.ts';
import { openSession, type Session } from '../../src/adapters/session.ts';
import type { CatalogResource, LogResource } from '../../src/core/resources.ts';
import { statusMeaning } from '../../src/core/statuses.ts';
import { serve, type TestServer, testHttp } from './wire.ts';

const WINDOW = { from: new Date('2026-09-18T00:00:00Z'), to: new Date('2026-09-19T00:00:00Z') };
const shape = (name: string): string => readFileSync(new URL(`../data/bemob/${name}.json`, import.meta.url), 'utf8');

let server: TestServer;
let http: Http;
let session: Session;
let answer: { status: number; body: string };
const asked: { url: URL; headers: Record<string, unknown> }[] = [];

beforeAll(async () => {
  server = await serve((request, response) => {
    asked.push({ url: new URL(request.url ?? '', 'http://tracker'), headers: request.headers });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  http = testHttp();
});
afterAll(async () => {
  await server.stop();
  await http.close();
});
beforeEach(() => {
  asked.length = 0;
  const credentials = { accessKey: 'canary-key-0123456789', secretKey: 'canary-key-9876543210' };
  const settings = { currency: 'EUR', timezone: 'America/New_York' };
  session = openSession(bemob, { url: server.url, credentials, settings }, { http, onCall: () => {} });
});

const says = (body: string, status = 200) => {
  answer = { status, body };
};
const list = async (resource: CatalogResource) => {
  for await (const page of pullCatalog(session, resource, [])) return page.records;
  throw new Error(`no page of ${resource}`);
};
const read = <R extends LogResource>(resource: R, rows: (object | string)[]) => {
  const texts = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  says(`{"success":true,"payload":{"data":[${texts.join(',')}]}}`);
  return pullLogPage(session, resource, WINDOW, null, null);
};

const visit = (more: object = {}) => ({ clickId: 'v1', visitTimestamp: '2026-09-18 10:00:00', ...more });
const conversion = (more: object = {}) => ({
  ...{
    clickId: 'v1',
    conversionTimestamp: '2026-09-18 10:00:00',
    transactionId: 't1',
    status: 'Approved',
    revenue: 2.5,
  },
  ...more,
});

describe('lists in the shapes that clients read', () => {
  test('both keys go in headers of their own', async () => {
    says(shape('campaigns-list'));
    await list('campaigns');
    expect(asked[0]!.headers).toMatchObject({
      ...{ 'x-access-key': 'canary-key-0123456789', 'x-secret-key': 'canary-key-9876543210' },
    });
    expect(asked[0]!.url.pathname + asked[0]!.url.search).toBe('/v1/campaigns?limit=500');
  });

  test.each<[CatalogResource, string, object]>([
    [
      'campaigns',
      'campaigns-list',
      {
        externalId: 'c-0001',
        name: 'Example campaign',
        state: 'active',
        trafficSourceExternalId: 'ts-0001',
        costValue: '0.05',
      },
    ],
    [
      'offers',
      'offers-list',
      { externalId: 'o-0001', affiliateNetworkExternalId: 'n-0001', payout: '0', payoutType: 'auto', currency: 'USD' },
    ],
    ['flows', 'flows-list', { externalId: 'f-0001', offers: [{ offerId: 'o-0001' }], landingPages: [], filters: [] }],
    [
      'traffic_sources',
      'traffic-sources-list',
      { externalId: 'ts-0001', postbackUrl: 'https://example.test/pb?c={externalId}&p={payout}', parameters: {} },
    ],
    [
      'affiliate_networks',
      'affiliate-networks-list',
      { externalId: 'n-0001', name: 'Example network', state: 'active' },
    ],
  ])('%s', async (resource, name, record) => {
    says(shape(name));
    expect(await list(resource)).toMatchObject([record]);
  });

  test.each([
    '{"success":true,"payload":[]}',
    '{"success":true,"payload":null}',
    '{"success":true,"payload":{"data":null}}',
  ])('%s is an empty list', async (body) => {
    says(body);
    expect(await list('campaigns')).toEqual([]);
  });
});

describe('refusals', () => {
  test('in an envelope of 200 are told in their own words', async () => {
    says(shape('envelope-error'));
    await expect(list('campaigns')).rejects.toMatchObject({
      kind: 'refused',
      details: { said: 'text of the refusal' },
    });
  });

  test.each([
    ['Invalid access key', 'auth'],
    ['Unauthorized', 'auth'],
    ['Access denied', 'forbidden'],
    ['Too many requests', 'rate_limited'],
    ['Your events limit is exceeded', 'plan'],
    ['Quota is used up', 'plan'],
    ['Unknown column key reports-foo', 'refused'],
    ['Something else', 'refused'],
  ])('"%s" is %s', async (message, kind) => {
    says(JSON.stringify({ success: false, message }));
    await expect(list('campaigns')).rejects.toMatchObject({ kind });
  });

  test('success that is no true is none, with words or without', async () => {
    says('{"success":"no"}');
    await expect(list('campaigns')).rejects.toMatchObject({ kind: 'refused' });
  });

  test.each(['[]', '{"payload":[]}', '{"success":true}', '{"success":true,"payload":{"id":"c-0001"}}'])(
    '%s is not what BeMob answers',
    async (body) => {
      says(body);
      await expect(list('campaigns')).rejects.toMatchObject({ kind: 'not_the_tracker' });
    },
  );

  test('a status that is one is told with its message', async () => {
    says('{"success":false,"message":"Cannot GET /v1/landers"}', 404);
    await expect(list('landing_pages')).rejects.toMatchObject({
      details: { status: 404, said: 'Cannot GET /v1/landers' },
    });
  });

  test('columns that a log refuses are left out the next time', async () => {
    says('{"success":false,"message":"columns: unknown"}');
    await expect(pullLogPage(session, 'clicks', WINDOW, null, null)).rejects.toMatchObject({ kind: 'refused' });
    expect(asked.map(({ url }) => url.searchParams.getAll('columns').length > 0)).toEqual([true, false]);
  });
});

describe('rows', () => {
  test('with a prefix or without, by either name, are the same', async () => {
    const plain = {
      ...visit(),
      campaignId: 'c-0001',
      landerId: 'l-0001',
      country: 'DE',
      cost: '0.50',
      custom1: 'a',
      custom10: 'j',
    };
    const { country, ...other } = plain;
    const prefixed = Object.fromEntries(
      Object.entries({ ...other, countryCode: country }).map(([name, value]) => [`reports-${name}`, value]),
    );
    const { records } = await read('clicks', [plain, prefixed]);
    expect(records[0]).toMatchObject({
      ...{
        externalId: 'v1',
        campaignExternalId: 'c-0001',
        landingPageExternalId: 'l-0001',
        country: 'DE',
        cost: '0.50',
      },
      subIds: { 1: 'a', 10: 'j' },
      currency: 'EUR',
    });
    expect(records[1]).toEqual(records[0]);
  });

  test('of conversions too', async () => {
    const { records } = await read('conversions', [
      conversion({ conversionType: 'Upsell' }),
      {
        'reports-clickId': 'v1',
        postbackTimestamp: 1789725600,
        txid: 't1',
        event: 'Upsell',
        payout: '2.5',
        status: 'Approved',
      },
    ]);
    const told = ({ raw: _, ...record }: object & { raw: object }) => record;
    expect(told(records[1]!)).toEqual(told(records[0]!));
    expect(records[0]).toMatchObject({ externalId: 'v1|Upsell|t1', revenue: '2.5' });
  });

  test('one click may have several conversions, by event and transaction', async () => {
    const more = [{}, { transactionId: 't2' }, { conversionType: 'Upsell' }, { transactionId: null }];
    const { records } = await read(
      'conversions',
      more.map((one) => conversion(one)),
    );
    expect(records.slice(0, 3).map(({ externalId }) => externalId)).toEqual(['v1||t1', 'v1||t2', 'v1|Upsell|t1']);
  });

  test('without event and transaction each postback of a click is one, by its time', async () => {
    const at = (conversionTimestamp: string, status = 'Approved') =>
      conversion({ transactionId: null, conversionTimestamp, status });
    const { records } = await read('conversions', [
      at('2026-09-18 10:00:00'),
      at('2026-09-18 11:00:00'),
      at('2026-09-18 11:00:00', 'Declined'),
    ]);
    const [first, second, changed] = records.map(({ externalId }) => externalId);
    expect([first, second]).toEqual(['v1|||2026-09-18T10:00:00.000Z', 'v1|||2026-09-18T11:00:00.000Z']);
    expect(changed).toBe(second);
  });

  test('ids and amounts keep every digit, a currency of its own counts', async () => {
    const row = `{"clickId":12345678901234567890,"conversionTimestamp":"2026-09-18 10:00:00","txid":9007199254740993,
      "payout":123456789.000000001,"currency":"PLN","custom2":1234567890123456789}`;
    const { records } = await read('conversions', [row]);
    expect(records[0]).toMatchObject({
      ...{ externalId: '12345678901234567890||9007199254740993', revenue: '123456789.000000001', currency: 'PLN' },
      ...{ subIds: { 2: '1234567890123456789' }, rawStatus: '' },
    });
  });

  test.each<[string, string, boolean]>([
    ['new', 'pending', false],
    ['approved', 'approved', false],
    ['confirm', 'approved', false],
    ['confirmed', 'approved', false],
    ['declined', 'rejected', false],
    ['decline', 'rejected', false],
    ['chargeback', 'rejected', true],
    ['charge', 'rejected', true],
    ['', 'approved', false],
  ])('the status "%s" means %s, reversed: %s', (raw, status, reversed) => {
    expect(statusMeaning(bemob.statuses[raw]!)).toEqual({ status, reversed });
  });

  test('negative money is a reversal, too', async () => {
    const { records } = await read('conversions', [conversion({ revenue: '-2.50' }), conversion({ revenue: '-0.00' })]);
    expect(records.map(({ isReversal }) => isReversal)).toEqual([true, false]);
  });

  test.each([
    ['an id', { clickId: '' }, 'clickId is missing'],
    ['a time', { conversionTimestamp: null }, 'conversionTimestamp is missing'],
    ['a time that is one', { conversionTimestamp: 'soon' }, 'conversionTimestamp is not a time'],
    ['money', { revenue: 'much' }, 'revenue is not a number'],
  ])('a conversion without %s is set aside', async (_, change, reason) => {
    const { records, unreadable } = await read('conversions', [conversion(change), conversion({ clickId: 'v2' })]);
    expect([records.length, unreadable.map((row) => row.reason)]).toEqual([1, [reason]]);
  });

  test('its end may be in a time, and is left out', async () => {
    const times = ['2026-09-18 00:00:00', '2026-09-18 23:59:59', '2026-09-19 00:00:00', '2026-09-19T00:00:00.999Z'];
    const { records } = await read(
      'clicks',
      times.map((visitTimestamp, i) => visit({ clickId: `v${i}`, visitTimestamp })),
    );
    expect(records.map(({ externalId }) => externalId)).toEqual(['v0', 'v1']);
  });

  test.each(['2026-09-17 23:59:59', '2026-09-19 00:00:01', '2026-09-19 04:00:00'])(
    'one of %s, from outside of the time that was asked for, is a contradiction: in another zone, all would be cut off',
    async (visitTimestamp) => {
      await expect(read('clicks', [visit({ visitTimestamp })])).rejects.toMatchObject({
        ...{ kind: 'bad_answer', message: 'rows from outside of the time that was asked for' },
      });
    },
  );
});

describe('the report', () => {
  test('is asked for by campaign, with its columns by name; what is nothing is not in its rows', async () => {
    says(
      '{"success":true,"payload":{"data":[{"reports-campaignId":"c-0001","reports-visits":"250","reports-cost":9.1}]}}',
    );
    const { totals } = await pullTotals(session, WINDOW, null);
    expect(totals).toEqual([
      { day: '2026-09-18', campaignExternalId: 'c-0001', clicks: 250, conversions: 0, revenue: '0', cost: '9.1' },
    ]);
    const { searchParams } = asked[0]!.url;
    expect(Object.fromEntries(searchParams)).toMatchObject({
      ...{ date: 'customDateTime', from: '2026-09-18 00:00:00', to: '2026-09-18 23:59:59', timezone: 'UTC' },
      ...{ status: 'all', limit: '10000', groupBy: 'campaign' },
    });
    expect(searchParams.getAll('columns')).toContain('reports-visits');
  });

  test('rows that name no campaign are set aside: they would count for none', async () => {
    says(shape('report'));
    const { totals, unreadable } = await pullTotals(session, WINDOW, null);
    expect([totals, unreadable.map(({ reason }) => reason)]).toEqual([[], ['campaignId is missing']]);
  });
});
