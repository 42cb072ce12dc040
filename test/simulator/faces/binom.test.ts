// The fake Binom refuses what the real one refuses, and answers in its shapes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf } from '../../../simulator/client.ts';
import { startPanel } from '../control-panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel({ binom_v2: { money: 'number' } });
});
afterAll(() => fake.stop());

type Query = Record<string, string | number | string[]>;

const ask = (path: string, query: Query = {}, headers: Record<string, string> = { 'Api-Key': fake.access.apiKey }) => {
  const url = new URL(`${addressOf(fake.access, 'binom_v2')}/public/api/v1${path}`);
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  return fetch(url, { headers });
};
// biome-ignore lint/suspicious/noExplicitAny: an answer may be anything, and the shapes are what the tests look at
const body = async (path: string, query: Query = {}): Promise<any> => (await ask(path, query)).json();
const DAY: Query = { datePreset: 'custom_time', dateFrom: '2026-03-09 00:00:00', dateTo: '2026-03-09 23:59:59' };
const UTC: Query = { ...DAY, timezone: 'UTC', sortType: 'asc', direction: 'next' };

describe('who is let in', () => {
  test('the header alone counts, in any case, and a Bearer key is none', async () => {
    for (const headers of [
      { Authorization: `Bearer ${fake.access.apiKey}` },
      { 'Api-Key': 'some-other-key' },
      {},
    ] as Record<string, string>[]) {
      const answer = await ask('/user/role', {}, headers);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toBe('application/vnd.api+json');
      const { errors } = (await answer.json()) as { errors: object };
      expect(errors).toMatchObject({ title: expect.any(String), detail: expect.any(String), code: 0, status: 401 });
    }
    expect(await body('/user/role')).toEqual({ id: 2, role: 'admin' });
    expect((await ask('/user/role', {}, { 'API-KEY': fake.access.apiKey })).status).toBe(200);
  });

  test('outside of its API it is a web page; within, a path that is none is an error', async () => {
    const page = await fetch(`${addressOf(fake.access, 'binom_v2')}/login`, {
      headers: { 'Api-Key': fake.access.apiKey },
    });
    expect([page.status, page.headers.get('content-type')]).toEqual([404, expect.stringContaining('text/html')]);
    expect(await body('/visits')).toMatchObject({ errors: { status: 404 } });
  });
});

describe('lists', () => {
  test('are bare, of what is in use, in pages; an empty name is refused', async () => {
    const all = await body('/campaign/list/filtered', { limit: 500, offset: 0 });
    expect(all).toHaveLength(11);
    expect(await body('/campaign/list/filtered', { limit: 5, offset: 10 })).toEqual(all.slice(10));
    const refused = await ask('/campaign/list/filtered', { name: '', limit: 5 });
    expect([refused.status, ((await refused.json()) as { errors: { title: string } }).errors.title]).toEqual([
      400,
      'Webmozart.Assert.InvalidArgumentException',
    ]);
  });

  test('a panel’s table has all, and its totals as a row at the end', async () => {
    const query = { datePreset: 'all_time', timezone: 'UTC', status: 'all', limit: 5, offset: 5 };
    const rows = await body('/info/campaign', query);
    expect(rows).toHaveLength(6);
    expect(rows.at(-1)).toMatchObject({ id: 'totals', total_count: 12 });
    expect(rows.some((row: { is_deleted?: boolean }) => row.is_deleted)).toBe(true);
    expect(typeof rows[0].clicks).toBe('string');
    expect((await ask('/info/campaign', { ...query, datePreset: 'ever' })).status).toBe(400);
  });

  test('a campaign carries its rotation within, or the number of a shared one', async () => {
    const [own, shared] = [await body('/campaign/1'), await body('/campaign/3')];
    expect(own).toMatchObject({ rotationId: null, customRotation: { defaultPaths: expect.any(Array) } });
    expect(shared).toMatchObject({ rotationId: 1_003, customRotation: null });
    expect(await body('/rotation/list/filtered')).toContainEqual(expect.objectContaining({ id: 1_003 }));
  });
});

