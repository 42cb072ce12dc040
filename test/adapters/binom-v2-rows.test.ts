// Binom's recorded answers, and its rows one by one: kept as they were told, named by id where it can be known, set aside with a reason.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { binomV2 } from '../../src/adapters/binom-v2.ts';
import type { Http } from '../../src/adapters/http.ts';
import { pullCatalog, pullCatalogList } from '../../src/adapters/pull-catalog.ts';
import { pullLogPage } from '../../src/adapters/pull-log.ts';
import { pullTotals } from '../../src/adapters/pull-totals.ts';
import { openSession, type Session } from '../../src/adapters/session.ts';
import type { CatalogRecords, CatalogResource, Json, LogResource } from '../../src/core/resources.ts';
import { statusMeaning } from '../../src/core/statuses.ts';
import { json, serve, type TestServer, testHttp } from './wire.ts';

const BASE = '/public/api/v1';
const WINDOW = { from: new Date('2026-09-18T00:00:00Z'), to: new Date('2026-09-19T00:00:00Z') };
const RECORDED: Record<string, { status: number; body: Json }> = JSON.parse(
  readFileSync(new URL('../data/binom-v2/recorded.json', import.meta.url), 'utf8'),
);

let server: TestServer;
let http: Http;
let session: Session;
/** By path below the API: a body, or its text. */
let answers: Record<string, { status?: number; body: Json }>;
const asked: URL[] = [];

beforeAll(async () => {
  server = await serve((request, response) => {
    const url = new URL(request.url ?? '', 'http://tracker');
    asked.push(url);
    const answer = answers[url.pathname.slice(BASE.length)];
    if (answer === undefined) return json(response, { errors: { detail: 'No route found', status: 404 } }, 404);
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(text);
  });
  http = testHttp();
});
afterAll(async () => {
  await server.stop();
  await http.close();
});
beforeEach(() => {
  answers = { '/conversions/filters': { body: {} } };
  asked.length = 0;
  const settings = { currency: 'EUR', timezone: 'America/New_York' };
  const connection = { url: server.url, credentials: { apiKey: 'canary-key-0123456789' }, settings };
  session = openSession(binomV2, connection, { http, onCall: () => {} });
});

async function list<R extends CatalogResource>(resource: R): Promise<CatalogRecords[R][]> {
  const records: CatalogRecords[R][] = [];
  for await (const page of pullCatalog(session, resource, [])) {
    expect(page.unreadable).toEqual([]);
    records.push(...page.records);
  }
  return records;
}

/** Both as the log and as the first page of it. */
const read = <R extends LogResource>(resource: R, rows: (object | string)[]) => {
  const texts = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  answers[resource === 'clicks' ? '/clicklog' : '/conversions'] = { body: `{"rows":[${texts.join(',')}]}` };
  return pullLogPage(session, resource, WINDOW, null, null);
};

const click = (more: object = {}) => ({ id: 'c1', click_time: '2026-09-18 10:00:00', campaign_id: 49, ...more });
const conversion = (more: object = {}) => ({
  ...{ id: 'c1', campaign: 'Nutra DE', traffic_source: 'Push', offer: 'Slim Fast', payout: '2.5', status: 'sale' },
  ...{ clicked_at: '2026-09-18 09:00:00', conversed_at: '2026-09-18 10:00:00', geo: 'Belgium' },
  ...more,
});

