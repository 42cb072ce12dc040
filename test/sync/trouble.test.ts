// Trouble with a tracker: waited out, left out, or shown to a person; and in the end every row is there once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultKindInput } from '../../simulator/faults/fault.ts';
import { createHttp, type Http } from '../../src/adapters/http.ts';
import type { TrackerConfigTable } from '../../src/store/tables.ts';
import { sealCredentials } from '../../src/store/vault-credentials.ts';
import { canaryKey } from '../leaks/canary.ts';
import { freshDatabase } from '../setup/database.ts';
import { activitiesOf, type Connected, type Ground, openGround, workUntilRest } from './ground.ts';
import { hubTotals, ledgerTotals } from './totals.ts';

let ground: Ground;
let impatient: Http;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  ground = await openGround(database.url);
  impatient = createHttp({
    allowedNetworks: ['127.0.0.0/8'],
    timeouts: { firstByteMs: 1_500, idleMs: 1_500, wholeMs: 6_000 },
    maxBodyBytes: 8 * 1024 * 1024,
  });
});

afterAll(async () => {
  await impatient.close();
  await ground.stop();
  await drop();
});

const SMALL = { clicks: 2_000, conversions: 150, days: 2, keitaro: { maxLimit: 400 } };
const DAYS = { backfillDays: 2 };
const ANOTHER_KEY = canaryKey();

const config = (id: string) =>
  ground.db.selectFrom('tracker_config').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const resource = (id: string, name: string) =>
  ground.db
    .selectFrom('tracker_resource')
    .selectAll()
    .where('tracker_config_id', '=', id)
    .where('resource', '=', name)
    .executeTakeFirstOrThrow();
const change = (id: string, values: Partial<Record<keyof TrackerConfigTable, unknown>>) =>
  ground.db
    .updateTable('tracker_config')
    .set(values as object)
    .where('id', '=', id)
    .execute();

async function expectEqual({ configId, ledger }: Connected): Promise<void> {
  const row = await config(configId);
  const range = { from: row.backfill_from!, to: row.backfill_to! };
  expect(await hubTotals(ground.db, configId, range)).toEqual(await ledgerTotals(ledger, range));
}

/** Works on through passing trouble, as if the waits were over at once. */
async function workThrough(configId: string): Promise<string[]> {
  const kinds: string[] = [];
  for (let tries = 0; tries < 20; tries++) {
    await workUntilRest(activitiesOf({ ...ground.deps, http: impatient }), configId);
    const row = await config(configId);
    if (row.retry_at === null) return kinds;
    kinds.push(row.last_error?.kind ?? '');
    await change(configId, { retry_at: null });
  }
  throw new Error(`still in trouble: ${kinds.join(' ')}`);
}

const PASSING: [string, FaultKindInput, string][] = [
  ['429 without a wait', { kind: 'status', status: 429 }, 'rate_limited'],
  ['502', { kind: 'status', status: 502 }, 'server_error'],
  ['HTML with 200', { kind: 'html' }, 'not_the_tracker'],
  ['an empty body', { kind: 'emptyBody' }, 'not_the_tracker'],
  ['half of the JSON', { kind: 'halfJson' }, 'not_the_tracker'],
  ['a gzip bomb', { kind: 'gzipBomb', megabytes: 64 }, 'bad_answer'],
  ['a huge page', { kind: 'hugePage', megabytes: 32 }, 'bad_answer'],
  ['silence before the answer', { kind: 'hangBeforeHeaders' }, 'timeout'],
  ['silence within the answer', { kind: 'hangInBody' }, 'timeout'],
  ['a reset', { kind: 'reset', afterBytes: 500 }, 'network'],
  ['the same page twice', { kind: 'duplicatedPage' }, 'bad_answer'],
  ['rows out of order', { kind: 'reorderedPage' }, 'bad_answer'],
];

describe('trouble that passes', () => {
  test.each(PASSING)('%s: tried again, nothing lost or doubled', async (_, fault, kind) => {
    const connected = await ground.connect(SMALL, DAYS);
    // The third page of a click log: in the middle of a window.
    await connected.ledger.addFault({ match: { path: '/clicks/log', nth: 3, times: 2 }, fault });
    const kinds = await workThrough(connected.configId);
    expect(kinds.length).toBeGreaterThan(0);
    expect(new Set(kinds)).toEqual(new Set([kind]));
    await expectEqual(connected);
    const row = await config(connected.configId);
    expect(row).toMatchObject({ fruitless_tries: 0, last_error: null, blocked_kind: null });
    const failed = await ground.db
      .selectFrom('tracker_request')
      .selectAll()
      .where('tracker_config_id', '=', connected.configId)
      .where('error', 'is not', null)
      .execute();
    // A page that contradicts the one before is an answer like any other on the wire.
    const isAnswered = ['duplicatedPage', 'reorderedPage'].includes(fault.kind);
    expect(failed.length).toBe(isAnswered ? 0 : kinds.length);
  });

  test('bytes that no text may have do not stop the page', async () => {
    const connected = await ground.connect(SMALL, DAYS);
    await connected.ledger.addFault({
      match: { path: '/clicks/log', nth: 2, times: 1 },
      fault: { kind: 'invalidUtf8' },
    });
    await workThrough(connected.configId);
    await expectEqual(connected);
  });
});

