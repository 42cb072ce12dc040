// A large tracker while it is read: what the API tells between two slices, cycles that go first, estimates one can rely on.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerControl, openLedger } from '../../simulator/client.ts';
import { HOUR_MS, MINUTE_MS, readableUntil, SPLIT_ROWS } from '../../src/core/windows.ts';
import { progressFacts } from '../../src/store/runs-read-progress.ts';
import { type Harness, startHarness } from '../api/harness.ts';
import { canaryKey } from '../leaks/canary.ts';
import { activitiesOf, connectTracker, type Ground, openGround, STILL } from './ground.ts';
import { hubTotals, ledgerTotals } from './totals.ts';

/** Three of them stay below the age at which an offset is forgotten: the database's clock does not go ahead. */
const INTERVAL_MINUTES = 3;
const LONGEST_PAGE = 10_000;
let api: Harness;
let ground: Ground;

beforeAll(async () => {
  api = await startHarness();
  ground = await openGround(api.databaseUrl);
});

afterAll(async () => {
  await ground.stop();
  await api.end();
});

const SHAPES = {
  ...STILL,
  ...{ days: 30, clicks: 90_000, conversions: 1_500, heavyDay: { daysAgo: 1, clicks: 75_000 } },
  bursts: [0.05, 0.5, 3.3, 12.2, 25.1].map((daysAgo) => ({ daysAgo, clicks: 3_000 })),
  keitaro: { total: 'missing' },
} as const;

interface Look {
  percent: number;
  /** Rows read so far, and those that are thought to come. */
  read: number;
  left: number | null;
}

test('progress never falls, today goes first, and what is to come is known after the first slice', async () => {
  const access = await openLedger(ground.simulator, { name: 'large', apiKey: canaryKey(), ...SHAPES });
  const ledger = ledgerControl(ground.simulator, access.name);
  const configId = await connectTracker(ground.db, ground.vault, api.ours.organizationId, access, {
    syncIntervalMinutes: INTERVAL_MINUTES,
  });
  let aheadMs = 0;
  const clock = (): Date => new Date(Date.now() + aheadMs);
  const activities = activitiesOf({ ...ground.deps, clock, sliceMs: 100 });
  // Into the hours that each cycle reads again, and into days that are not read yet, while pages are under way.
  const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
  // Never as many twice: two pages at the end of a growing window would then be one and the same.
  for (const [i, after] of [22, 24, 27].entries())
    await ledger.overlayAfter(after, { kind: 'addClicks', at: ago(HOUR_MS / 2), count: 30 + i });
  for (const [i, after] of [30, 35].entries())
    await ledger.overlayAfter(after, { kind: 'addClicks', at: ago(29 * 24 * HOUR_MS), count: 50 + i });

  const config = () =>
    ground.db.selectFrom('tracker_config').selectAll().where('id', '=', configId).executeTakeFirstOrThrow();
  const looks: Look[] = [];
  const cycles: { percent: number; wasOpen: boolean }[] = [];
  let step = await activities.plan(configId);
  for (let slices = 0; step.kind === 'work'; slices++) {
    if (slices > 2_000) throw new Error('still at work');
    const { work } = step;
    step = await activities[work](configId);
    const { percent } = (await api.ask('GET', `/api/v1/trackers/${configId}/progress`)).json;
    const isOpen = (await config()).first_synced_at === null;
    if (work === 'backfill' && isOpen) {
      const { rows_read } = await ground.db
        .selectFrom('run')
        .select('rows_read')
        .where('tracker_config_id', '=', configId)
        .where('kind', '=', 'backfill')
        .executeTakeFirstOrThrow();
      const facts = await ground.db.transaction().execute((tx) => progressFacts(tx, configId));
      looks.push({ percent, read: rows_read, left: facts?.range?.left.rows ?? null });
      // A quarter, a half and three quarters through, a slot comes: the very next slice is its cycle.
      if (percent > 25 * (cycles.length + 1) && cycles.length < 3) {
        aheadMs += INTERVAL_MINUTES * MINUTE_MS;
        await ledger.setClock({ advanceMs: INTERVAL_MINUTES * MINUTE_MS });
        const dueAt = clock();
        step = await activities.plan(configId);
        expect(step).toMatchObject({ kind: 'work', work: 'cycle' });
        while (step.kind === 'work' && step.work === 'cycle') step = await activities.cycle(configId);
        await expectToday(configId, ledger, dueAt);
        cycles.push({ percent, wasOpen: (await config()).first_synced_at === null });
      }
    }
  }

  expect(cycles.map(({ wasOpen }) => wasOpen)).toEqual([true, true, true]);
  for (const [i, { percent }] of looks.slice(1).entries()) expect(percent).toBeGreaterThanOrEqual(looks[i]!.percent);
  expect(looks.every(({ percent }) => percent < 100)).toBe(true);
  expect((await api.ask('GET', `/api/v1/trackers/${configId}/progress`)).json).toMatchObject({ percent: 100 });
  expectKnown(looks);
  await expectShort(configId);
  const { backfill_from: from, backfill_to: to } = await config();
  expect(await hubTotals(ground.db, configId, { from: from!, to: to! })).toEqual(
    await ledgerTotals(ledger, { from: from!, to: to! }),
  );
}, 240_000);

/** All of today and the last two hours, up to where the cycle has read: no less than what could be read when it fell due. */
async function expectToday(configId: string, ledger: ReturnType<typeof ledgerControl>, dueAt: Date): Promise<void> {
  const { read_to: to } = await ground.db
    .selectFrom('tracker_resource')
    .select('read_to')
    .where('tracker_config_id', '=', configId)
    .where('resource', '=', 'clicks')
    .executeTakeFirstOrThrow();
  expect(to!.getTime()).toBeGreaterThanOrEqual(readableUntil(dueAt).getTime());
  const midnight = new Date(`${to!.toISOString().slice(0, 10)}T00:00:00Z`);
  const from = new Date(Math.min(midnight.getTime(), to!.getTime() - 2 * HOUR_MS));
  expect(await hubTotals(ground.db, configId, { from, to: to! })).toEqual(
    await ledgerTotals(ledger, { from, to: to! }),
  );
}

/** From the second slice on, although the heaviest day comes first: by a factor of two in the worst case. */
function expectKnown(looks: readonly Look[]): void {
  const whole = looks.at(-1)!.read;
  expect(looks.length).toBeGreaterThan(10);
  for (const { read, left } of looks.slice(1)) {
    const toCome = whole - read;
    if (toCome < LONGEST_PAGE) continue;
    expect(left).not.toBeNull();
    expect(left! / toCome).toBeGreaterThan(0.5);
    expect(left! / toCome).toBeLessThan(2);
  }
}

async function expectShort(configId: string): Promise<void> {
  const windows = await ground.db
    .selectFrom('sync_window')
    .select('rows')
    .where('tracker_config_id', '=', configId)
    .execute();
  for (const { rows } of windows) expect(rows).toBeLessThanOrEqual(SPLIT_ROWS + LONGEST_PAGE);
}
