// GET /system: what the hub stands on, and what waits in one's own organisation.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedConfig } from './seed.ts';

let api: Harness;

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

const system = async () => (await api.ask('GET', '/api/v1/system')).json;

test('it says what is there, and what is missing', async () => {
  const there = await system();
  expect(there).toMatchObject({
    ok: true,
    database: { ok: true, detail: null, latencyMs: expect.any(Number) },
    temporal: { ok: true, uiUrl: 'http://temporal.example' },
    workers: { ok: true, count: 1 },
    versions: { hub: 'test', node: process.version, postgres: expect.stringMatching(/^18/) },
  });
  expect(there.versions.migration).toMatch(/^\d{4}-/);
  api.temporal.isAway = true;
  expect(await system()).toMatchObject({ ok: false, temporal: { ok: false }, workers: { ok: false, count: null } });
  api.temporal.isAway = false;
});

test('it counts what waits, of one’s own organisation alone', async () => {
  const { organizationId } = api.ours;
  const [late, resting, foreign] = await Promise.all([
    seedConfig(api.db, organizationId),
    seedConfig(api.db, organizationId),
    seedConfig(api.db, api.theirs.organizationId),
  ]);
  await sql`update tracker_config set first_synced_at = now(), last_synced_at = now(),
    next_sync_at = now() + case when id = ${resting} then interval '10 minutes' else interval '-5 minutes' end`.execute(
    api.db,
  );
  await sql`update tracker_config set last_synced_at = now() - interval '2 hours' where id = ${late}`.execute(api.db);
  for (const configId of [late, foreign]) {
    await sql`with made as (
        insert into run (organization_id, tracker_config_id, kind, state, started_at)
        select organization_id, id, 'backfill', 'running', now() from tracker_config where id = ${configId} returning *
      ) insert into sync_window (organization_id, tracker_config_id, run_id, resource, from_at, to_at, state)
        select organization_id, tracker_config_id, id, 'clicks', now() + n * interval '1 day', now() + (n + 1) * interval '1 day',
          case n when 0 then 'done' when 1 then 'running' else 'planned' end from made, generate_series(0, 4) n`.execute(
      api.db,
    );
    await sql`insert into rollup_mark (organization_id, tracker_config_id, source, hour)
      select organization_id, id, 'click', '2026-11-01T03:00:00Z'::timestamptz + n % 2 * interval '1 hour'
      from tracker_config, generate_series(1, 6) n where id = ${configId}`.execute(api.db);
  }
  const { backlog } = await system();
  expect(backlog).toEqual({
    states: { synced: 2 },
    stale: 1,
    late: [{ configId: late, name: expect.any(String), dueAt: expect.any(String) }],
    runs: { queued: 0, running: 1 },
    windows: { planned: 3, running: 1 },
    marks: { hours: 2, oldestHour: '2026-11-01T03:00:00.000Z' },
  });
  await sql`insert into sync_lease (tracker_config_id, organization_id, token, until)
    values (${late}, ${organizationId}, gen_random_uuid(), now() + interval '1 minute')`.execute(api.db);
  expect((await system()).backlog.late).toEqual([]);
});
