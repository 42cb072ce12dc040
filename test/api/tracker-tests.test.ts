// Trying connections against a simulated panel over HTTP: new ones and stored ones, and the journal of the calls.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerControl } from '../../simulator/client.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { budgetKeys } from '../../src/adapters/limits.ts';
import { settingsOf } from '../../src/adapters/settings.ts';
import { giveBack } from '../../src/core/call-budget.ts';
import { amendBudget, readBudget } from '../../src/store/call-budgets.ts';
import { createVault } from '../../src/store/vault.ts';
import { canaryKey } from '../leaks/canary.ts';
import { type Harness, startHarness } from './harness.ts';
import { seedConfig } from './seed.ts';

let api: Harness;
let simulator: Simulator;
let panel: { url: string; apiKey: string };

beforeAll(async () => {
  api = await startHarness();
  simulator = await startSimulator({
    ledgers: [{ name: 'main', days: 2, clicks: 200, conversions: 20, apiKey: canaryKey() }],
  });
  panel = simulator.ledgers[0]!;
});
afterAll(async () => {
  await simulator.stop();
  await api.end();
});

const tryNew = (given: object = {}) =>
  api.ask('POST', '/api/v1/trackers/test', {
    body: { type: 'keitaro', url: panel.url, credentials: { apiKey: panel.apiKey }, ...given },
  });
const tryStored = (id: string) => api.ask('POST', `/api/v1/trackers/${id}/test`);

describe('a new connection', () => {
  test('that works names every resource', async () => {
    const { status, json } = await tryNew();
    expect([status, json.ok]).toEqual([200, true]);
    expect(json.checks.map(({ resource, ok }: { resource: string; ok: boolean }) => `${resource} ${ok}`)).toEqual(
      expect.arrayContaining(['campaigns true', 'clicks true', 'conversions true']),
    );
  });

  test('waits for its turn where two others call, and ends what was said of a tracker that is there again', async () => {
    const keys = budgetKeys(keitaro, { url: panel.url, credentials: {}, settings: settingsOf(keitaro, {}) });
    const busy = { until: Date.now() + 60_000, rates: [] };
    const state = { underWay: { one: busy, two: busy }, ended: {}, silentUntil: 0 };
    await api.db.deleteFrom('call_budget').execute();
    await api.db
      .insertInto('call_budget')
      .values({ key: keys.budget, version: 1, state: JSON.stringify(state) })
      .execute();
    await sql`insert into outage (key, failures, error, failed_at) values (${keys.outage}, 5, '{}', now())`.execute(
      api.db,
    );
    const ledger = ledgerControl(simulator.address, 'main');
    const before = (await ledger.requests()).length;
    const trying = tryNew();
    await sleep(500);
    expect(await ledger.requests()).toHaveLength(before);
    await amendBudget(api.db, keys.budget, null, (known) => giveBack(known, 'one'));
    expect((await trying).json).toMatchObject({ ok: true, message: 'Key accepted.' });
    const { rows } = await sql`select from outage where key = ${keys.outage}`.execute(api.db);
    expect(rows).toEqual([]);
    const { underWay } = (await readBudget(api.db, keys.budget)).state;
    expect(Object.keys(underWay)).toEqual(['two']);
    await api.db.deleteFrom('call_budget').execute();
  });

  test('may carry the name that the form has already', async () => {
    expect((await tryNew({ name: 'Main' })).json.ok).toBe(true);
  });

  test('with a wrong key says so and what to do, and is no error of the API', async () => {
    const { status, json, text } = await tryNew({ credentials: { apiKey: 'wrong-key-0123456789' } });
    expect(status).toBe(200);
    expect(json).toMatchObject({ ok: false, error: { kind: 'auth', status: 401 } });
    expect(json.error.message).toMatch(/^Connection test failed: 401/);
    expect(json.error.hint).not.toBe('');
    expect(text).not.toContain('wrong-key-0123456789');
  });

  test.each([
    ['http://', 'url', /not a valid address/],
    ['https://10.0.0.1', 'url', /address not allowed/],
    ['https://169.254.169.254', 'url', /address not allowed/],
    ['https://nowhere.invalid', 'dns', /ENOTFOUND/],
  ])('to %s fails as %s', async (url, kind, message) => {
    const { json } = await tryNew({ url });
    expect(json).toMatchObject({ ok: false, error: { kind } });
    expect(json.error.message).toMatch(message);
  });

  test('whose form is not right is refused before anything is asked', async () => {
    const { status, json } = await tryNew({ credentials: {} });
    expect([status, json.errors[0].path]).toEqual([400, 'credentials.apiKey']);
  });

  test('stands in the journal of calls, without the key', async () => {
    await tryNew();
    const { json, text } = await api.ask('GET', '/api/v1/audit-log?source=tracker&limit=1000');
    expect(json.items.length).toBeGreaterThan(3);
    expect(json.items.every(({ configId }: { configId: string | null }) => configId === null)).toBe(true);
    expect(text).not.toContain(panel.apiKey);
  });
});

describe('a stored connection', () => {
  test('is tried with the sealed key', async () => {
    const made = await api.ask('POST', '/api/v1/trackers', {
      body: { type: 'keitaro', name: 'Stored', url: panel.url, credentials: { apiKey: panel.apiKey } },
    });
    expect((await tryStored(made.json.id)).json.ok).toBe(true);
    const { json } = await api.ask('GET', `/api/v1/trackers/${made.json.id}/requests`);
    expect(json.items[0]).toMatchObject({ configId: made.json.id, status: 200 });
  });

  test('that is deleted while it is tried leaves no calls behind', async () => {
    const made = await api.ask('POST', '/api/v1/trackers', {
      body: { type: 'keitaro', name: 'Going', url: panel.url, credentials: { apiKey: panel.apiKey } },
    });
    await ledgerControl(simulator.address, 'main').addFault({ fault: { kind: 'delay', ms: 500 } });
    const trying = tryStored(made.json.id);
    await sleep(200);
    expect((await api.ask('DELETE', `/api/v1/trackers/${made.json.id}`)).status).toBe(202);
    expect((await trying).json.ok).toBe(true);
    const calls = api.db.selectFrom('tracker_request').select('url').where('tracker_config_id', '=', made.json.id);
    expect(await calls.execute()).toEqual([]);
  });

  test('whose key cannot be opened says so', async () => {
    const lost = createVault([{ id: 'lost', key: Buffer.alloc(32, 3) }]);
    const id = await seedConfig(api.db, api.ours.organizationId, { vault: lost });
    const { status, json } = await tryStored(id);
    expect([status, json.ok, json.error.kind]).toEqual([200, false, 'vault']);
  });
});

test('no key was logged', () => {
  expect(api.logged.join('\n')).not.toContain(panel.apiKey);
});