describe('logs', () => {
  test.each(['/conversions', '/clicklog'])('%s without a time, or with a wrong one, is refused', async (path) => {
    for (const query of [
      {},
      { datePreset: 'custom_time' },
      { ...DAY, dateFrom: '2026-03-09' },
      { ...DAY, dateFrom: '2026-02-30 00:00:00' },
      { ...DAY, timezone: 'Mars/Olympus' },
      { ...DAY, limit: 0 },
    ] as Query[])
      expect((await ask(path, query)).status, JSON.stringify(query)).toBe(400);
  });

  test('a full window gives its first rows alone, oldest first, and tells of no more', async () => {
    const answer = await body('/clicklog', { ...UTC, limit: 7 });
    expect(Object.keys(answer)).toEqual(['rows']);
    expect(answer.rows).toHaveLength(7);
    const times = answer.rows.map((row: { click_time: string }) => row.click_time);
    expect(times).toEqual([...times].sort());
    expect(await body('/clicklog', { ...UTC, limit: 7, offset: 7 })).toEqual(answer);
    expect((await body('/clicklog', UTC)).rows).toHaveLength(100);
  });

  test('conversions name what they went through, one a click', async () => {
    const { rows } = await body('/conversions', { ...UTC, dateFrom: '2026-02-28 12:00:00', limit: 1_000 });
    expect(rows.length).toBeGreaterThan(300);
    expect(new Set(rows.map(({ id }: { id: string }) => id)).size).toBe(rows.length);
    expect(Object.keys(rows[0])).toEqual([
      ...[
        'id',
        'campaign',
        'traffic_source',
        'offer',
        'clicked_at',
        'conversed_at',
        'time_since_click',
        'payout',
        'status',
      ],
      'geo',
    ]);
    const { campaigns } = await body('/conversions/filters');
    const names = campaigns.map(({ id, name }: { id: number; name: string }) => name.replace(` (id:${id})`, ''));
    for (const { campaign } of rows) expect(names).toContain(campaign);
  });

  test('without a zone times are the tracker’s own', async () => {
    await fake.control.change({ binom_v2: { timezone: 'Asia/Tokyo' } });
    const [here, there] = [
      await body('/clicklog', { ...UTC, limit: 1 }),
      await body('/clicklog', { ...DAY, sortType: 'asc', limit: 1 }),
    ];
    expect(here.rows[0].click_time).toMatch(/^2026-03-09 00:/);
    expect(there.rows[0].click_time).toMatch(/^2026-03-09 00:/);
    expect(there.rows[0].id).not.toBe(here.rows[0].id);
  });
});

describe('the report', () => {
  const query: Query = { ...DAY, timezone: 'UTC', 'ids[]': ['1', '2'], 'groupings[]': ['campaign'], limit: 1_000 };

  test('has the campaigns that were asked for, one level deep', async () => {
    const { report, totals } = await body('/report/campaign', query);
    expect(report.map(({ entity_id }: { entity_id: number }) => entity_id).sort()).toEqual([1, 2]);
    expect(report[0]).toMatchObject({ level: '1', clicks: expect.stringMatching(/^\d+$/), leads: expect.any(String) });
    expect(totals).toEqual(expect.any(Object));
  });

  test.each<[string, Query]>([
    ['campaigns', { 'ids[]': [] }],
    ['a grouping', { 'groupings[]': [] }],
    ['a grouping that there is', { 'groupings[]': ['colour'] }],
  ])('is refused without %s', async (_, without) => {
    expect((await ask('/report/campaign', { ...query, ...without })).status).toBe(400);
  });
});

test('single resources can be denied, also in an answer of 200; settings that no tracker has are refused', async () => {
  await fake.control.change({ binom_v2: { deny: { clicks: 403, conversions: 200 } } });
  expect((await ask('/clicklog', UTC)).status).toBe(403);
  const answer = await ask('/conversions', UTC);
  expect([answer.status, await answer.json()]).toEqual([200, { errors: expect.objectContaining({ status: 200 }) }]);
  await fake.control.change({ binom_v2: { deny: {} } });
  await expect(fake.control.change({ binom_v2: { names: 'none' as 'plain' } })).rejects.toThrow('400');
});
