// Voluum's rows and lists one by one, recorded answers among them: what they become, what means none, what is set aside.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pullCatalog } from '../../src/adapters/pull-catalog.ts';
import { pullLogPage } from '../../src/adapters/pull-log.ts';
import { pullTotals } from '../../src/adapters/pull-totals.ts';
import type { CatalogResource, Json } from '../../src/core/resources.ts';
import { readWindow } from './reads.ts';
import { CATALOG_SHAPES, LOG_SHAPES } from './record-shapes.ts';
import { type FakeVoluum, recorded, startFake } from './voluum-server.ts';

const WINDOW = { from: new Date('2020-08-30T00:00:00Z'), to: new Date('2020-08-31T00:00:00Z') };
const CAMPAIGN = '2f0c1a52-6c56-4b0e-9d3c-0a3f5b7e1102';
const NIL = '00000000-0000-0000-0000-000000000000';

let fake: FakeVoluum;
beforeAll(async () => {
  fake = await startFake();
});
afterAll(() => fake.stop());

const rowsIn = (rows: Json[], total: number | string = rows.length) => JSON.stringify({ rows, totalRows: total });
const conversion = (more: object = {}) => ({
  ...{ clickId: 'w1', transactionId: 't1', postbackTimestamp: '2020-08-30 02:39:13 AM', conversionTypeId: 0 },
  ...{ visitTimestamp: '2020-08-30 02:29:23 AM', campaignId: CAMPAIGN, revenue: 2.5, cost: 0 },
  ...more,
});
const conversions = async (...rows: object[]) => {
  fake.answer = () => rowsIn(rows as Json[]);
  return pullLogPage(fake.session(), 'conversions', WINDOW, null, null);
};
const visit = (more: object = {}) => ({ clickId: 'w1', timestamp: '2020-08-30 02:29:23 AM', ...more });
const visits = async (...rows: object[]) => {
  fake.answer = ({ path }) => rowsIn(path === '/report' ? [{ campaignId: CAMPAIGN }] : (rows as Json[]));
  return pullLogPage(fake.session(), 'clicks', WINDOW, null, null);
};
const list = async (resource: CatalogResource, answer: string) => {
  fake.answer = () => answer;
  for await (const page of pullCatalog(fake.session(), resource, [])) return page;
  throw new Error(`no page of ${resource}`);
};

describe('recorded answers', () => {
  test('a conversion, and the click that it tells of', async () => {
    fake.answer = () => recorded('report-conversions');
    const page = await pullLogPage(fake.session(), 'conversions', WINDOW, null, null);
    expect(page.unreadable).toEqual([]);
    // There are 7,714 rows of which a hundred came: the last second of the page comes with the next one.
    expect([page.askedTotal, page.next?.offset]).toEqual([7_714, 1]);
    const [record] = page.records;
    LOG_SHAPES.conversions.parse(record);
    expect(record).toMatchObject({
      externalId: 'wInventedClickId00000001|7f0c1a52-6c56-4b0e-9d3c-0a3f5b7e1107|0|2020-08-30T02:39:13.000Z',
      ...{ clickExternalId: 'wInventedClickId00000001', transactionId: '7f0c1a52-6c56-4b0e-9d3c-0a3f5b7e1107' },
      ...{ convertedAt: new Date('2020-08-30T02:39:13Z'), clickedAt: new Date('2020-08-30T02:29:23Z') },
      ...{ rawStatus: '', type: null, isReversal: false, revenue: '19.55', currency: 'EUR', country: 'AU', subIds: {} },
      ...{ campaignExternalId: CAMPAIGN, flowExternalId: '3f0c1a52-6c56-4b0e-9d3c-0a3f5b7e1103' },
    });
    const [click] = page.clicks;
    LOG_SHAPES.clicks.parse(click);
    expect(click).toMatchObject({
      ...{ externalId: 'wInventedClickId00000001', clickedAt: new Date('2020-08-30T02:29:23Z'), isDerived: true },
      ...{ deviceType: 'tablet', os: 'Android', browser: 'Chrome', city: 'Springfield', ip: '203.0.113.10' },
      ...{ referrer: 'https://blog.example/a', cost: '0', revenue: null, currency: 'EUR' },
    });
  });

  test('a campaign, a flow, offers and networks', async () => {
    const answers = {
      campaigns: `{"campaigns":[${recorded('campaign')}]}`,
      flows: `{"flows":[${recorded('flow')}]}`,
      offers: recorded('offers'),
      affiliate_networks: recorded('affiliate-networks'),
    } as const;
    const found: Record<string, unknown[]> = {};
    for (const [resource, answer] of Object.entries(answers)) {
      const { records, unreadable } = await list(resource as CatalogResource, answer);
      expect(unreadable).toEqual([]);
      for (const record of records) CATALOG_SHAPES[resource as CatalogResource].parse(record);
      found[resource] = records;
    }
    expect(found.campaigns).toMatchObject([{ costType: 'CPC', costValue: '0.04', trafficSourceExternalId: null }]);
    expect(found.campaigns).toMatchObject([{ createdAt: new Date('2017-06-15T03:58:55.499Z'), state: 'active' }]);
    expect(found.offers).toHaveLength(2);
    expect(found.offers).toMatchObject([{ payoutType: 'AUTO', payout: null, affiliateNetworkExternalId: null }, {}]);
    expect(found.affiliate_networks).toHaveLength(3);
    const [flow] = found.flows as { offers: { id: string; weight: string }[]; landingPages: object[] }[];
    expect([flow!.offers.length, flow!.landingPages.length]).toEqual([2, 1]);
    expect(flow!.offers[0]).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), weight: '100', name: null });
  });
});

