// Housekeeping: partitions ahead, what is not kept for ever, keys swept, and no values of a database error in a history.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createActivities } from '../../src/activities/index.ts';
import { DAY_MS } from '../../src/core/windows.ts';
import { overdueConfigs } from '../../src/store/overdue.ts';
import { recordRequests } from '../../src/store/requests.ts';
import { createVault } from '../../src/store/vault.ts';
import { openCredentials, sealCredentials } from '../../src/store/vault-credentials.ts';
import { freshDatabase } from '../setup/database.ts';
import { until } from '../workflows/worker-process.ts';
import { activitiesOf, type Ground, openGround, workUntilRest } from './ground.ts';

let ground: Ground;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  ground = await openGround(database.url);
});

afterAll(async () => {
  await ground.stop();
  await drop();
});

const partitions = async (): Promise<string[]> => {
  const found = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'tracker_request'::regclass order by 1`.execute(ground.db);
  return found.rows.map((row) => row.name);
};
const at =
  (daysAway: number): (() => Date) =>
  () =>
    new Date(Date.now() + daysAway * DAY_MS);

test('clicks are kept as long as is asked, and no longer', async () => {
  const { configId } = await ground.connect({ days: 4, clicks: 400, conversions: 10 }, { backfillDays: 4 });
  await workUntilRest(activitiesOf(ground.deps), configId);
  await activitiesOf({ ...ground.deps, retention: { clickDays: 2, requestDays: 30 } }).keepHouse();
  const oldest = await sql<{
    at: Date;
  }>`select min(clicked_at) as at from click where tracker_config_id = ${configId}`.execute(ground.db);
  expect(oldest.rows[0]!.at.getTime()).toBeGreaterThan(Date.now() - 2 * DAY_MS - 60_000);
});

test('credentials under an old key are sealed again under the newest', async () => {
  const { configId } = await ground.connect({ clicks: 10, conversions: 0 });
  const newest = { id: 'newest', key: randomBytes(32) };
  const row = () =>
    ground.db.selectFrom('tracker_config').selectAll().where('id', '=', configId).executeTakeFirstOrThrow();
  const before = openCredentials(ground.vault, await row());
  const both = createVault([newest, ground.vaultKey]);
  await activitiesOf({ ...ground.deps, vault: both }).keepHouse();
  expect(openCredentials(createVault([newest]), await row())).toEqual(before);
  // For the tests that follow.
  await activitiesOf({ ...ground.deps, vault: createVault([ground.vaultKey, newest]) }).keepHouse();
});

test('configs parked for a key that is here again go on by themselves; the others stay parked', async () => {
  const missing = { id: 'missing', key: randomBytes(32) };
  const here = await ground.connect({ clicks: 10, conversions: 0 });
  const gone = await ground.connect({ clicks: 10, conversions: 0 });
  const row = (id: string) =>
    ground.db.selectFrom('tracker_config').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  for (const { configId } of [here, gone]) {
    const sealed = sealCredentials(createVault([missing]), await row(configId), { apiKey: here.apiKey });
    await ground.db.updateTable('tracker_config').set(sealed).where('id', '=', configId).execute();
    await workUntilRest(activitiesOf(ground.deps), configId);
    expect(await row(configId)).toMatchObject({ blocked_kind: 'vault', last_error: { kind: 'vault' } });
  }
  const back = sealCredentials(ground.vault, await row(here.configId), { apiKey: here.apiKey });
  await ground.db.updateTable('tracker_config').set(back).where('id', '=', here.configId).execute();
  const woken: string[] = [];
  const nudge = async (id: string) => void woken.push(id);
  await activitiesOf({ ...ground.deps, nudge }).wakeOverdue();
  expect(woken).toContain(here.configId);
  expect(woken).not.toContain(gone.configId);
  expect(await row(here.configId)).toMatchObject({ blocked_kind: null, last_error: null });
  expect(await row(gone.configId)).toMatchObject({ blocked_kind: 'vault' });
  await workUntilRest(activitiesOf(ground.deps), here.configId);
  expect((await row(here.configId)).first_synced_at).not.toBeNull();
});

test('what was read is summed, and a deleted config leaves no sums', async () => {
  const { configId } = await ground.connect({ days: 3, clicks: 300, conversions: 20 }, { backfillDays: 3 });
  await workUntilRest(activitiesOf(ground.deps), configId);
  const count = async (table: string): Promise<number> => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(table)} where tracker_config_id = ${configId}`.execute(ground.db);
    return rows[0]!.n;
  };
  const summed = ['click_hour', 'click_day', 'conversion_hour', 'conversion_day'];
  expect(await count('rollup_mark')).toBeGreaterThan(0);
  expect(await activitiesOf(ground.deps).cleanSums()).toBeGreaterThan(0);
  expect(await count('rollup_mark')).toBe(0);
  for (const table of summed) expect(await count(table), table).toBeGreaterThan(0);
  const going = { desired_state: 'deleting' as const };
  await ground.db.updateTable('tracker_config').set(going).where('id', '=', configId).execute();
  await workUntilRest(activitiesOf(ground.deps), configId);
  for (const table of ['click', 'rollup_mark', ...summed]) expect(await count(table), table).toBe(0);
});

