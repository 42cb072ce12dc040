// The made-up seventh tracker through the store and the API: with its line in the registry, everything else is there.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faces } from '../../simulator/faces/index.ts';
import { adapters } from '../../src/adapters/index.ts';
import { MINUTE_MS } from '../../src/core/windows.ts';
import { seventh } from '../adapters/seventh.ts';
import { seventhFace } from '../adapters/seventh-face.ts';
import { type Harness, startHarness } from '../api/harness.ts';
import { canaryKey } from '../leaks/canary.ts';
import { activitiesOf, type Ground, openGround, workUntilRest } from './ground.ts';
import { hubTotals, ledgerTotals } from './totals.ts';

/** The line. */
const registry = { ...adapters, [seventh.type]: seventh };

let api: Harness;
let ground: Ground;

beforeAll(async () => {
  api = await startHarness({ adapters: registry });
  ground = await openGround(api.databaseUrl, { adapterFor: (type) => registry[type as keyof typeof registry] }, [
    ...faces,
    seventhFace,
  ]);
});

afterAll(async () => {
  await ground.stop();
  await api.end();
});

test('it is read whole and followed, to the cent and in its own words', async () => {
  let now = Date.now();
  const at = (time: number): string => new Date(time).toISOString();
  const size = { clicks: 3_000, conversions: 300, days: 4, growthPerDay: 20_000 };
  const connected = await ground.connect(
    { ...size, anchorAt: at(now), frozenAt: at(now) },
    { backfillDays: 3, syncIntervalMinutes: 15 },
    seventhFace.name,
  );
  const { configId, ledger } = connected;
  const activities = activitiesOf({ ...ground.deps, clock: () => new Date(now) });
  await workUntilRest(activities, configId);
  const config = await ground.db
    .selectFrom('tracker_config')
    .select(['backfill_from', 'type'])
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  expect(config.type).toBe('seventh');
  const isEqual = async (): Promise<void> => {
    const span = { from: config.backfill_from!, to: new Date(now - 2 * MINUTE_MS - 1_000) };
    const ours = await hubTotals(ground.db, configId, span);
    expect(ours.clicks).toBeGreaterThan(2_000);
    expect(ours).toEqual(await ledgerTotals(ledger, span, seventhFace.name));
    expect(Object.keys(ours.conversions)).toContain('Won');
  };
  await isEqual();
  now += 16 * MINUTE_MS;
  await ledger.setClock({ freezeAt: at(now) });
  await workUntilRest(activities, configId);
  await isEqual();
});

test('its form, its capabilities and its words are there; a person connects it and maps what it says', async () => {
  const types = (await api.ask('GET', '/api/v1/trackers/types')).json;
  const told = types.find(({ type }: { type: string }) => type === 'seventh');
  expect(told).toMatchObject({
    ...{ title: 'Seventh', mark: { letters: '7' }, urlRequired: true },
    credentials: { properties: { secretKey: { title: 'Secret key' } }, required: ['secretKey'] },
    resources: { flows: { evidence: 'documented' }, conversions: { evidence: 'documented' } },
  });
  expect(told.resources.totals).toBeUndefined();
  const body = { type: 'seventh', name: 'Lucky', url: 'https://seventh.example', credentials: { apiKey: 'x' } };
  const refused = await api.ask('POST', '/api/v1/trackers', { body });
  expect(refused.json.errors.map(({ path }: { path: string }) => path)).toContain('credentials.secretKey');
  const created = await api.ask('POST', '/api/v1/trackers', {
    body: { ...body, credentials: { secretKey: canaryKey() } },
  });
  expect(created.status).toBe(201);
  const changed = await api.ask('PUT', `/api/v1/trackers/${created.json.id}/mappings/statuses`, {
    body: { Frozen: 'pending', refunded: null },
  });
  const meanings = changed.json.statuses.map(({ rawStatus, status, reversed }: Record<string, unknown>) => [
    ...[rawStatus, status, reversed],
  ]);
  expect(meanings).toEqual([
    ['frozen', 'pending', false],
    ['lost', 'rejected', false],
    ['open', 'pending', false],
    ['refunded', 'rejected', true],
    ['won', 'approved', false],
  ]);
});