describe('times', () => {
  test.each([
    ['2020-08-30 02:39:13 AM', '2020-08-30T02:39:13.000Z'],
    ['2020-08-30 02:39:13 PM', '2020-08-30T14:39:13.000Z'],
    ['2020-08-30 12:00:00 AM', '2020-08-30T00:00:00.000Z'],
    ['2020-08-30 12:59:59 am', '2020-08-30T00:59:59.000Z'],
    ['2020-08-30 12:00:00 PM', '2020-08-30T12:00:00.000Z'],
    ['2020-08-30 1:00:00 PM', '2020-08-30T13:00:00.000Z'],
  ])('%s is %s', async (postbackTimestamp, at) => {
    const { records } = await conversions(conversion({ postbackTimestamp }));
    expect(records.map(({ convertedAt }) => convertedAt.toISOString())).toEqual([at]);
  });

  test.each(['2020-08-30 13:00:00 PM', '2020-08-30 00:10:00 AM', '2020-08-30 02:39:13', '2020-02-30 02:39:13 AM', 'x'])(
    '%s is none: the row is set aside, not lost',
    async (postbackTimestamp) => {
      const page = await conversions(conversion({ postbackTimestamp }), conversion());
      expect(page.unreadable.map(({ reason }) => reason)).toEqual(['postbackTimestamp is not a time']);
      expect(page.records).toHaveLength(1);
    },
  );

  test('whole hours are asked for in UTC, with a limit, in order of the postback, and cut to the window', async () => {
    const window = { from: new Date('2020-08-30T02:39:13Z'), to: new Date('2020-08-30T03:00:01Z') };
    const times = ['02:39:12', '02:39:13', '03:00:00', '03:00:01'];
    fake.answer = () =>
      rowsIn(
        times.map((time, i) => conversion({ transactionId: `t${i}`, postbackTimestamp: `2020-08-30 ${time} AM` })),
      );
    const page = await pullLogPage(fake.session(), 'conversions', window, null, null);
    expect(page.records.map(({ transactionId }) => transactionId)).toEqual(['t1', 't2']);
    const { query } = fake.asked.at(-1)!;
    expect(Object.fromEntries([...query].filter(([name]) => name !== 'columns'))).toEqual({
      ...{ from: '2020-08-30T02:00:00Z', to: '2020-08-30T04:00:00Z', tz: 'Etc/GMT', limit: '10000', offset: '0' },
      ...{ sort: 'postbackTimestamp', direction: 'ASC' },
    });
    expect(query.getAll('columns')).toEqual(expect.arrayContaining(['conversionType', 'customVariable10', 'ip']));
  });
});

