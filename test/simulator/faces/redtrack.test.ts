// The fake RedTrack refuses what the real one refuses, and answers in its shapes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf } from '../../../simulator/client.ts';
import { anchorAt, small, startPanel } from '../control-panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel({ redtrack: { limit: null } });
});
afterAll(() => fake.stop());

const ask = (path: string, query: Record<string, string | number> = {}, headers: Record<string, string> = {}) => {
  const url = new URL(`${addressOf(fake.access, 'redtrack')}${path}`);
  for (const [name, value] of Object.entries({ api_key: fake.access.apiKey, ...query }))
    if (value !== '') url.searchParams.set(name, String(value));
  return fetch(url, { headers });
};
// The shapes are what the tests look at.
// biome-ignore lint/suspicious/noExplicitAny: an answer may be anything
const body = async (path: string, query: Record<string, string | number> = {}): Promise<any> =>
  (await ask(path, query)).json();
const TODAY = { date_from: '2026-03-09', date_to: '2026-03-09' };

describe('who is let in', () => {
  test('the parameter alone counts', async () => {
    const header = { 'Api-Key': fake.access.apiKey, Authorization: `Bearer ${fake.access.apiKey}` };
    await fake.control.clearRequests();
    for (const [query, headers] of [
      [{ api_key: '' }, header],
      [{ api_key: 'some-other-key' }, header],
    ] as const) {
      const answer = await ask('/campaigns', query, headers);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ error: expect.any(String) });
    }
    expect((await ask('/campaigns')).status).toBe(200);
    const requests = await fake.control.requests();
    expect(requests.map(({ credential }) => credential)).toEqual(['missing', 'wrong', 'right']);
    expect(JSON.stringify(requests)).not.toContain(fake.access.apiKey);
  });

  test('a wrong path is a web page, whatever the key', async () => {
    for (const path of ['/clicks/log', '/v2/campaigns', '/']) {
      expect((await ask(path)).headers.get('content-type')).toContain('text/html');
    }
  });

  test('single resources can be denied, and settings that no account has are refused', async () => {
    await fake.control.change({ redtrack: { deny: { clicks: 403 } } });
    const answer = await ask('/tracks', TODAY);
    expect([answer.status, await answer.json()]).toEqual([403, { error: 'access denied' }]);
    await fake.control.change({ redtrack: { deny: {} } });
    await expect(fake.control.change({ redtrack: { order: 'oldest' as 'newest' } })).rejects.toThrow('400');
  });
});

describe('lists', () => {
  test('are bare, null past the end, and of active entries alone unless more are asked for', async () => {
    const all = await body('/campaigns', { status: '1,2,3' });
    const active = await body('/campaigns');
    expect(all.length).toBe(12);
    expect(active.length).toBeLessThan(all.length);
    expect(all.every(({ id }: { id: string }) => /^[0-9a-f]{24}$/.test(id))).toBe(true);
    expect(await body('/campaigns', { page: 2, per: 500 })).toBeNull();
    const pages = [1, 2, 3].map((page) => body('/campaigns', { status: '1,2,3', page, per: 5 }));
    expect((await Promise.all(pages)).flat()).toEqual(all);
  });

  test('streams come with their number', async () => {
    const { items, total } = await body('/streams', { per: 3 });
    expect(items).toHaveLength(3);
    expect(total).toBeGreaterThan(3);
    expect(await body('/streams', { page: 100 })).toEqual({ items: null, total });
  });
});

