// A declaration as settings make it: other paths for what is assumed, whatever the tracker, and nothing else touched.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Adapter, ConnectionSettings } from '../../src/adapters/adapter.ts';
import { configured } from '../../src/adapters/configured.ts';
import type { Http } from '../../src/adapters/http.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { catalogLists, pullCatalog } from '../../src/adapters/pull-catalog.ts';
import { pullLogPage } from '../../src/adapters/pull-log.ts';
import { pullTotals } from '../../src/adapters/pull-totals.ts';
import { openSession, type Session } from '../../src/adapters/session.ts';
import { trackerSettings } from '../../src/adapters/settings.ts';
import { json, serve, type TestServer, testHttp } from './wire.ts';

const evidence = 'assumed' as const;
const { campaigns, flows } = keitaro.catalog;
const { clicks, conversions } = keitaro.logs;

/** Keitaro, if nothing were known of some of it. */
const guessed: Adapter = {
  ...keitaro,
  catalog: { ...keitaro.catalog, campaigns: { ...campaigns!, evidence }, flows: { ...flows!, evidence } },
  logs: { clicks: { ...clicks, evidence }, conversions },
  totals: { ...keitaro.totals, evidence },
};

const PATHS = {
  ...{ campaigns: '/all/campaigns', flows: 'flows?kind=all', offers: '/all/offers' },
  ...{ clicks: 'visits', conversions: '/leads', totals: '/sums' },
};
const WINDOW = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };

let server: TestServer;
let http: Http;
let asked: string[] = [];
beforeAll(async () => {
  server = await serve((request, response) => {
    asked.push(request.url ?? '');
    const isList = request.method === 'GET';
    json(response, isList ? [{ id: 1, name: 'x' }] : { rows: [], total: 0 });
  });
  http = testHttp();
});
afterAll(async () => {
  await server.stop();
  await http.close();
});
beforeEach(() => {
  asked = [];
});

const sessionWith = (paths: ConnectionSettings['paths']): Session =>
  openSession(
    guessed,
    {
      url: `${server.url}/panel`,
      credentials: { apiKey: 'canary-key-0123456789' },
      settings: { currency: 'USD', timezone: 'UTC', ...(paths === undefined ? {} : { paths }) },
    },
    { http, onCall: () => {} },
  );

async function readAll(session: Session): Promise<string[]> {
  for (const resource of ['campaigns', 'flows', 'offers'] as const) {
    for await (const _ of pullCatalog(session, resource, ['7', '8']));
  }
  for (const log of ['clicks', 'conversions'] as const) await pullLogPage(session, log, WINDOW, null, null);
  await pullTotals(session, WINDOW, null);
  return asked;
}

test('without paths a declaration is what it was, to the object', () => {
  expect(configured(keitaro, { currency: 'USD', timezone: 'UTC' })).toBe(keitaro);
});

test('a path that begins with a slash counts from the tracker’s address, any other from its API; only for the assumed', async () => {
  const found = (await readAll(sessionWith(PATHS))).map((url) => url.replace(/[?&](limit|offset)=\d+/g, ''));
  expect(new Set(found)).toEqual(
    new Set([
      '/panel/all/campaigns',
      '/panel/admin_api/v1/flows?kind=all',
      '/panel/admin_api/v1/offers',
      '/panel/admin_api/v1/visits',
      '/panel/admin_api/v1/conversions/log',
      '/panel/sums',
    ]),
  );
});

test('a list with a path of its own is the whole one: asked once, neither per parent nor with a second beside it', async () => {
  expect(catalogLists(sessionWith(PATHS), 'flows', ['7', '8'])).toEqual([{ listing: 0, parentId: null }]);
  expect(catalogLists(sessionWith(undefined), 'flows', ['7', '8'])).toHaveLength(3);
});

test('the keys of a page stay: what is asked moves, not how', async () => {
  await readAll(sessionWith({ campaigns: '/c' }));
  expect(asked.filter((url) => url.startsWith('/panel/c?'))[0]).toBe('/panel/c?limit=1000&offset=0');
});

describe('a path in the settings', () => {
  const parse = (path: unknown) => trackerSettings.safeParse({ paths: { clicks: path } });

  test.each(['/stats/leads', 'leads', '/index.php?action=leads', 'a/b.json', '/v2:list'])('%j is one', (path) => {
    expect(parse(path).data?.paths).toEqual({ clicks: path });
  });

  test.each([
    'https://elsewhere.example/x',
    'HTTP://elsewhere.example',
    'javascript:1',
    'two words',
    '/x#y',
    '\\\\host\\x',
    '',
    7,
  ])('%j is none', (path) => {
    expect(parse(path).error?.issues[0]?.path).toEqual(['paths', 'clicks']);
  });

  test('of what is no resource is refused', () => {
    expect(trackerSettings.safeParse({ paths: { visits: '/x' } }).error?.issues[0]?.path).toContain('paths');
  });

  test.each(['//elsewhere.example/x', '@elsewhere.example/x', '/../../x', '.elsewhere.example', ':80/x'])(
    'cannot lead to another host: %j',
    async (path) => {
      asked = [];
      await readAll(sessionWith({ campaigns: path }));
      expect(asked.length).toBeGreaterThan(5);
    },
  );
});