describe('what means none', () => {
  test.each([NIL, 'UNKNOWN', 'Unknown', '', null, ' '])('%j', async (none) => {
    const row = { offerId: none, landerId: none, countryCode: none, customVariable3: none, transactionId: none };
    const { records, clicks } = await conversions(conversion(row));
    expect(records[0]).toMatchObject({
      ...{ offerExternalId: null, landingPageExternalId: null, country: null, subIds: {}, transactionId: null },
      externalId: 'w1||0|2020-08-30T02:39:13.000Z',
    });
    expect(clicks[0]).toMatchObject({ offerExternalId: null, subIds: {} });
    const { records: seen } = await visits(visit({ ...row, city: none, device: none }));
    expect(seen[0]).toMatchObject({ offerExternalId: null, city: null, deviceType: null, isDerived: false });
  });

  test('a conversion without click or visit time tells of no click', async () => {
    const { clicks, records } = await conversions(
      conversion({ clickId: 'UNKNOWN' }),
      conversion({ visitTimestamp: '', transactionId: 't2' }),
    );
    expect([clicks, records.length]).toEqual([[], 2]);
  });
});

describe('values', () => {
  test('custom variables are sub-ids, amounts of the account keep every digit, the type is the word of the status', async () => {
    fake.answer =
      () => `{"rows":[{"clickId":"w1","postbackTimestamp":"2020-08-30 02:39:13 AM","revenue":123456789.000000001,
      "conversionTypeId":3,"conversionType":"First Deposit","customVariable1":"fb-1","customVariable10":9007199254740993,
      "conversionOriginalCurrency":"PLN"}],"totalRows":"1"}`;
    const { records } = await pullLogPage(fake.session(), 'conversions', WINDOW, null, null);
    expect(records[0]).toMatchObject({
      ...{ subIds: { 1: 'fb-1', 10: '9007199254740993' }, revenue: '123456789.000000001' },
      // The offer's currency stands beside an amount that is converted already.
      ...{ currency: 'EUR', raw: { conversionOriginalCurrency: 'PLN' } },
      ...{ rawStatus: 'First Deposit', type: 'First Deposit', externalId: 'w1||3|2020-08-30T02:39:13.000Z' },
    });
  });

  test.each([
    [-1.5, true],
    ['-0.01', true],
    [0, false],
    [1.5, false],
  ])('a revenue of %j: a reversal? %s', async (revenue, isReversal) => {
    expect((await conversions(conversion({ revenue }))).records[0]).toMatchObject({ isReversal });
  });

  test.each([
    ['money', { revenue: 'much' }, 'revenue is not a number'],
    ['any money', { revenue: null }, 'revenue is missing'],
  ])('a conversion without %s is set aside; its click is known all the same', async (_, change, reason) => {
    const page = await conversions(conversion(change));
    expect([page.records.length, page.unreadable.map((row) => row.reason)]).toEqual([0, [reason]]);
    expect(page.clicks).toMatchObject([{ externalId: 'w1' }]);
  });
});

describe('twins', () => {
  const keys = (records: { externalId: string }[]) => records.map(({ externalId }) => externalId.slice(3));
  const twin = (revenue: number, more: object = {}) => conversion({ revenue, ...more });

  test('are numbered, whichever of them the tracker tells first', async () => {
    const rows = [twin(5), twin(-2), twin(5), twin(5, { transactionId: 't2' })];
    const told = await conversions(...rows);
    const again = await conversions(...rows.toReversed());
    const amounts = (page: typeof told) => page.records.map(({ externalId, revenue }) => `${externalId} ${revenue}`);
    expect(amounts(again)).toEqual(amounts(told));
    expect(new Set(keys(told.records)).size).toBe(4);
    expect(keys(told.records).filter((key) => /\|[23]$/.test(key))).toHaveLength(2);
    const sum = told.records.reduce((all, { revenue }) => all + Number(revenue), 0);
    expect(sum).toBe(13);
  });

  test('that a page ends between are counted together', async () => {
    const at = (second: number) => ({ postbackTimestamp: `2020-08-30 02:00:0${second} AM` });
    const rows = [twin(1, at(1)), twin(2, at(2)), twin(3, at(3)), twin(4, at(3)), twin(5, at(3)), twin(6, at(4))];
    for (const size of [2, 3, 4, 5, 6]) {
      fake.answer = ({ query }) => {
        const offset = Number(query.get('offset'));
        return rowsIn(rows.slice(offset, offset + size) as Json[], rows.length);
      };
      const { records, pages } = await readWindow(fake.session(), 'conversions', WINDOW);
      const found = records.map(({ externalId, revenue }) => [externalId.split('|')[4] ?? '1', revenue]);
      if (size > 2)
        expect(found.map(([number, revenue]) => `${revenue}#${number}`)).toEqual([
          '1#1',
          '2#1',
          '3#1',
          '4#2',
          '5#3',
          '6#1',
        ]);
      // A second that is longer than the pages which the server gives is read nonetheless.
      expect(new Set(records.map(({ revenue }) => revenue)).size).toBe(6);
      expect(pages.length).toBeGreaterThan(size === 6 ? 0 : 1);
    }
  });

  test('are not doubled by a row that comes in before them while they are paged', async () => {
    const at = (second: number) => ({ postbackTimestamp: `2020-08-30 02:00:0${second} AM` });
    const rows = [1, 2, 2, 3, 4].map((second, i) => twin(i + 1, at(second)));
    let calls = 0;
    fake.answer = ({ query }) => {
      const offset = Number(query.get('offset'));
      if (calls++ === 1) rows.unshift(twin(9, at(0)));
      return rowsIn(rows.slice(offset, offset + 4) as Json[], rows.length);
    };
    const { records } = await readWindow(fake.session(), 'conversions', WINDOW);
    expect(records.map(({ revenue }) => revenue)).toEqual(['1', '2', '3', '4', '5']);
    expect(new Set(records.map(({ externalId }) => externalId)).size).toBe(5);
  });

  test('a second with more rows than a page holds is told, not guessed', async () => {
    fake.answer = () => rowsIn(Array.from({ length: 10_000 }, () => twin(1)) as Json[], 20_000);
    await expect(pullLogPage(fake.session(), 'conversions', WINDOW, null, null)).rejects.toMatchObject({
      ...{ kind: 'bad_answer', message: 'more than 10000 rows in one second' },
    });
  });
});

