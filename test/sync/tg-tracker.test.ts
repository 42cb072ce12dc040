// TG Tracker through slices, in both shapes: history, what is new, what changes late; a resource refused, and given after all.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TgOptionsInput } from '../../simulator/faces/tg/options.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { tgTracker } from '../../src/adapters/tg-tracker.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { openCycle } from '../../src/store/plan-runs.ts';
import { addRun } from '../../src/store/runs.ts';
import { readSyncConfig } from '../../src/store/sync-state.ts';
import { SETTINGS, type TgFace, WORDS } from '../adapters/tg-faces.ts';
import { canaryKey } from '../leaks/canary.ts';
import { freshDatabase } from '../setup/database.ts';
import { sumMicros } from '../simulator/panel.ts';
import { type Ground, openGround } from './ground.ts';
import { openLife } from './life.ts';
import { hubTotals, ledgerTotals, type Totals } from './totals.ts';

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

/** Statuses in the face's words; amounts in micros, since several of the ledger's words may be one. */
function inWords({ clicks, cost, conversions }: Totals, words: Record<string, string>) {
  const told: Record<string, { count: number; revenue: bigint }> = {};
  for (const [status, { count, revenue }] of Object.entries(conversions)) {
    const sum = told[words[status] ?? status] ?? { count: 0, revenue: 0n };
    told[words[status] ?? status] = { count: sum.count + count, revenue: sum.revenue + sumMicros([revenue]) };
  }
  return { clicks, cost, conversions: told };
}

/** A connected face whose rests pass at once, on a clock of its own. */
async function life(
  face: TgFace,
  { options = {} as TgOptionsInput, ledger: more = {} as HostedOptionsInput, settings = {} } = {},
) {
  const opened = await openLife(ground, face, {
    type: tgTracker.type,
    ledger: { ...more, [face]: { planted: canaryKey(), ...options } },
    settings: { ...SETTINGS[face], ...settings },
  });
  const { configId, ledger, now } = opened;
  return {
    ...opened,
    syncConfig: async () => (await readSyncConfig(ground.db, configId))!,
    async expectEqual(lag = 17 * MINUTE_MS): Promise<Totals> {
      const { backfill_from } = await ground.db
        .selectFrom('tracker_config')
        .select('backfill_from')
        .where('id', '=', configId)
        .executeTakeFirstOrThrow();
      const range = { from: backfill_from!, to: new Date(now() - lag) };
      const hub = await hubTotals(ground.db, configId, range);
      expect(inWords(hub, {})).toEqual(inWords(await ledgerTotals(ledger, range), WORDS[face]));
      return hub;
    },
  };
}

