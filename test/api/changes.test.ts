// What moved in past days: told once per kind, per currency, with the conversions it was, and never what a backfill brought.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedClicks, seedConfig, seedConversions } from './seed.ts';

let api: Harness;
let configId: string;
let owner: { configId: string; organizationId: string };

const NOW = '2026-11-05T15:00:00Z';
const SINCE = '2026-11-05T08:00:00Z';

beforeAll(async () => {
  api = await startHarness({ now: () => new Date(NOW) });
});
afterAll(() => api.end());
beforeEach(async () => {
  await api.db.deleteFrom('conversion').execute();
  await api.db.deleteFrom('conversion_change').execute();
  configId = await seedConfig(api.db, api.ours.organizationId, { first_synced_at: new Date('2026-11-01T00:00:00Z') });
  owner = { configId, organizationId: api.ours.organizationId };
});

type State = [seenAt: string, rawStatus: string, revenue: string, currency?: string];

/** A conversion with all that was seen of it, oldest first. */
async function seen(
  convertedAt: string,
  states: State[],
  more: { clicked_at?: string; click_external_id?: string } = {},
) {
  const id = randomUUID();
  const [firstSeenAt] = states[0]!;
  const [updatedAt, raw_status, revenue, currency = 'USD'] = states.at(-1)!;
  await seedConversions(api.db, owner, [
    {
      ...{ id, converted_at: convertedAt, raw_status, revenue, currency, ...more },
      ...{ first_seen_at: new Date(firstSeenAt), updated_at: new Date(updatedAt) },
    },
  ]);
  await api.db
    .insertInto('conversion_change')
    .values(
      states.map(([at, status, money, unit = 'USD']) => ({
        ...{ organization_id: owner.organizationId, tracker_config_id: configId, conversion_id: id },
        ...{ seen_at: new Date(at), raw_status: status, revenue: money, currency: unit },
      })),
    )
    .execute();
  return id;
}

