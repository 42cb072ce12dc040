// Keitaro's catalog: the same records from every clothing of its values, one call per campaign for flows, no secret kept.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LedgerControl, ledgerControl } from '../../simulator/client.ts';
import type { KeitaroOptionsInput } from '../../simulator/faces/keitaro/options.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import type { Http } from '../../src/adapters/http.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { openSession, type Session } from '../../src/adapters/session.ts';
import { type CatalogRead, readCatalog } from './reads.ts';
import { testHttp } from './wire.ts';

const anchorAt = '2026-03-10T12:00:00Z';
let simulator: Simulator;
let panel: LedgerControl;
let http: Http;
let session: Session;
beforeAll(async () => {
  http = testHttp();
  simulator = await startSimulator({
    ledgers: [{ anchorAt, frozenAt: anchorAt, days: 1, clicks: 10, conversions: 1 }],
  });
  const { url, apiKey, name } = simulator.ledgers[0]!;
  panel = ledgerControl(simulator.address, name);
  const settings = { currency: 'USD', timezone: 'UTC' };
  session = openSession(keitaro, { url, credentials: { apiKey }, settings }, { http, onCall: () => {} });
});
afterAll(async () => {
  await simulator.stop();
  await http.close();
});

const plain: KeitaroOptionsInput = {
  ...{ ids: 'int', parameters: 'object', booleans: 'bool', dates: 'text', money: 'number', campaignsHonourLimit: true },
};
beforeEach(async () => {
  await panel.change({ keitaro: plain });
  await panel.clearRequests();
});

const recordsOf = (catalog: CatalogRead): object =>
  Object.fromEntries([...catalog].map(([name, { records }]) => [name, records.map(({ raw: _, ...record }) => record)]));
const inClothing = async (keitaro: KeitaroOptionsInput): Promise<object> => {
  await panel.change({ keitaro: { ...plain, ...keitaro } });
  return recordsOf(await readCatalog(session));
};

test.each<[string, KeitaroOptionsInput]>([
  ['ids as text', { ids: 'text' }],
  ['dates as objects', { dates: 'object' }],
  ['flags as 0 and 1', { booleans: 'int' }],
  ['money as text', { money: 'text' }],
  ['parameters as text', { parameters: 'text' }],
  ['parameters as text in text', { parameters: 'textInText' }],
  ['campaigns always as one list', { campaignsHonourLimit: false }],
])('%s: the records are the same', async (_, clothing) => {
  expect(await inClothing(clothing)).toEqual(await inClothing({}));
});

test('campaigns and flows come with their archived ones', async () => {
  const catalog = await readCatalog(session);
  for (const resource of ['campaigns', 'flows'] as const) {
    const states = catalog.get(resource)!.records.map(({ state }) => state);
    expect(states).toContain('deleted');
    expect(states).toContain('active');
  }
  expect(catalog.get('campaigns')!.records).toHaveLength(12);
});

test('flows are one call per campaign, and belong to it', async () => {
  const catalog = await readCatalog(session);
  const campaigns = catalog.get('campaigns')!.records.map(({ externalId }) => externalId);
  const asked = (await panel.requests())
    .map(({ path }) => /\/campaigns\/(\d+)\/streams$/.exec(path)?.[1])
    .filter((id) => id !== undefined);
  expect(asked.sort()).toEqual(campaigns.sort());
  for (const flow of catalog.get('flows')!.records) {
    expect(campaigns).toContain((flow as { campaignExternalId?: string }).campaignExternalId);
  }
});

test('an older panel without lists of archived ones is read all the same', async () => {
  const whole = await readCatalog(session);
  for (const status of [404, 405, 400]) {
    await panel.addFault({ match: { path: '/deleted$', times: 2 }, fault: { kind: 'status', status } });
    const catalog = await readCatalog(session);
    expect(catalog.get('offers')).toEqual(whole.get('offers'));
    expect(catalog.get('campaigns')!.records.map(({ state }) => state)).not.toContain('deleted');
  }
});

test('a refusal of what every panel has is trouble', async () => {
  await panel.addFault({ match: { path: '/offers$' }, fault: { kind: 'status', status: 404 } });
  await expect(readCatalog(session)).rejects.toMatchObject({ kind: 'not_the_tracker' });
});

describe('the secrets that ride in the records', () => {
  const rawTexts = async (): Promise<string[]> => {
    const { url, apiKey } = simulator.ledgers[0]!;
    const paths = ['campaigns', 'campaigns/deleted', 'traffic_sources', 'affiliate_networks'];
    const ask = async (path: string): Promise<string> =>
      (await fetch(`${url}/admin_api/v1/${path}`, { headers: { 'Api-Key': apiKey } })).text();
    return Promise.all(paths.map(ask));
  };

  test('are in the answers, and in no record', async () => {
    const answers = (await rawTexts()).join('\n').replaceAll('\\/', '/');
    const secrets = [
      ...answers.matchAll(/"token":"([^"]+)"/g),
      ...answers.matchAll(/[?&]key=([0-9a-z]+)/g),
      ...answers.matchAll(/tracks\.example\/([^/"]+)\/postback/g),
    ].map(([, secret]) => secret!);
    expect(secrets.length).toBeGreaterThan(15);
    const kept = JSON.stringify([...(await readCatalog(session)).values()]);
    expect(secrets.filter((secret) => kept.includes(secret))).toEqual([]);
    expect(kept).not.toContain('"token"');
  });

  test('postback addresses keep their host and their macros', async () => {
    const [network] = (await readCatalog(session)).get('affiliate_networks')!.records;
    expect((network as { postbackUrl?: string }).postbackUrl).toBe(
      'https://tracks.example/[redacted]/postback?subid={click_id}&payout={sum}',
    );
  });
});
