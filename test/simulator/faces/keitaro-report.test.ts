// Reports add up to the truth: clicks by their day, conversions on the day of their click.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPanel } from '../control-panel.ts';
import { json, type Row, sumMicros } from '../panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel();
});
afterAll(() => fake.stop());

const month = { from: '2026-02-01', to: '2026-03-31', timezone: 'UTC' };
const build = async (body: object) => (await json<{ rows: Row[] }>(await fake.panel.post('/report/build', body))).rows;

test('by day and campaign, every group is the truth of that day and campaign', async () => {
  const rows = await build({
    range: month,
    grouping: ['day', 'campaign_id'],
    metrics: ['clicks', 'conversions', 'revenue', 'cost'],
  });
  const days = [...new Set(rows.map((row) => String(row.day)))];
  expect(days.length).toBe(11);
  for (const day of days) {
    const to = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString();
    const truth = await fake.control.truth({ from: `${day}T00:00:00Z`, to, by: 'click' });
    const ofDay = rows.filter((row) => row.day === day);
    expect(ofDay.reduce((sum, row) => sum + Number(row.clicks), 0)).toBe(truth.clicks);
    for (const row of ofDay) {
      const campaign = truth.perCampaign[String(row.campaign_id)]!;
      const conversions = Object.values(campaign.conversions).reduce((sum, { count }) => sum + count, 0);
      expect([row.clicks, row.conversions]).toEqual([campaign.clicks, conversions]);
      expect(sumMicros([row.cost])).toBe(sumMicros([campaign.cost]));
      expect(sumMicros([row.revenue])).toBe(sumMicros([campaign.revenue]));
    }
  }
});

test('the revenue of clicks is the money of conversions that are neither rejected nor trash', async () => {
  const truth = await fake.control.truth({ by: 'click' });
  const paid = Object.entries(truth.conversions).filter(([status]) => status !== 'rejected' && status !== 'trash');
  expect(sumMicros(paid.map(([, { revenue }]) => revenue))).toBe(sumMicros([truth.revenue]));
});

test('days follow the asked zone', async () => {
  const rows = await build({ range: { ...month, timezone: 'Asia/Tokyo' }, grouping: ['day'], metrics: ['clicks'] });
  const truth = await fake.control.truth({ from: '2026-03-04T15:00:00Z', to: '2026-03-05T15:00:00Z' });
  expect(rows.find((row) => row.day === '2026-03-05')!.clicks).toBe(truth.clicks);
});

test('old panels say grouping and metrics, new ones dimensions and measures', async () => {
  const old = { range: month, grouping: ['campaign_id'], metrics: ['clicks'] };
  const fresh = { range: month, dimensions: ['campaign_id'], measures: ['clicks'] };
  const both = await build(old);
  expect(await build(fresh)).toEqual(both);
  await fake.control.change({ keitaro: { reportWords: 'grouping' } });
  expect(await build(old)).toEqual(both);
  expect((await fake.panel.post('/report/build', fresh)).status).toBe(406);
  await fake.control.change({ keitaro: { reportWords: 'dimensions' } });
  expect(await build(fresh)).toEqual(both);
  expect((await fake.panel.post('/report/build', old)).status).toBe(406);
  await fake.control.change({ keitaro: { reportWords: 'both' } });
});

test('a metric nobody knows is refused', async () => {
  const answer = await fake.panel.post('/report/build', { range: month, grouping: [], metrics: ['happiness'] });
  expect([answer.status, await answer.json()]).toEqual([400, { error: "Unknown metric 'happiness'" }]);
});
