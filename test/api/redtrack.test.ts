// A RedTrack account through the API: its form, its address that need not be given, its key that is in no answer.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressOf, ledgerControl } from '../../simulator/client.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { canaryKey } from '../leaks/canary.ts';
import { type Harness, startHarness } from './harness.ts';
import { journey } from './journey.ts';

let api: Harness;
let simulator: Simulator;
let account: { url: string; apiKey: string };

beforeAll(async () => {
  api = await startHarness();
  simulator = await startSimulator({
    ledgers: [{ name: 'main', days: 2, clicks: 200, conversions: 20, apiKey: canaryKey() }],
  });
  const [access] = simulator.ledgers;
  account = { url: addressOf(access!, 'redtrack'), apiKey: access!.apiKey };
});
afterAll(async () => {
  await simulator.stop();
  await api.end();
});

const tryIt = (given: object = {}) =>
  api.ask('POST', '/api/v1/trackers/test', {
    body: { type: 'redtrack', url: account.url, credentials: { apiKey: account.apiKey }, ...given },
  });

test('its type tells how well each resource is known, and that no address is needed', async () => {
  const { json } = await api.ask('GET', '/api/v1/trackers/types');
  const type = json.find((one: { type: string }) => one.type === 'redtrack');
  expect(type).toMatchObject({ title: 'RedTrack', urlRequired: false, defaultUrl: 'https://api.redtrack.io' });
  expect(Object.keys(type.resources)).toHaveLength(9);
  expect(type.resources.totals.note).toContain('Assumed');
});

test('the right key is accepted and every resource read, a wrong one is said to be wrong', async () => {
  const right = await tryIt();
  expect(right.json).toMatchObject({ ok: true, message: 'Key accepted.' });
  expect(right.json.checks).toHaveLength(9);
  const wrong = await tryIt({ credentials: { apiKey: 'some-other-key-0123456789' } });
  expect(wrong.json).toMatchObject({ ok: false, error: { kind: 'auth', status: 401 } });
  expect(wrong.json.error.message).toBe('Connection test failed: 401 (invalid api_key)');
});

test('a resource that is refused is named, the others are read', async () => {
  const ledger = ledgerControl(simulator.address, 'main');
  await ledger.change({ redtrack: { deny: { conversions: 403 } } });
  const { json } = await tryIt();
  expect(json).toMatchObject({ ok: true, message: 'Key accepted. Not readable: conversions.' });
  await ledger.change({ redtrack: { deny: {} } });
});

test('a test counts for the rates that the account has together', async () => {
  await api.db.deleteFrom('call_budget').execute();
  await tryIt();
  const [budget, ...others] = await api.db.selectFrom('call_budget').select('state').execute();
  expect(others).toEqual([]);
  const counted = Object.fromEntries(Object.entries(budget!.state.ended).map(([name, calls]) => [name, calls.length]));
  expect(counted).toEqual({ '/tracks 60000': 1, '/conversions 60000': 1, '/report 60000': 1 });
  expect(budget!.state.underWay).toEqual({});
});

test('a test that would be one call too many says so instead of making it', async () => {
  const { key } = await api.db.selectFrom('call_budget').select('key').executeTakeFirstOrThrow();
  const ended = { '/tracks 60000': Array.from({ length: 10 }, () => Date.now()) };
  const change = (state: object) =>
    api.db
      .updateTable('call_budget')
      .set({ state: JSON.stringify({ underWay: {}, ended: {}, silentUntil: 0, ...state }) })
      .where('key', '=', key)
      .execute();
  await change({ ended });
  const { json } = await tryIt();
  const message = /^429 was to be expected: it is asked as often as it allows, free in \d+ s$/;
  const clicks = json.checks.find(({ resource }: { resource: string }) => resource === 'clicks');
  expect(clicks).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  await change({ silentUntil: Date.now() + 60_000 });
  expect((await tryIt()).json).toMatchObject({ ok: false, error: { kind: 'rate_limited' } });
  await change({});
});

test('the journal has its calls, without the key that rides in their addresses', async () => {
  await tryIt();
  const { json, text } = await api.ask('GET', '/api/v1/audit-log?source=tracker&limit=1000');
  const urls = json.items.map(({ url }: { url: string }) => url);
  expect(urls.some((url: string) => url.includes('/tracks?') && url.includes('api_key=redacted'))).toBe(true);
  expect(text).not.toContain(account.apiKey);
  expect(text).not.toContain('some-other-key');
});

test('connected without an address, it has the product’s own', async () => {
  const body = { type: 'redtrack', name: 'RedTrack', credentials: { apiKey: canaryKey() } };
  const { status, json } = await api.ask('POST', '/api/v1/trackers', { body });
  expect([status, json.url, json.state]).toEqual([201, 'https://api.redtrack.io', 'pending']);
});

journey({ face: 'redtrack', wrongKey: /^Connection test failed: 401 \(invalid api_key\)$/ });