describe('overdue configs', () => {
  test('are also those whose workflow was lost between catalog and backfill', async () => {
    const { configId } = await ground.connect({ clicks: 100, conversions: 5 });
    await activitiesOf(ground.deps).catalog(configId);
    const isOverdue = async () => (await overdueConfigs(ground.db)).includes(configId);
    expect(await isOverdue()).toBe(false);
    const created = { created_at: new Date(Date.now() - 120_000) };
    await ground.db.updateTable('tracker_config').set(created).where('id', '=', configId).execute();
    expect(await isOverdue()).toBe(true);
    await workUntilRest(activitiesOf(ground.deps), configId);
    expect(await isOverdue()).toBe(false);
  });

  test('a wake of many beats, so that the activity is not taken for dead', async () => {
    await ground.connect({ clicks: 10, conversions: 0 });
    const created = { created_at: new Date(Date.now() - 120_000) };
    await ground.db.updateTable('tracker_config').set(created).execute();
    let beats = 0;
    const execution = { signal: new AbortController().signal, heartbeat: () => beats++ };
    const slow = {
      ...ground.deps,
      nudge: () =>
        until(
          async () => beats,
          (count) => count > 0,
          5_000,
        ).then(() => {}),
    };
    expect(await createActivities(slow, () => execution).wakeOverdue()).toBeGreaterThan(0);
  });

  test('where very many are late, only the latest are told; of the others, those start that are missing', async () => {
    const { configId } = await ground.connect({ clicks: 10, conversions: 0 });
    await sql`insert into tracker_config (id, organization_id, type, name, url, settings, credentials_sealed, credentials_key_id,
        credentials_version, created_at, next_sync_at)
      select gen_random_uuid(), organization_id, type, 'late ' || n, url || n, settings, credentials_sealed, credentials_key_id,
        credentials_version, now() - interval '1 hour', now() - n * interval '1 minute'
      from tracker_config, generate_series(1, 600) n where id = ${configId}`.execute(ground.db);
    const latest = await ground.db
      .selectFrom('tracker_config')
      .select('id')
      .where('name', '=', 'late 600')
      .executeTakeFirstOrThrow();
    const told: string[] = [];
    const started: string[] = [];
    const deps = {
      ...ground.deps,
      nudge: async (id: string) => void told.push(id),
      startMissing: async (id: string) => void started.push(id),
    };
    expect(await activitiesOf(deps).wakeOverdue()).toBe(550);
    expect([told.length, started.length]).toEqual([50, 500]);
    expect(told[0]).toBe(latest.id);
    expect(new Set([...told, ...started]).size).toBe(550);
    await sql`delete from tracker_config where name like 'late %'`.execute(ground.db);
  });

  test('are those that should be at work and are not', async () => {
    const { configId } = await ground.connect({ clicks: 100, conversions: 5 });
    const isOverdue = async () => (await overdueConfigs(ground.db)).includes(configId);
    const set = (values: Record<string, unknown>) =>
      ground.db.updateTable('tracker_config').set(values).where('id', '=', configId).execute();
    const past = new Date(Date.now() - 120_000);
    expect(await isOverdue()).toBe(false);
    await set({ created_at: past });
    expect(await isOverdue()).toBe(true);
    await set({ retry_at: new Date(Date.now() + 60_000) });
    expect(await isOverdue()).toBe(false);
    await set({ retry_at: null, desired_state: 'paused' });
    expect(await isOverdue()).toBe(false);
    await set({ desired_state: 'deleting', updated_at: past });
    expect(await isOverdue()).toBe(true);
    await set({ desired_state: 'active' });
    await workUntilRest(activitiesOf(ground.deps), configId);
    expect(await isOverdue()).toBe(false);
    await set({ next_sync_at: past });
    expect(await isOverdue()).toBe(true);
  });
});

test('a failing database is told to Temporal by its code, not by its words', async () => {
  const { configId } = await ground.connect({ clicks: 10, conversions: 0 });
  await sql`alter table sync_lease rename to sync_lease_away`.execute(ground.db);
  try {
    const failure = await activitiesOf(ground.deps)
      .catalog(configId)
      .then(
        () => null,
        (error: Error) => error,
      );
    expect(failure?.message).toBe('error 42P01');
  } finally {
    await sql`alter table sync_lease_away rename to sync_lease`.execute(ground.db);
  }
});

// Last, since it drops the days that the tests above write to.
describe('the journal of calls', () => {
  test('has its days made ahead, twice at once too, and loses those that are too old', async () => {
    const house = (days: number) => activitiesOf({ ...ground.deps, clock: at(days) }).keepHouse();
    const before = await partitions();
    await Promise.all([house(1), house(1)]);
    expect((await partitions()).length).toBe(before.length + 1);
    await house(20);
    expect((await partitions()).slice(0, before.length)).toEqual(before);
    await house(40);
    const left = await partitions();
    expect(left).not.toContain(before[0]);
    const entry = {
      at: at(50)(),
      method: 'GET',
      url: 'https://x',
      status: 200,
      durationMs: 1,
      bytes: 0,
      error: null,
      resource: null,
    };
    await recordRequests(ground.db, { organizationId: ground.organizationId, configId: null, runId: null }, [entry]);
  });
});
