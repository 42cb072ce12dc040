// Reconciliation through a whole worker: a day that a tracker changes in silence is mended, and nobody asks for it.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ledgerControl, openLedger } from '../../simulator/client.ts';
import { DAY_MS } from '../../src/core/windows.ts';
import { freshDatabase } from '../setup/database.ts';
import { connectTracker, type Ground, openGround, STILL } from '../sync/ground.ts';
import { hubTotals, ledgerTotals } from '../sync/totals.ts';
import { openWorkerGround, until, type WorkerGround } from './worker-process.ts';

let ground: Ground;
let workers: WorkerGround;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const database = await freshDatabase();
  ground = await openGround(database.url);
  workers = await openWorkerGround(database.url, inject('temporalAddress'));
  await workers.startWorker();
  closing.push(
    () => workers.stop(),
    () => ground.stop(),
    () => database.drop(),
  );
});

afterAll(async () => {
  for (const close of closing) await close();
});

test('cost and clicks of an old day change: the next check finds it, and a re-read of that day mends it', async () => {
  const access = await openLedger(ground.simulator, {
    ...{ name: `w-${crypto.randomUUID().slice(0, 8)}`, ...STILL },
    ...{ clicks: 6_000, conversions: 300, days: 12 },
  });
  const ledger = ledgerControl(ground.simulator, access.name);
  const settings = { backfillDays: 12, syncIntervalMinutes: 1 };
  const configId = await connectTracker(ground.db, workers.vault, ground.organizationId, access, settings);
  await workers.wake(configId);
  const day = async (name: string) => {
    const { rows } = await sql<{ state: string; reread: string | null; isApart: boolean }>`
      select d.state, r.state as reread, exists (select from reconciliation_figure f where f.day = d.day
        and f.tracker_config_id = d.tracker_config_id and f.verdicts ?| array['clicks', 'cost']) as "isApart"
      from reconciliation_day d left join run r on r.id = d.reread_run_id
      where d.tracker_config_id = ${configId} and d.day = ${name}::date`.execute(ground.db);
    return rows[0];
  };
  const old = new Date(Date.now() - 8 * DAY_MS).toISOString().slice(0, 10);
  expect(
    await until(
      () => day(old),
      (found) => found !== undefined,
    ),
  ).toMatchObject({ isApart: false, reread: null });

  await ledger.overlay({ kind: 'restateCost', day: old, factor: 2.5 });
  await ledger.overlay({ kind: 'addClicks', at: `${old}T10:00:00Z`, count: 4 });
  await ledger.clearRequests();
  // A night goes by.
  await sql`update tracker_config set totals_fresh_at = totals_fresh_at - interval '1 day',
    totals_all_fresh_at = totals_all_fresh_at - interval '1 day' where id = ${configId}`.execute(ground.db);
  // A conversion of that day may come in just now, eight days late: it is explained, and no matter of the clicks.
  const mended = await until(
    () => day(old),
    (found) => found?.isApart === false && found.reread === 'done',
    150_000,
  );
  expect(mended!.state).toBeOneOf(['equal', 'explained']);
  const from = new Date(`${old}T00:00:00Z`);
  const range = { from, to: new Date(from.getTime() + DAY_MS) };
  expect(await hubTotals(ground.db, configId, range)).toEqual(await ledgerTotals(ledger, range));
  const asked = (await ledger.requests()).filter(({ path }) => path.endsWith('/clicks/log'));
  const ofOld = asked.filter(({ window }) => window!.to < new Date(Date.now() - 3 * DAY_MS).toISOString().slice(0, 10));
  expect(ofOld.map(({ window }) => [window!.from, window!.to])).toEqual([[`${old} 00:00:00`, `${old} 23:59:59`]]);
}, 240_000);
