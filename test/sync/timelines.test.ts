// Every change that was seen of a conversion is kept, none is invented, and a re-read that shows nothing new writes nothing.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conversionTimeline } from '../../src/store/lists-conversions.ts';
import { withOrganization } from '../../src/store/tenancy.ts';
import { freshDatabase } from '../setup/database.ts';
import { type Ground, openGround, workUntilRest } from './ground.ts';
import { reconciled } from './reconcile-ground.ts';

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

const HOUR = 61 * 60_000;
const SHORT = { days: 4, clicks: 1_500, conversions: 400, growthPerDay: 0 };

/** A life with one sale of yesterday, which the test turns as it likes. */
async function withSale(seed: number) {
  const life = await reconciled(ground, { seed, ...SHORT }, { backfillDays: 4 });
  const found = await ground.db
    .selectFrom('conversion')
    .selectAll()
    .where('tracker_config_id', '=', life.configId)
    .where('raw_status', '=', 'sale')
    .where('converted_at', '>', new Date(life.now().getTime() - 26 * 3_600_000))
    .where('revenue', '>', '0')
    .orderBy('converted_at')
    .executeTakeFirstOrThrow();
  const ids = [Number(found.raw.conversion_id)];
  return {
    ...life,
    sale: found,
    turn: (change: { status?: string; revenue?: string }) =>
      life.ledger.overlay({ kind: 'setConversions', ids, ...change }),
    async timeline() {
      const moments = await withOrganization(ground.db, ground.organizationId, (tx) =>
        conversionTimeline(tx, found.id),
      );
      return moments!.map(({ status, rawStatus, reversed, revenue, currency }) => ({
        ...{ status, rawStatus, reversed, revenue: Number(revenue), currency },
      }));
    },
  };
}

describe('a timeline', () => {
  test('follows a conversion back and forth', async () => {
    const { sale, turn, pass, timeline } = await withSale(31);
    const revenue = Number(sale.revenue);
    await turn({ status: 'rejected', revenue: '0' });
    await pass(HOUR);
    await turn({ status: 'sale', revenue: sale.revenue! });
    await pass(HOUR);
    await turn({ status: 'rejected' });
    await pass(HOUR);
    const approved = { status: 'approved', rawStatus: 'sale', reversed: false, revenue, currency: 'USD' };
    const rejected = { status: 'rejected', rawStatus: 'rejected', reversed: true, currency: 'USD' };
    expect(await timeline()).toEqual([approved, { ...rejected, revenue: 0 }, approved, { ...rejected, revenue }]);
  });

  test('tells of two changes between two reads the one that was seen', async () => {
    const { sale, turn, pass, timeline } = await withSale(32);
    await turn({ status: 'rejected', revenue: '0' });
    await turn({ status: 'lead', revenue: '3' });
    await pass(HOUR);
    expect((await timeline()).map(({ rawStatus, revenue }) => [rawStatus, revenue])).toEqual([
      ['sale', Number(sale.revenue)],
      ['lead', 3],
    ]);
  });

  test('tells nothing of a change that was taken back before anyone looked', async () => {
    const { sale, turn, pass, timeline } = await withSale(33);
    const before = await timeline();
    expect(before).toHaveLength(1);
    await turn({ status: 'rejected', revenue: '0' });
    await turn({ status: 'sale', revenue: sale.revenue! });
    await pass(HOUR);
    expect(await timeline()).toEqual(before);
    const changes = await ground.db
      .selectFrom('conversion_change')
      .select('raw_status')
      .where('conversion_id', '=', sale.id)
      .execute();
    expect(changes).toEqual([{ raw_status: 'sale' }]);
  });

  test('keeps an amount that changes alone, in the currency that it was', async () => {
    const { sale, turn, pass, timeline } = await withSale(34);
    await turn({ revenue: '12.345' });
    await pass(HOUR);
    await turn({ revenue: '0' });
    await pass(HOUR);
    const seen = (revenue: number) => ({
      ...{ status: 'approved', rawStatus: 'sale', reversed: false, revenue, currency: 'USD' },
    });
    expect(await timeline()).toEqual([seen(Number(sale.revenue)), seen(12.345), seen(0)]);
  });
});

test('a re-read of everything that shows nothing new writes into none of the three tables', async () => {
  const { configId, activities, now, config } = await reconciled(
    ground,
    { seed: 35, ...SHORT },
    { backfillDays: 4, syncIntervalMinutes: 1440 },
  );
  const places = async () => {
    const parts = ['click', 'conversion', 'conversion_change'].map(
      (table) =>
        sql`select ${table} as name, count(*) as rows, md5(string_agg(concat_ws(' ', ctid, xmin, xmax), ',' order by ctid)) as places
          from ${sql.table(table)} where tracker_config_id = ${configId}`,
    );
    return (await sql<{ rows: number }>`${sql.join(parts, sql` union all `)}`.execute(ground.db)).rows;
  };
  const before = await places();
  expect(before.every(({ rows }) => rows > 50)).toBe(true);
  const run = await ground.db
    .insertInto('run')
    .values({
      ...{ organization_id: ground.organizationId, tracker_config_id: configId, kind: 'resync' },
      ...{ resources: ['clicks', 'conversions'], range_from: (await config()).backfill_from, range_to: now() },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await workUntilRest(activities, configId);
  expect(await places()).toEqual(before);
  const done = await ground.db.selectFrom('run').selectAll().where('id', '=', run.id).executeTakeFirstOrThrow();
  expect(done).toMatchObject({ state: 'done', rows_written: 0 });
  expect(done.rows_unchanged).toBe(done.rows_read);
});
