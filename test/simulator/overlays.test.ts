// Changes made by hand show everywhere alike: in the logs, in the report and in the truth.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorAt, startPanel } from './control-panel.ts';
import { collect, json, type LogQuery, type Row, sumMicros } from './panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel();
});
afterAll(() => fake.stop());

const everything = { from: '2026-02-01', to: '2026-03-31' };
const clicksOf = (query: Partial<LogQuery> = {}) =>
  fake.panel.all('clicks', {
    ...everything,
    columns: ['sub_id', 'cost', 'revenue', 'campaign_id', 'datetime'],
    ...query,
  });
const conversionsOf = () =>
  fake.panel.all('conversions', {
    ...everything,
    columns: ['conversion_id', 'sub_id', 'tid', 'status', 'previous_status', 'revenue', 'sale_datetime'],
  });

/** The log, the report and the truth agree with one another. */
async function expectAgreement(): Promise<void> {
  const rows = await clicksOf();
  const truth = await fake.control.truth();
  const report = await json<{ rows: Row[] }>(
    await fake.panel.post('/report/build', { range: everything, grouping: [], metrics: ['clicks', 'cost', 'revenue'] }),
  );
  const costs = [sumMicros(rows.map(({ cost }) => cost)), sumMicros([truth.cost]), sumMicros([report.rows[0]!.cost])];
  const revenues = [
    sumMicros(rows.map(({ revenue }) => revenue)),
    sumMicros([truth.revenue]),
    sumMicros([report.rows[0]!.revenue]),
  ];
  expect([rows.length, report.rows[0]!.clicks]).toEqual([truth.clicks, truth.clicks]);
  expect(new Set(costs).size).toBe(1);
  expect(new Set(revenues).size).toBe(1);
}

describe('clicks', () => {
  test('late ones appear at their past second, with the campaign and cost they were given', async () => {
    const before = await fake.control.truth();
    const { subIds } = await fake.control.overlay({
      kind: 'addClicks',
      at: '2026-03-05T10:00:00Z',
      count: 3,
      campaignId: 4,
      cost: '1.25',
    });
    const rows = await clicksOf({ from: '2026-03-05 10:00:00', to: '2026-03-05 10:00:00' });
    const added = rows.filter((row) => subIds.includes(String(row.sub_id)));
    expect(added).toHaveLength(3);
    for (const row of added) expect(row).toMatchObject({ campaign_id: 4, cost: 1.25, datetime: '2026-03-05 10:00:00' });
    expect((await fake.control.truth()).clicks).toBe(before.clicks + 3);
    await expectAgreement();
  });

  test('rows added while somebody pages shift the later pages', async () => {
    const query = { ...everything, columns: ['sub_id'], limit: 1000 };
    const first = await fake.panel.page('clicks', { ...query, offset: 0 });
    await fake.control.overlayAfter(1, { kind: 'addClicks', at: '2026-02-28T13:00:00Z', count: 2 });
    const second = await fake.panel.page('clicks', { ...query, offset: 1000 });
    const third = await fake.panel.page('clicks', { ...query, offset: 2000 });
    expect(second.total).toBe(first.total);
    expect(third.total).toBe(Number(first.total) + 2);
    expect(third.rows.slice(0, 2)).toEqual(second.rows.slice(-2));
  });

  test('removed ones are gone, one by one or by range', async () => {
    const before = await clicksOf();
    await fake.control.overlay({
      kind: 'removeClicks',
      subIds: [String(before[7]!.sub_id), String(before[900]!.sub_id)],
    });
    const range = { from: '2026-03-03T00:00:00Z', to: '2026-03-03T06:00:00Z' };
    const { changed } = await fake.control.overlay({ kind: 'removeClicks', ...range, count: 20 });
    expect(changed).toBe(20);
    const after = new Set((await clicksOf()).map((row) => row.sub_id));
    expect(after.size).toBe(before.length - 22);
    expect(after.has(before[7]!.sub_id!)).toBe(false);
    await expectAgreement();
  });

  test('a day’s cost is multiplied, for one campaign or for all', async () => {
    const day = { from: '2026-03-06T00:00:00Z', to: '2026-03-07T00:00:00Z' };
    const before = await fake.control.truth(day);
    const [earlierBefore, nextBefore] = [
      await fake.control.truth({ to: day.from }),
      await fake.control.truth({ from: day.to }),
    ];
    await fake.control.overlay({ kind: 'restateCost', day: '2026-03-06', factor: 2, campaignId: 1 });
    const after = await fake.control.truth(day);
    expect(sumMicros([after.perCampaign['1']!.cost])).toBe(2n * sumMicros([before.perCampaign['1']!.cost]));
    expect(after.perCampaign['3']).toEqual(before.perCampaign['3']);
    await fake.control.overlay({ kind: 'restateCost', day: '2026-03-06', factor: 3 });
    const last = await fake.control.truth(day);
    expect(sumMicros([last.cost])).toBe(3n * sumMicros([after.cost]));
    expect(await fake.control.truth({ from: day.to })).toEqual(nextBefore);
    expect(await fake.control.truth({ to: day.from })).toEqual(earlierBefore);
    await expectAgreement();
  });
});

