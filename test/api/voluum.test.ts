// A Voluum account through the API: its form, both logins, what is refused, and its way from the connection to equal sums.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCESS_ID } from '../../simulator/faces/voluum/tokens.ts';
import { DAY_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { byAccessKey, byEmail } from '../adapters/voluum-face.ts';
import { canaryKey } from '../leaks/canary.ts';
import { sumMicros } from '../simulator/panel.ts';
import { type Account, openAccount } from './account.ts';
import { journey } from './journey.ts';

let opened: Account;
let api: Account['api'];
let ledger: Account['ledger'];
let account: { url: string; apiKey: string };
const tokenPrefix = canaryKey();

beforeAll(async () => {
  opened = await openAccount('voluum', {
    ...{ clicks: 2_400, conversions: 300, statusChangeAfterHoursMax: 60 },
    voluum: { tokenPrefix, planted: canaryKey() },
  });
  ({ api, ledger } = opened);
  account = { url: opened.face.url, apiKey: opened.apiKey };
});
afterAll(() => opened.end());

const tryIt = (credentials: object, given: object = {}) =>
  api.ask('POST', '/api/v1/trackers/test', { body: { type: 'voluum', url: account.url, credentials, ...given } });

test('its form has both pairs, and its clicks are said to be recent ones only', async () => {
  const { json } = await api.ask('GET', '/api/v1/trackers/types');
  const type = json.find((one: { type: string }) => one.type === 'voluum');
  expect(type).toMatchObject({ title: 'Voluum', urlRequired: false, defaultUrl: 'https://api.voluum.com' });
  expect(Object.keys(type.credentials.properties).sort()).toEqual(['accessId', 'accessKey', 'email', 'password']);
  expect(type.credentials.required ?? []).toEqual([]);
  expect(type.credentials.properties.password).toMatchObject({ secret: 'password' });
  expect(Object.keys(type.resources)).toHaveLength(9);
  expect(type.resources.clicks.note).toContain('Recent clicks only');
});

describe('a test', () => {
  test.each([
    ['an access key', byAccessKey],
    ['e-mail and password', byEmail],
  ])('by %s finds every resource', async (_, pair) => {
    const { json } = await tryIt(pair(account.apiKey));
    expect(json).toMatchObject({ ok: true, message: 'Key accepted.' });
    expect(json.checks).toHaveLength(9);
  });

  test('with a wrong key is said to be wrong, in the words that support asks for', async () => {
    const { json } = await tryIt(byAccessKey(canaryKey()));
    expect(json).toMatchObject({ ok: false, error: { kind: 'auth', status: 401 } });
    expect(json.error.message).toMatch(
      /^Connection test failed: 401 \(BAD_CREDENTIALS \(webRequestId req-[0-9a-f]+\)\)$/,
    );
  });

  test('names what is refused, also where it is closed to access keys alone', async () => {
    await ledger.change({ voluum: { closedToAccessKeys: ['conversions'] } });
    const { json } = await tryIt(byAccessKey(account.apiKey));
    expect(json).toMatchObject({ ok: true, message: 'Key accepted. Not readable: conversions.' });
    expect((await tryIt(byEmail(account.apiKey))).json.message).toBe('Key accepted.');
    await ledger.change({ voluum: { closedToAccessKeys: [] } });
  });

  test.each([{}, { email: 'owner@example.com' }, { accessId: ACCESS_ID, password: 'x' }])(
    'with %j is refused before any call',
    async (credentials) => {
      await ledger.clearRequests();
      const { status, json } = await tryIt(credentials);
      expect([status, json.errors]).toEqual([
        400,
        [{ path: 'credentials', message: expect.stringContaining('e-mail') }],
      ]);
      expect(await ledger.requests()).toEqual([]);
    },
  );
});

test('connected without an address, it has the product’s own', async () => {
  const body = { type: 'voluum', name: 'Voluum', credentials: byEmail(canaryKey()) };
  const { status, json, text } = await api.ask('POST', '/api/v1/trackers', { body });
  expect([status, json.url, json.state]).toEqual([201, 'https://api.voluum.com', 'pending']);
  expect(text).not.toContain('owner@example.com');
  await api.ask('DELETE', `/api/v1/trackers/${json.id}`);
});

describe('connected', () => {
  let id: string;
  const path = () => `/api/v1/trackers/${id}`;
  const pass = (ms: number) => opened.pass(id, ms);
  beforeAll(async () => {
    const settings = { backfillDays: 5, syncIntervalMinutes: 15, callsPerMinute: 0 };
    const body = { type: 'voluum', name: 'Mine', url: account.url, credentials: byEmail(account.apiKey), settings };
    const { status, json } = await api.ask('POST', '/api/v1/trackers', { body });
    expect(status).toBe(201);
    id = json.id;
    await pass(0);
  });

  async function listed(noun: 'clicks' | 'conversions') {
    const span = `from=${new Date(opened.start - 4 * DAY_MS).toISOString()}&to=${new Date(opened.now()).toISOString()}`;
    // biome-ignore lint/suspicious/noExplicitAny: the rows of an answer
    const items: any[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { json } = await api.ask('GET', `/api/v1/${noun}?configId=${id}&${span}&limit=1000${more}`);
      items.push(...json.items);
      cursor = json.nextCursor ?? null;
    }
    return items;
  }

  /** What the ledger says of its money by now is what the rows come to, corrections among them. */
  async function expectEqualSums() {
    const until = new Date(opened.now() - 2 * MINUTE_MS).toISOString();
    const truth = await ledger.truth({ to: until, asOf: until });
    const counted = Object.entries(truth.conversions).filter(([status]) => !/^(rejected|trash)$/.test(status));
    const conversions = await listed('conversions');
    const revenue = sumMicros(conversions.map((row) => row.revenue));
    expect(revenue).toBe(sumMicros(counted.map(([, sum]) => sum.revenue)));
    expect((await opened.hubSums(id)).revenue).toBe(revenue);
    return conversions;
  }

  test('it is synced, with history for its conversions and for the clicks that they tell of', async () => {
    const { json } = await api.ask('GET', path());
    expect(json).toMatchObject({ state: 'synced', lastError: null });
    const conversions = await expectEqualSums();
    expect(conversions.length).toBeGreaterThan(200);
    const clicks = await listed('clicks');
    const byId = new Map(clicks.map((click) => [click.externalId, click]));
    const reach = new Date(opened.start - DAY_MS).toISOString();
    expect(clicks.filter(({ isDerived }) => isDerived).length).toBeGreaterThan(20);
    expect(clicks.filter(({ clickedAt }) => clickedAt >= reach).every(({ isDerived }) => !isDerived)).toBe(true);
    for (const conversion of conversions) expect(byId.has(conversion.clickExternalId)).toBe(true);
  });

  test('what comes in, and what is taken back late, is there after the next cycle', async () => {
    await pass(16 * MINUTE_MS);
    const before = await expectEqualSums();
    const ids: number[] = [];
    for await (const { id, status } of ledger.truthConversions()) if (status === 'sale') ids.push(id);
    await ledger.overlay({ kind: 'setConversions', ids: ids.slice(0, 4), status: 'rejected' });
    await pass(16 * MINUTE_MS);
    const after = await expectEqualSums();
    const reversed = (rows: { reversed: boolean }[]) => rows.filter((row) => row.reversed).length;
    expect(reversed(after)).toBeGreaterThanOrEqual(reversed(before) + 4);
  });

  test('a changed password asks for a person, and the right one mends it at once', async () => {
    const changed = canaryKey();
    await ledger.change({ apiKey: changed });
    await pass(16 * MINUTE_MS);
    const { json } = await api.ask('GET', path());
    expect(json).toMatchObject({ state: 'needs_attention', lastError: { kind: 'auth' } });
    expect(json.lastError.message).toContain('webRequestId');
    await api.ask('PATCH', path(), { body: { credentials: byEmail(changed) } });
    await pass(16 * MINUTE_MS);
    expect((await api.ask('GET', path())).json).toMatchObject({ state: 'synced', lastError: null });
    await expectEqualSums();
  });

  test('the journal has its logins, and no password or token', async () => {
    const { json, text } = await api.ask('GET', `${path()}/requests?limit=1000`);
    const logins = json.items.filter(({ method }: { method: string }) => method === 'POST');
    expect(logins.length).toBeGreaterThan(1);
    expect(logins[0].url).toBe(`${account.url}/auth/session`);
    expect(text).not.toContain(tokenPrefix);
  });
});

journey({ face: 'voluum', wrongKey: /^Connection test failed: 401 \(BAD_CREDENTIALS /, recentClicksOnly: true });
