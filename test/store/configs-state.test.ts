// The state of a config out of the facts, in words too.
import { randomUUID } from 'node:crypto';
import type { Updateable } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stateReason } from '../../src/api/state-reason.ts';
import type { RunKind, RunState } from '../../src/core/sync.ts';
import { findConfig } from '../../src/store/configs.ts';
import type { TrackerConfigTable } from '../../src/store/tables.ts';
import { withOrganization } from '../../src/store/tenancy.ts';
import { type Harness, startHarness } from '../api/harness.ts';
import { seedConfig } from '../api/seed.ts';

let api: Harness;
let id: string;
const now = new Date();
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());
beforeEach(async () => {
  id = await seedConfig(api.db, api.ours.organizationId);
});

type Facts = Updateable<TrackerConfigTable>;
const set = (facts: Facts) => api.db.updateTable('tracker_config').set(facts).where('id', '=', id).execute();
const run = (kind: RunKind, state: RunState, startedAt: Date | null = now) =>
  api.db
    .insertInto('run')
    .values({ tracker_config_id: id, organization_id: api.ours.organizationId, kind, state, started_at: startedAt })
    .execute();
const found = async () => (await withOrganization(api.db, api.ours.organizationId, (tx) => findConfig(tx, id)))!;
const shown = async () => {
  const config = await found();
  return [config.state, stateReason(config, now)];
};

describe('the state', () => {
  test('is pending until a run has begun, then syncing, then synced', async () => {
    expect(await shown()).toEqual(['pending', 'Waiting for the first sync to begin.']);
    await run('backfill', 'queued', null);
    expect((await found()).state).toBe('pending');
    await run('catalog', 'running');
    expect(await shown()).toEqual(['syncing', 'Reading the history.']);
    await set({ first_synced_at: now });
    expect(await shown()).toEqual(['synced', null]);
  });

  test('stays synced during ordinary runs, and is syncing during an asked one', async () => {
    await set({ first_synced_at: now });
    for (const kind of ['cycle', 'reread', 'catalog'] as const) await run(kind, 'running');
    await run('resync', 'done');
    expect((await found()).state).toBe('synced');
    await run('resync', 'queued', null);
    expect((await found()).state).toBe('syncing');
  });

  test('needs attention with the reason and what to do', async () => {
    const error = { kind: 'auth', message: 'Keitaro: 401', hint: 'Make a new key.', at: now.toISOString() };
    await set({ blocked_kind: 'auth', last_error: JSON.stringify(error), next_sync_at: now });
    expect(await shown()).toEqual(['needs_attention', 'Keitaro: 401. Make a new key.']);
    expect((await found()).nextSyncAt).toBeNull();
  });

  test('a pause wins over trouble, a deletion over all', async () => {
    await set({ blocked_kind: 'auth', desired_state: 'paused' });
    expect(await shown()).toEqual(['paused', 'Paused by a person.']);
    await api.db
      .insertInto('sync_lease')
      .values({
        ...{ tracker_config_id: id, organization_id: api.ours.organizationId, token: randomUUID() },
        until: new Date(Date.now() + 60_000),
      })
      .execute();
    expect((await found()).state).toBe('pausing');
    await set({ desired_state: 'deleting' });
    expect(await withOrganization(api.db, api.ours.organizationId, (tx) => findConfig(tx, id))).toBeNull();
  });

  test('a passing failure keeps it, and says when it is tried again', async () => {
    const error = { kind: 'timeout', message: 'timeout', hint: null, at: now.toISOString() };
    const retryAt = new Date(now.getTime() + 60_000);
    const nextAt = new Date(now.getTime() + 30_000);
    await set({ first_synced_at: now, retry_at: retryAt, next_sync_at: nextAt, last_error: JSON.stringify(error) });
    expect(await shown()).toEqual(['synced', `timeout. Tried again at ${retryAt.toISOString()}.`]);
    expect((await found()).nextSyncAt).toEqual(retryAt);
    await set({ retry_at: null });
    expect((await found()).nextSyncAt).toEqual(nextAt);
  });

  test('tells what the tracker does not give', async () => {
    await set({ first_synced_at: now });
    await api.db
      .updateTable('tracker_resource')
      .set({ state: 'unavailable', reason: '402' })
      .where('tracker_config_id', '=', id)
      .where('resource', '=', 'clicks')
      .execute();
    expect(await shown()).toEqual(['synced', 'The tracker gives no click log.']);
  });
});

describe('a config is stale', () => {
  test.each([
    ['44 minutes after its last cycle: no', { last_synced_at: minutesAgo(44) }, false],
    ['46 minutes after: yes', { last_synced_at: minutesAgo(46) }, true],
    ['never synced and new: no', { created_at: minutesAgo(44) }, false],
    ['never synced and old: yes', { created_at: minutesAgo(46) }, true],
    [
      'every 60 minutes, 170 after: no',
      { last_synced_at: minutesAgo(170), settings: '{"syncIntervalMinutes":60}' },
      false,
    ],
    ['every minute, 4 after: yes', { last_synced_at: minutesAgo(4), settings: '{"syncIntervalMinutes":1}' }, true],
  ])('%s', async (_, facts, isStale) => {
    await set(facts);
    expect((await found()).isStale).toBe(isStale);
  });
});