describe('answers', () => {
  test('live visits are asked for once for each campaign with traffic in the window', async () => {
    const ids = ['c1', 'c2', NIL, 'c3'];
    fake.asked.length = 0;
    fake.answer = ({ path }) =>
      rowsIn(path === '/report' ? ids.map((campaignId) => ({ campaignId })) : [visit({ clickId: path })]);
    const { records, pages } = await readWindow(fake.session(), 'clicks', WINDOW);
    expect([pages.length, records.length]).toEqual([3, 3]);
    const gets = fake.asked.filter(({ method }) => method === 'GET');
    expect(gets.map(({ path }) => path.replace('/report/live/visits/', ''))).toEqual(['/report', 'c1', 'c2', 'c3']);
    expect(Object.fromEntries(gets[0]!.query)).toMatchObject({
      groupBy: 'campaign',
      include: 'TRAFFIC',
      limit: '10000',
    });
  });

  describe('live visits of a campaign that are refused', () => {
    const ids = ['c1', 'c2', 'c3'];
    /** What is asked for, and what comes of it, where asks of campaigns are answered by a status of their own. */
    const readWith = async (statusOf: (campaign: string, ask: number) => number) => {
      fake.asked.length = 0;
      const asked: string[] = [];
      fake.answer = ({ path }) => {
        if (path === '/report') return rowsIn(ids.map((campaignId) => ({ campaignId })));
        const campaign = path.replace('/report/live/visits/', '');
        asked.push(campaign);
        const status = statusOf(campaign, asked.length);
        return { status, body: status === 200 ? rowsIn([visit({ clickId: campaign })]) : '{"error":{"code":"NO"}}' };
      };
      const found = await readWindow(fake.session(), 'clicks', WINDOW).then(
        ({ records }) => [...new Set(records.map(({ externalId }) => externalId))].sort(),
        ({ details }) => details.status as number,
      );
      return { found, asked };
    };

    test.each([403, 404, 405, 500, 504])(
      'with %i: asked for again after the others, then passed over',
      async (status) => {
        const gone = (campaign: string) => (one: string) => (one === campaign ? status : 200);
        expect(await readWith(gone('c1'))).toEqual({ found: ['c2', 'c3'], asked: ['c1', 'c2', 'c3', 'c1'] });
        // Where none is left to show that the tracker answers, one that has answered is asked once more.
        expect(await readWith(gone('c3'))).toEqual({ found: ['c1', 'c2'], asked: ['c1', 'c2', 'c3', 'c2', 'c3'] });
      },
    );

    test('with 400, in every way of asking', async () => {
      const { found } = await readWith((campaign) => (campaign === 'c2' ? 400 : 200));
      expect(found).toEqual(['c1', 'c3']);
    });

    test('by a passing fault are read all the same', async () => {
      for (const ask of [1, 2, 3]) {
        expect((await readWith((_, nth) => (nth === ask ? 500 : 200))).found).toEqual(ids);
      }
    });

    test('of all campaigns: the resource is refused', async () => {
      expect(await readWith(() => 403)).toEqual({ found: 403, asked: ids });
      // The rest of them, too: the one that has answered answers no more.
      expect((await readWith((_, ask) => (ask === 1 ? 200 : 503))).found).toBe(503);
    });

    test('of many in a row, and no other in between: that is no matter of theirs', async () => {
      const many = Array.from({ length: 40 }, (_, i) => `many${i}`);
      ids.push(...many);
      const { found, asked } = await readWith(() => 500);
      ids.splice(-many.length);
      expect([found, asked.length]).toEqual([500, 10]);
    });

    test('for the key or the pace: told at once', async () => {
      for (const status of [402, 429]) {
        expect(await readWith(() => status)).toEqual({ found: status, asked: ['c1'] });
      }
    });
  });

  test('a report, with days alone or with the time at which they begin', async () => {
    const row = { day: '2020-08-30', campaignId: CAMPAIGN, visits: 7, conversions: '1', revenue: 2.5, cost: '0.30' };
    fake.answer = () => rowsIn([row, { ...row, day: '2020-08-31 12:00:00 AM', campaignId: NIL, revenue: null }]);
    const { totals } = await pullTotals(fake.session(), { ...WINDOW, to: new Date('2020-08-31T10:30:00Z') }, null);
    expect(totals).toEqual([
      { day: '2020-08-30', campaignExternalId: CAMPAIGN, clicks: 7, conversions: 1, revenue: '2.5', cost: '0.30' },
      { day: '2020-08-31', campaignExternalId: null, clicks: 7, conversions: 1, revenue: '0', cost: '0.30' },
    ]);
    const { query } = fake.asked.at(-1)!;
    expect([query.getAll('groupBy'), query.get('to')]).toEqual([['day', 'campaign'], '2020-08-31T11:00:00Z']);
  });

  test('a report whose pages are cut short in silence is read to its end', async () => {
    const rows = Array.from({ length: 250 }, (_, i) => ({ day: '2020-08-30', campaignId: `c${i}`, visits: 1 }));
    const whole = rows.map((row) => ({ ...row, conversions: 0, revenue: 0, cost: 0 }));
    fake.answer = ({ query }) => {
      const offset = Number(query.get('offset'));
      return rowsIn(whole.slice(offset, offset + 100), 250);
    };
    expect((await pullTotals(fake.session(), WINDOW, null)).totals).toHaveLength(250);
  });

  test.each([
    ['under its name', (items: object[]) => ({ landers: items })],
    ['bare', (items: object[]) => items],
    ['under another name', (items: object[]) => ({ total: 1, entries: items })],
  ])('a list %s', async (_, wrap) => {
    const { records } = await list('landing_pages', JSON.stringify(wrap([{ id: 'l1', name: 'One', deleted: true }])));
    expect(records).toMatchObject([{ externalId: 'l1', state: 'deleted' }]);
    expect(fake.asked.at(-1)!.query.get('includeDeleted')).toBe('true');
  });

  test('an error in an answer of 200 is the tracker’s own word', async () => {
    fake.answer = () => '{"error":{"code":"INTERNAL","messages":["no report today"],"webRequestId":"req-9"}}';
    await expect(pullLogPage(fake.session(), 'conversions', WINDOW, null, null)).rejects.toMatchObject({
      ...{ kind: 'refused', details: { said: 'INTERNAL: no report today (webRequestId req-9)' } },
    });
  });

  test('keys that ride in the catalog are in no record', async () => {
    const secret = 'pl4nted-Qx9zWk2vT8';
    const item = {
      id: 'a1',
      name: 'x',
      postbackUrl: `https://api.example/postback?key=${secret}&c={clickid}`,
      postbackToken: secret,
    };
    for (const resource of ['traffic_sources', 'affiliate_networks'] as const) {
      const { records } = await list(resource, JSON.stringify([item]));
      expect(JSON.stringify(records)).not.toContain(secret);
      expect(records[0]).toMatchObject({ postbackUrl: 'https://api.example/postback?key=[redacted]&c={clickid}' });
    }
  });
});
