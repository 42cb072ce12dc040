// The list of faults over the real thing: what a tracker may answer, what a wire may do, what our own servers may suffer.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultKindInput } from '../../simulator/faults/fault.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { until } from '../workflows/worker-process.ts';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Connected, type Hub, openHub } from './hub.ts';
import { becomesCurrent, configOf, expectAllIsWell, expectNothingWrong } from './invariants.ts';
import type { WireState } from './tcp-proxy.ts';

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

/** A backfill that has begun, with some thirty pages to go. */
async function underWay(options: HostedOptionsInput = {}): Promise<Connected> {
  const config = await hub.connect(options);
  await until(
    () => config.ledger.requests(),
    (requests) => requests.length >= 16,
  );
  return config;
}

/** When the last request was hit by a fault, or the tracker's wait was over. */
async function lastTroubleOf({ ledger }: Connected, waitSeconds = 0): Promise<number> {
  const hit = (await ledger.requests()).filter((request) => request.fault !== null && request.fault !== 'delay');
  return Math.max(0, ...hit.map((request) => Date.parse(request.endedAt ?? request.at))) + waitSeconds * 1_000;
}

async function quiet({ configId }: Connected): Promise<void> {
  await hub.ask('POST', `/api/v1/trackers/${configId}/pause`);
}

const refusal = (status: number, headers: Record<string, string> = {}): FaultKindInput => ({
  ...{ kind: 'status', status, headers },
});

const PASSING: [string, FaultKindInput, { times?: number; waitSeconds?: number }?][] = [
  ['429 with seconds', refusal(429, { 'retry-after': '8' }), { waitSeconds: 8 }],
  ['429 with none', refusal(429), { times: 2 }],
  ['429 with 0', refusal(429, { 'retry-after': '0' })],
  ['503 that asks for a wait', refusal(503, { 'retry-after': '6' }), { waitSeconds: 6, times: 2 }],
  ['a burst of 502', refusal(502), { times: 4 }],
  ['500', refusal(500), { times: 2 }],
  ['HTML with 200', { kind: 'html' }, { times: 2 }],
  ['an empty body', { kind: 'emptyBody' }],
  ['half of the JSON', { kind: 'halfJson' }],
  ['bytes that no text may have', { kind: 'invalidUtf8' }],
  ['a gzip bomb', { kind: 'gzipBomb', megabytes: 100 }],
  ['a page of 100 MB', { kind: 'hugePage', megabytes: 100 }],
  ['a slow drip', { kind: 'slowDrip', bytes: 2_000, everyMs: 100 }],
  ['the page before once more', { kind: 'duplicatedPage' }],
  ['a page backwards', { kind: 'reorderedPage' }],
  ['silence before the answer', { kind: 'hangBeforeHeaders' }],
  ['silence within the answer', { kind: 'hangInBody' }],
  ['a reset', { kind: 'reset', afterBytes: 500 }, { times: 3 }],
];

describe.concurrent('what a tracker answers and gets over', () => {
  test.each(PASSING)('%s', async (_, fault, { times = 1, waitSeconds = 0 } = {}) => {
    const config = await hub.connect();
    const path = '/(clicks|conversions)/log$';
    await config.ledger.addFault({ match: { path, nth: 3, times }, fault });
    await until(
      () => config.ledger.faults(),
      ([rule]) => rule!.fired >= times,
      240_000,
    );
    await sleep(waitSeconds * 1_000);
    // A fault that hangs is over when its call is.
    await until(
      () => config.ledger.requests(),
      (requests) => requests.every((request) => request.fault === null || request.endedAt !== null),
      120_000,
    );
    const lastTroubleAt = await lastTroubleOf(config, waitSeconds);
    const status = fault.kind === 'status' ? fault.status : 0;
    await expectAllIsWell({
      ...{ hub, watch, configs: [config], lastTroubleAt },
      ...(waitSeconds === 0 ? {} : { retryAfter: { [status]: waitSeconds } }),
    });
    await quiet(config);
  });

  test('429 with a date', async () => {
    const config = await hub.connect();
    const at = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 20_000);
    const fault = refusal(429, { 'retry-after': at.toUTCString() });
    await config.ledger.addFault({ match: { path: '/log$', nth: 3 }, fault });
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: at.getTime() });
    const requests = await config.ledger.requests();
    const refused = requests.find((request) => request.status === 429)!;
    const later = requests.filter((request) => request.number > refused.number);
    expect(later.filter((request) => Date.parse(request.at) < at.getTime() - 50)).toEqual([]);
    await quiet(config);
  });

  test('rows that come in while it is paged, and a total that lies', async () => {
    const lying = await Promise.all(
      (['tooSmall', 'tooLarge', 'missing', 'text'] as const).map((total) =>
        hub.connect({ keitaro: { maxLimit: 80, total, clickIds: 'large' } }),
      ),
    );
    const [first] = lying;
    const at = new Date(Date.now() - 26 * 3_600_000).toISOString();
    for (const after of [18, 22, 26]) await first!.ledger.overlayAfter(after, { kind: 'addClicks', at, count: 7 });
    for (const config of lying) {
      await becomesCurrent(hub, config.configId, Date.now(), Date.now() + 150_000);
      await expectNothingWrong(hub.db, config);
      await quiet(config);
    }
  });
});

