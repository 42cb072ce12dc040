// What a wire may do and our own servers may suffer: the list of these faults over the real thing.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { until } from '../workflows/worker-process.ts';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Hub, openHub } from './hub.ts';
import { configOf, expectAllIsWell } from './invariants.ts';
import type { WireState } from './tcp-proxy.ts';
import { quiet, underWay } from './under-way.ts';

let hub: Hub;
let watch: CheckpointWatch;

beforeAll(async () => {
  hub = await openHub({ workers: 2 });
  watch = watchCheckpoints(hub.db);
});

afterAll(async () => {
  await watch?.stop();
  await hub?.end();
});

const WIRES = ['tracker', 'postgres', 'temporal'] as const;
const SPOILED: [string, WireState, number][] = [
  ['late by 200 ms', { is: 'late', ms: 200 }, 15_000],
  ['cut to pieces of 7 bytes', { is: 'sliced', bytes: 7 }, 10_000],
  ['swallowed', { is: 'hole' }, 25_000],
  ['refused', { is: 'refuse' }, 20_000],
];

describe.each(WIRES)('the wire to %s', (link) => {
  test.each(SPOILED)('%s', async (_, state, forMs) => {
    const config = await underWay(hub);
    hub.wires[link].set(state);
    await sleep(forMs);
    hub.wires[link].set({ is: 'through' });
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
    await quiet(hub, config);
  });

  test('reset again and again', async () => {
    const config = await underWay(hub);
    for (let i = 0; i < 8; i++) {
      hub.wires[link].reset();
      await sleep(400);
    }
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
    await quiet(hub, config);
  });
});

describe('our own servers', () => {
  const LONG_MS = 60_000;
  /** All that a sync writes; a disk of its own that is too small would take a superuser of the machine. */
  const FILLED = [
    ...['click', 'conversion', 'campaign', 'run', 'sync_window', 'sync_lease'],
    ...['tracker_config', 'tracker_resource', 'tracker_request'],
  ];

  async function throughIt(trouble: () => Promise<unknown>): Promise<void> {
    const config = await underWay(hub);
    await trouble();
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
    await quiet(hub, config);
  }

  test('connections to PostgreSQL terminated', () =>
    throughIt(async () => {
      for (let i = 0; i < 5; i++) {
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where pid <> pg_backend_pid() and application_name like 'tracker-hub%'`
          .execute(hub.db)
          .catch(() => {});
        await sleep(500);
      }
    }));

  test('PostgreSQL stopped for a minute, and started', () =>
    throughIt(async () => {
      await hub.postgres.stop();
      await sleep(LONG_MS);
      await hub.postgres.start();
    }));

  test('Temporal stopped for a minute, and started', () =>
    throughIt(async () => {
      await hub.temporal.stop();
      await sleep(LONG_MS);
      await hub.temporal.start();
    }));

  test('Temporal that has lost all its data', () =>
    throughIt(async () => {
      await hub.temporal.stop();
      await hub.forgetTemporal();
      await hub.temporal.start();
    }));

  test('a full disk, as PostgreSQL tells it', () =>
    throughIt(async () => {
      await sql`create function full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`.execute(hub.db);
      for (const table of FILLED)
        await sql`create trigger full_disk before insert or update on ${sql.table(table)} for each statement
          execute function full_disk()`.execute(hub.db);
      await sleep(15_000);
      await sql`drop function full_disk cascade`.execute(hub.db);
    }));

  test('workers ended one after the other: their caches are gone, the stories are told anew', () =>
    throughIt(async () => {
      for (const worker of hub.workers) {
        worker.terminate();
        await sleep(4_000);
        await worker.ready();
      }
    }));

  test('a wake that is sent a hundred times', () =>
    throughIt(async () => {
      const { configId } = await underWay(hub);
      const path = `/api/v1/trackers/${configId}/sync`;
      await Promise.all(Array.from({ length: 100 }, () => hub.ask('POST', path)));
      await until(
        () => configOf(hub.db, configId),
        (row) => row?.first_synced_at != null,
      );
    }));
});
