// Ads and rates uploaded: many lines at once, again and again, bad ones named while good ones are kept.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());
beforeEach(async () => {
  // All at once: of an ad that goes, its days go one by one, and mark their spend one by one.
  await api.db.deleteFrom('ad_spend').execute();
  await api.db.deleteFrom('ad').execute();
});

const put = (body: unknown, query = '?platform=facebook&currency=USD') =>
  api.ask('PUT', `/api/v1/ads${query}`, { body });
const csv = (path: string, text: string) =>
  api.ask('PUT', path, { body: text, headers: { 'content-type': 'text/csv' } });
const spend = async () =>
  (
    await sql`select level, external_id, day::text as day, zone, trim_scale(amount)::text as amount, currency
      from ad_spend_counted order by day, level, external_id`.execute(api.db)
  ).rows;
const listed = async (query = '') => (await api.ask('GET', `/api/v1/ads${query}`)).json.items;

const LINE = { adCampaignId: '11', adSetId: '22', adId: '33', adName: 'Video', day: '2026-11-01', spend: '12.50' };

describe('ads', () => {
  test('a line names the three levels and what the finest cost on a day', async () => {
    const { status, json } = await put([LINE]);
    expect([status, json]).toEqual([200, { accepted: 1, takenBack: 0, rejected: [] }]);
    const ads = await listed();
    expect(ads.map(({ id: _, firstSeenAt: __, updatedAt: ___, ...ad }: Record<string, unknown>) => ad)).toEqual(
      expect.arrayContaining([
        {
          ...{ level: 'ad', externalId: '33', platform: 'facebook', name: 'Video' },
          adCampaignExternalId: '11',
          adSetExternalId: '22',
        },
        {
          ...{ level: 'ad_set', externalId: '22', platform: 'facebook', name: null },
          adCampaignExternalId: '11',
          adSetExternalId: null,
        },
        {
          ...{ level: 'ad_campaign', externalId: '11', platform: 'facebook', name: null },
          adCampaignExternalId: null,
          adSetExternalId: null,
        },
      ]),
    );
    expect(await spend()).toEqual([
      { level: 'ad', external_id: '33', day: '2026-11-01', zone: 'UTC', amount: '12.5', currency: 'USD' },
    ]);
  });

  test('uploaded again nothing changes, and another amount replaces the one before', async () => {
    await put([LINE]);
    const before =
      await sql`select ctid::text, xmin::text from ad_spend union all select ctid::text, xmin::text from ad order by 1`.execute(
        api.db,
      );
    expect((await put([LINE])).json.accepted).toBe(1);
    const after =
      await sql`select ctid::text, xmin::text from ad_spend union all select ctid::text, xmin::text from ad order by 1`.execute(
        api.db,
      );
    expect(after.rows).toEqual(before.rows);
    await put([{ ...LINE, spend: '13', adName: undefined }]);
    expect(await spend()).toMatchObject([{ amount: '13' }]);
    expect((await listed('?level=ad'))[0].name).toBe('Video');
  });

  test('bad lines are named one by one, good ones are kept', async () => {
    const { json } = await put(
      [
        LINE,
        { ...LINE, spend: '13' },
        { adCampaignId: Number('120210000000000001234'), adCampaignName: 'Digits lost' },
        { adName: 'Nothing but a name' },
        { adId: '34', spend: '-1', day: '2026-11-01' },
        { adId: '34', spend: '1' },
        { adId: '34', spend: '1', day: '2026-02-30' },
        { adId: '34', colour: 'red' },
        'text',
        { adId: 35, spend: 0.1, day: '2026-11-02' },
        { adId: '36', spend: 0.1 + 0.2, day: '2026-11-02' },
        { adId: '11\u0000' },
        { adId: '33', platform: 'tiktok' },
      ],
      '?platform=facebook&currency=usd&zone=America/New_York',
    );
    expect(json).toEqual({
      accepted: 2,
      takenBack: 0,
      rejected: [
        { line: 2, message: 'says another spend of 33 on 2026-11-01 than a line before' },
        { line: 3, message: 'adCampaignId: must be an id, as text' },
        { line: 4, message: 'adCampaignId: is missing, and so are adSetId and adId; adId: is missing beside adName' },
        { line: 5, message: 'spend: must be an exact decimal of 0 or more, as text' },
        { line: 6, message: 'day: is missing beside spend' },
        { line: 7, message: 'day: must be a day, e.g. 2026-11-01' },
        { line: 8, message: 'colour: not known here' },
        { line: 9, message: expect.stringContaining('expected object') },
        { line: 11, message: 'spend: must be an exact decimal of 0 or more, as text' },
        { line: 12, message: 'adId: holds characters that no text may have' },
        { line: 13, message: "33 is another platform's already" },
      ],
    });
    expect(await spend()).toEqual([
      {
        ...{ level: 'ad', external_id: '33', day: '2026-11-01' },
        zone: 'America/New_York',
        amount: '12.5',
        currency: 'USD',
      },
      {
        ...{ level: 'ad', external_id: '35', day: '2026-11-02' },
        zone: 'America/New_York',
        amount: '0.1',
        currency: 'USD',
      },
    ]);
  });

  test('a day or a zone that cannot be stored is one bad line, not a bad file', async () => {
    const day = '2026-11-02';
    const { status, json } = await put([
      { adId: 'x1', day, spend: '1' },
      { adId: 'x2', day: '0000-01-01', spend: '1' },
      { adId: 'x3', day: '2201-01-01', spend: '1' },
      { adId: 'x4', day: '1969-12-31', spend: '1' },
      { adId: 'x5', day, spend: '1', zone: 'US/Pacific-New' },
      { adId: 'x6', day, spend: '1', zone: 'Etc/Unknown' },
      { adId: 'x7', day: '2200-12-31', spend: '1', zone: 'europe/berlin' },
    ]);
    const range = 'day: must be a day from 1970-01-01 to 2200-12-31';
    const zone = 'zone: must be an IANA time zone, e.g. Europe/Berlin';
    const rejected = [range, range, range, zone, zone].map((message, i) => ({ line: i + 2, message }));
    expect([status, json]).toEqual([200, { accepted: 2, takenBack: 0, rejected }]);
    expect((await spend()).map((row) => (row as { external_id: string }).external_id)).toEqual(['x1', 'x7']);
    expect((await api.ask('PUT', '/api/v1/ads?zone=US/Pacific-New', { body: [] })).json.errors).toEqual([
      { path: 'zone', message: 'must be an IANA time zone, e.g. Europe/Berlin' },
    ]);
  });

  test('a day’s spend is taken back by null, in CSV by nothing; again it changes nothing', async () => {
    await put([LINE, { ...LINE, day: '2026-11-02' }, { adSetId: '22', day: '2026-11-01', spend: '9' }]);
    const back = [
      { adId: '33', day: '2026-11-01', spend: null },
      { adId: '33', day: '2026-11-03', spend: null },
    ];
    expect((await put(back, '?platform=facebook')).json).toEqual({ accepted: 2, takenBack: 1, rejected: [] });
    const left = [
      { level: 'ad_set', external_id: '22', day: '2026-11-01', amount: '9' },
      { level: 'ad', external_id: '33', day: '2026-11-02', amount: '12.5' },
    ];
    expect(await spend()).toMatchObject(left);
    expect((await put(back)).json).toEqual({ accepted: 2, takenBack: 0, rejected: [] });
    const path = '/api/v1/ads?platform=facebook&currency=USD';
    const { json } = await csv(path, 'adId,adName,day,spend\n33,,2026-11-02,\n34,Still,,\n35,,2026-11-04,1\n');
    expect(json).toEqual({ accepted: 3, takenBack: 1, rejected: [] });
    expect(await spend()).toMatchObject([left[0]!, { external_id: '35' }]);
    // A column that is not there says nothing.
    expect((await csv(path, 'adId,day\n35,2026-11-04\n')).json.rejected).toEqual([
      { line: 2, message: 'spend: is missing beside day' },
    ]);
    const both = await put([
      { adId: '35', day: '2026-11-04', spend: null },
      { adId: '35', day: '2026-11-04', spend: '2' },
    ]);
    expect(both.json.rejected).toEqual([
      { line: 2, message: 'says another spend of 35 on 2026-11-04 than a line before' },
    ]);
    const { rows } = await sql<{ after: unknown }>`
      select after from audit_log where action = 'ads.upload' order by id desc limit 1`.execute(api.db);
    expect(rows[0]!.after).toEqual({ lines: 1, ads: 1, days: 1, takenBack: 1 });
  });

  test('a name or a parent is taken away by null, and stays where nothing is said', async () => {
    await put([{ ...LINE, spend: undefined, day: undefined }]);
    const ad = async () => {
      const { name, adCampaignExternalId, adSetExternalId } = (await listed('?level=ad'))[0];
      return [name, adCampaignExternalId, adSetExternalId];
    };
    await put([{ adId: '33' }]);
    expect(await ad()).toEqual(['Video', '11', '22']);
    await put([{ adId: '33', adSetId: null, adName: null }]);
    expect(await ad()).toEqual([null, '11', null]);
    await put([{ adId: '33', adCampaignId: null }]);
    expect(await ad()).toEqual([null, null, null]);
    await put([
      { adId: '33', adSetId: null, adName: 'Of this upload' },
      { adId: '33', adName: null },
    ]);
    expect(await ad()).toEqual([null, null, null]);
    // In the ad campaign of its ad set again.
    await put([{ adId: '33', adSetId: '22' }]);
    expect(await ad()).toEqual([null, '11', '22']);
    expect((await put([{ adCampaignId: null }, { adSetId: null, adSetName: 'x' }])).json.rejected).toHaveLength(2);
  });

  test('as CSV, with the file’s own line numbers', async () => {
    const text =
      '\uFEFFadId,adName,day,spend,currency\r\n41,"A, ""quoted""\r\nname",2026-11-01,1.25,EUR\r\n\r\n42,B,2026-11-01,x,\r\n43,C\r\n44,D,2026-11-01,2,\r\n';
    const { json } = await csv('/api/v1/ads?platform=taboola&currency=USD', text);
    expect(json).toEqual({
      accepted: 2,
      takenBack: 0,
      rejected: [
        { line: 5, message: 'spend: must be an exact decimal of 0 or more, as text' },
        { line: 6, message: 'has more or fewer fields than the header' },
      ],
    });
    expect(await spend()).toMatchObject([
      { external_id: '41', amount: '1.25', currency: 'EUR' },
      { external_id: '44', amount: '2', currency: 'USD' },
    ]);
    expect((await listed('?q=quoted'))[0]).toMatchObject({ externalId: '41', name: 'A, "quoted"\nname' });
  });

  test('as CSV, with a quote where none belongs: the line says what it says', async () => {
    const { json } = await csv('/api/v1/ads?platform=x', 'adId,adName\n51,Banner 5" wide\n52,B\n');
    expect(json).toEqual({ accepted: 2, takenBack: 0, rejected: [] });
    expect((await listed('?q=51'))[0].name).toBe('Banner 5" wide');
  });

  test('a body that is none is refused whole', async () => {
    const doubled = await csv('/api/v1/ads?platform=x', 'adId,adName,adId\n51,Banner,52\n');
    expect([doubled.status, doubled.json.errors]).toEqual([400, [{ path: '', message: 'has two columns named adId' }]]);
    expect((await csv('/api/v1/ads', 'a,b\n"1,2')).json).toMatchObject({ code: 'invalid_request' });
    expect((await put({ rows: [] })).json).toMatchObject({ code: 'invalid_request' });
    expect((await api.ask('PUT', '/api/v1/ads?zone=Mars', { body: [] })).status).toBe(400);
    const answer = await api.ask('PUT', '/api/v1/ads', { body: '<x/>', headers: { 'content-type': 'text/xml' } });
    expect([answer.status, answer.json.code]).toEqual([415, 'unsupported_media_type']);
  });

  test('all days of an ad begin in one zone: the one told last', async () => {
    await put([{ adId: '61', day: '2026-11-01', spend: '1' }]);
    const body = [
      { adId: '61', day: '2026-11-02', spend: '2' },
      { adId: '61', day: '2026-11-03', spend: '3', zone: 'UTC' },
    ];
    const { json } = await put(body, '?platform=facebook&currency=USD&zone=America/New_York');
    expect(json).toEqual({
      accepted: 1,
      takenBack: 0,
      rejected: [{ line: 2, message: 'says another zone of 61 than a line before' }],
    });
    expect(await spend()).toMatchObject([
      { day: '2026-11-01', zone: 'America/New_York', amount: '1' },
      { day: '2026-11-02', zone: 'America/New_York', amount: '2' },
    ]);
  });

  test('spend that is known more finely counts there alone', async () => {
    await put([
      { adCampaignId: '11', day: '2026-11-01', spend: '100' },
      { adCampaignId: '11', day: '2026-11-02', spend: '50' },
      { ...LINE, spend: '30' },
      { adSetId: '22', day: '2026-11-01', spend: '40' },
    ]);
    expect((await spend()).map((row) => Object.values(row as object).slice(0, 5))).toEqual([
      ['ad', '33', '2026-11-01', 'UTC', '30'],
      ['ad_campaign', '11', '2026-11-02', 'UTC', '50'],
    ]);
  });

  test('many uploads at once are all kept', { timeout: 60_000 }, async () => {
    const ids = Array.from({ length: 60 }, (_, i) => `p${i}`);
    for (let round = 0; round < 3; round++) {
      const uploads = Array.from({ length: 36 }, (_, n) => {
        const lines: object[] = ids
          .filter((_, i) => (i + n) % 3 !== 0)
          .map((adId, i) => ({
            ...{ adId, adName: `n${round}${n}`, day: `2026-11-0${1 + (i % 7)}`, spend: String(round * 100 + n) },
            ...(n % 2 ? { adSetId: `s${i % 5}` } : {}),
          }));
        const sets = Array.from({ length: 5 }, (_, i) => ({ adSetId: `s${i}`, adCampaignId: `c${round % 2}` }));
        return { lines: n % 3 ? lines : [...lines.reverse(), ...sets], currency: 'USD' };
      });
      const rates = ids.slice(0, 20).map((_, i) => ({
        ...{ base: 'USD', currency: `A${String.fromCharCode(65 + i)}A`, rate: String(round + 1) },
      }));
      const answers = await Promise.all([
        ...uploads.map(({ lines }) => put(lines)),
        ...[0, 1, 2, 3].map((n) => api.ask('PUT', '/api/v1/rates', { body: n % 2 ? rates : rates.toReversed() })),
      ]);
      expect(answers.map(({ status, json }) => [status, json.rejected])).toEqual(answers.map(() => [200, []]));
    }
    await api.db.deleteFrom('currency_rate').execute();
  });

  test('twenty thousand lines in one call, and another organisation sees none of them', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => ({
      ...{ adId: String(1_000_000 + i), adCampaignId: String(i % 50) },
      ...{ day: `2026-11-${String((i % 28) + 1).padStart(2, '0')}`, spend: '0.01' },
    }));
    expect((await put(lines)).json).toEqual({ accepted: 20_000, takenBack: 0, rejected: [] });
    const { rows } = await sql<{ total: string }>`select sum(amount)::text as total from ad_spend_counted`.execute(
      api.db,
    );
    expect(rows[0]!.total).toBe('200.00');
    const theirs = await api.ask('GET', '/api/v1/ads', { key: api.theirs.keys.owner });
    expect(theirs.json.items).toEqual([]);
    const first = await api.ask('GET', '/api/v1/ads?limit=1000');
    const second = await api.ask('GET', `/api/v1/ads?limit=1000&cursor=${first.json.nextCursor}`);
    const ids = [...first.json.items, ...second.json.items].map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(2_000);
  });
});