const read = async (query = '') => {
  const { status, json } = await api.ask('GET', `/api/v1/changes?since=${SINCE}${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
};

test('why yesterday is lower than it was this morning', async () => {
  const rejected = await seen('2026-11-04T12:00:00Z', [
    ['2026-11-04T12:05:00Z', 'sale', '30'],
    ['2026-11-05T10:00:00Z', 'hold', '30'],
    ['2026-11-05T11:00:00Z', 'rejected', '30'],
  ]);
  const restated = await seen('2026-11-04T13:00:00Z', [
    ['2026-11-04T13:05:00Z', 'sale', '20.10'],
    ['2026-11-05T10:00:00Z', 'Sale', '18.05'],
  ]);
  const late = await seen('2026-11-03T10:00:00Z', [['2026-11-05T09:00:00Z', 'lead', '1.5', 'EUR']]);
  // Seen before, on its own day, of today, and back where it was: no news.
  await seen('2026-11-04T14:00:00Z', [['2026-11-05T07:59:59Z', 'sale', '99']]);
  await seen('2026-11-05T09:00:00Z', [['2026-11-05T09:05:00Z', 'sale', '99']]);
  await seen('2026-11-04T15:00:00Z', [
    ['2026-11-04T15:05:00Z', 'sale', '7'],
    ['2026-11-05T09:00:00Z', 'hold', '7'],
    ['2026-11-05T10:00:00Z', 'sale', '7'],
  ]);
  const { days, mappings } = await read();
  expect(mappings).toEqual([]);
  const link = (id: string) => ({ conversionId: id, timeline: `/api/v1/conversions/${id}/timeline` });
  expect(days).toEqual([
    {
      day: '2026-11-04',
      totals: [{ currency: 'USD', conversions: -1, revenue: '-32.05', approvedRevenue: '-32.05' }],
      items: [
        {
          ...{ configId, kind: 'restated', moved: 1, currency: 'USD' },
          before: { rawStatus: 'sale', status: 'approved', reversed: false },
          now: { rawStatus: 'Sale', status: 'approved', reversed: false },
          ...{ conversions: 0, revenue: '-2.05', approvedRevenue: '-2.05', examples: [link(restated)] },
        },
        {
          ...{ configId, kind: 'turned', moved: 1, currency: 'USD' },
          before: { rawStatus: 'sale', status: 'approved', reversed: false },
          now: { rawStatus: 'rejected', status: 'rejected', reversed: false },
          ...{ conversions: -1, revenue: '-30', approvedRevenue: '-30', examples: [link(rejected)] },
        },
      ],
    },
    {
      day: '2026-11-03',
      totals: [{ currency: 'EUR', conversions: 1, revenue: '1.5', approvedRevenue: '0' }],
      items: [
        {
          ...{ configId, kind: 'late', moved: 1, currency: 'EUR', before: null },
          now: { rawStatus: 'lead', status: 'pending', reversed: false },
          ...{ conversions: 1, revenue: '1.5', approvedRevenue: '0', examples: [link(late)] },
        },
      ],
    },
  ]);
});

test('money that changed its currency left the one and came into the other', async () => {
  await seen('2026-11-04T12:00:00Z', [
    ['2026-11-04T12:05:00Z', 'sale', '30'],
    ['2026-11-05T10:00:00Z', 'sale', '28', 'EUR'],
  ]);
  const { days } = await read();
  expect(days[0].totals).toEqual([
    { currency: 'EUR', conversions: 1, revenue: '28', approvedRevenue: '28' },
    { currency: 'USD', conversions: -1, revenue: '-30', approvedRevenue: '-30' },
  ]);
});

test('days are the click’s or the conversion’s, in any zone', async () => {
  await seedClicks(api.db, owner, [{ external_id: 'k1', clicked_at: '2026-11-02T23:30:00Z' }]);
  await seen('2026-11-03T10:00:00Z', [['2026-11-05T09:00:00Z', 'sale', '5']], { click_external_id: 'k1' });
  const daysOf = async (query: string) => (await read(query)).days.map(({ day }: { day: string }) => day);
  expect(await daysOf('')).toEqual(['2026-11-02']);
  expect(await daysOf('&tz=Europe/Berlin')).toEqual(['2026-11-03']);
  expect(await daysOf('&by=conversion')).toEqual(['2026-11-03']);
  // In Auckland it is the sixth already, and the fifth is over.
  await seen('2026-11-05T02:00:00Z', [['2026-11-05T11:30:00Z', 'sale', '5']]);
  expect(await daysOf('&by=conversion&tz=Pacific/Auckland')).toEqual(['2026-11-05', '2026-11-03']);
});

test('what a backfill brings is no news, nor is a foreign organisation’s, nor one of another connection', async () => {
  await api.db.updateTable('tracker_config').set({ first_synced_at: null }).where('id', '=', configId).execute();
  await seen('2026-11-03T10:00:00Z', [['2026-11-05T09:00:00Z', 'sale', '5']]);
  expect((await read()).days).toEqual([]);
  await api.db
    .updateTable('tracker_config')
    .set({ first_synced_at: new Date('2026-11-01T00:00:00Z') })
    .where('id', '=', configId)
    .execute();
  expect((await read(`&configId=${configId}`)).days).toHaveLength(1);
  expect((await read(`&configId=${randomUUID()}`)).days).toEqual([]);
  const theirs = await api.ask('GET', `/api/v1/changes?since=${SINCE}`, { key: api.theirs.keys.owner });
  expect(theirs.json.days).toEqual([]);
});

test('what came on its own day is no news, however long that is ago', async () => {
  await seen('2026-11-03T10:00:00Z', [['2026-11-03T10:05:00Z', 'sale', '5']]);
  const { json } = await api.ask('GET', '/api/v1/changes?since=2026-11-02T00:00:00Z');
  expect(json.days).toEqual([]);
});

test('a day that was not over then is told from its end on', async () => {
  await seen('2026-11-04T12:00:00Z', [
    ['2026-11-04T12:05:00Z', 'lead', '5'],
    ['2026-11-04T20:00:00Z', 'sale', '30'],
    ['2026-11-05T10:00:00Z', 'rejected', '30'],
  ]);
  const since = '2026-11-04T00:00:00Z';
  const { json } = await api.ask('GET', `/api/v1/changes?since=${since}`);
  expect(json.days).toMatchObject([
    { day: '2026-11-04', items: [{ kind: 'turned', before: { rawStatus: 'sale' }, now: { rawStatus: 'rejected' } }] },
  ]);
  // In Auckland that was on the fifth, which is over since eleven in the morning: it turned before that.
  const { days } = (await api.ask('GET', `/api/v1/changes?since=${since}&tz=Pacific/Auckland&by=conversion`)).json;
  expect(days).toEqual([]);
});

test('how a backfill found a conversion is how it was before', async () => {
  await api.db
    .updateTable('tracker_config')
    .set({ first_synced_at: new Date('2026-11-05T09:30:00Z') })
    .where('id', '=', configId)
    .execute();
  await seen('2026-11-03T10:00:00Z', [['2026-11-05T09:00:00Z', 'sale', '7']]);
  await seen('2026-11-03T10:00:00Z', [
    ['2026-11-05T09:00:00Z', 'sale', '5'],
    ['2026-11-05T10:00:00Z', 'rejected', '0'],
  ]);
  expect((await read()).days).toMatchObject([
    { day: '2026-11-03', totals: [{ revenue: '-5' }], items: [{ kind: 'turned', before: { rawStatus: 'sale' } }] },
  ]);
});

test('a mapping that was changed since is named: it moved numbers by itself', async () => {
  await api.ask('PUT', `/api/v1/trackers/${configId}/mappings/statuses`, { body: { 'trial won': 'approved' } });
  const since = new Date(Date.now() - 60_000).toISOString();
  const { json } = await api.ask('GET', `/api/v1/changes?since=${since}&configId=${configId}`);
  expect(json.mappings).toMatchObject([{ configId, actorName: 'ours owner' }]);
});

test.each(['since=yesterday', 'since=2026-01-01T00:00:00Z', 'tz=Mars', 'configId=7', 'by=both'])(
  '%s is refused',
  async (query) => {
    const asked = query.startsWith('since') ? query : `since=${SINCE}&${query}`;
    expect((await api.ask('GET', `/api/v1/changes?${asked}`)).status).toBe(400);
  },
);
