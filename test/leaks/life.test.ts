// The life of a hub, from its first sign-in to the last deleted row, with a canary for each secret; none is left anywhere.
import { randomBytes } from 'node:crypto';
import { describe, test } from 'vitest';
import { type LedgerControl, ledgerControl } from '../../simulator/client.ts';
import { startSimulator } from '../../simulator/server.ts';
import { homeOf } from '../local/launched.ts';
import { type Hub, launchHub } from './hub.ts';
import { quotingFaults } from './quoting-faults.ts';
import { needlesFor, Search, toldHits } from './search.ts';

const secret = (name: string): string =>
  `${name}/${randomBytes(9).toString('base64')}+~${randomBytes(6).toString('hex')}`;

const SECRETS = {
  key: secret('first-key'),
  changedKey: secret('changed-key'),
  wrongKey: secret('wrong-key'),
  testedKey: secret('tested-key'),
  planted: secret('planted'),
  password: secret('url-password'),
  urlKey: secret('url-key'),
  typed: secret('typed-by-mistake'),
  adminPassword: secret('admin-password'),
  adminKey: secret('admin-key'),
  authSecret: secret('auth-secret'),
};
const encryptionKey = randomBytes(32);
const needles = needlesFor({ ...SECRETS, encryptionKey: encryptionKey.toString('base64') });
/** No secrets, and in each place: what finds nothing of them would find no secret either. */
const NAME = `seen ${randomBytes(9).toString('hex')}`;

describe.skipIf(process.platform !== 'linux')('a hub’s whole life', { timeout: 420_000 }, () => {
  test('leaves no secret in logs, answers, histories, database or on disk', async ({ expect, onTestFinished }) => {
    const simulator = await startSimulator({
      ledgers: [
        {
          name: 'life',
          days: 2,
          clicks: 2_000,
          conversions: 200,
          apiKey: SECRETS.key,
          keitaro: { planted: SECRETS.planted },
        },
      ],
    });
    onTestFinished(() => simulator.stop());
    const panel = simulator.ledgers[0]!;
    const ledger = ledgerControl(simulator.address, panel.name);
    const home = await homeOf({ onTestFinished });
    const hub = await launchHub(home, SECRETS.adminKey, {
      ADMIN_PASSWORD: SECRETS.adminPassword,
      ADMIN_API_KEY: SECRETS.adminKey,
      AUTH_SECRET: SECRETS.authSecret,
      TRACKER_ENCRYPTION_KEY: `1:${encryptionKey.toString('base64')}`,
      TRACKER_ALLOWED_NETWORKS: '127.0.0.0/8',
      LOG_LEVEL: 'trace',
    });

    await tryConnections(hub, panel.url, ledger);
    await sendWhatIsWrong(hub, panel.url);
    const configId = await connect(hub, panel.url);
    await quoteTheKey(hub, ledger, configId);
    await changeTheKey(hub, ledger, panel.url, configId);
    for (const parameters of ['text', 'textInText'] as const) {
      await ledger.change({ keitaro: { parameters } });
      await readCatalogAnew(hub, panel.url, parameters);
    }
    await lookAtEverything(hub, configId);

    const found = new Search(needles);
    const seen = new Search(needlesFor({ name: NAME, configId }));
    for (const search of [found, seen]) expect(await hub.searchLive(search)).toBeGreaterThan(50);
    await hub.ask('DELETE', `/api/v1/trackers/${configId}`);
    await hub.until(`/api/v1/trackers/${configId}`, (json) => json.status === 404);
    await hub.until('/api/v1/audit-log?source=tracker&limit=1000', (json) =>
      json.items.every((item: { configId: string | null }) => item.configId !== configId),
    );
    await hub.searchLive(found);
    hub.launched.process.kill('SIGTERM');
    expect(await hub.launched.ended()).toBe(0);
    for (const search of [found, seen]) {
      await hub.searchDisk(search);
      await search.text('what the processes said', hub.launched.output());
      for (const answer of hub.answers) await search.text(`an answer: ${answer.slice(0, 60)}`, answer);
    }

    expect(toldHits(found.hits)).toBe('');
    const places = seen.hits.map(({ secret, where }) => `${secret} in ${where}`).join('\n');
    for (const place of [
      /name in database, table public.tracker_config/,
      /name in .*postgres.*base/,
      /name in .*pg_wal/,
    ]) {
      expect(places).toMatch(place);
    }
    for (const place of [/configId in workflow .*history/, /configId in .*temporal\.db/, /configId in .*worker\.log/]) {
      expect(places).toMatch(place);
    }
    expect(places).toMatch(/configId in an answer/);
  });
});

