// The fake Voluum refuses what the real one refuses, cuts short what it cuts short, and answers in its shapes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf } from '../../../simulator/client.ts';
import { NIL } from '../../../simulator/faces/voluum/ids.ts';
import { byAccessKey, byEmail } from '../../adapters/voluum-face.ts';
import { startPanel } from '../control-panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
let token: string;
beforeAll(async () => {
  fake = await startPanel();
  token = await logIn();
});
afterAll(() => fake.stop());

const url = (path: string, query: [string, string][] = []) => {
  const address = new URL(`${addressOf(fake.access, 'voluum')}${path}`);
  for (const [name, value] of query) address.searchParams.append(name, value);
  return address;
};
const ask = (path: string, query: [string, string][] = [], by = token) =>
  fetch(url(path, query), { headers: by === '' ? {} : { 'cwauth-token': by } });
const post = (path: string, body: unknown) => fetch(url(path), { method: 'POST', body: JSON.stringify(body) });
// biome-ignore lint/suspicious/noExplicitAny: an answer may be anything
const body = async (path: string, query: [string, string][] = []): Promise<any> => (await ask(path, query)).json();

async function logIn(credentials = byAccessKey(fake.access.apiKey)): Promise<string> {
  const { token } = (await (await post('/auth/access/session', credentials)).json()) as { token: string };
  return token;
}

const HOURS: [string, string][] = [
  ['from', '2026-03-09T00:00:00Z'],
  ['to', '2026-03-10T00:00:00Z'],
];
const REFUSED = {
  error: { code: expect.any(String), messages: expect.any(Array), webRequestId: expect.stringMatching(/^req-/) },
};

describe('logins', () => {
  test('give a token for four hours of the ledger’s clock', async () => {
    const answer = await post('/auth/session', byEmail(fake.access.apiKey));
    const { token: mine, expirationTimestamp, inaugural } = (await answer.json()) as Record<string, string>;
    expect([answer.status, expirationTimestamp, inaugural]).toEqual([200, '2026-03-10T16:00:00.000Z', false]);
    const alive = async () => ((await (await ask('/auth/session', [], mine)).json()) as { alive: boolean }).alive;
    const statuses = async () => [await alive(), (await ask('/offer', [], mine)).status];
    expect(await statuses()).toEqual([true, 200]);
    await fake.control.setClock({ advanceMs: 4 * 3_600_000 - 1 });
    expect(await statuses()).toEqual([true, 200]);
    await fake.control.setClock({ advanceMs: 1 });
    expect(await statuses()).toEqual([false, 401]);
    await fake.control.setClock({ freezeAt: '2026-03-10T12:00:00Z' });
  });

  test.each([
    ['/auth/session', { email: 'owner@example.com', password: 'x' }],
    ['/auth/session', 'the access key'],
    ['/auth/access/session', 'the password'],
    ['/auth/access/session', { accessId: 'x' }],
    ['/auth/access/session', null],
  ])('at %s with %j are refused, with the id of the request', async (path, given) => {
    const { apiKey } = fake.access;
    const credentials =
      given === 'the password' ? byEmail(apiKey) : given === 'the access key' ? byAccessKey(apiKey) : given;
    const answer = await post(path, credentials);
    expect([answer.status, await answer.json()]).toMatchObject([
      401,
      { error: { ...REFUSED.error, code: 'BAD_CREDENTIALS' } },
    ]);
  });

  test.each([
    ['access', 404],
    ['access405', 405],
  ] as const)('by e-mail at the other path: %s', async (emailLogin, status) => {
    await fake.control.change({ voluum: { emailLogin } });
    expect((await post('/auth/session', byEmail(fake.access.apiKey))).status).toBe(status);
    expect((await post('/auth/access/session', byEmail(fake.access.apiKey))).status).toBe(200);
    await fake.control.change({ voluum: { emailLogin: 'session' } });
  });

  test('a changed key ends the tokens of the one before', async () => {
    const { apiKey } = fake.access;
    await fake.control.change({ apiKey: 'another-key-0123456789' });
    expect((await ask('/offer')).status).toBe(401);
    await fake.control.change({ apiKey });
    expect((await ask('/offer')).status).toBe(200);
  });

  test('without a token nothing is given; what is no part of the API is a web page', async () => {
    for (const by of ['', 'nonsense']) {
      const answer = await ask('/campaign', [], by);
      expect([answer.status, await answer.json()]).toMatchObject([401, REFUSED]);
    }
    expect((await ask('/panel')).headers.get('content-type')).toContain('text/html');
    const requests = await fake.control.requests();
    expect(JSON.stringify(requests)).not.toContain(token);
  });

  test('single resources can be denied, to all or to access keys alone', async () => {
    await fake.control.change({ voluum: { closedToAccessKeys: ['conversions'], deny: { offers: 402 } } });
    const byPassword = ((await (await post('/auth/session', byEmail(fake.access.apiKey))).json()) as { token: string })
      .token;
    expect((await ask('/offer')).status).toBe(402);
    expect((await ask('/report/conversions', HOURS)).status).toBe(403);
    expect((await ask('/report/conversions', HOURS, byPassword)).status).toBe(200);
    await fake.control.change({ voluum: { closedToAccessKeys: [], deny: {} } });
  });
});