describe('conversions', () => {
  test('added ones belong to their click and count in its revenue', async () => {
    // One that has earned already, so that both kinds of conversions add up.
    const isEarner = (row: Row) => Number(row.revenue) > 0;
    const click = (await clicksOf({ from: '2026-03-07 10:00:00' })).find(isEarner);
    const result = await fake.control.overlay({
      kind: 'addConversions',
      conversions: [
        { subId: String(click!.sub_id), at: '2026-03-08T10:00:00Z', status: 'sale', revenue: '12.5', tid: 'hand-1' },
        { status: 'whatever', revenue: '0.0001' },
      ],
    });
    const rows = await conversionsOf();
    const [sale, other] = result.conversionIds.map((id) => rows.find((row) => row.conversion_id === id));
    expect(sale).toMatchObject({ sub_id: click!.sub_id, tid: 'hand-1', status: 'sale', revenue: 12.5 });
    expect(other).toMatchObject({ status: 'whatever', revenue: 0.0001 });
    const after = (await clicksOf()).find((row) => row.sub_id === click!.sub_id);
    expect(sumMicros([after!.revenue])).toBe(sumMicros([click!.revenue]) + 12_500_000n);
    await expectAgreement();
  });

  test('a status and its money are set, and stay as set while time goes on', async () => {
    const lead = (await conversionsOf()).find((row) => row.status === 'lead')!;
    await fake.control.overlay({
      kind: 'setConversions',
      ids: [Number(lead.conversion_id)],
      status: 'sale',
      revenue: '99.99',
    });
    const find = async () => (await conversionsOf()).find((row) => row.conversion_id === lead.conversion_id)!;
    const sale = await find();
    expect(sale).toMatchObject({
      status: 'sale',
      previous_status: 'lead',
      revenue: 99.99,
      sale_datetime: '2026-03-10 11:59:59',
    });
    await expectAgreement();
    await fake.control.setClock({ advanceMs: 30 * 86_400_000 });
    expect(await find()).toEqual(sale);
    await fake.control.overlay({ kind: 'setConversions', ids: [Number(lead.conversion_id)], status: 'rejected' });
    expect(await find()).toMatchObject({ status: 'rejected', previous_status: 'sale', revenue: 99.99 });
    await fake.control.setClock({ freezeAt: anchorAt });
  });

  test('the truth of an earlier moment does not know a later change', async () => {
    const conversions = await collect(fake.control.truthConversions());
    const lead = conversions.find(({ status, at }) => status === 'lead' && at < '2026-03-08')!;
    await fake.control.overlay({ kind: 'setConversions', ids: [lead.id], status: 'trash', at: '2026-03-09T00:00:00Z' });
    const statusAt = async (asOf: string) =>
      (await collect(fake.control.truthConversions({ asOf }))).find(({ id }) => id === lead.id)?.status;
    expect(await statusAt('2026-03-09T00:00:00Z')).toBe('lead');
    expect(await statusAt('2026-03-09T00:00:01Z')).toBe('trash');
  });
});

test('what is not there cannot be changed', async () => {
  const wrong = [
    fake.control.overlay({ kind: 'removeClicks', subIds: ['nobody'] }),
    fake.control.overlay({ kind: 'setConversions', ids: [123_456], status: 'sale' }),
    fake.control.overlay({ kind: 'addClicks', at: anchorAt, campaignId: 999 }),
    fake.control.overlay({ kind: 'addConversions', conversions: [{ status: 'sale', revenue: '1,5' }] }),
  ];
  for (const attempt of wrong) await expect(attempt).rejects.toThrow(/400/);
});