const withKey = (url: string, apiKey: string, more: object = {}) => ({
  ...{ type: 'keitaro', url, credentials: { apiKey } },
  ...more,
});

/** Connections that are only tried: each way in which a tracker may quote the key. */
async function tryConnections(hub: Hub, url: string, ledger: LedgerControl): Promise<void> {
  const tried = (body: object) => hub.ask('POST', '/api/v1/trackers/test', body);
  await tried(withKey(url, SECRETS.wrongKey));
  await ledger.change({ apiKey: SECRETS.testedKey });
  await tried(withKey(url, SECRETS.testedKey));
  for (const fault of Object.values(quotingFaults(SECRETS.testedKey))) {
    // Of all that a test asks for, the first call and one of the others.
    await ledger.addFault({ fault });
    await tried(withKey(url, SECRETS.testedKey));
    await ledger.addFault({ match: { path: '/offers|/clicks/log|/report', times: 3 }, fault });
    await tried(withKey(url, SECRETS.testedKey));
    await ledger.clearFaults();
  }
  await ledger.change({ apiKey: SECRETS.key });
}

/** What a person gets wrong: the answer says where, and never what. */
async function sendWhatIsWrong(hub: Hub, url: string): Promise<void> {
  const { typed, password, urlKey } = SECRETS;
  const bodies: unknown[] = [
    ...[typed, [typed], { apiKey: [typed] }, { apiKey: { value: typed } }, { apiKey: 5, password: typed }, null],
  ].map((credentials) => ({ type: 'keitaro', name: 'x', url, credentials }));
  const wrong = [
    ...bodies,
    withKey(url, typed, { name: '' }),
    withKey(url, typed, { name: 'x', apiKey: typed }),
    withKey(url, typed, { name: 'x', settings: { currency: typed, timezone: typed, backfillDays: typed } }),
    withKey(url, typed, { name: 'x', settings: { paths: { clicks: 7 } } }),
    { ...withKey(url, typed, { name: 'x' }), type: typed },
    withKey(`http://user:${encodeURIComponent(password)}@127.0.0.1/`, typed, { name: 'x' }),
    withKey(`http://${encodeURIComponent(password)}@127.0.0.1/`, typed, { name: 'x' }),
    withKey(`ftp://127.0.0.1/?key=${encodeURIComponent(urlKey)}`, typed, { name: 'x' }),
    withKey(`http://[::1?key=${encodeURIComponent(urlKey)}`, typed, { name: 'x' }),
    `{"type":"keitaro","url":"${url}","credentials":{"apiKey":"${typed}"`,
    JSON.stringify(typed),
  ];
  for (const body of wrong) {
    for (const path of ['/api/v1/trackers', '/api/v1/trackers/test']) await hub.ask('POST', path, body);
  }
  await hub.ask('POST', '/api/v1/trackers', withKey(url, typed), { 'content-type': 'text/plain' });
  await hub.ask('POST', '/api/v1/trackers', withKey(url, typed, { name: 'x'.repeat(400_000) }));
  await hub.ask('GET', '/api/v1/trackers', undefined, { authorization: `Bearer ${typed}` });
  await hub.ask('GET', '/api/v1/trackers', undefined, { 'x-organization': typed });
  for (const path of ['/api/v1/clicks', '/api/v1/trackers', '/nowhere']) {
    // The name of a field or parameter that is not known is said back, its value never.
    await hub.ask('GET', `${path}?limit=${encodeURIComponent(typed)}&unknown=${encodeURIComponent(typed)}`);
    await hub.ask('GET', `${path}/${encodeURIComponent(typed)}`);
  }
}

/** @returns the id of a tracker that is synced */
async function connect(hub: Hub, url: string): Promise<string> {
  // A key in the query of the address is no part of it.
  const withQuery = `${url}?api_key=${encodeURIComponent(SECRETS.urlKey)}#${encodeURIComponent(SECRETS.urlKey)}`;
  const body = withKey(withQuery, SECRETS.key, { name: NAME, settings: { backfillDays: 2, syncIntervalMinutes: 1 } });
  const headers = { 'idempotency-key': 'life-1' };
  const { json } = await hub.ask('POST', '/api/v1/trackers', body, headers);
  await hub.ask('POST', '/api/v1/trackers', body, headers);
  await hub.ask('POST', '/api/v1/trackers', { ...body, name: 'other' }, headers);
  await hub.ask('POST', '/api/v1/trackers', body);
  await hub.until(`/api/v1/trackers/${json.id}`, ({ state }) => state === 'synced');
  await hub.ask('POST', `/api/v1/trackers/${json.id}/test`);
  return json.id;
}