const FOR_A_PERSON: [string, FaultKindInput, string][] = [
  ['401 in the middle', refusal(401), 'auth'],
  ['403 of everything', refusal(403), 'forbidden'],
  ['a redirect to another host', { kind: 'redirect', to: 'http://127.0.0.2:9/elsewhere' }, 'url'],
  ['a Retry-After of a week', refusal(429, { 'retry-after': '604800' }), 'rate_limited'],
];

describe.concurrent('what only a person can mend', () => {
  test.each(FOR_A_PERSON)('%s: shown, and one PATCH brings the config current', async (_, fault, kind) => {
    const config = await underWay();
    await config.ledger.addFault({ match: { times: null }, fault });
    const path = `/api/v1/trackers/${config.configId}`;
    const shown = await until(
      async () => (await hub.ask('GET', path)).json,
      (json) => json.state === 'needs_attention',
      240_000,
    );
    expect(shown.lastError).toMatchObject({ kind, hint: expect.stringMatching(/\S/) });
    const asked = (await config.ledger.requests()).length;
    await sleep(2_000);
    expect((await config.ledger.requests()).length).toBe(asked);
    await config.ledger.clearFaults();
    expect((await hub.ask('PATCH', path, { credentials: { apiKey: config.apiKey } })).status).toBe(200);
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
    await quiet(config);
  });
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
    const config = await underWay();
    hub.wires[link].set(state);
    await sleep(forMs);
    hub.wires[link].set({ is: 'through' });
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
    await quiet(config);
  });

  test('reset again and again', async () => {
    const config = await underWay();
    for (let i = 0; i < 8; i++) {
      hub.wires[link].reset();
      await sleep(400);
    }
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
    await quiet(config);
  });
});

describe('our own servers', () => {
  const LONG_MS = 60_000;

  async function throughIt(trouble: () => Promise<unknown>): Promise<void> {
    const config = await underWay();
    await trouble();
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
    await quiet(config);
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
      for (const table of ['click', 'conversion'])
        await sql`create trigger full_disk before insert on ${sql.table(table)} for each statement
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
      const { configId } = await underWay();
      const path = `/api/v1/trackers/${configId}/sync`;
      await Promise.all(Array.from({ length: 100 }, () => hub.ask('POST', path)));
      await until(
        () => configOf(hub.db, configId),
        (row) => row?.first_synced_at != null,
      );
    }));
});

test('five kills in one backfill cost less than half of its rows again', async () => {
  const standing = () => hub.stopAt({ moment: 'after-fetch', phase: 'backfill', configId: null, nth: 6 }, 120_000);
  let next = standing();
  const config = await hub.connect({ clicks: 6_000, conversions: 300 });
  for (let i = 0; i < 5; i++) {
    const { worker } = await next;
    await hub.kill('worker', worker);
    if (i < 4) next = standing();
  }
  const rows = await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
  const backfill = await hub.db
    .selectFrom('sync_window')
    .innerJoin('run', 'run.id', 'sync_window.run_id')
    .select(['sync_window.from_at', 'sync_window.to_at'])
    .where('run.tracker_config_id', '=', config.configId)
    .where('run.kind', '=', 'backfill')
    .where('sync_window.resource', '=', 'clicks')
    .execute();
  const begins = new Set(backfill.map((window) => window.from_at.getTime()));
  const served = (await config.ledger.requests())
    .filter((request) => request.path.endsWith('/clicks/log') && request.window)
    .filter((request) => begins.has(Date.parse(`${request.window!.from.replace(' ', 'T')}Z`)))
    .reduce((sum, request) => sum + (request.rows ?? 0), 0);
  const { clicks } = await config.ledger.truth({
    from: new Date(Math.min(...begins)).toISOString(),
    to: new Date(Math.max(...backfill.map((window) => window.to_at.getTime()))).toISOString(),
  });
  console.log(
    `${served} clicks served for ${clicks}: ${(served / clicks).toFixed(2)} times; ${rows.rows} rows compared`,
  );
  expect(served).toBeGreaterThan(clicks);
  expect(served).toBeLessThan(clicks * 1.5);
});
