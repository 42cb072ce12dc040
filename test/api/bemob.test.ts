// A BeMob account through the API: its two keys, its address that need not be given, refusals that come with a 200.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressOf, ledgerControl } from '../../simulator/client.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { canaryKey } from '../leaks/canary.ts';
import { type Harness, startHarness } from './harness.ts';
import { journey } from './journey.ts';

let api: Harness;
let simulator: Simulator;
let account: { url: string; credentials: { accessKey: string; secretKey: string } };

beforeAll(async () => {
  api = await startHarness();
  const accessKey = canaryKey();
  simulator = await startSimulator({
    ledgers: [{ name: 'main', days: 2, clicks: 200, conversions: 20, apiKey: canaryKey(), bemob: { accessKey } }],
  });
  const [access] = simulator.ledgers;
  account = { url: addressOf(access!, 'bemob'), credentials: { accessKey, secretKey: access!.apiKey } };
});
afterAll(async () => {
  await simulator.stop();
  await api.end();
});

const tryIt = (given: object = {}) =>
  api.ask('POST', '/api/v1/trackers/test', { body: { type: 'bemob', ...account, ...given } });

test('its type asks for two keys and no address, and tells which resources are only assumed', async () => {
  const { json } = await api.ask('GET', '/api/v1/trackers/types');
  const type = json.find((one: { type: string }) => one.type === 'bemob');
  expect(type).toMatchObject({ title: 'BeMob', urlRequired: false, defaultUrl: 'https://api.bemob.com' });
  expect(Object.keys(type.credentials.properties)).toEqual(['accessKey', 'secretKey']);
  const assumed = Object.entries<{ evidence: string }>(type.resources).filter(([, one]) => one.evidence === 'assumed');
  expect(assumed.map(([name]) => name).sort()).toEqual(['clicks', 'conversions', 'landing_pages']);
  expect(Object.keys(type.resources)).toHaveLength(9);
});

test('the right keys are accepted and every resource read; one wrong key is told in the tracker’s words', async () => {
  const right = await tryIt();
  expect(right.json).toMatchObject({ ok: true, message: 'Key accepted.' });
  expect(right.json.checks).toHaveLength(9);
  for (const wrong of [{ accessKey: canaryKey() }, { secretKey: canaryKey() }]) {
    const { json } = await tryIt({ credentials: { ...account.credentials, ...wrong } });
    expect(json).toMatchObject({ ok: false, error: { kind: 'auth', status: 200 } });
    expect(json.error.message).toBe('Connection test failed: refused (Invalid access key)');
  }
  const { status, json } = await tryIt({ credentials: { accessKey: canaryKey() } });
  expect([status, json.errors]).toEqual([400, [{ path: 'credentials.secretKey', message: expect.any(String) }]]);
});

test('a resource that is refused is named, the others are read', async () => {
  const ledger = ledgerControl(simulator.address, 'main');
  await ledger.change({ bemob: { deny: { clicks: 200, landing_pages: 404 } } });
  const { json } = await tryIt();
  expect(json).toMatchObject({ ok: true, message: 'Key accepted. Not readable: landing pages, click log.' });
  await ledger.change({ bemob: { deny: {} } });
});

test('connected, it shows neither key, in an answer or in the journal of its calls', async () => {
  const created = await api.ask('POST', '/api/v1/trackers', { body: { type: 'bemob', name: 'BeMob', ...account } });
  expect([created.status, created.json.state]).toEqual([201, 'pending']);
  expect(created.json.credentials).toMatchObject({ accessKey: { set: true }, secretKey: { set: true } });
  const tried = await api.ask('POST', `/api/v1/trackers/${created.json.id}/test`);
  expect(tried.json).toMatchObject({ ok: true });
  const journal = await api.ask('GET', '/api/v1/audit-log?source=tracker&limit=1000');
  const urls = journal.json.items.map(({ url }: { url: string }) => url);
  expect(urls.some((url: string) => url.includes('/report/live-visits?'))).toBe(true);
  for (const key of Object.values(account.credentials)) expect(journal.text + created.text).not.toContain(key);
  const body = { type: 'bemob', name: 'Its own', credentials: { accessKey: canaryKey(), secretKey: canaryKey() } };
  expect((await api.ask('POST', '/api/v1/trackers', { body })).json.url).toBe('https://api.bemob.com');
});

journey({ face: 'bemob', wrongKey: /^Connection test failed: refused \(Invalid access key\)$/ });
