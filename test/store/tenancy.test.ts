// Transactions of the API that are in each other's way: begun anew where they may be.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/store/db.ts';
import { withOrganization } from '../../src/store/tenancy.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
let db: Db;
const organizationId = '01989f5e-7c00-7000-8000-000000000001';
beforeAll(async () => {
  database = await freshDatabase();
  db = createDb(database.url, { max: 4 });
  await sql`insert into currency_rate (organization_id, base, currency, day, rate) values
    (${organizationId}, 'EUR', 'USD', '2026-11-01', 1), (${organizationId}, 'GBP', 'USD', '2026-11-01', 1)`.execute(db);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

/** Each takes its first row, waits until both have, and wants the other's. */
async function crossing(retries: boolean): Promise<{ outcomes: string[]; attempts: number }> {
  let attempts = 0;
  let held = 0;
  const { promise: both, resolve } = Promise.withResolvers<void>();
  const one = (order: [string, string]) =>
    withOrganization(
      db,
      organizationId,
      async (tx) => {
        attempts++;
        for (const base of order) {
          await sql`update currency_rate set rate = rate + 1 where base = ${base}`.execute(tx);
          if (++held === 2) resolve();
          await both;
        }
      },
      { retries },
    );
  const settled = await Promise.allSettled([one(['EUR', 'GBP']), one(['GBP', 'EUR'])]);
  const outcomes = settled.map((end) => (end.status === 'fulfilled' ? 'done' : (end.reason as { code: string }).code));
  return { outcomes: outcomes.sort(), attempts };
}

test('of two that wait for each other one is ended, and begins anew where its work is the database’s alone', async () => {
  expect(await crossing(false)).toEqual({ outcomes: ['40P01', 'done'], attempts: 2 });
  expect(await crossing(true)).toEqual({ outcomes: ['done', 'done'], attempts: 3 });
  const { rows } = await sql<{ rate: string }>`select trim_scale(rate)::text as rate from currency_rate`.execute(db);
  expect(rows).toEqual([{ rate: '4' }, { rate: '4' }]);
});

test('any other failure is told at once', async () => {
  let attempts = 0;
  const work = withOrganization(
    db,
    organizationId,
    async (tx) => {
      attempts++;
      await sql`select 1 / 0`.execute(tx);
    },
    { retries: true },
  );
  await expect(work).rejects.toMatchObject({ code: '22012' });
  expect(attempts).toBe(1);
});
