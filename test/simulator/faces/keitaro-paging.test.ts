// Pages of the logs put together are exactly the truth of the window: no row lost, none doubled, money equal.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorAt, startPanel } from '../control-panel.ts';
import { byTime, collect, type LogQuery, sumMicros, wall } from '../panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel({ bursts: [{ daysAgo: 4, clicks: 150 }], heavyDay: { daysAgo: 6, clicks: 800 } });
});
afterAll(() => fake.stop());

const start = Date.parse('2026-02-28T12:00:00Z');
const clickColumns = ['sub_id', 'datetime', 'campaign_id', 'cost', 'revenue'];
const conversionColumns = [
  'conversion_id',
  'sub_id',
  'tid',
  'status',
  'previous_status',
  'revenue',
  'postback_datetime',
  'click_datetime',
];

/** Begin and length of a window, and a page size. */
const windows = fc.record({
  beginSeconds: fc.integer({ min: -3600, max: 10 * 86_400 }),
  lengthSeconds: fc.integer({ min: 1, max: 2 * 86_400 }),
  limit: fc.integer({ min: 40, max: 700 }),
});

function windowOf({ beginSeconds, lengthSeconds }: { beginSeconds: number; lengthSeconds: number }) {
  const from = new Date(start + beginSeconds * 1000).toISOString();
  const to = new Date(start + (beginSeconds + lengthSeconds) * 1000).toISOString();
  return { truth: { from, to }, asked: { from: wall(from), to: wall(to, -1) } };
}

describe('click log', () => {
  test('the whole history is as many clicks as the options say', async () => {
    const truth = await fake.control.truth();
    expect(truth.clicks).toBe(5950);
    const page = await fake.panel.page('clicks', {
      from: '2026-01-01',
      to: '2026-12-31',
      columns: ['sub_id'],
      limit: 1,
    });
    expect(page).toMatchObject({ total: 5950, rows: [{}] });
  });

  test('any window in pages of any size is the truth of that window', async () => {
    await fc.assert(
      fc.asyncProperty(windows, async (window) => {
        const { truth, asked } = windowOf(window);
        const rows = await fake.panel.all('clicks', { ...asked, columns: clickColumns, limit: window.limit });
        const expected = await collect(fake.control.truthClicks(truth));
        expect(rows.map((row) => row.sub_id)).toEqual(expected.map((click) => click.subId));
        expect(rows.map((row) => row.datetime)).toEqual(expected.map((click) => wall(click.at)));
        const sums = await fake.control.truth(truth);
        expect(sums.clicks).toBe(rows.length);
        expect(sumMicros(rows.map((row) => row.cost))).toBe(sumMicros([sums.cost]));
        expect(sumMicros(rows.map((row) => row.revenue))).toBe(sumMicros([sums.revenue]));
      }),
      { numRuns: 25 },
    );
  });

  test('a row says of its click what the truth says', async () => {
    const window = { from: '2026-03-04T00:00:00Z', to: '2026-03-05T00:00:00Z' };
    const rows = await fake.panel.all('clicks', {
      from: '2026-03-04',
      to: '2026-03-04',
      columns: [
        ...['sub_id', 'campaign_id', 'stream_id', 'landing_id', 'offer_id', 'affiliate_network_id', 'ts_id'],
        ...['country_code', 'region', 'city', 'device_type', 'os', 'browser', 'ip', 'referrer', 'external_id'],
        ...Array.from({ length: 12 }, (_, index) => `sub_id_${index + 1}`),
        ...['is_bot', 'is_unique_campaign', 'landing_clicked', 'landing_clicked_datetime'],
      ],
    });
    const expected = (await collect(fake.control.truthClicks(window))).map((click) => ({
      sub_id: click.subId,
      campaign_id: click.campaignId,
      stream_id: click.flowId,
      landing_id: click.landingId ?? 0,
      offer_id: click.offerId ?? 0,
      affiliate_network_id: click.affiliateNetworkId ?? 0,
      ts_id: click.trafficSourceId ?? 0,
      country_code: click.countryCode,
      region: click.region,
      city: click.city,
      device_type: click.deviceType,
      os: click.os,
      browser: click.browser,
      ip: click.ip,
      referrer: click.referrer,
      external_id: click.externalId,
      ...Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [`sub_id_${index + 1}`, click.subIds[index + 1] ?? '']),
      ),
      is_bot: click.isBot,
      is_unique_campaign: click.isUniqueInCampaign,
      landing_clicked: click.landingClickedAt !== null,
      landing_clicked_datetime: click.landingClickedAt && wall(click.landingClickedAt),
    }));
    expect(rows).toEqual(expected);
  });

  test('both ends of a range are inside, to the second', async () => {
    const [some] = await collect(fake.control.truthClicks({ from: '2026-03-05T10:00:00Z' }));
    const at = wall(some!.at);
    const inOne = await fake.panel.page('clicks', { from: at, to: at, columns: ['sub_id'] });
    expect(inOne.rows).toContainEqual({ sub_id: some!.subId });
    const before = await fake.panel.page('clicks', {
      from: '2026-03-05 10:00:00',
      to: wall(some!.at, -1),
      columns: ['sub_id'],
    });
    expect(before.rows).toEqual([]);
  });

  test('the ledger’s present ends the log: nothing from the second that is not over', async () => {
    await fake.control.setClock({ freezeAt: '2026-03-05T10:00:00Z' });
    const rows = await fake.panel.all('clicks', {
      from: '2026-03-05 09:00:00',
      to: '2026-03-06',
      columns: ['datetime'],
    });
    await fake.control.setClock({ freezeAt: anchorAt });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => String(row.datetime) < '2026-03-05 10:00:00')).toBe(true);
  });

  test('a range wholly in the future is empty, however far', async () => {
    for (const from of ['2026-03-11', '9998-01-01']) {
      const page = await fake.panel.page('clicks', { from, to: '9998-12-31', columns: ['sub_id'] });
      expect(page).toMatchObject({ rows: [], total: 0 });
    }
  });

  test('a zone shifts what is asked and what is told', async () => {
    const query = { columns: ['sub_id', 'datetime'], limit: 10_000, sort: byTime };
    const inUtc = await fake.panel.page('clicks', { ...query, from: '2026-03-05 05:00:00', to: '2026-03-05 06:59:59' });
    const inNewYork = await fake.panel.page('clicks', {
      ...query,
      from: '2026-03-05 00:00:00',
      to: '2026-03-05 01:59:59',
      timezone: 'America/New_York',
    });
    expect(inUtc.rows.length).toBeGreaterThan(0);
    expect(inNewYork.rows.map((row) => row.sub_id)).toEqual(inUtc.rows.map((row) => row.sub_id));
    expect(inNewYork.rows[0]!.datetime).toBe(wall(`${String(inUtc.rows[0]!.datetime).replace(' ', 'T')}Z`, -5 * 3600));
  });
});

