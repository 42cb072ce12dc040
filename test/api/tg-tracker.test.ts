// TG Tracker through the API: what the form is told, tests in both shapes by settings alone, settings that are wrong.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { altercpaSettings } from '../../simulator/faces/tg/altercpa-settings.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { faceUrl, type TgFace } from '../adapters/tg-faces.ts';
import { canaryKey } from '../leaks/canary.ts';
import { type Harness, startHarness } from './harness.ts';
import { journey } from './journey.ts';

let api: Harness;
let simulator: Simulator;
let count = 0;

beforeAll(async () => {
  api = await startHarness();
  simulator = await startSimulator({
    ledgers: [{ name: 'main', days: 2, clicks: 200, conversions: 20, apiKey: canaryKey() }],
  });
});
afterAll(async () => {
  await simulator.stop();
  await api.end();
});

const tracker = (face: TgFace, given: object = {}) => {
  const { apiKey, ...access } = simulator.ledgers[0]!;
  return { type: 'tg_tracker', url: faceUrl(access, face), credentials: { apiKey }, ...given };
};
const connect = (given: object) =>
  api.ask('POST', '/api/v1/trackers', { body: { ...tracker('altercpa', given), name: `Tg ${++count}` } });
const settings = altercpaSettings;

test('the form is told every setting, and that all of it is assumed', async () => {
  const { json } = await api.ask('GET', '/api/v1/trackers/types');
  const type = json.find((one: { type: string }) => one.type === 'tg_tracker');
  expect(type).toMatchObject({ title: 'TG Tracker', urlRequired: true, defaultUrl: null });
  const named = [
    'paging',
    'pageParam',
    'pageSizeParam',
    'pageSize',
    'fromParam',
    'toParam',
    'timeFormat',
    'itemsField',
  ];
  for (const name of [...named, 'totalField', 'fields', 'paths'])
    expect(type.settings.properties[name], name).toMatchObject({ title: expect.any(String) });
  expect(type.settings.required ?? []).toEqual([]);
  expect(Object.keys(type.resources)).toHaveLength(8);
  for (const { evidence } of Object.values<{ evidence: string }>(type.resources)) expect(evidence).toBe('assumed');
});

describe('a test', () => {
  test.each([
    ['tg_tracker', {}],
    ['altercpa', settings],
  ] as const)('of %s finds every resource', async (face, given) => {
    const { json } = await api.ask('POST', '/api/v1/trackers/test', { body: tracker(face, { settings: given }) });
    expect(json).toMatchObject({ ok: true, message: 'Key accepted.' });
    expect(json.checks).toHaveLength(8);
  });

  test('of a stored connection goes by its settings', async () => {
    const { json } = await connect({ settings });
    const tried = await api.ask('POST', `/api/v1/trackers/${json.id}/test`);
    expect(tried.json).toMatchObject({ ok: true, message: 'Key accepted.' });
  });

  test('of the family without its settings, and with a wrong key, is told in its own words', async () => {
    const without = await api.ask('POST', '/api/v1/trackers/test', { body: tracker('altercpa') });
    expect(without.json.error).toMatchObject({ kind: 'refused', message: 'Connection test failed: refused (method)' });
    const body = tracker('altercpa', { settings, credentials: { apiKey: canaryKey() } });
    const wrong = await api.ask('POST', '/api/v1/trackers/test', { body });
    expect(wrong.json.error).toMatchObject({ kind: 'auth', message: 'Connection test failed: refused (key)' });
  });
});

describe('settings', () => {
  test.each<[object, string]>([
    [{ paths: { visits: '/x' } }, 'settings.paths.visits'],
    [{ paths: { clicks: 'https://elsewhere.example' } }, 'settings.paths.clicks'],
    [{ fields: { clicks: { colour: 'x' } } }, 'settings.fields.clicks.colour'],
    [{ fields: { visits: {} } }, 'settings.fields.visits'],
    [{ timeFormat: 'rfc' }, 'settings.timeFormat'],
    [{ toParam: 'from' }, 'settings.toParam'],
  ])('%j are refused by their path', async (wrong, path) => {
    const { status, json } = await connect({ settings: wrong });
    expect([status, json.code]).toEqual([400, 'invalid_request']);
    expect(json.errors).toEqual([{ path, message: expect.stringMatching(/\w{2,}/) }]);
  });

  test('that change have what was refused asked for at once, and leave all else to its turn', async () => {
    const { json } = await connect({ settings });
    const owner = { organization_id: api.ours.organizationId, tracker_config_id: json.id };
    const runs = () => api.db.selectFrom('run').select('kind').where('tracker_config_id', '=', json.id).execute();
    const config = () =>
      api.db.selectFrom('tracker_config').select('catalog_read_at').where('id', '=', json.id).executeTakeFirstOrThrow();
    const refuse = (resource: string) =>
      api.db
        .updateTable('tracker_resource')
        .set({ state: 'unavailable', reason: 'TG Tracker answered 200: module', asked_at: new Date() })
        .where('tracker_config_id', '=', owner.tracker_config_id)
        .where('resource', '=', resource)
        .execute();
    const change = (settings: object) => api.ask('PATCH', `/api/v1/trackers/${json.id}`, { body: { settings } });
    await api.db.updateTable('tracker_config').set({ catalog_read_at: new Date() }).where('id', '=', json.id).execute();

    await change({ currency: 'EUR' });
    expect([await runs(), (await config()).catalog_read_at]).toEqual([[], expect.any(Date)]);

    await refuse('offers');
    await change({ currency: 'USD' });
    expect([await runs(), (await config()).catalog_read_at]).toEqual([[], null]);

    await refuse('clicks');
    await change({ currency: 'EUR' });
    await change({ currency: 'USD' });
    expect(await runs()).toEqual([{ kind: 'cycle' }]);
    const { json: now } = await api.ask('GET', `/api/v1/trackers/${json.id}`);
    expect(now.resources.clicks).toMatchObject({ state: 'pending', reason: null, evidence: 'assumed' });
  });
});

journey({ face: 'tg_tracker', wrongKey: /^Connection test failed: 401 \(Wrong API key\)$/ });
journey({ face: 'altercpa', wrongKey: /^Connection test failed: refused \(key\)$/ });
