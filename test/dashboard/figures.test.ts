// What is drawn adds up: lines over days and hours, and ways whose small stops are folded into one.
import { describe, expect, test } from 'vitest';
import { money, shortMoney, span } from '../../src/dashboard/app/format.ts';
import { rangeOf } from '../../src/dashboard/app/range.ts';
import { deeper } from '../../src/dashboard/pages/analytics/drill.ts';
import { type Known, lineOf, namedAt, pointsOf, stepOf } from '../../src/dashboard/pages/analytics/series.ts';
import { flowsOf, type Link, type Node } from '../../src/dashboard/pages/paths/flows.ts';
import { layoutOf } from '../../src/dashboard/pages/paths/layout.ts';

// biome-ignore lint/suspicious/noExplicitAny: rows with the columns that matter alone
const row = (keys: object, currency: string, figures: object): any => ({
  ...{ keys, currency, isRest: false, clicks: 0, conversions: 0, revenue: '0' },
  ...figures,
});

describe('a line over time', () => {
  const days = rangeOf({ from: '2026-10-24', to: '2026-10-27', tz: 'Europe/Berlin' }, 0);
  const all: Known = { since: null, wholeSince: null, until: '2027' };
  type Metric = Parameters<typeof lineOf>[1];
  const line = (metric: Metric, rows: unknown[], range = days, known = all, isTold = true) => {
    const step = stepOf(range);
    const points = pointsOf(range, range.to, step);
    // biome-ignore lint/suspicious/noExplicitAny: as above
    return lineOf(rows as any, metric, { span: range, step, points, known, isTold, currency: 'USD' });
  };

  test('counts are of all currencies, money is of one, a day without rows is nought, a rate without clicks a gap', () => {
    const rows = [
      row({ day: '2026-10-25' }, 'USD', { clicks: 100, conversions: 3, revenue: '10.50', epc: '0.105' }),
      row({ day: '2026-10-25' }, 'EUR', { clicks: 50, conversions: 0, revenue: '7', epc: '0.14' }),
    ];
    expect(line('clicks', rows)).toEqual([0, 150, 0, 0]);
    expect(line('revenue', rows)).toEqual([0, 10.5, 0, 0]);
    expect(line('cr', rows)).toEqual([null, 2, null, null]);
    expect(line('epc', rows)).toEqual([null, 0.105, null, null]);
  });

  test('the day on which clocks go back has twenty-five hours, each in its place', () => {
    const day = rangeOf({ from: '2026-10-25', to: '2026-10-25', tz: 'Europe/Berlin' }, 0);
    const rows = [
      row({ hour: '2026-10-25T02:00+02:00' }, 'USD', { clicks: 2 }),
      row({ hour: '2026-10-25T02:00+01:00' }, 'USD', { clicks: 3 }),
      row({ hour: '2026-10-25T23:00+01:00' }, 'USD', { clicks: 4 }),
    ];
    const hours = line('clicks', rows, day);
    expect([hours.length, hours[2], hours[3], hours[24]]).toEqual([25, 2, 3, 4]);
  });

  test('what one row does not tell is a gap, whatever the order of the rows', () => {
    const day = { day: '2026-10-25' };
    const rows = [
      row(day, 'USD', { clicks: 100, conversions: 3 }),
      row(day, 'EUR', { clicks: null, conversions: 1, cost: null }),
    ];
    for (const ordered of [rows, rows.toReversed()]) {
      expect(line('clicks', ordered)).toEqual([0, null, 0, 0]);
      expect(line('cr', ordered)).toEqual([null, null, null, null]);
      expect(line('conversions', ordered)).toEqual([0, 4, 0, 0]);
    }
  });

  test('what has not happened, is not read yet, or was before the history is a gap; what came in all the same is drawn', () => {
    const known = { ...all, since: '2026-10-25', until: '2026-10-26' };
    expect(line('clicks', [], days, known)).toEqual([null, 0, 0, null]);
    const rows = [row({ day: '2026-10-24' }, 'USD', { clicks: 7 }), row({ day: '2026-10-27' }, 'USD', { clicks: 5 })];
    expect(line('clicks', rows, days, known)).toEqual([7, 0, 0, 5]);
    const day = rangeOf({ from: '2026-10-26', to: '2026-10-26', tz: 'Europe/Berlin' }, 0);
    const at = (moment: string) => namedAt(Date.parse(moment), 'hour', 'Europe/Berlin');
    const hours = line('clicks', [], day, {
      ...all,
      since: at('2026-10-26T02:00:00Z'),
      until: at('2026-10-26T04:30:00Z'),
    });
    expect(hours.flatMap((value, place) => (value === null ? [] : [place]))).toEqual([3, 4, 5]);
  });

  test('what may be of a tracker whose history is younger begins with its first row', () => {
    const known = { ...all, wholeSince: '2026-10-26' };
    expect(line('clicks', [], days, known)).toEqual([null, null, 0, 0]);
    expect(line('clicks', [row({ day: '2026-10-25' }, 'EUR', { clicks: 7 })], days, known)).toEqual([null, 7, 0, 0]);
    expect(line('revenue', [row({ day: '2026-10-25' }, 'EUR', { revenue: '7' })], days, known)).toEqual([
      null,
      0,
      0,
      0,
    ]);
  });

  test('where clicks are not told, a day without rows is no nought either', () => {
    const rows = [row({ day: '2026-10-25' }, 'USD', { clicks: null, conversions: 2 })];
    expect(line('clicks', rows, days, all, false)).toEqual([null, null, null, null]);
  });
});

