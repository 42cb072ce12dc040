// Five power cuts in one backfill: what was read stays read, and little is asked for twice.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Hub, openHub } from './hub.ts';
import { expectAllIsWell } from './invariants.ts';

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