describe('recorded answers', () => {
  const use = (...paths: string[]) => {
    for (const path of paths) answers[path] = RECORDED[path]!;
  };

  test('offers with their payout and its currency', async () => {
    use('/offer/alternative/all');
    expect(await list('offers')).toMatchObject([
      {
        ...{ externalId: '1', name: 'Offer 1', state: null, payout: '0', payoutType: 'auto', currency: 'USD' },
        offerUrl: 'https://tracker.example/click?key=[redacted]&clickid={clickid}',
        countries: [],
        affiliateNetworkExternalId: null,
      },
      { externalId: '3', name: 'Offer 5' },
    ]);
  });

  test('light lists', async () => {
    use('/landing/list/filtered', '/traffic_source/list/filtered');
    expect(await list('landing_pages')).toMatchObject([
      { externalId: '1', name: 'Landing 1', landingUrl: 'landers/summer/index.html' },
      { externalId: '2', name: 'Landing 2' },
    ]);
    expect(await list('traffic_sources')).toMatchObject([
      { externalId: '24', name: 'Traffic source 5', postbackUrl: null },
      { externalId: '21', name: 'Traffic source 6' },
    ]);
  });

  test.each([
    ['campaigns', '/info/campaign'],
    ['landing_pages', '/info/landing'],
    ['offers', '/info/offer'],
    ['traffic_sources', '/info/traffic_source'],
    ['affiliate_networks', '/info/affiliate_network'],
  ] as const)(
    '%s: of the panel’s table what is deleted, without the totals and without figures that pass',
    async (resource, path) => {
      const { body } = RECORDED[path]!;
      const [first, second, totals] = body as [object, object, object];
      answers[path] = { body: [first, { ...second, is_deleted: true }, { ...totals, total_count: 2 }] as Json };
      const records = [];
      for await (const page of pullCatalogList(session, resource, { listing: 1, parentId: null }))
        records.push(...page.records);
      expect(records).toMatchObject([{ externalId: '2', state: 'deleted' }]);
      expect(Object.keys(records[0]!.raw)).not.toContain('clicks');
      expect(JSON.stringify(records)).not.toContain('k3yOfTheLink');
      expect(asked).toHaveLength(1);
      expect(Object.fromEntries(asked[0]!.searchParams)).toEqual({
        ...{ datePreset: 'today', timezone: 'UTC', status: 'all', limit: '500', offset: '0' },
      });
    },
  );

  test('a table that is nothing but its totals', async () => {
    use('/info/rotation');
    answers['/info/campaign'] = RECORDED['/info/rotation']!;
    const records = [];
    for await (const page of pullCatalogList(session, 'campaigns', { listing: 1, parentId: null }))
      records.push(...page.records);
    expect(records).toEqual([]);
  });

  test('a refusal is told in its own words', async () => {
    use('/campaign/list/filtered');
    await expect(list('campaigns')).rejects.toMatchObject({
      kind: 'refused',
      details: { status: 400, said: 'Name: Expected a value to contain between 1 and 1000 characters. Got: ""' },
    });
  });

  test('names of conversions become ids by the filters; one that two have, or nobody, stays open', async () => {
    use('/conversions/filters');
    (answers['/conversions/filters']!.body as { campaigns: object[] }).campaigns.push(
      { id: 170, name: 'Twins (id:170)' },
      { id: 171, name: 'Twins (id:171)' },
    );
    const { records } = await read('conversions', [
      conversion(),
      conversion({ campaign: 'Dating PL (id:169)', offer: 'Renamed since (id:8)' }),
      conversion({ campaign: 'Twins', offer: null }),
      conversion({ campaign: 'nobody’s', offer: '' }),
    ]);
    expect(records.map((row) => [row.campaignExternalId, row.offerExternalId, row.trafficSourceExternalId])).toEqual([
      ['49', '8', null],
      ['169', '8', null],
      [null, null, null],
      [null, null, null],
    ]);
  });
});

describe('a campaign’s flow', () => {
  const own = async (body: Json) => {
    answers['/campaign/49'] = { body };
    const records = [];
    for await (const page of pullCatalogList(session, 'flows', { listing: 1, parentId: '49' }))
      records.push(...page.records);
    return records;
  };
  const detail = (more: object = {}): Json => ({
    ...{ name: 'Nutra DE', key: 's3cr3tK3y', trafficSourceId: 24, rotationId: null },
    customRotation: {
      defaultPaths: [
        { name: 'A', landings: [{ landingId: 1, weight: 100 }], offers: [{ offerId: 8, weight: 60 }] },
        { name: 'B', offers: [{ offerId: 9, weight: 40 }] },
      ],
      rules: [{ name: 'DE' }],
    },
    ...more,
  });

  test('is the one that it carries within', async () => {
    const [flow, ...more] = await own(detail());
    expect(more).toEqual([]);
    expect(flow).toMatchObject({
      ...{ externalId: 'campaign-49', campaignExternalId: '49', name: 'Nutra DE', type: 'custom' },
      landingPages: [{ landingId: 1, weight: 100 }],
      offers: [
        { offerId: 8, weight: 60 },
        { offerId: 9, weight: 40 },
      ],
      filters: [{ name: 'DE' }],
    });
    expect(JSON.stringify(flow)).not.toContain('s3cr3tK3y');
  });

  test.each<[string, object]>([
    ['it leads through a shared one', { rotationId: 7 }],
    ['it has none', { customRotation: null }],
  ])('is none where %s', async (_, more) => {
    expect(await own(detail(more))).toEqual([]);
  });

  test('is none, and no trouble, where the campaign went meanwhile', async () => {
    const pages = [];
    for await (const page of pullCatalogList(session, 'flows', { listing: 1, parentId: '50' })) pages.push(page);
    expect(pages).toEqual([]);
  });
});