test('lists are whole, in an envelope of their own name, and hold what is deleted only where it is asked for', async () => {
  const all = await body('/campaign', [['includeDeleted', 'true']]);
  const active = await body('/campaign');
  expect(all.campaigns).toHaveLength(12);
  expect(active.campaigns.length).toBeLessThan(12);
  expect(all.campaigns[0].id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  for (const name of ['offers', 'landers', 'flows', 'trafficSources', 'affiliateNetworks']) {
    const path =
      name === 'trafficSources' ? '/traffic-source' : `/${name.replace('affiliateN', 'affiliate-n').replace(/s$/, '')}`;
    expect((await body(path))[name].length, name).toBeGreaterThan(0);
  }
});

describe('reports', () => {
  test.each([
    [[['from', '2026-03-09T00:30:00Z']]],
    [[['to', '2026-03-10T00:00:01Z']]],
    [[['to', '2026-03-09T00:00:00Z']]],
    [[['tz', 'Nowhere/Else']]],
    [[['limit', 'many']]],
    [[['sort', 'colour']]],
    [[['columns', 'colour']]],
    [[['from', '']]],
  ] as [[string, string]][][])('asked for with %j are refused', async (change) => {
    const query = new Map([...HOURS, ['tz', 'Etc/GMT'], ...change] as [string, string][]);
    const answer = await ask('/report/conversions', [...query]);
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'BAD_REQUEST' } }]);
  });

  test('give a hundred rows where no limit is sent, and say so in the number of all alone', async () => {
    const days: [string, string][] = [
      ['from', '2026-03-01T00:00:00Z'],
      ['to', '2026-03-10T12:00:00Z'],
    ];
    const cut = await body('/report/conversions', days);
    expect(cut).toMatchObject({ limit: 100, offset: 0, truncated: true });
    expect(cut.rows).toHaveLength(100);
    expect(cut.totalRows).toBeGreaterThan(300);
    const whole = await body('/report/conversions', [...days, ['limit', '10000']]);
    expect([whole.rows.length, whole.truncated]).toEqual([cut.totalRows, false]);
  });

  test('tell times without an offset, twice twelve hours long, of the asked zone', async () => {
    const sorted: [string, string][] = [
      ['sort', 'postbackTimestamp'],
      ['direction', 'ASC'],
      ['limit', '1000'],
    ];
    const utc = await body('/report/conversions', [...HOURS, ['tz', 'Etc/GMT'], ...sorted]);
    const own = await body('/report/conversions', [...HOURS, ...sorted]);
    const times = utc.rows.map(({ postbackTimestamp }: { postbackTimestamp: string }) => postbackTimestamp);
    for (const time of times) expect(time).toMatch(/^2026-03-09 (0[1-9]|1[0-2]):\d\d:\d\d [AP]M$/);
    const moments = times.map((time: string) => Date.parse(`${time} UTC`));
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(own.rows[0].postbackTimestamp.slice(0, 10)).toBe('2026-03-08');
    const unsorted = (await body('/report/conversions', [...HOURS, ['tz', 'Etc/GMT'], ['limit', '1000']])).rows;
    const told = unsorted.map(({ postbackTimestamp }: { postbackTimestamp: string }) =>
      Date.parse(`${postbackTimestamp} UTC`),
    );
    expect(told).not.toEqual(moments);
    expect(told).not.toEqual(moments.toReversed());
    expect(told.toSorted()).toEqual(moments.toSorted());
  });

  test('name the type of a conversion only where it is asked for, and write none as nil or UNKNOWN', async () => {
    const { rows } = await body('/report/conversions', [...HOURS, ['limit', '1000']]);
    expect(rows[0]).not.toHaveProperty('conversionType');
    expect(rows[0]).toMatchObject({ applicationBundle: 'UNKNOWN', creativeId: NIL });
    const named = await body('/report/conversions', [...HOURS, ['columns', 'clickId'], ['columns', 'conversionType']]);
    expect(Object.keys(named.rows[0])).toEqual(['clickId', 'conversionType']);
  });

  test('tell a change of money as a row of its own', async () => {
    const hour: [string, string][] = [
      ['from', '2026-03-10T11:00:00Z'],
      ['to', '2026-03-10T12:00:00Z'],
    ];
    const rows = async () => (await body('/report/conversions', [...hour, ['limit', '1000'], ['tz', 'Etc/GMT']])).rows;
    const { conversionIds } = await fake.control.overlay({
      kind: 'addConversions',
      conversions: [{ at: '2026-03-10T11:10:00Z', status: 'sale', revenue: '10', tid: 'corrected' }],
    });
    const at = (time: string) => ({ kind: 'setConversions', ids: conversionIds, at: `2026-03-10T${time}Z` }) as const;
    await fake.control.overlay({ ...at('11:20:00'), revenue: '12.5' });
    await fake.control.overlay({ ...at('11:30:00'), status: 'rejected' });
    await fake.control.overlay({ ...at('11:40:00'), status: 'trash' });
    const told = (await rows()).filter(({ transactionId }: { transactionId: string }) => transactionId === 'corrected');
    const amounts = told.map(({ postbackTimestamp, revenue }: { postbackTimestamp: string; revenue: number }) => [
      postbackTimestamp.slice(11),
      revenue,
    ]);
    expect(amounts.sort()).toEqual([
      ['11:10:00 AM', 10],
      ['11:20:00 AM', 2.5],
      ['11:30:00 AM', -12.5],
    ]);
  });

  test('by campaign tell which have traffic, by day and campaign their sums', async () => {
    const query: [string, string][] = [...HOURS, ['tz', 'Etc/GMT'], ['limit', '1000'], ['groupBy', 'campaign']];
    const busy = await body('/report', [...query, ['include', 'TRAFFIC']]);
    expect(busy.rows.length).toBeLessThanOrEqual((await body('/report', query)).rows.length);
    const isBusy = ({ visits, conversions }: Record<string, number>) => visits! > 0 || conversions! > 0;
    expect(busy.rows.every(isBusy)).toBe(true);
    const sums = async () => {
      const { rows } = await body('/report', [...query, ['groupBy', 'day']]);
      expect(new Set(rows.map(({ day }: { day: string }) => day))).toEqual(new Set(['2026-03-09']));
      const sum = (name: string) => rows.reduce((all: number, row: Record<string, number>) => all + row[name]!, 0);
      return {
        visits: sum('visits'),
        conversions: sum('conversions'),
        revenue: Math.round(sum('revenue') * 1e6) / 1e6,
      };
    };
    const truth = await fake.control.truth({ from: '2026-03-09T00:00:00Z', to: '2026-03-10T00:00:00Z', by: 'click' });
    const { totalRows: postbacks } = await body('/report/conversions', HOURS);
    expect(await sums()).toMatchObject({ visits: truth.clicks, conversions: postbacks });
    await fake.control.change({ voluum: { conversionTime: 'visit' } });
    expect(await sums()).toMatchObject({ visits: truth.clicks, revenue: Number(truth.revenue) });
    await fake.control.change({ voluum: { conversionTime: 'postback' } });
    expect((await ask('/report', HOURS)).status).toBe(400);
  });
});