describe('rates', () => {
  test('daily ones and fixed ones, from CSV and JSON; what contradicts itself is named', async () => {
    const daily = await csv(
      '/api/v1/rates?base=EUR',
      'currency,day,rate\nUSD,2026-11-01,1.0823\nusd,2026-11-02,1.0901\nUSD,2026-11-02,1.1\nPLN,2026-11-01,0\nEUR,2026-11-01,1\n',
    );
    expect(daily.json).toEqual({
      accepted: 2,
      takenBack: 0,
      rejected: [
        { line: 4, message: 'says another rate of USD than a line before' },
        { line: 5, message: 'rate: must be more than 0' },
        { line: 6, message: 'currency: is the base itself' },
      ],
    });
    const fixed = await api.ask('PUT', '/api/v1/rates', { body: [{ base: 'USD', currency: 'UAH', rate: '41.5' }] });
    expect(fixed.json).toEqual({ accepted: 1, takenBack: 0, rejected: [] });
    expect((await api.ask('GET', '/api/v1/rates')).json.items).toEqual([
      { base: 'EUR', currency: 'USD', day: '2026-11-02', rate: '1.0901' },
      { base: 'EUR', currency: 'USD', day: '2026-11-01', rate: '1.0823' },
      { base: 'USD', currency: 'UAH', day: null, rate: '41.5' },
    ]);
    await csv('/api/v1/rates', 'base,currency,day,rate\nEUR,USD,2026-11-02,1.2\n');
    expect((await api.ask('GET', '/api/v1/rates?from=2026-11-02')).json.items).toMatchObject([{ rate: '1.2' }]);
  });

  test('a pair has one rate a day, whichever way round: the one told last counts', async () => {
    const day = '2026-11-05';
    const put = (body: object[]) => api.ask('PUT', '/api/v1/rates', { body });
    await put([{ base: 'NOK', currency: 'SEK', day, rate: '1.1' }]);
    await put([{ base: 'SEK', currency: 'NOK', day, rate: '0.5' }]);
    const told = (await api.ask('GET', `/api/v1/rates?from=${day}`)).json.items;
    expect(told).toEqual([{ base: 'SEK', currency: 'NOK', day, rate: '0.5' }]);
    const { json } = await put([
      { base: 'NOK', currency: 'SEK', day, rate: '2' },
      { base: 'SEK', currency: 'NOK', day, rate: '0.4' },
      { base: 'SEK', currency: 'NOK', day, rate: null },
    ]);
    const message = 'says the rate of SEK the other way round than a line before';
    expect(json).toEqual({ accepted: 2, takenBack: 0, rejected: [{ line: 2, message }] });
    expect((await api.ask('GET', `/api/v1/rates?from=${day}`)).json.items).toMatchObject([{ base: 'NOK', rate: '2' }]);
    await put([{ base: 'NOK', currency: 'SEK', day, rate: null }]);
  });

  test('page by page, each once in its order, whatever is given, changed and taken back in between', async () => {
    const put = (body: object[]) => api.ask('PUT', '/api/v1/rates', { body });
    const days = ['2026-11-11', '2026-11-12', undefined];
    const line = (base: string, currency: string, day: string | undefined, rate: string | null) => ({
      ...{ base, currency, rate },
      ...(day === undefined ? {} : { day }),
    });
    const pairs = [
      ['AUD', 'NZD'],
      ['AUD', 'SGD'],
      ['BRL', 'NZD'],
    ] as const;
    await put(days.flatMap((day) => pairs.map(([base, currency]) => line(base, currency, day, '2'))));
    const between = [
      () => put([line('AAA', 'ZZZ', '2026-11-12', '3'), line('AUD', 'NZD', '2026-11-12', '2.5')]),
      () => put([line('AUD', 'NZD', '2026-11-12', null)]),
      () => put([line('AUD', 'NZD', '2026-11-12', '2'), line('AUD', 'SGD', undefined, '2')]),
    ];
    const seen: string[] = [];
    let cursor = '';
    do {
      const { status, json } = await api.ask('GET', `/api/v1/rates?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      expect(json.items.length).toBeLessThanOrEqual(2);
      const told = json.items as { base: string; currency: string; day: string | null }[];
      seen.push(
        ...told
          .filter(({ base }) => base !== 'EUR' && base !== 'USD')
          .map((one) => Object.values(one).slice(0, 3).join(' ')),
      );
      cursor = json.nextCursor ?? '';
      await between.shift()?.();
    } while (cursor !== '');
    expect(seen).toEqual(
      ['2026-11-12', '2026-11-11', ''].flatMap((day) => pairs.map(([base, currency]) => `${base} ${currency} ${day}`)),
    );
    const strange = Buffer.from('["2026-11-11","AUD"]').toString('base64url');
    for (const other of [strange, (await api.ask('GET', '/api/v1/ads?limit=1')).json.nextCursor]) {
      const { status, json } = await api.ask('GET', `/api/v1/rates?cursor=${other}`);
      expect([status, json.errors]).toEqual([400, [{ path: 'cursor', message: 'is not a cursor of this list' }]]);
    }
  });

  test('a rate is taken back by null, in CSV by nothing; a day that cannot be stored is one bad line', async () => {
    const rate = { base: 'CHF', currency: 'USD', rate: '1.1' };
    await api.ask('PUT', '/api/v1/rates', { body: [rate, { ...rate, day: '2026-11-01' }] });
    const own = async () =>
      (await api.ask('GET', '/api/v1/rates?currency=USD')).json.items.filter(
        ({ base }: { base: string }) => base === 'CHF',
      );
    const gone = await csv('/api/v1/rates', 'base,currency,day,rate\nCHF,USD,2026-11-01,\nCHF,USD,0000-01-01,1\n');
    const rejected = [{ line: 3, message: 'day: must be a day from 1970-01-01 to 2200-12-31' }];
    expect(gone.json).toEqual({ accepted: 1, takenBack: 1, rejected });
    expect(await own()).toEqual([{ ...rate, day: null }]);
    const again = { body: [{ ...rate, rate: null }] };
    expect((await api.ask('PUT', '/api/v1/rates', again)).json).toEqual({ accepted: 1, takenBack: 1, rejected: [] });
    expect((await api.ask('PUT', '/api/v1/rates', again)).json).toEqual({ accepted: 1, takenBack: 0, rejected: [] });
    expect(await own()).toEqual([]);
  });
});