describe('ways', () => {
  const numbers = (clicks: number, conversions: number, revenue: string, cost: string, currency = 'USD') => ({
    ...{ clicks, conversions, revenue, cost, currency },
  });
  const node = (level: string, key: string, figures: ReturnType<typeof numbers>): Node => ({
    ...{ node: `${level}:${key}`, level, key, id: null, externalId: null, label: null },
    ...figures,
  });
  const offers = Array.from({ length: 14 }, (_, i) => numbers(20 - i, 1, '1.10', '0.30'));
  const paths: { nodes: Node[]; links: Link[] } = {
    nodes: [
      node('campaign', 'c', numbers(189, 14, '15.4', '4.2')),
      node('campaign', 'e', numbers(9, 0, '0', '5', 'EUR')),
      ...offers.map((figures, i) => node('offer', `o${i}`, figures)),
      node('conversion', 'approved', numbers(0, 14, '15.4', '0')),
    ],
    links: [
      ...offers.map((figures, i) => ({ source: 'campaign:c', target: `offer:o${i}`, ...figures })),
      ...offers.map((figures, i) => ({
        ...{ source: `offer:o${i}`, target: 'conversion:approved', ...figures },
        clicks: 0,
      })),
    ],
  };

  test('beyond the ten largest of a level all are one, and nothing is lost', () => {
    const { nodes, links } = flowsOf(paths, 'clicks', 'USD');
    const ofOffers = nodes.filter(({ level }) => level === 'offer');
    expect(ofOffers.map(({ key }) => key)).toEqual([...Array.from({ length: 10 }, (_, i) => `o${i}`), 'other']);
    expect(ofOffers.at(-1)).toMatchObject({ clicks: 10 + 9 + 8 + 7, revenue: '4.4', cost: '1.2' });
    const into = links.filter(({ source }) => source === 'campaign:c').reduce((sum, { weight }) => sum + weight, 0);
    expect(into).toBe(189);
    expect(links.find(({ source }) => source === 'offer:other')).toMatchObject({ conversions: 4, weight: 4 });
  });

  test('no band is wider than its stop, where more conversions than clicks are known', () => {
    const flows = flowsOf(
      {
        nodes: [
          node('campaign', 'c', numbers(3, 9, '1', '0')),
          node('campaign', 'd', numbers(0, 4, '1', '0')),
          node('offer', 'o', numbers(3, 9, '1', '0')),
          node('conversion', 'approved', numbers(0, 13, '1', '0')),
        ],
        links: [
          { source: 'campaign:c', target: 'offer:o', ...numbers(3, 9, '1', '0') },
          { source: 'offer:o', target: 'conversion:approved', ...numbers(0, 9, '1', '0') },
          { source: 'campaign:d', target: 'conversion:approved', ...numbers(0, 4, '1', '0') },
        ],
      },
      'clicks',
      'USD',
    );
    const weights = Object.fromEntries(flows.nodes.map(({ node: name, weight }) => [name, weight]));
    expect(weights).toEqual({ 'campaign:c': 3, 'campaign:d': 4, 'offer:o': 9, 'conversion:approved': 13 });
    expect(flows.nodes.find(({ node: name }) => name === 'offer:o')).toMatchObject({ clicks: 3 });
  });

  test('clicks are of all currencies, money of one', () => {
    const names = (metric: 'clicks' | 'profit') => flowsOf(paths, metric, 'USD').nodes.map((one) => one.node);
    expect(names('clicks')).toContain('campaign:e');
    expect(names('profit')).not.toContain('campaign:e');
  });

  test('stops of a column stand beneath each other, those of the next to the right', () => {
    const { stops, ribbons, columns } = layoutOf(
      flowsOf(paths, 'clicks', 'USD'),
      ['campaign', 'offer', 'conversion'],
      900,
    );
    const column = stops.filter(({ node: { level } }) => level === 'offer');
    for (const [i, stop] of column.slice(1).entries()) {
      expect(stop.y).toBeGreaterThan(column[i]!.y + column[i]!.height);
    }
    expect(columns.map(({ x }) => x)).toEqual([0, 375, 750]);
    expect(ribbons).toHaveLength(22);
  });
});

