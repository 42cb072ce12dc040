// Every time zone that is taken here is one of the database's, with the same offset in winter and summer.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type IsTimeZone, timeZones } from '../../src/api/time-zone.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
let db: Db;
let isTimeZone: IsTimeZone;
beforeAll(async () => {
  database = await freshDatabase();
  db = createDb(database.url, { max: 1 });
  isTimeZone = await timeZones(db);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

test('all that are named in full are known to both, and mean the same', async () => {
  const zones = ['UTC', 'GMT', 'Etc/GMT+5', 'europe/berlin', ...Intl.supportedValuesOf('timeZone')].filter(isTimeZone);
  expect(zones.length).toBeGreaterThan(400);
  for (const at of ['2026-01-15T12:00:00Z', '2026-07-15T12:00:00Z']) {
    const { rows } = await sql<{ zone: string; local: string }>`
      select zone, to_char(${at}::timestamptz at time zone zone, 'YYYY-MM-DD HH24:MI') as local from unnest(${zones}::text[]) zone`.execute(
      db,
    );
    for (const { zone, local } of rows) {
      const ours = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
        new Date(at),
      );
      expect(`${zone} ${ours}`).toBe(`${zone} ${local}`);
    }
  }
});

test.each([
  'AET',
  'IST',
  'CST',
  'PST',
  '+05',
  '+0530',
  'EST5EDT',
  'US/Pacific-New',
  'posix/UTC',
  'Mars',
  'Europe/Mars',
  "UTC'",
  '',
])('%s is none', (zone) => {
  expect(isTimeZone(zone)).toBe(false);
});