describe('Retry-After', () => {
  const waitOf = async (header: string) => {
    const { configId, ledger } = await ground.connect(SMALL, DAYS);
    await ledger.addFault({
      match: { path: '/offers', times: 1 },
      fault: { kind: 'status', status: 429, headers: { 'retry-after': header } },
    });
    const before = Date.now();
    const step = await workUntilRest(activitiesOf(ground.deps), configId);
    const row = await config(configId);
    return { row, step, waitMs: (row.retry_at?.getTime() ?? 0) - before };
  };

  test('in seconds is obeyed to the second', async () => {
    const { row, step, waitMs } = await waitOf('120');
    expect(waitMs).toBeGreaterThanOrEqual(120_000);
    expect(waitMs).toBeLessThan(150_000);
    expect(row.retry_kind).toBe('rate_limited');
    expect(step).toMatchObject({ kind: 'rest', until: row.retry_at!.toISOString() });
  });

  test('as a date is obeyed', async () => {
    const { waitMs } = await waitOf(new Date(Date.now() + 90_000).toUTCString());
    expect(waitMs).toBeGreaterThan(88_000);
    expect(waitMs).toBeLessThan(120_000);
  });

  test('of a week needs a person', async () => {
    const { row } = await waitOf('604800');
    expect(row).toMatchObject({ blocked_kind: 'rate_limited', retry_at: null });
  });
});

describe('trouble that needs a person', () => {
  test('a refused key stops at once, says so, and goes on with a new key', async () => {
    const connected = await ground.connect(SMALL, DAYS);
    const { configId, ledger } = connected;
    await workUntilRest(activitiesOf({ ...ground.deps, sliceMs: 0 }), configId, 1).catch(() => {});
    await ledger.change({ apiKey: ANOTHER_KEY });
    const step = await workUntilRest(activitiesOf(ground.deps), configId);
    const row = await config(configId);
    expect(row).toMatchObject({
      blocked_kind: 'auth',
      last_error: { kind: 'auth', message: expect.stringContaining('401') },
    });
    expect(step).toMatchObject({ kind: 'rest', until: null });

    const served = (await ledger.requests()).length;
    await workUntilRest(activitiesOf(ground.deps), configId);
    expect((await ledger.requests()).length).toBe(served);

    const place = { ...row, credentials_version: row.credentials_version + 1 };
    await change(configId, {
      ...sealCredentials(ground.vault, place, { apiKey: ANOTHER_KEY }),
      credentials_version: place.credentials_version,
      blocked_kind: null,
    });
    await workUntilRest(activitiesOf(ground.deps), configId);
    await expectEqual(connected);
  });

  test('credentials that do not open park their config alone', async () => {
    const broken = await ground.connect(SMALL, DAYS);
    const healthy = await ground.connect(SMALL, DAYS);
    const row = await config(broken.configId);
    await change(broken.configId, { credentials_sealed: `${row.credentials_sealed.slice(0, -4)}AAAA` });
    await workUntilRest(activitiesOf(ground.deps), broken.configId);
    expect(await config(broken.configId)).toMatchObject({ blocked_kind: 'vault' });
    await workUntilRest(activitiesOf(ground.deps), healthy.configId);
    await expectEqual(healthy);
  });
});

describe('a resource that the tracker does not give', () => {
  test.each([402, 403])('refused with %i: it alone is unavailable, the rest is synced', async (status) => {
    const { configId, ledger } = await ground.connect(
      { ...SMALL, keitaro: { ...SMALL.keitaro, deny: { clicks: status } } },
      DAYS,
    );
    await workThrough(configId);
    expect(await resource(configId, 'clicks')).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining(String(status)),
    });
    expect(await resource(configId, 'conversions')).toMatchObject({ state: 'ok' });
    expect((await config(configId)).first_synced_at).not.toBeNull();
    const asked = (await ledger.requests()).filter((request) => request.path.endsWith('/clicks/log'));
    expect(asked.length).toBe(3);
  });

  test('is asked again after a day, and then all of its history is read', async () => {
    const connected = await ground.connect({ ...SMALL, keitaro: { ...SMALL.keitaro, deny: { clicks: 402 } } }, DAYS);
    const { configId, ledger } = connected;
    await workThrough(configId);
    await ledger.change({ keitaro: { deny: {} } });
    const later = { ...ground.deps, clock: () => new Date(Date.now() + 25 * 3_600_000) };
    await workUntilRest(activitiesOf(later), configId);
    expect(await resource(configId, 'clicks')).toMatchObject({ state: 'ok', reason: null });
    await expectEqual(connected);
  });

  test('of the catalog does not keep the logs from being read', async () => {
    const connected = await ground.connect({ ...SMALL, keitaro: { ...SMALL.keitaro, deny: { offers: 403 } } }, DAYS);
    await workThrough(connected.configId);
    expect(await resource(connected.configId, 'offers')).toMatchObject({ state: 'unavailable' });
    await expectEqual(connected);
  });
});

test('told to stop in the middle: the slice ends in order, is no trouble, and leaves its lease', async () => {
  const connected = await ground.connect({ ...SMALL, seed: 12 }, DAYS);
  const { configId, ledger } = connected;
  await activitiesOf(ground.deps).catalog(configId);
  await ledger.addFault({ match: { path: '/clicks/log', nth: 3 }, fault: { kind: 'hangBeforeHeaders' } });
  const stop = new AbortController();
  const slice = activitiesOf(ground.deps, stop.signal).backfill(configId);
  const isHanging = async () => (await ledger.requests()).some((request) => request.fault === 'hangBeforeHeaders');
  while (!(await isHanging())) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  await slice;
  expect(await config(configId)).toMatchObject({ last_error: null, fruitless_tries: 0 });
  const lease = await ground.db
    .selectFrom('sync_lease')
    .selectAll()
    .where('tracker_config_id', '=', configId)
    .execute();
  expect(lease).toEqual([]);
  await workUntilRest(activitiesOf(ground.deps), configId);
  await expectEqual(connected);
});
