// The last days of every tracker: how much of each is in, what is being read, and what the comparison found.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS } from '../../src/core/windows.ts';
import { type Harness, startHarness } from './harness.ts';
import { seedConfig } from './seed.ts';

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

const midnight = (daysAgo: number, hours = 0): Date =>
  new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - daysAgo * DAY_MS + hours * 3_600_000);
const dayOf = (daysAgo: number): string => midnight(daysAgo).toISOString().slice(0, 10);
const daysOf = async (query: string) => (await api.ask('GET', `/api/v1/trackers/days?${query}`)).json;

async function addBackfill(configId: string, windows: [number, 'planned' | 'running' | 'done', number?][]) {
  const owner = { tracker_config_id: configId, organization_id: api.ours.organizationId };
  const { id } = await api.db
    .insertInto('run')
    .values({ ...owner, kind: 'backfill', state: 'running', started_at: new Date() })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const [daysAgo, state, covered] of windows) {
    await api.db
      .insertInto('sync_window')
      .values({
        ...{ ...owner, run_id: id, resource: 'clicks', state },
        ...{ from_at: midnight(daysAgo), to_at: midnight(daysAgo - 1) },
        covered_to: covered === undefined ? null : midnight(daysAgo, covered),
      })
      .execute();
  }
}

test('during the first sync a day is as full as its windows, and what is being read says so', async () => {
  const configId = await seedConfig(api.db, api.ours.organizationId, { backfill_from: midnight(3) });
  await addBackfill(configId, [
    [1, 'done'],
    [2, 'running', 6],
    [3, 'planned'],
  ]);
  const [ours] = await daysOf(`days=5&configId=${configId}`);
  expect(ours.configId).toBe(configId);
  expect(ours.days.map(({ day }: { day: string }) => day)).toEqual([4, 3, 2, 1, 0].map(dayOf));
  const found = ours.days.map(({ filled, isRunning }: { filled: number | null; isRunning: boolean }) => [
    filled,
    isRunning,
  ]);
  expect(found.slice(0, 4)).toEqual([
    [null, false],
    [0, false],
    [0.25, true],
    [1, false],
  ]);
});

test('after it every day of the range is in, with what the comparison found', async () => {
  const configId = await seedConfig(api.db, api.ours.organizationId, {
    ...{ backfill_from: midnight(2), first_synced_at: new Date() },
  });
  await sql`insert into reconciliation_day (tracker_config_id, day, organization_id, checked_at, state)
    values (${configId}, ${dayOf(1)}, ${api.ours.organizationId}, now(), 'differs')`.execute(api.db);
  await sql`insert into reconciliation_figure (tracker_config_id, day, organization_id, campaign_external_id, our_clicks,
      their_clicks, our_conversions, their_conversions, our_cost, their_cost, our_revenue, their_revenue)
    values (${configId}, ${dayOf(1)}, ${api.ours.organizationId}, 'a', 3, 5, 1, 1, 0, 0, 0, 0),
      (${configId}, ${dayOf(1)}, ${api.ours.organizationId}, 'b', 4, 4, 0, 0, 0, 0, 0, 0)`.execute(api.db);
  const [{ days }] = await daysOf(`days=4&configId=${configId}`);
  expect(days).toEqual([
    { day: dayOf(3), filled: null, isRunning: false, state: null, clicks: null, conversions: null },
    { day: dayOf(2), filled: 1, isRunning: false, state: null, clicks: null, conversions: null },
    {
      ...{ day: dayOf(1), filled: 1, isRunning: false, state: 'differs' },
      ...{ clicks: { ours: 7, theirs: 9 }, conversions: { ours: 1, theirs: 1 } },
    },
    { day: dayOf(0), filled: 1, isRunning: false, state: null, clicks: null, conversions: null },
  ]);
});

test('shows trackers of one organisation alone', async () => {
  const foreign = await seedConfig(api.db, api.theirs.organizationId);
  expect(await daysOf(`days=1&configId=${foreign}`)).toEqual([]);
  const all = await daysOf('days=1');
  expect(all.map(({ configId }: { configId: string }) => configId)).not.toContain(foreign);
  expect((await api.ask('GET', '/api/v1/trackers/days?days=91')).status).toBe(400);
});
