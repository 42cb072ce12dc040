// The days of every time zone begin where a sum does, so that none is counted from the log.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import type { ReportDimension } from '../../src/store/reports-dimensions.ts';
import { piecesOf } from '../../src/store/reports-pieces.ts';
import { beginsSlot } from '../../src/store/rollup-slots.ts';
import { offsetsOf, timeOf } from '../../src/store/zone-offsets.ts';
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

const YEAR = { from: new Date('2026-11-27T00:00Z'), to: new Date('2027-11-27T00:00Z') };

test('the database cuts hours where reports take them to be cut', async () => {
  const quarters = Array.from({ length: 96 }, (_, i) => new Date(YEAR.from.getTime() + i * 15 * MINUTE_MS));
  const { rows } = await sql<{ at: Date; slot: Date }>`
    select at, slot_of(at + interval '14 minutes') as slot from unnest(${quarters}::timestamptz[]) at order by at`.execute(
    db,
  );
  const begun = rows.map(({ at, slot }) => slot.getTime() === at.getTime());
  expect(begun).toEqual(quarters.map((at) => beginsSlot(at.getTime())));
  expect(begun.filter(Boolean)).toHaveLength(24 + 13);
});

test('every zone begins its days there', () => {
  const elsewhere = Intl.supportedValuesOf('timeZone').filter(
    (zone) => !offsetsOf(zone, YEAR).every((offset) => beginsSlot(-offset)),
  );
  expect(elsewhere).toEqual([]);
});

test.each([
  ['Asia/Kolkata', ['campaign', 'day'], true],
  ['Asia/Kathmandu', ['country', 'week'], true],
  ['Australia/Adelaide', ['offer', 'month'], true],
  ['Asia/Kolkata', ['hour'], true],
  // Its hours are nobody's sums.
  ['Asia/Kolkata', ['campaign', 'hour'], false],
  ['Asia/Tokyo', ['campaign', 'hour'], true],
] as const)('whole days of %s by %s come from sums: %s', async (zone, dimensions, isSummed) => {
  const [from, to] = [Date.UTC(2026, 9, 25), Date.UTC(2026, 10, 24)].map((local) => new Date(timeOf(zone, local)));
  const question = { source: 'click' as const, dimensions: dimensions as readonly ReportDimension[], zone, shiftMs: 0 };
  const { spans, days } = await db
    .transaction()
    .execute((tx) => piecesOf(tx, { ...question, range: { from: from!, to: to! } }, null));
  expect(days).toBeNull();
  expect(spans).toEqual(isSummed ? [] : [{ from, to, configId: null }]);
});

test('of days that are moved by the clock the moved ones count', async () => {
  // Thirty times 24 hours before lies on the other side of the change of clocks.
  const range = { from: new Date('2026-03-01T00:00Z'), to: new Date('2026-03-28T00:00Z') };
  const question = { source: 'click' as const, dimensions: ['campaign', 'day'] as const, zone: 'Europe/London', range };
  const daysOf = (shiftMs: number) =>
    db.transaction().execute(async (tx) => (await piecesOf(tx, { ...question, shiftMs }, null)).days);
  expect(await daysOf(0)).toEqual(range);
  expect(await daysOf(30 * DAY_MS)).toBeNull();
});
