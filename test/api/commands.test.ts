// Pause, resume, sync now, re-sync: rows first, then the wake; and what is answered while a slice still runs.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedConfig } from './seed.ts';

let api: Harness;
let id: string;

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

beforeEach(async () => {
  api.temporal.isAway = false;
  id = await seedConfig(api.db, api.ours.organizationId);
});

const command = (name: string, body?: unknown) => api.ask('POST', `/api/v1/trackers/${id}/${name}`, { body });
const lease = (seconds: number) =>
  api.db
    .insertInto('sync_lease')
    .values({
      ...{ tracker_config_id: id, organization_id: api.ours.organizationId, token: randomUUID() },
      until: new Date(Date.now() + seconds * 1_000),
    })
    .execute();
const endLease = () => api.db.deleteFrom('sync_lease').where('tracker_config_id', '=', id).execute();
const row = () => api.db.selectFrom('tracker_config').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('pause', () => {
  test('answers 200 where nothing runs', async () => {
    const { status, json } = await command('pause');
    expect([status, json.state]).toEqual([200, 'paused']);
    expect(json.nextSyncAt).toBeNull();
    expect(api.woken.at(-1)).toBe(id);
  });

  test('waits for the running slice to end', async () => {
    await lease(60);
    const answer = command('pause');
    await sleep(50);
    expect((await row()).desired_state).toBe('paused');
    await endLease();
    const { status, json } = await answer;
    expect([status, json.state]).toEqual([200, 'paused']);
  });

  test('answers 202 while the slice goes on', async () => {
    await lease(60);
    const { status, json } = await command('pause');
    expect([status, json.state]).toEqual([202, 'pausing']);
    expect(json.stateReason).toMatch(/Stopping/);
  });

  test('a lease that ran out is no slice', async () => {
    await lease(-1);
    expect((await command('pause')).json.state).toBe('paused');
  });

  test('answers 202 with Temporal away, and is kept', async () => {
    api.temporal.isAway = true;
    expect((await command('pause')).status).toBe(202);
    expect((await row()).desired_state).toBe('paused');
  });

  test('is harmless when repeated', async () => {
    await command('pause');
    expect((await command('pause')).json.state).toBe('paused');
  });
});

describe('resume', () => {
  test('ends a pause', async () => {
    await command('pause');
    const { status, json } = await command('resume');
    expect([status, json.state]).toEqual([200, 'pending']);
    expect(api.woken.at(-1)).toBe(id);
  });

  test('is the way out of needs_attention', async () => {
    await api.db
      .updateTable('tracker_config')
      .set({ blocked_kind: 'forbidden', fruitless_tries: 2 })
      .where('id', '=', id)
      .execute();
    expect((await command('resume')).json.state).toBe('pending');
    expect(await row()).toMatchObject({ blocked_kind: null, fruitless_tries: 0, retry_at: null });
  });
});

describe('sync now', () => {
  test('queues a cycle, once', async () => {
    const first = await command('sync');
    expect(first.status).toBe(202);
    expect(first.json).toMatchObject({ kind: 'cycle', state: 'queued', rowsRead: 0, error: null, startedAt: null });
    const again = await Promise.all([command('sync'), command('sync')]);
    expect(again.map(({ json }) => json.id)).toEqual([first.json.id, first.json.id]);
    await api.db.updateTable('run').set({ state: 'done' }).where('id', '=', first.json.id).execute();
    expect((await command('sync')).json.id).not.toBe(first.json.id);
  });

  test('ends a wait of our own, and obeys one that the tracker asked for', async () => {
    const retryAt = new Date(Date.now() + 300_000);
    const wait = (kind: 'backoff' | 'rate_limited') =>
      api.db.updateTable('tracker_config').set({ retry_at: retryAt, retry_kind: kind }).where('id', '=', id).execute();
    await wait('rate_limited');
    await command('sync');
    expect((await row()).retry_at).toEqual(retryAt);
    expect((await api.ask('GET', `/api/v1/trackers/${id}`)).json.nextSyncAt).toBe(retryAt.toISOString());
    await wait('backoff');
    await command('sync');
    expect((await row()).retry_at).toBeNull();
  });

  test('is open to who buys', async () => {
    const path = `/api/v1/trackers/${id}/sync`;
    expect((await api.ask('POST', path, { key: api.ours.keys.mediabuyer })).status).toBe(202);
  });
});

describe('re-sync', () => {
  const range = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T12:00:00+02:00' };

  test('queues the range of all logs, and the config is syncing again', async () => {
    await api.db
      .updateTable('tracker_config')
      .set({ first_synced_at: new Date(), last_synced_at: new Date() })
      .where('id', '=', id)
      .execute();
    expect((await api.ask('GET', `/api/v1/trackers/${id}`)).json.state).toBe('synced');
    const { status, json } = await command('resync', range);
    expect(status).toBe(202);
    expect(json).toMatchObject({
      ...{ kind: 'resync', state: 'queued', resources: ['clicks', 'conversions'] },
      ...{ from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T10:00:00.000Z' },
    });
    expect((await api.ask('GET', `/api/v1/trackers/${id}`)).json).toMatchObject({
      ...{ state: 'syncing', stateReason: 'Reading a range again.' },
    });
  });

  test('of one log', async () => {
    expect((await command('resync', { ...range, resources: ['conversions'] })).json.resources).toEqual(['conversions']);
  });

  test('has a limit of open ones', async () => {
    for (let i = 0; i < 20; i++) expect((await command('resync', range)).status).toBe(202);
    expect((await command('resync', range)).json.code).toBe('too_many_resyncs');
  });

  test.each([
    [{ to: range.to }, 'from'],
    [{ ...range, from: '2026-11-03T00:00:00Z' }, 'to'],
    [{ ...range, to: '2999-01-01T00:00:00Z' }, 'to'],
    [{ from: '2025-01-01T00:00:00Z', to: '2026-11-01T00:00:00Z' }, 'from'],
    [{ ...range, from: '2026-11-01' }, 'from'],
    [{ ...range, from: '2026-11-01T00:00:00' }, 'from'],
    [{ ...range, resources: ['campaigns'] }, 'resources.0'],
    [{ ...range, resources: [] }, 'resources'],
  ])('refuses %j', async (body, path) => {
    const { status, json } = await command('resync', body);
    expect([status, json.errors?.[0].path]).toEqual([400, path]);
  });
});
