// Uploaded spend of past days that was changed: how much it was at the time that is asked from, and how much it is.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS } from '../../src/core/windows.ts';
import { dropOldSpendChanges } from '../../src/store/spend-changes.ts';
import { type Harness, startHarness } from './harness.ts';

let api: Harness;
const day = (ago: number): string => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

const put = (lines: object[], query = '') =>
  api.ask('PUT', `/api/v1/ads?platform=meta&currency=USD${query}`, { body: lines });
/** The clock of the database, since it tells when a change was seen. */
async function moment(): Promise<string> {
  const { rows } = await sql<{
    at: Date;
  }>`select clock_timestamp() + interval '2 milliseconds' as at, pg_sleep(0.005)`.execute(api.db);
  return rows[0]!.at.toISOString();
}
const since = async (at: string, { query = '', key = api.ours.keys.viewer } = {}) =>
  (await api.ask('GET', `/api/v1/changes?since=${at}${query}`, { key })).json.spend;

test('why yesterday’s profit is lower than this morning: what was uploaded, changed and taken back since', async () => {
  const night = await moment();
  await put([
    { adId: 'a', day: day(1), spend: '100' },
    { adId: 'b', day: day(1), spend: '7' },
    { adId: 'e', day: day(2), spend: '3', currency: 'EUR' },
    { adCampaignId: 'C', day: day(2), spend: '50' },
    { adId: 'a', day: day(0), spend: '10' },
  ]);
  const morning = await moment();
  await put([
    { adId: 'a', day: day(1), spend: '130.50' },
    { adId: 'b', day: day(1), spend: '8' },
    { adId: 'e', day: day(2), spend: '4', currency: 'USD' },
    { adCampaignId: 'C', day: day(2), spend: null },
    { adId: 'a', day: day(0), spend: '20' },
  ]);
  await put([{ adId: 'b', day: day(1), spend: '7' }]);
  const meta = { platform: 'meta', ads: 1 };
  expect(await since(morning)).toEqual([
    { ...meta, day: day(1), level: 'ad', currency: 'USD', before: '100', now: '130.5' },
    { ...meta, day: day(2), level: 'ad', currency: 'EUR', before: '3', now: '0' },
    { ...meta, day: day(2), level: 'ad', currency: 'USD', before: '0', now: '4' },
    { ...meta, day: day(2), level: 'ad_campaign', currency: 'USD', before: '50', now: '0' },
  ]);
  expect(await since(night)).toEqual([
    { ...meta, ads: 2, day: day(1), level: 'ad', currency: 'USD', before: '0', now: '137.5' },
    { ...meta, day: day(2), level: 'ad', currency: 'USD', before: '0', now: '4' },
  ]);
  expect(await since(await moment())).toEqual([]);
  expect(await since(night, { key: api.theirs.keys.owner })).toEqual([]);
});

test('a day that is not over is none, by its own zone and by the one that is asked for', async () => {
  const before = await moment();
  // Over where it was spent, and not yet twelve hours west of UTC.
  const { rows } = await sql<{ east: string; west: string }>`
    select (now() at time zone 'Pacific/Kiritimati')::date::text as east, (now() at time zone 'Etc/GMT+12')::date::text as west`.execute(
    api.db,
  );
  const { east, west } = rows[0]!;
  await put([{ adId: 'z', day: east, spend: '1' }], '&zone=Pacific/Kiritimati');
  await put([{ adId: 'y', day: west, spend: '1' }], '&zone=Pacific/Kiritimati');
  const kept = await sql<{ id: string }>`
    select external_id as id from ad_spend_change where external_id in ('y', 'z')`.execute(api.db);
  expect(kept.rows).toEqual([{ id: 'y' }]);
  expect(await since(before, { query: '&tz=Etc/GMT%2B12' })).toEqual([]);
  expect(await since(before, { query: '&tz=Pacific/Kiritimati' })).toMatchObject([
    { day: west, before: '0', now: '1' },
  ]);
});

test('what is older than anybody may ask for goes', async () => {
  const count = async () =>
    (await sql<{ n: number }>`select count(*)::int as n from ad_spend_change`.execute(api.db)).rows[0]!.n;
  const before = await count();
  await sql`update ad_spend_change set seen_at = seen_at - interval '101 days' where external_id = 'y'`.execute(api.db);
  await dropOldSpendChanges(api.db);
  expect(await count()).toBe(before - 1);
});