describe.each(['tg_tracker', 'altercpa'] as const)('%s', (face) => {
  test('history, what is new, and a status that changes late: equal to the ledger each time', async () => {
    const { configId, ledger, live, expectEqual, config, now } = await life(face, { ledger: { seed: 2 } });
    await live(20 * MINUTE_MS);
    const before = await expectEqual();
    expect(before.clicks).toBeGreaterThan(1_000);
    await live(2 * HOUR_MS);
    expect((await expectEqual()).clicks).toBeGreaterThan(before.clicks);

    const rows = ledger.truthConversions({ to: new Date(now() - 26 * HOUR_MS).toISOString() });
    const ids: number[] = [];
    for await (const { id } of rows) if (ids.length < 5) ids.push(id);
    await ledger.overlay({ kind: 'setConversions', ids, status: 'rejected', revenue: '0.123456' });
    await live(2 * HOUR_MS);
    await expectEqual();
    const changed = await ground.db
      .selectFrom('conversion')
      .select(['raw_status', 'revenue'])
      .where('tracker_config_id', '=', configId)
      .where('external_id', 'in', ids.map(String))
      .execute();
    expect(changed).toHaveLength(5);
    expect(new Set(changed.map((row) => `${row.raw_status} ${row.revenue}`))).toEqual(
      new Set([`${WORDS[face].rejected} 0.123456`]),
    );
    expect(await config()).toMatchObject({ state: 'synced', last_error: null });
    const unreadable = ground.db.selectFrom('unreadable_row').selectAll().where('tracker_config_id', '=', configId);
    expect(await unreadable.execute()).toEqual([]);
  });

  test('the catalog has every entry, and no state for totals that are not told', async () => {
    const { configId, live } = await life(face, { ledger: { seed: 3 } });
    await live(MINUTE_MS);
    for (const table of ['campaign', 'offer', 'landing_page', 'flow', 'traffic_source', 'affiliate_network'] as const) {
      const entries = await ground.db
        .selectFrom(table)
        .select('id')
        .where('tracker_config_id', '=', configId)
        .execute();
      expect(entries.length, table).toBeGreaterThan(3);
    }
    const states = ground.db
      .selectFrom('tracker_resource')
      .select('resource')
      .where('tracker_config_id', '=', configId);
    expect((await states.execute()).map(({ resource }) => resource)).not.toContain('totals');
  });

  test('a log and a list that are refused are unavailable in the tracker’s words; the others sync, and it stays synced', async () => {
    const deny = { conversions: 200, offers: 200 };
    const { live, config, resource, ledger, change } = await life(face, { ledger: { seed: 4 }, options: { deny } });
    await live(3 * HOUR_MS);
    const words = { tg_tracker: 'are not part of this tracker', altercpa: 'module' }[face];
    for (const name of ['conversions', 'offers']) {
      const reason = expect.stringMatching(`^TG Tracker answered 200: .*${words}`);
      expect(await resource(name)).toMatchObject({ state: 'unavailable', reason });
    }
    for (const name of ['clicks', 'campaigns', 'flows']) expect(await resource(name)).toMatchObject({ state: 'ok' });
    expect(await config()).toMatchObject({ state: 'synced', blocked_kind: null });

    // What is refused is asked once a day, not once a cycle.
    const path = face === 'altercpa' ? '/leads/list' : '/conversions';
    const asked = async () => (await ledger.requests()).filter((request) => request.path.endsWith(path)).length;
    await ledger.clearRequests();
    await live(12 * HOUR_MS);
    expect(await asked()).toBe(0);
    await live(15 * HOUR_MS);
    expect(await asked()).toBeGreaterThan(0);
    expect(await resource('conversions')).toMatchObject({ state: 'unavailable' });

    // And at once when the settings change.
    await ledger.change({ [face]: { deny: {} } });
    await live(MINUTE_MS);
    expect(await resource('conversions')).toMatchObject({ state: 'unavailable' });
    await change({ currency: 'EUR' });
    await live(MINUTE_MS);
    for (const name of ['conversions', 'offers'])
      expect(await resource(name)).toMatchObject({ state: 'ok', reason: null });
  });

  test('what comes back is read whole, be there a cycle under way that was planned without it', async () => {
    const { live, ledger, change, expectEqual, now, syncConfig } = await life(face, {
      ...{ ledger: { seed: 5 }, options: { deny: { conversions: 200 } } },
    });
    await live(2 * HOUR_MS);
    await ledger.change({ [face]: { deny: {} } });
    await addRun(ground.db, await syncConfig(), { kind: 'cycle', resources: [], range: null });
    const run = await openCycle(ground.db, await syncConfig(), ['clicks', 'conversions'], new Date(now()));
    expect(run).toMatchObject({ state: 'running', resources: ['clicks'] });
    await change({});
    await live(MINUTE_MS);
    await expectEqual();
  });

  test('a key that is revoked needs a person, whatever the status says of it', async () => {
    const { live, ledger, config } = await life(face, { ledger: { seed: 6 }, options: { badKeyStatus: 403 } });
    await live(20 * MINUTE_MS);
    await ledger.change({ apiKey: canaryKey() });
    await live(HOUR_MS);
    expect(await config()).toMatchObject({ blocked_kind: 'auth', last_error: { kind: 'auth' } });
  });
});

test('a resource that lies elsewhere is found there as soon as the settings say where', async () => {
  const { live, resource, change } = await life('altercpa', {
    ...{ ledger: { seed: 7 }, settings: { ...SETTINGS.altercpa, paths: { campaigns: '/api/streams/list' } } },
  });
  await live(3 * HOUR_MS);
  expect(await resource('campaigns')).toMatchObject({ state: 'ok' });
  expect(await resource('offers')).toMatchObject({ state: 'unavailable', reason: 'TG Tracker answered 200: method' });
  await change({ paths: (SETTINGS.altercpa as { paths: object }).paths });
  await live(MINUTE_MS);
  for (const name of ['offers', 'flows', 'clicks', 'conversions']) {
    expect(await resource(name), name).toMatchObject({ state: 'ok' });
  }
});

test('an incoming page that is not whole is read again: a total that lies, an empty page, rows in between', async () => {
  const { live, ledger, expectEqual, now } = await life('tg_tracker', {
    ...{ ledger: { seed: 8 }, options: { total: 'tooLarge', emptyPage: 2, maxPageSize: 300 } },
  });
  await live(20 * MINUTE_MS);
  await expectEqual();
  const at = new Date(now() - 90 * MINUTE_MS).toISOString();
  await ledger.overlayAfter(2, { kind: 'addClicks', at, count: 40 });
  await live(DAY_MS / 12);
  await expectEqual();
});

test('a row that a page left out is read once more, since the total tells of it; a total that lies is not looked for again', async () => {
  const account = await life('tg_tracker', {
    ledger: { seed: 9 },
    options: { maxPageSize: 300 },
    settings: { pageSize: 300 },
  });
  const { live, ledger, expectEqual } = account;
  const match = { path: '/api/v1/clicks', nth: 2 };
  await ledger.addFault({ match, fault: { kind: 'shortPage' } });
  await live(20 * MINUTE_MS);
  expect((await ledger.faults())[0]).toMatchObject({ fired: 1 });
  await expectEqual();
  await ledger.clearFaults();

  await ledger.change({ tg_tracker: { total: 'tooLarge' } });
  await ledger.clearRequests();
  await live(20 * MINUTE_MS);
  const windows = (await ledger.requests()).filter(({ path }) => path.endsWith('/clicks'));
  const firsts = windows.filter(({ offset }) => offset === 0).map(({ window }) => JSON.stringify(window));
  expect(firsts.length).toBeGreaterThan(0);
  expect(new Set(firsts).size).toBe(firsts.length);
});
