// A Binom through the API: what the form is told, tests that go right, wrong and in part, a journal without its key.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressOf, ledgerControl } from '../../simulator/client.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { canaryKey } from '../leaks/canary.ts';
import { type Harness, startHarness } from './harness.ts';
import { journey } from './journey.ts';

let api: Harness;
let simulator: Simulator;
let panel: { url: string; apiKey: string };

beforeAll(async () => {
  api = await startHarness();
  simulator = await startSimulator({
    ledgers: [{ name: 'main', days: 2, clicks: 200, conversions: 20, apiKey: canaryKey() }],
  });
  const [access] = simulator.ledgers;
  panel = { url: addressOf(access!, 'binom_v2'), apiKey: access!.apiKey };
});
afterAll(async () => {
  await simulator.stop();
  await api.end();
});

const tracker = (given: object = {}) => ({
  type: 'binom_v2',
  url: panel.url,
  credentials: { apiKey: panel.apiKey },
  ...given,
});
const tryIt = (given: object = {}) => api.ask('POST', '/api/v1/trackers/test', { body: tracker(given) });

test('its type tells how well each resource is known', async () => {
  const { json } = await api.ask('GET', '/api/v1/trackers/types');
  const type = json.find((one: { type: string }) => one.type === 'binom_v2');
  expect(type).toMatchObject({ title: 'Binom v2', urlRequired: true, defaultUrl: null });
  const evidence = Object.entries<{ evidence: string }>(type.resources).map(([name, one]) => [name, one.evidence]);
  expect(evidence).toHaveLength(9);
  for (const [name, known] of evidence) expect(known, name).toBe(name === 'clicks' ? 'assumed' : 'observed');
});

test('the right key is accepted and every resource read, a wrong one is refused in the tracker’s words', async () => {
  const right = await tryIt();
  expect(right.json).toMatchObject({ ok: true, message: 'Key accepted.' });
  expect(right.json.checks).toHaveLength(9);
  const wrong = await tryIt({ credentials: { apiKey: 'some-other-key-0123456789' } });
  expect(wrong.json).toMatchObject({ ok: false, error: { kind: 'auth', status: 401 } });
  expect(wrong.json.error.message).toBe(
    'Connection test failed: 401 (Full authentication is required to access this resource.)',
  );
  const elsewhere = await tryIt({ url: `${panel.url}-of-another` });
  expect(elsewhere.json).toMatchObject({ ok: false, error: { kind: 'not_the_tracker' } });
});

test('a resource that is refused is named, the others are read', async () => {
  const ledger = ledgerControl(simulator.address, 'main');
  await ledger.change({ binom_v2: { deny: { clicks: 200, flows: 403 } } });
  const { json } = await tryIt();
  expect(json).toMatchObject({ ok: true, message: 'Key accepted. Not readable: flows, click log.' });
  const clicks = json.checks.find(({ resource }: { resource: string }) => resource === 'clicks');
  expect(clicks).toMatchObject({ ok: false, message: 'refused (Access to clicks is denied)' });
  await ledger.change({ binom_v2: { deny: {} } });
});

test('an address with the API’s own path is the tracker’s; connected, its calls are on record without the key', async () => {
  const given = { ...tracker({ url: `${panel.url}/public/api/v1/` }), name: 'Binom' };
  const { status, json, text } = await api.ask('POST', '/api/v1/trackers', { body: given });
  expect([status, json.url, json.state]).toEqual([201, panel.url, 'pending']);
  expect(json.resources.clicks).toMatchObject({ evidence: 'assumed' });
  expect(text).not.toContain(panel.apiKey);
  const tried = await api.ask('POST', `/api/v1/trackers/${json.id}/test`);
  expect(tried.json).toMatchObject({ ok: true });
  const journal = await api.ask('GET', '/api/v1/audit-log?source=tracker&limit=1000');
  const urls = journal.json.items.map(({ url }: { url: string }) => url);
  expect(urls.some((url: string) => url.includes('/report/campaign?ids%5B%5D='))).toBe(true);
  expect(journal.text).not.toContain(panel.apiKey);
});

journey({ face: 'binom_v2', wrongKey: /^Connection test failed: 401 \(Full authentication is required/ });