/** The same quotes met by the worker: in the catalog's turn, in the logs', again and again. */
async function quoteTheKey(hub: Hub, ledger: LedgerControl, configId: string): Promise<void> {
  for (const [name, fault] of Object.entries(quotingFaults(SECRETS.key))) {
    await ledger.addFault({ match: { path: '/(clicks|conversions)/log' }, fault });
    await hub.ask('POST', `/api/v1/trackers/${configId}/sync`);
    const fired = async () => (await ledger.faults()).some((state) => state.fired > 0);
    await hub.until(`/api/v1/trackers/${configId}`, () => true);
    for (let tries = 0; !(await fired()); tries++) {
      if (tries > 300) throw new Error(`${name} was never met`);
      await hub.until(`/api/v1/trackers/${configId}/progress`, () => true);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await ledger.clearFaults();
    // Redirects need a person, the others a moment.
    await hub.ask('PATCH', `/api/v1/trackers/${configId}`, { credentials: { apiKey: SECRETS.key } });
  }
}

async function changeTheKey(hub: Hub, ledger: LedgerControl, url: string, configId: string): Promise<void> {
  const path = `/api/v1/trackers/${configId}`;
  const fix = (credentials: unknown) => hub.ask('PATCH', path, { credentials });
  await ledger.change({ apiKey: SECRETS.changedKey });
  await hub.ask('POST', `${path}/sync`);
  await hub.until(path, ({ state }) => state === 'needs_attention');
  await fix({ apiKey: SECRETS.wrongKey });
  await hub.until(path, ({ state }) => state === 'needs_attention');
  await fix({ apiKey: [SECRETS.typed] });
  await fix({ apiKey: SECRETS.changedKey, secret: SECRETS.typed });
  await hub.ask('PATCH', path, { url: url.replace('://', `://user:${encodeURIComponent(SECRETS.password)}@`) });
  await hub.ask('PATCH', path, { url: `${url}?api_key=${encodeURIComponent(SECRETS.urlKey)}` });
  await hub.ask('PATCH', path, { settings: { paths: { x: 7 }, unknown: SECRETS.typed } });
  await fix({ apiKey: SECRETS.changedKey });
  await hub.until(path, ({ state, lastError }) => state === 'synced' && lastError === null);
}

/** A new connection reads the catalog at once. */
async function readCatalogAnew(hub: Hub, url: string, name: string): Promise<void> {
  const body = withKey(url, SECRETS.changedKey, { name, settings: { backfillDays: 1 } });
  const { json } = await hub.ask('POST', '/api/v1/trackers', body);
  await hub.until(`/api/v1/trackers/${json.id}`, ({ state }) => state === 'synced');
}

async function lookAtEverything(hub: Hub, configId: string): Promise<void> {
  const day = 86_400_000;
  const range = `from=${new Date(Date.now() - 2 * day).toISOString()}&to=${new Date().toISOString()}`;
  const paths = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/api/v1/trackers/types'];
  for (const noun of ['campaigns', 'offers', 'landing-pages', 'flows', 'traffic-sources', 'affiliate-networks']) {
    paths.push(`/api/v1/${noun}?limit=1000`);
  }
  for (const part of ['', '/progress', '/windows', '/runs?limit=1000', '/requests?limit=1000']) {
    paths.push(`/api/v1/trackers/${configId}${part}`);
  }
  paths.push('/api/v1/trackers', '/api/v1/api-keys', `/api/v1/reports?groupBy=campaign,day&${range}`);
  paths.push('/api/v1/audit-log?limit=1000', '/api/v1/audit-log?source=tracker&limit=1000');
  for (const log of ['clicks', 'conversions']) paths.push(`/api/v1/${log}?configId=${configId}&${range}&limit=1000`);
  for (const path of paths) await hub.ask('GET', path);
  for (const log of ['clicks', 'conversions']) {
    await hub.ask('GET', `/api/v1/${log}?configId=${configId}&${range}`, undefined, { accept: 'text/csv' });
  }
}