describe('logs', () => {
  test.each(['/tracks', '/conversions'])('%s without days, or with wrong ones, is refused', async (path) => {
    const queries: Record<string, string | number>[] = [
      {},
      { date_from: '2026-03-09' },
      { ...TODAY, date_to: '2026-02-30' },
      { ...TODAY, page: 0 },
    ];
    for (const query of queries) {
      const answer = await ask(path, query);
      expect([answer.status, await answer.json()]).toEqual([400, { error: expect.any(String) }]);
    }
  });

  test('days are the account’s, whole and inclusive', async () => {
    const { items, total } = await body('/tracks', TODAY);
    // Los Angeles changed its clocks the day before: seven hours behind.
    const truth = await fake.control.truth({ from: '2026-03-09T07:00:00Z', to: '2026-03-10T07:00:00Z' });
    expect([items.length, total]).toEqual([truth.clicks, truth.clicks]);
    for (const { track_time } of items) expect(track_time).toMatch(/^2026-03-09T\d\d:\d\d:\d\d-07:00$/);
    const two = await body('/tracks', { date_from: '2026-03-08', date_to: '2026-03-09' });
    const both = await fake.control.truth({ from: '2026-03-08T08:00:00Z', to: '2026-03-10T07:00:00Z' });
    expect(two.total).toBe(both.clicks);
    expect(await body('/tracks', { date_from: '2020-01-01', date_to: '2020-01-02' })).toEqual({
      items: null,
      total: 0,
    });
  });

  test.each(['newest', 'scattered'] as const)('every row comes once, %s', async (order) => {
    await fake.control.change({ redtrack: { order } });
    const ids: string[] = [];
    const times: string[] = [];
    for (let page = 1; ; page++) {
      const { items } = await body('/tracks', { ...TODAY, page, per: 70 });
      if (items === null) break;
      ids.push(...items.map(({ id }: { id: string }) => id));
      times.push(...items.map(({ track_time }: { track_time: string }) => track_time));
    }
    const { total } = await body('/tracks', TODAY);
    expect([ids.length, new Set(ids).size]).toEqual([total, total]);
    const falling = [...times].sort().reverse();
    if (order === 'newest') expect(times).toEqual(falling);
    else expect(times).not.toEqual(falling);
    await fake.control.change({ redtrack: { order: 'newest' } });
  });

  test('no page is longer than ten thousand rows', async () => {
    await fake.control.change({ redtrack: { maxPer: 100 } });
    expect((await body('/tracks', { ...TODAY, per: 50_000 })).items).toHaveLength(100);
    await fake.control.change({ redtrack: { maxPer: 10_000 } });
    await expect(fake.control.change({ redtrack: { maxPer: 10_001 } })).rejects.toThrow('400');
  });

  test('conversions can be asked for by type, in its very letters', async () => {
    const days = { date_from: '2026-03-01', date_to: '2026-03-10' };
    const { total } = await body('/conversions', days);
    const upsells = await body('/conversions', { ...days, type: 'Upsell' });
    expect(upsells.total).toBeGreaterThan(0);
    expect(upsells.total).toBeLessThan(total);
    expect((await body('/conversions', { ...days, type: 'upsell' })).items).toBeNull();
  });
});

describe('the report', () => {
  test('sums clicks and their conversions by day of the asked zone', async () => {
    const days = { date_from: '2026-03-05', date_to: '2026-03-06', timezone: 'UTC' };
    const { items } = await body('/report', { group: 'date,campaign', total: 'true', per: 1000, ...days });
    const truth = await fake.control.truth({ from: '2026-03-05T00:00:00Z', to: '2026-03-07T00:00:00Z', by: 'click' });
    const sum = (name: string) => items.reduce((all: number, row: Record<string, number>) => all + row[name]!, 0);
    expect(sum('clicks')).toBe(truth.clicks);
    expect(sum('total_revenue')).toBeCloseTo(Number(truth.revenue), 6);
    expect(new Set(items.map(({ date }: { date: string }) => date))).toEqual(new Set(['2026-03-05', '2026-03-06']));
    expect(Array.isArray(await body('/report', { group: 'date,campaign', ...days }))).toBe(true);
  });

  test('without a group it knows is refused', async () => {
    expect((await ask('/report', TODAY)).status).toBe(400);
  });
});

describe('limits', () => {
  test('ten calls of a limited path, then 429 with the time to wait; lists and the other paths go on', async () => {
    await fake.control.change({ redtrack: { limit: { calls: 10, windowMs: 1_500 } } });
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) {
      const answer = await ask('/tracks', { ...TODAY, per: 1 });
      statuses.push(answer.status);
      expect(answer.headers.get('x-ratelimit-remaining-minute')).toBe(String(9 - i));
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    const refused = await ask('/tracks', TODAY);
    expect([refused.status, await refused.json()]).toEqual([429, { error: expect.any(String) }]);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit-reset')).toBe(String(seconds));
    for (const path of ['/campaigns', '/conversions']) expect((await ask(path, TODAY)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    expect((await ask('/tracks', TODAY)).status).toBe(200);
  });

  test('are there by default, at ten a minute', async () => {
    const other = await startPanel({ ...small, name: 'limited', anchorAt });
    const url = `${addressOf(other.access, 'redtrack')}/report?api_key=${other.access.apiKey}&group=date,campaign`;
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) statuses.push((await fetch(`${url}&date_from=2026-03-09&date_to=2026-03-09`)).status);
    expect(statuses).toEqual([...Array<number>(10).fill(200), 429]);
    await other.stop();
  });
});
