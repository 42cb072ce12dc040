// Which lines of a day's spend count: never the same money twice, and of what may be the same money the larger side.
import { randomUUID } from 'node:crypto';
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

/** `level id < its ad set, its ad campaign: amount currency platform`; `-` where none is told. */
const LINE = /^(ad|set|campaign) (\w+)(?: < ([\w-]+), ([\w-]+))?: (\d+)(?: (EUR))?(?: (other))?$/;

async function countedOf(lines: readonly string[]): Promise<string[]> {
  const organizationId = randomUUID();
  const maybe = (id: string | undefined) => (id === undefined || id === '-' ? null : id);
  for (const line of lines) {
    const [, name, id, adSet, adCampaign, amount, currency = 'USD', platform = 'meta'] = LINE.exec(line)!;
    const level = { ad: 'ad', set: 'ad_set', campaign: 'ad_campaign' }[name!]!;
    await sql`insert into ad (organization_id, level, external_id, platform, ad_set_external_id, ad_campaign_external_id)
      values (${organizationId}, ${level}, ${id}, ${platform}, ${maybe(adSet)}, ${maybe(adCampaign)})`.execute(db);
    await sql`insert into ad_spend (organization_id, level, external_id, day, amount, currency)
      values (${organizationId}, ${level}, ${id}, '2026-11-02', ${amount}, ${currency}),
        (${organizationId}, ${level}, ${id}, ${`2026-10-${10 + lines.indexOf(line)}`}, 1, 'USD')`.execute(db);
  }
  const { rows } = await sql<{ id: string; day: string }>`
    select external_id as id, day::text from ad_spend_counted where organization_id = ${organizationId} order by 1`.execute(
    db,
  );
  // A line that is alone on its day always counts.
  expect(rows.filter(({ day }) => day < '2026-11')).toHaveLength(lines.length);
  return rows.filter(({ day }) => day === '2026-11-02').map(({ id }) => id);
}

test.each([
  ['all levels related: the finest', ['ad a < x, C: 5', 'set x < -, C: 6', 'campaign C: 7'], ['a']],
  ['an ad set without ads beside one with', ['ad a < x, C: 5', 'set x < -, C: 6', 'set y < -, C: 7'], ['a', 'y']],
  [
    'ads that name no ad set, as much as the ad sets',
    ['ad a < -, C: 5', 'ad b < -, C: 5', 'set x < -, C: 10'],
    ['a', 'b'],
  ],
  ['… and less than them', ['ad a < -, C: 5', 'set x < -, C: 6', 'set y < -, C: 7', 'campaign C: 13'], ['x', 'y']],
  ['… in another ad campaign', ['ad a < -, C: 5', 'set x < -, D: 6'], ['a', 'x']],
  ['… on another platform', ['ad a < -, -: 5', 'set x < -, -: 6 other'], ['a', 'x']],
  ['… where one names no ad campaign', ['ad a < -, C: 5', 'set x < -, -: 6'], ['x']],
  ['… in another currency', ['ad a < -, C: 5', 'set x < -, C: 600 EUR'], ['a']],
  ['ads that name nothing beside ad campaigns', ['ad a < -, -: 5', 'campaign C: 3', 'campaign D: 3'], ['C', 'D']],
  ['… that are less', ['ad a < -, -: 5', 'ad b < -, -: 2', 'campaign C: 6'], ['a', 'b']],
  ['… that have their own parts', ['ad a < -, -: 5', 'ad b < -, C: 9', 'campaign C: 9'], ['a', 'b']],
  ['an ad set of no ad campaign, with its ads', ['ad a < x, -: 5', 'set x < -, -: 5', 'campaign C: 5'], ['a']],
] as const)('%s', async (_, lines, expected) => {
  expect(await countedOf(lines)).toEqual(expected);
});