describe('one level deeper', () => {
  const range = { first: '2026-11-04', last: '2026-11-20' };
  test('a value is a filter, and the next finer dimension takes its place', () => {
    const key = { id: '01', externalId: '7', name: 'Alpha' };
    expect(deeper({ group: 'campaign,country', sort: '-profit' }, range, 'campaign', key)).toMatchObject({
      ...{ filter: { campaign: ['01'] }, group: 'offer,country', sort: '-profit' },
    });
    expect(deeper({ group: 'adCampaign' }, range, 'adCampaign', key)).toMatchObject({
      ...{ filter: { adCampaign: ['7'] }, group: 'adSet' },
    });
  });
  test('a week is its days, no more than were shown; what has no name leads nowhere', () => {
    expect(deeper({ group: 'week', range: 'month' }, range, 'week', '2026-11-02')).toMatchObject({
      ...{ from: '2026-11-04', to: '2026-11-08', range: undefined, group: 'day' },
    });
    expect(deeper({ group: 'ad' }, range, 'ad', null)).toMatchObject({ filter: { ad: [''] }, group: 'campaign' });
    expect(deeper({ group: 'country' }, range, 'country', '')).toMatchObject({ filter: { country: [''] } });
    expect(deeper({ group: 'config' }, range, 'config', null)).toBeNull();
    expect(deeper({ group: 'campaign' }, range, 'campaign', { id: null, externalId: '7', name: null })).toBeNull();
    expect(deeper({ group: 'hour' }, range, 'hour', '2026-11-02T10:00+00:00')).toBeNull();
  });
});

test.each([
  ['USD', '$12.50', '$1.2M'],
  ['CAD', 'CA$12.50', 'CA$1.2M'],
  ['AUD', 'A$12.50', 'A$1.2M'],
  ['EUR', '€12.50', '€1.2M'],
])('money in %s has a sign of its own', (currency, exact, short) => {
  expect(money('12.5', currency)).toBe(exact);
  expect(shortMoney(1_200_000, currency)).toBe(short);
});

test.each([
  [400, '0 s'],
  [42_000, '42 s'],
  [7_500_000, '2 h 5 min'],
  [86_400_000 * 3, '3 d'],
  [86_400_000 * 3 + 60_000, '3 d'],
])('%i ms are %s', (ms, words) => {
  expect(span(ms)).toBe(words);
});
