// Daily totals as the engine asks for them: a way of asking that works, days and money as told, odd rows set aside.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttp, type Http } from '../../src/adapters/http.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { pullTotals } from '../../src/adapters/pull-totals.ts';
import { openSession } from '../../src/adapters/session.ts';
import type { Json } from '../../src/core/resources.ts';
import { anchorAt, startPanel } from '../simulator/control-panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
let http: Http;
beforeAll(async () => {
  fake = await startPanel();
  http = createHttp({ allowedNetworks: ['127.0.0.0/8'] });
});
afterAll(async () => {
  await http.close();
  await fake.stop();
});

const to = new Date(anchorAt);
const range = { from: new Date(to.getTime() - 5 * 86_400_000 - 3_600_000), to };

const session = () =>
  openSession(
    keitaro,
    {
      url: fake.access.url,
      credentials: { apiKey: fake.access.apiKey },
      settings: { currency: 'USD', timezone: 'UTC' },
    },
    { http, onCall: () => {} },
  );

test.each(['grouping', 'dimensions'] as const)('in the words of a panel that knows %s', async (reportWords) => {
  await fake.control.change({ keitaro: { reportWords } });
  const { totals, unreadable, variant } = await pullTotals(session(), range, null);
  expect([variant, unreadable]).toEqual([reportWords, []]);
  expect(new Set(totals.map(({ day }) => day)).size).toBe(6);
  const truth = await fake.control.truth({ from: range.from.toISOString(), to: anchorAt, by: 'click' });
  expect(totals.reduce((sum, total) => sum + total.clicks, 0)).toBe(truth.clicks);
  const counted = Object.values(truth.conversions).reduce((sum, { count }) => sum + count, 0);
  expect(totals.reduce((sum, total) => sum + total.conversions, 0)).toBe(counted);
  await fake.control.change({ keitaro: { reportWords: 'both' } });
});

test('the remembered words are asked first', async () => {
  await fake.control.clearRequests();
  await pullTotals(session(), range, 'dimensions');
  expect(await fake.control.requests()).toHaveLength(1);
});

const row = { day: '2026-03-01', campaign_id: 7, clicks: 3, conversions: '1', revenue: '2.5', cost: 0.1 };

test.each<[string, object, string | null]>([
  ['as it should be', {}, null],
  ['no campaign', { campaign_id: 0 }, null],
  ['money that is nothing', { revenue: null, cost: '' }, null],
  ['a day that is none', { day: '2026-02-30' }, 'day is not a day'],
  ['a day with a time', { day: '2026-03-01 00:00:00' }, 'day is not a day'],
  ['no day', { day: null }, 'day is missing'],
  ['a count that is none', { clicks: 1.5 }, 'clicks is no count'],
  ['a column that was not told', { cost: undefined }, 'cost is missing'],
  ['money that is a word', { revenue: 'free' }, 'revenue is not a number'],
])('a row with %s', async (_, change, reason) => {
  const answering = {
    ...session(),
    call: async () => ({ rows: [row, { ...row, ...change }] }) as unknown as Json,
  };
  const { totals, unreadable } = await pullTotals(answering, range, null);
  expect(unreadable.map((one) => one.reason)).toEqual(reason === null ? [] : [reason]);
  expect(totals).toHaveLength(reason === null ? 2 : 1);
  if ('campaign_id' in change) expect(totals[1]!.campaignExternalId).toBeNull();
  if ('revenue' in change && reason === null) expect(totals[1]).toMatchObject({ revenue: '0', cost: '0' });
});