test('millions of clicks: the last page is as near as the first, and every number is its own', async () => {
  const big = await startPanel({ clicks: 3_000_000, conversions: 1000, days: 30 });
  const query = { from: '2026-01-01', to: '2026-12-31', columns: ['sub_id', 'datetime'], limit: 500, sort: byTime };
  const last = await big.panel.page('clicks', { ...query, offset: 2_999_800 });
  const past = await big.panel.page('clicks', { ...query, offset: 3_000_000 });
  await big.stop();
  expect(last.total).toBe(3_000_000);
  expect(last.rows).toHaveLength(200);
  expect(past).toMatchObject({ total: 3_000_000, rows: [] });
  const keys = last.rows.map((row) => `${row.datetime} ${row.sub_id}`);
  expect(keys).toEqual([...new Set(keys)].sort());
});

describe('conversion log', () => {
  test('any window of postbacks in pages of any size is the truth of that window', async () => {
    await fc.assert(
      fc.asyncProperty(windows, async (window) => {
        const { truth, asked } = windowOf(window);
        const limit = Math.ceil(window.limit / 20);
        const rows = await fake.panel.all('conversions', { ...asked, columns: conversionColumns, limit });
        const expected = await collect(fake.control.truthConversions(truth));
        expect(rows).toEqual(
          expected.map((conversion) => ({
            conversion_id: conversion.id,
            sub_id: conversion.subId,
            tid: conversion.tid,
            status: conversion.status,
            previous_status: conversion.previousStatus,
            revenue: Number(conversion.revenue),
            postback_datetime: wall(conversion.at),
            click_datetime: wall(conversion.clickAt),
          })),
        );
      }),
      { numRuns: 25 },
    );
  });

  test('statuses and money move on with the clock, and the clicks follow', async () => {
    const query: LogQuery = { from: '2026-02-28', to: '2026-03-10', columns: conversionColumns, limit: 1000 };
    const before = await fake.panel.all('conversions', query);
    await fake.control.setClock({ advanceMs: 20 * 86_400_000 });
    const after = await fake.panel.all('conversions', query);
    const truth = await fake.control.truth({ from: '2026-02-28T12:00:00Z', to: anchorAt });
    const clicks = await fake.panel.all('clicks', {
      ...query,
      to: '2026-03-10 11:59:59',
      columns: ['revenue', 'is_sale'],
    });
    await fake.control.setClock({ freezeAt: anchorAt });

    const statusOf = new Map(after.map((row) => [row.conversion_id, row]));
    const changed = before.filter((row) => statusOf.get(row.conversion_id)?.status !== row.status);
    expect(changed.length).toBeGreaterThan(50);
    for (const row of changed) expect(statusOf.get(row.conversion_id)?.previous_status).not.toBe('');
    expect(sumMicros(clicks.map((row) => row.revenue))).toBe(sumMicros([truth.revenue]));
    expect(clicks.some((row) => row.is_sale === true)).toBe(true);
  });
});