describe('values as they are told', () => {
  test('ids and amounts keep every digit', async () => {
    const { records } = await read('conversions', [
      `{"id":"01K5ABCDEF","conversed_at":"2026-09-18 10:00:00","payout":123456789.000000001,"status":" Sale "}`,
    ]);
    expect(records[0]).toMatchObject({
      ...{ externalId: '01K5ABCDEF', clickExternalId: '01K5ABCDEF', transactionId: null, rawStatus: 'Sale' },
      ...{ revenue: '123456789.000000001', currency: 'EUR', clickedAt: null },
    });
    const clicks = await read('clicks', [
      `{"id":12345678901234567890,"click_time":"2026-09-18 10:00:00","cost":0.00123456789012345678,"token_30":9007199254740993,"payout":"1.50"}`,
    ]);
    expect(clicks.records[0]).toMatchObject({
      ...{ externalId: '12345678901234567890', cost: '0.00123456789012345678', revenue: '1.50' },
      subIds: { 30: '9007199254740993' },
    });
  });

  test.each([
    ['a shared rotation', { rotation_id: 7 }, '7'],
    ['none but its campaign’s own', { rotation_id: 0 }, 'campaign-49'],
    ['nothing told', {}, null],
    ['no campaign either', { rotation_id: '', campaign_id: 0 }, null],
  ])('a click’s flow: %s', async (_, more, flow) => {
    expect((await read('clicks', [click(more)])).records[0]!.flowExternalId).toBe(flow);
  });

  test.each<[string, string, boolean]>([
    ['approved', 'approved', false],
    ['confirmed', 'approved', false],
    ['sale', 'approved', false],
    ['lead', 'pending', false],
    ['pending', 'pending', false],
    ['hold', 'hold', false],
    ['rejected', 'rejected', false],
    ['declined', 'rejected', false],
    ['trash', 'rejected', false],
    ['chargeback', 'rejected', true],
    ['refund', 'rejected', true],
    ['', 'approved', false],
  ])('the status "%s" means %s, reversed: %s', (raw, status, reversed) => {
    expect(statusMeaning(binomV2.statuses[raw]!)).toEqual({ status, reversed });
  });

  test('free words of a postback are no status that is known', () => {
    for (const word of ['subscribe', 'trialcancel', 'install', 'charge'])
      expect(binomV2.statuses).not.toHaveProperty(word);
  });

  test.each([
    ['-1.5', true],
    ['0', false],
    [null, false],
  ])('a payout of %j: a reversal? %s', async (payout, isReversal) => {
    expect((await read('conversions', [conversion({ payout })])).records[0]!.isReversal).toBe(isReversal);
  });

  test.each([
    ['an id', { id: '' }, 'id is missing'],
    ['a time', { conversed_at: null }, 'conversed_at is missing'],
    ['money', { payout: 'much' }, 'payout is not a number'],
  ])('a conversion without %s is set aside', async (_, change, reason) => {
    const { records, unreadable } = await read('conversions', [conversion(change), conversion({ id: 'c2' })]);
    expect([records.length, unreadable.map((row) => row.reason)]).toEqual([1, [reason]]);
  });
});

describe('answers', () => {
  test.each(['{"rows":[]}', '{"rows":null}'])('%s is an empty log', async (body) => {
    answers['/clicklog'] = { body };
    expect(await pullLogPage(session, 'clicks', WINDOW, null, null)).toMatchObject({ records: [], next: null });
  });

  test.each([
    [401, 'auth'],
    [403, 'forbidden'],
    [500, 'refused'],
  ])('an error of 200 that says %i in its body is %s', async (status, kind) => {
    answers['/clicklog'] = { body: { errors: { title: 'Error', detail: 'Not for you', status } } };
    await expect(pullLogPage(session, 'clicks', WINDOW, null, null)).rejects.toMatchObject({
      ...{ kind, details: { said: 'Not for you' } },
    });
  });

  test('of a report the rows of campaigns, by the day that was asked for', async () => {
    answers['/campaign/list/filtered'] = { body: [{ id: 49, name: 'Nutra DE' }] };
    const figures = { clicks: '12', leads: '3', cost: '1.250000001', revenue: null };
    const rows = [
      { level: '1', entity_id: '49', name: 'Nutra DE', ...figures },
      { level: 2, entity_id: '7', name: 'DE', ...figures },
      { level: 1, entity_id: '0', name: 'none', ...figures, clicks: 1 },
    ];
    answers['/report/campaign'] = { body: { report: rows, totals: figures } };
    expect((await pullTotals(session, WINDOW, null)).totals).toEqual([
      { day: '2026-09-18', campaignExternalId: '49', clicks: 12, conversions: 3, cost: '1.250000001', revenue: '0' },
      { day: '2026-09-18', campaignExternalId: null, clicks: 1, conversions: 3, cost: '1.250000001', revenue: '0' },
    ]);
    const query = asked.find(({ pathname }) => pathname.endsWith('/report/campaign'))!.searchParams;
    expect([query.getAll('ids[]'), query.getAll('groupings[]')]).toEqual([['49'], ['campaign']]);
  });

  test('without campaigns no report is asked for', async () => {
    answers['/campaign/list/filtered'] = { body: [] };
    expect((await pullTotals(session, WINDOW, null)).totals).toEqual([]);
    expect(asked.filter(({ pathname }) => pathname.endsWith('/report/campaign'))).toEqual([]);
  });
});