describe('live visits', () => {
  const campaign = async () => (await body('/campaign')).campaigns[0].id as string;

  test('are the latest of one campaign, the newest first, a hundred unless more are asked for, and a thousand at most', async () => {
    const path = `/report/live/visits/${await campaign()}`;
    const { rows } = await body(path, [['tz', 'Etc/GMT']]);
    const more = await body(path, [
      ['tz', 'Etc/GMT'],
      ['limit', '5000'],
    ]);
    expect(rows).toHaveLength(100);
    expect(more.rows.length).toBe(1_000);
    expect(more.rows.slice(0, 100)).toEqual(rows);
    const times = more.rows.map(({ timestamp }: { timestamp: string }) => Date.parse(`${timestamp} UTC`));
    expect(times).toEqual(times.toSorted((a: number, b: number) => b - a));
  });

  test('are no more than are kept, and a limit that is too high is refused', async () => {
    await fake.control.change({ voluum: { liveVisits: 30, maxLiveLimit: 1_000 } });
    const path = `/report/live/visits/${await campaign()}`;
    expect((await body(path, [['limit', '1000']])).rows).toHaveLength(30);
    expect((await ask(path, [['limit', '1001']])).status).toBe(400);
    expect((await ask('/report/live/visits/nobody')).status).toBe(404);
    await fake.control.change({ voluum: { liveVisits: 1_000, maxLiveLimit: 100_000 } });
  });
});
