// What counts as a value of an ad platform: a macro that nobody replaced is none.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/store/db.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
let db: Db;
beforeAll(async () => {
  database = await freshDatabase();
  db = createDb(database.url);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

async function realValue(told: string | null): Promise<string | null> {
  const { rows } = await sql<{ value: string | null }>`select real_value(${told}::text) as value`.execute(db);
  return rows[0]!.value;
}

test.each([
  null,
  ...['', ' ', '{{ad.id}}', '{{campaign.name}}', '{campaignid}', `\${SUBID}`, '__CID__', '__AD_NAME__', '[zone_id]'],
  ...['%ad_id%', '%7B%7Bad.id%7D%7D', '<adid>', 'null', 'undefined', ' {{adset.id}} '],
])('%j is empty', async (told) => {
  expect(await realValue(told)).toBe(null);
});

test.each(['120210', '0', '_x', '__', 'a{b}', '100%', '%41', 'summer [promo]', '{a} b', '50% off', 'nullable'])(
  '%j is a value',
  async (told) => {
    expect(await realValue(told)).toBe(told);
  },
);
