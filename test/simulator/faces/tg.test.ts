// The two shapes of a TG Tracker as callers see them: what the sheet's requests get, and what fails where it should.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TgOptionsInput } from '../../../simulator/faces/tg/options.ts';
import { startPanel } from '../control-panel.ts';
import { sumMicros } from '../panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel();
});
afterAll(() => fake.stop());

const DAY = { from: '2026-03-05T00:00:00Z', to: '2026-03-06T00:00:00Z' };
const unix = (iso: string): string => String(Date.parse(iso) / 1_000);
const UNIX_DAY = { start: unix(DAY.from), end: unix(DAY.to) };

type Query = Record<string, string>;
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Body = any;

async function ask(face: string, path: string, query: Query = {}, key = fake.access.apiKey) {
  const base = fake.access.url.replace(/\/keitaro$/, `/${face}`);
  const headers = key === '' ? {} : { authorization: `Bearer ${key}` };
  const response = await fetch(`${base}${path}?${new URLSearchParams(query)}`, { headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, body: (isJson ? JSON.parse(text) : text) as Body };
}
const plain = (path: string, query?: Query, key?: string) => ask('tg_tracker', `/api/v1${path}`, query, key);
const alter = (path: string, query?: Query, key?: string) => ask('altercpa', path, query, key);

async function withOptions(options: TgOptionsInput, run: () => Promise<void>): Promise<void> {
  const { tg_tracker, altercpa } = { tg_tracker: options, altercpa: options };
  await fake.control.change({ tg_tracker, altercpa });
  try {
    await run();
  } finally {
    const defaults: TgOptionsInput = {
      ...{ lists: 'data', times: 'iso', ids: 'int', money: 'number', total: 'number', maxPageSize: 1_000 },
      ...{ endsInclusive: false, emptyPage: null, ignoresPaging: false, badKeyStatus: 401, planted: null, deny: {} },
    };
    await fake.control.change({ tg_tracker: defaults, altercpa: defaults });
  }
}

/** The face's words for what the ledger calls otherwise; words that nobody knows go through as they are. */
function expectWords(rows: Body[], words: string[]): void {
  const found = new Set(rows.map(({ status }) => status));
  for (const word of words) expect(found).toContain(word);
  for (const word of ['lead', 'registration', 'sale', 'deposit', 'rebill', 'rejected'])
    expect(found).not.toContain(word);
}

describe('the plain contract', () => {
  test.each(['campaigns', 'offers', 'landings', 'flows', 'sources', 'networks'])('lists %s', async (list) => {
    const { status, body } = await plain(`/${list}`, { page: '1', per_page: '500' });
    expect([status, body.data.length]).toEqual([200, body.meta.total]);
    expect(body.data[0]).toMatchObject({
      id: expect.any(Number),
      name: expect.any(String),
      created_at: expect.any(String),
    });
    expect((await plain(`/${list}`, { page: '2', per_page: '500' })).body.data).toEqual([]);
  });

  test('pages logs in order of time; the pages together are the truth', async () => {
    const rows: Body[] = [];
    for (let page = 1; ; page++) {
      const { body } = await plain('/clicks', { ...DAY, page: String(page), per_page: '70' });
      if (body.data.length === 0) break;
      rows.push(...body.data);
    }
    const truth = await fake.control.truth(DAY);
    expect(rows).toHaveLength(truth.clicks);
    expect(sumMicros(rows.map(({ cost }) => cost))).toBe(sumMicros([truth.cost]));
    const times = rows.map(({ created_at }) => created_at);
    expect(times).toEqual([...times].sort());
  });

  test('speaks its own words for statuses', async () => {
    const { body } = await plain('/conversions', {
      from: '2026-03-01T00:00:00Z',
      to: '2026-03-10T00:00:00Z',
      per_page: '1000',
    });
    expectWords(body.data, ['wait', 'hold', 'approved', 'declined', 'trash']);
  });

  test.each<[string, Query, number]>([
    ['/clicks', {}, 400],
    ['/clicks', { from: '2026-03-05', to: '2026-03-06' }, 400],
    ['/clicks', UNIX_DAY, 400],
    ['/clicks', { ...DAY, page: '0' }, 400],
    ['/campaigns', { per_page: 'all' }, 400],
    ['/reports', {}, 404],
  ])('refuses %s with %j', async (path, query, told) => {
    const { status, body } = await plain(path, query);
    expect([status, typeof (body.error ?? body.message)]).toEqual([told, 'string']);
  });

  test('refuses a wrong key and none, and is no API elsewhere', async () => {
    expect(await plain('/campaigns', {}, 'wrong-key')).toEqual({ status: 401, body: { error: 'Wrong API key' } });
    expect((await plain('/campaigns', {}, '')).status).toBe(401);
    expect((await ask('tg_tracker', '/campaigns')).body).toContain('<!DOCTYPE html>');
    await withOptions({ badKeyStatus: 403 }, async () => {
      expect((await plain('/campaigns', {}, 'wrong-key')).status).toBe(403);
    });
  });

  test.each<[TgOptionsInput, (body: Body) => unknown, unknown]>([
    [{ lists: 'items' }, (body) => [body.items.length, body.total], [2, expect.any(Number)]],
    [{ lists: 'array' }, (body) => body.length, 2],
    [{ total: 'missing' }, (body) => body.meta, {}],
    [{ total: 'text' }, (body) => body.meta.total, expect.stringMatching(/^\d+$/)],
    [{ times: 'unix' }, (body) => body.data[0].created_at, expect.any(Number)],
    [{ times: 'wall' }, (body) => body.data[0].created_at, expect.stringMatching(/^2026-03-05 \d\d:\d\d:\d\d$/)],
    [
      { ids: 'text', money: 'text' },
      ({ data: [row] }) => [typeof row.campaign_id, typeof row.cost],
      ['string', 'string'],
    ],
    [{ maxPageSize: 1 }, (body) => body.data.length, 1],
    [{ emptyPage: 1 }, (body) => body.data, []],
  ])('with %j', async (options, look, expected) => {
    await withOptions(options, async () => {
      expect(look((await plain('/clicks', { ...DAY, per_page: '2' })).body)).toEqual(expected);
    });
  });

  test('refuses a resource by a status, or in the body', async () => {
    await withOptions({ deny: { clicks: 404, offers: 200 } }, async () => {
      expect(await plain('/clicks', DAY)).toMatchObject({ status: 404, body: { message: expect.any(String) } });
      expect(await plain('/offers')).toMatchObject({
        status: 200,
        body: { status: 'error', message: expect.any(String) },
      });
      expect((await plain('/campaigns')).body.data.length).toBeGreaterThan(0);
    });
  });
});

describe('the AlterCPA family', () => {
  test('answers 200 to everything, and says in the body what it was', async () => {
    expect(await alter('/api/leads/list', UNIX_DAY, 'wrong-key')).toEqual({
      status: 200,
      body: { status: 'error', error: 'key' },
    });
    expect(await alter('/api/nothing')).toEqual({ status: 200, body: { status: 'error', error: 'method' } });
    expect((await alter('/api/leads/list', DAY)).body).toEqual({ status: 'error', error: 'time' });
    expect((await alter('/api/leads/list', { ...UNIX_DAY, limit: '0' })).body).toEqual({
      status: 'error',
      error: 'limit',
    });
    await withOptions({ deny: { offers: 403 } }, async () => {
      expect((await alter('/api/offers/list')).body).toEqual({ status: 'error', error: 'access' });
    });
  });

  test('gives 200 rows at most, 20 where none are asked for, from the offset on', async () => {
    const page = (query: Query) => alter('/api/v1/clicks/list', { ...UNIX_DAY, ...query });
    const [first, few, rest] = [
      await page({ limit: '500' }),
      await page({}),
      await page({ limit: '500', offset: '199' }),
    ];
    expect([first.body.data.length, few.body.data.length]).toEqual([200, 20]);
    expect(rest.body.data[0]).toEqual(first.body.data[199]);
    expect(first.body.total).toBe((await fake.control.truth(DAY)).clicks);
  });

  test('has names and words of its own, and Unix seconds', async () => {
    const { body } = await alter('/api/leads/list', {
      start: unix('2026-03-01T00:00:00Z'),
      end: unix('2026-03-10T00:00:00Z'),
      limit: '200',
    });
    const [lead] = body.data;
    expect(Object.keys(lead)).toEqual(['id', 'click', 'stream', 'status', 'money', 'cur', 'date', 'type', 'uid']);
    expect(lead.date).toEqual(expect.any(Number));
    expectWords(body.data, ['wait', 'hold', 'approve', 'cancel', 'trash']);
  });

  test('gives the second in which a range ends where it is told to', async () => {
    const { body } = await alter('/api/v1/clicks/list', { ...UNIX_DAY, limit: '1' });
    const at = String(body.data[0].date);
    const count = async () => (await alter('/api/v1/clicks/list', { start: UNIX_DAY.start, end: at })).body.total;
    expect(await count()).toBe(0);
    await withOptions({ endsInclusive: true }, async () => expect(await count()).toBeGreaterThan(0));
  });
});

test('requests are on record as for any face', async () => {
  await fake.control.clearRequests();
  await plain('/clicks', { ...DAY, page: '2', per_page: '10' });
  await alter('/api/v1/clicks/list', { ...UNIX_DAY, offset: '5', limit: '10' }, 'wrong-key');
  expect(await fake.control.requests()).toMatchObject([
    {
      path: '/tg_tracker/api/v1/clicks',
      credential: 'right',
      offset: 10,
      limit: 10,
      rows: 10,
      window: { ...DAY, timezone: 'UTC' },
    },
    { path: '/altercpa/api/v1/clicks/list', credential: 'wrong', rows: null, status: 200 },
  ]);
});

test('a setting that no face has changes nothing', async () => {
  const wrong = { tg_tracker: { lists: 'xml' as 'data' }, altercpa: { total: 'text' as const } };
  await expect(fake.control.change(wrong)).rejects.toThrow(/400/);
  expect((await alter('/api/offers/list')).body.total).toEqual(expect.any(Number));
});
