// What is not kept for ever: old clicks go, config by config, and nobody else's are touched or waited for.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/store/db.ts';
import { dropOldClicks } from '../../src/store/retention.ts';
import { freshDatabase } from '../setup/database.ts';

let db: Db;
let drop: () => Promise<void>;
const organizationId = randomUUID();

beforeAll(async () => {
  const database = await freshDatabase();
  db = createDb(database.url);
  drop = database.drop;
  await sql`insert into auth.organization (id, name, slug, "createdAt") values (${organizationId}, 'o', 'o', now())`.execute(
    db,
  );
});
afterAll(async () => {
  await db.destroy();
  await drop();
});

async function addClicks(configId: string, daysAgo: readonly number[]): Promise<string> {
  for (const days of daysAgo) {
    await sql`
      insert into click (tracker_config_id, external_id, organization_id, clicked_at, row_hash)
      values (${configId}, ${`${days}`}, ${organizationId}, now() - make_interval(days => ${days}), gen_random_uuid())`.execute(
      db,
    );
  }
  const found = await sql<{ partition: string }>`
    select distinct tableoid::regclass::text as partition from click where tracker_config_id = ${configId}`.execute(db);
  return found.rows[0]!.partition;
}

const addConfig = (id: string) =>
  db
    .insertInto('tracker_config')
    .values({
      ...{ id, organization_id: organizationId, type: 'keitaro', name: id, url: `https://${id}.example` },
      ...{ credentials_sealed: 'x', credentials_key_id: 'x' },
    })
    .execute();

test('old clicks go without a look at the partitions of others', async () => {
  const configId = randomUUID();
  await addConfig(configId);
  const own = await addClicks(configId, [1, 5, 20, 30]);
  let other = own;
  while (other === own) other = await addClicks(randomUUID(), [20]);
  await db.transaction().execute(async (holder) => {
    await sql`lock table only ${sql.table(other)} in access exclusive mode`.execute(holder);
    await db.transaction().execute(async (tx) => {
      await sql`set local lock_timeout = '2s'`.execute(tx);
      await dropOldClicks(tx, 10);
    });
  });
  const left = await db.selectFrom('click').select('external_id').where('tracker_config_id', '=', configId).execute();
  expect(left.map((row) => row.external_id).sort()).toEqual(['1', '5']);
});
