// The fake BeMob refuses in its envelope what the real one refuses, and answers in its shapes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf } from '../../../simulator/client.ts';
import { startPanel } from '../control-panel.ts';

const ACCESS_KEY = 'access-key-0123456789';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel();
});
afterAll(() => fake.stop());

type Query = Record<string, string | number | string[]>;

const ask = (path: string, query: Query = {}, keys: [string, string] = [ACCESS_KEY, fake.access.apiKey]) => {
  const url = new URL(`${addressOf(fake.access, 'bemob')}/v1${path}`);
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  return fetch(url, { headers: { 'X-ACCESS-KEY': keys[0], 'X-SECRET-KEY': keys[1] } });
};
// biome-ignore lint/suspicious/noExplicitAny: an answer may be anything, and the shapes are what the tests look at
const body = async (path: string, query: Query = {}): Promise<any> => (await ask(path, query)).json();
const refusal = { success: false, message: expect.any(String) };
const DAY: Query = { date: 'customDateTime', from: '2026-03-09 00:00:00', to: '2026-03-09 23:59:59', timezone: 'UTC' };

describe('who is let in', () => {
  test('both keys count, and a refusal comes with a 200', async () => {
    await fake.control.clearRequests();
    for (const keys of [
      ['some-other-key', fake.access.apiKey],
      [ACCESS_KEY, 'some-other-key'],
      [ACCESS_KEY, ''],
    ] as [string, string][]) {
      const answer = await ask('/campaigns', {}, keys);
      expect([answer.status, await answer.json()]).toEqual([200, refusal]);
    }
    expect((await body('/campaigns')).success).toBe(true);
    expect((await fake.control.requests()).map(({ credential }) => credential)).toEqual([
      'wrong',
      'wrong',
      'missing',
      'right',
    ]);
    await fake.control.change({ bemob: { badKeyStatus: 401 } });
    expect((await ask('/campaigns', {}, ['', ''])).status).toBe(401);
    await fake.control.change({ bemob: { badKeyStatus: 200 } });
  });

  test('an account over its quota is refused everything', async () => {
    await fake.control.change({ bemob: { isLocked: true } });
    expect(await body('/campaigns')).toEqual(refusal);
    await fake.control.change({ bemob: { isLocked: false } });
  });

  test('outside of its API it is a web page; within, a path that is none is refused', async () => {
    const page = await fetch(`${addressOf(fake.access, 'bemob')}/login`);
    expect([page.status, page.headers.get('content-type')]).toEqual([404, expect.stringContaining('text/html')]);
    const answer = await ask('/visits');
    expect([answer.status, await answer.json()]).toEqual([404, refusal]);
  });
});

test('lists know no pages: the first so many, the same each time', async () => {
  const { success, payload } = await body('/campaigns', { limit: 5 });
  expect([success, payload.length]).toEqual([true, 5]);
  expect(payload[0]).toMatchObject({ id: 'c-0001', status: 'active', trafficSourceId: expect.stringMatching(/^ts-/) });
  expect((await body('/campaigns', { limit: 5, offset: 5, page: 2 })).payload).toEqual(payload);
  expect((await body('/campaigns', { limit: 500 })).payload).toHaveLength(12);
});

describe('logs', () => {
  test.each(['/report/live-visits', '/report/live-conversions', '/report'])(
    '%s without a time is refused',
    async (path) => {
      for (const query of [
        {},
        { date: 'today' },
        { ...DAY, from: '2026-03-09' },
        { ...DAY, to: '2026-02-30 00:00:00' },
        { ...DAY, timezone: 'Mars/Olympus' },
      ] as Query[])
        expect(await body(path, { groupBy: 'campaign', ...query }), JSON.stringify(query)).toEqual(refusal);
    },
  );

  test('go by limit and offset, the newest first, and end in an empty page', async () => {
    const page = async (offset: number) =>
      (await body('/report/live-visits', { ...DAY, limit: 200, offset })).payload.data;
    const first = await page(0);
    expect(first).toHaveLength(200);
    const times = first.map((row: Record<string, string>) => row['reports-visitTimestamp']);
    expect(times).toEqual([...times].sort().reverse());
    const ids = [...first, ...(await page(200))].map((row: Record<string, string>) => row['reports-clickId']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await page(100_000)).toEqual([]);
  });

  test('give the columns that are named, and no empty ones', async () => {
    const columns = ['reports-clickId', 'reports-status'];
    const { data } = (await body('/report/live-conversions', { ...DAY, columns, limit: 1_000 })).payload;
    for (const row of data) {
      expect(columns).toEqual(expect.arrayContaining(Object.keys(row)));
      expect(Object.values(row)).not.toContain('');
    }
    await fake.control.change({ bemob: { columns: 'refused' } });
    const refused = await ask('/report/live-visits', { ...DAY, columns });
    expect([refused.status, await refused.json()]).toEqual([200, refusal]);
    await fake.control.change({ bemob: { columns: 'only' } });
  });
});

test('the report sums up campaigns, and leaves out what is nothing', async () => {
  const columns = ['campaignId', 'visits', 'conversions', 'revenue', 'cost'].map((name) => `reports-${name}`);
  const { data } = (await body('/report', { ...DAY, groupBy: 'campaign', columns, limit: 10_000 })).payload;
  expect(data.length).toBeGreaterThan(5);
  expect(data[0]).toMatchObject({
    'reports-campaignId': expect.stringMatching(/^c-/),
    'reports-visits': expect.any(Number),
  });
  expect(data.some((row: object) => !('reports-conversions' in row))).toBe(true);
  expect(await body('/report', { ...DAY, groupBy: 'colour', columns })).toEqual(refusal);
});

test('single resources can be denied; settings that no account has are refused', async () => {
  await fake.control.change({ bemob: { deny: { clicks: 200, offers: 403 } } });
  const [log, list] = [await ask('/report/live-visits', DAY), await ask('/offers')];
  expect([log.status, await log.json(), list.status]).toEqual([200, refusal, 403]);
  await fake.control.change({ bemob: { deny: {} } });
  await expect(fake.control.change({ bemob: { order: 'random' as 'newest' } })).rejects.toThrow('400');
});
