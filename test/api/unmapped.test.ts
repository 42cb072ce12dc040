// Words that mean nothing yet, of every tracker in one answer: from sums where there are, from the log where not.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanRollups } from '../../src/store/rollups.ts';
import { type Harness, startHarness } from './harness.ts';
import { seedConfig, seedConversions } from './seed.ts';

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

const read = async () => (await api.ask('GET', '/api/v1/trackers/unmapped', { key: api.ours.keys.viewer })).json;

test('unmapped words are told by tracker, before and after hours are summed, until they are mapped', async () => {
  const { organizationId } = api.ours;
  const [one, other] = [await seedConfig(api.db, organizationId), await seedConfig(api.db, organizationId)];
  const foreign = { organizationId: api.theirs.organizationId };
  const theirs = { ...foreign, configId: await seedConfig(api.db, foreign.organizationId) };
  const converted = (raw_status: string) => ({ converted_at: '2026-11-01T10:00:00Z', raw_status });
  await seedConversions(api.db, theirs, [converted('theirs')]);
  await seedConversions(api.db, { organizationId, configId: other }, [converted('SALE')]);
  await seedConversions(api.db, { organizationId, configId: one }, [
    ...['Trial Won', 'trial won', 'Upsell', 'lead'].map(converted),
  ]);
  const told = [{ configId: one, rawStatuses: [expect.stringMatching(/^trial won$/i), 'Upsell'] }];
  expect(await read()).toEqual(told);
  await cleanRollups(api.db);
  expect(await read()).toEqual(told);
  await api.ask('PUT', `/api/v1/trackers/${one}/mappings/statuses`, { body: { 'TRIAL WON': 'approved' } });
  expect(await read()).toEqual([{ configId: one, rawStatuses: ['Upsell'] }]);
});
