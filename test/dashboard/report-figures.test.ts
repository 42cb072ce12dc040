// What a report's page makes of an answer: changes against the period before, reasons for dashes, scales and names of lines.
import { describe, expect, test } from 'vitest';
import { rangeOf } from '../../src/dashboard/app/range.ts';
import { beforeOf, byMove, moveOf } from '../../src/dashboard/pages/analytics/before.ts';
import { type Drawing, linesOf } from '../../src/dashboard/pages/analytics/lines.ts';
import { namesAtEnds, scaleOf } from '../../src/dashboard/pages/analytics/scale.ts';
import { columnsOf, readAnalyticsSearch, sortOf } from '../../src/dashboard/pages/analytics/search.ts';
import { pointsOf } from '../../src/dashboard/pages/analytics/series.ts';
import { untoldOf } from '../../src/dashboard/pages/analytics/untold.ts';
import { reportOf, sumsOf } from '../../src/dashboard/pages/conversions/sums.ts';

// biome-ignore lint/suspicious/noExplicitAny: rows with the columns that matter alone
const row = (keys: object, clicks: number | null, more: object = {}): any => ({
  ...{ keys, currency: 'USD', isRest: false, clicks, conversions: 0, revenue: '0', uniqueClicks: 0, ...more },
});
const campaign = (id: string) => ({ campaign: { id, externalId: `x${id}`, name: id } });

describe('against the period before', () => {
  test('a row is held against its own, of the same money; what was not there made nothing; the rest is not known', () => {
    const before = beforeOf(
      { rows: [row(campaign('a'), 10), row(campaign('a'), 99, { currency: 'EUR' })] },
      ['campaign'],
      7,
    );
    expect(moveOf(row(campaign('a'), 4), 'clicks', before)).toBe(-6);
    expect(moveOf(row(campaign('b'), 4), 'clicks', before)).toBe(4);
    expect(moveOf(row(campaign('a'), null), 'clicks', before)).toBeNull();
    expect(before(row({ campaign: null }, 4, { isRest: true }))).toBeNull();
    const cut = beforeOf({ rows: [row({ campaign: null }, 50, { isRest: true })] }, ['campaign'], 7);
    expect(moveOf(row(campaign('b'), 4), 'clicks', cut)).toBeNull();
  });

  test.each([
    ['day', '2026-10-25', '2026-11-01', 7],
    ['hour', '2026-10-24T10:00+02:00', '2026-10-31T10:00+01:00', 7],
    ['week', '2026-10-19', '2026-11-02', 14],
  ])('a %s is held against the one that many days earlier', (name, earlier, now, days) => {
    const before = beforeOf({ rows: [row({ [name]: earlier }, 10)] }, [name], days);
    expect(moveOf(row({ [name]: now }, 15), 'clicks', before)).toBe(5);
  });

  test('a month, and a week that falls between two, have none', () => {
    for (const [name, days] of [
      ['month', 30],
      ['week', 30],
    ] as const)
      expect(beforeOf({ rows: [] }, [name], days)(row({ [name]: '2026-11' }, 1))).toBeNull();
  });

  test('what moved most is first, what is not known and the rest are last', () => {
    const rows = [
      row(campaign('a'), 5),
      row({ campaign: null }, 900, { isRest: true }),
      row(campaign('b'), null),
      row(campaign('c'), 50),
    ];
    const before = beforeOf({ rows: [row(campaign('a'), 4), row(campaign('c'), 90)] }, ['campaign'], 7);
    const order = (isDescending: boolean) => byMove(rows, 'clicks', before, isDescending).map(({ clicks }) => clicks);
    expect(order(true)).toEqual([5, 50, 900, null]);
    expect(order(false)).toEqual([50, 5, 900, null]);
  });
});

describe('why there are dashes', () => {
  const report = (rows: unknown[], totalsOnly: string[], unknownToTotals: string[]) =>
    // biome-ignore lint/suspicious/noExplicitAny: as above
    ({ rows, totals: [], totalsOnly, unknownToTotals }) as any;
  const dashes = [row({ country: 'DE' }, null)];

  test('by what daily totals do not know, whichever of several it is', () => {
    const told = untoldOf(report(dashes, ['v'], ['country', 'os']), ['country', 'os', 'day'], ['clicks']);
    expect(told).toEqual({ what: 'Clicks and cost by country and system are not told', configIds: ['v'] });
  });
  test('by ad, where none of their clicks leads to one: of what leads to none', () => {
    const told = untoldOf(report([row({ ad: null }, null)], ['v'], []), ['ad'], ['clicks']);
    expect(told).toEqual({ what: 'Clicks and cost that lead to no ad are not told', configIds: ['v'] });
  });
  test('nobody is named for a status, nor where no dash is shown', () => {
    expect(untoldOf(report(dashes, ['v'], []), ['status'], ['cost'])).toMatchObject({ configIds: null });
    expect(untoldOf(report(dashes, ['v'], ['country']), ['country'], ['conversions'])).toBeNull();
    expect(untoldOf(report([row({}, 3)], ['v'], ['country']), ['country'], ['clicks'])).toBeNull();
    // An answer to an earlier question, while the next is on its way.
    expect(untoldOf(report(dashes, [], []), ['country'], ['clicks'])).toBeNull();
  });
  test('totals count clicks and nothing finer', () => {
    const rows = [row({}, 3, { uniqueClicks: null })];
    expect(untoldOf(report(rows, ['v'], []), ['campaign'], ['clicks', 'uniqueClicks'])?.what).toBe(
      'Unique clicks are not told everywhere',
    );
    expect(untoldOf(report(rows, ['v'], []), ['campaign'], ['clicks'])).toBeNull();
  });
});

test('a column that is not shown does not rank, whether it was chosen or is the usual one', () => {
  const read = (search: object) => readAnalyticsSearch({ tz: 'UTC', ...search });
  expect(read({ columns: 'revenue,cost', sort: '-epc' }).sort).toBeUndefined();
  expect(read({ columns: 'revenue,cost', sort: '-cost' }).sort).toBe('-cost');
  expect(read({ columns: 'revenue,cost', group: 'country', sort: 'country' }).sort).toBe('country');
  expect(columnsOf(read({ columns: 'revenue,cost' }))).toEqual(['revenue', 'cost']);
  expect(sortOf(read({ columns: 'revenue,cost' }))).toEqual({ by: 'revenue', isDescending: true });
  expect(sortOf(read({ columns: 'revenue,clicks' }))).toEqual({ by: 'clicks', isDescending: true });
  expect(sortOf(read({ columns: 'clicks,conversions', group: 'campaign,status' })).by).toBe('conversions');
  expect(sortOf(read({ columns: 'revenue', group: 'day' }))).toEqual({ by: 'day', isDescending: false });
});

describe('the lines of a chart', () => {
  const range = rangeOf({ from: '2026-11-01', to: '2026-11-04', tz: 'UTC' }, 0);
  const drawing: Drawing = {
    ...{ metric: 'clicks', currency: 'USD', step: 'day', since: null, wholeSince: null, isTold: true },
    points: pointsOf(range, range.to, 'day'),
    earlier: ['2026-10-28', '2026-10-29', '2026-10-30', '2026-10-31'],
    split: {
      ...{ by: 'country', values: ['DE', 'US'], labels: (_, value) => `In ${value}` },
      whose: (value) => (value === 'US' ? 'South' : null),
    },
  };
  const rows = [row({ country: 'DE', day: '2026-11-01' }, 5), row({ country: 'US', day: '2026-11-02' }, 7)];
  const before = {
    first: '2026-10-28',
    from: '2026-10-28T00:00:00Z',
    rows: [row({ country: 'DE', day: '2026-10-29' }, 3)],
  };
  const at = (untilMs: string, given = drawing) =>
    linesOf(given, { range, untilMs: Date.parse(untilMs), rows, before });

  test('one for each value, by its name; of the days before as many as of these', () => {
    const { series, openFrom } = at('2026-11-02T10:00:00Z');
    expect(series.map(({ whose }) => whose)).toEqual([null, 'South']);
    expect(series.map(({ name, now, before: then }) => [name, now, then])).toEqual([
      ['In DE', [5, 0, null, null], [0, 3, null, null]],
      ['In US', [0, 7, null, null], [0, 0, null, null]],
    ]);
    // The day that is under way.
    expect(openFrom).toBe(1);
    expect(new Set(series.map(({ colour }) => colour)).size).toBe(2);
  });
  test('the sum is one line; what is over is whole', () => {
    const { series, openFrom } = at('2026-11-05T10:00:00Z', { ...drawing, split: null });
    expect(series).toMatchObject([{ name: 'All', now: [5, 7, 0, 0], before: [0, 3, 0, 0] }]);
    expect(openFrom).toBe(4);
    expect(at('2026-10-31T10:00:00Z').series[0]).toMatchObject({ now: [5, null, null, null], before: null });
  });
});

describe('what a list of conversions adds up to', () => {
  const of = (status: string, currency: string, howMany: number, revenue: string) =>
    // biome-ignore lint/suspicious/noExplicitAny: as above
    ({ keys: { status }, currency, revenue, approved: 0, pending: 0, hold: 0, rejected: 0, [status]: howMany }) as any;
  test('each status with its money, a sum a currency; what is refused has none', () => {
    const rows = [of('rejected', 'USD', 4, '0'), of('approved', 'USD', 2, '10.5'), of('approved', 'EUR', 1, '7')];
    expect(sumsOf(rows)).toEqual({
      all: 7,
      statuses: [
        {
          status: 'approved',
          howMany: 3,
          sums: [
            { currency: 'EUR', revenue: '7' },
            { currency: 'USD', revenue: '10.5' },
          ],
        },
        { status: 'rejected', howMany: 4, sums: [] },
      ],
    });
  });
  test('is asked by the conversions’ own time, with the filters of the list', () => {
    const ask = { from: 'a', to: 'b', status: 'hold', rawStatus: 'w', campaignId: 'c', configId: 't' } as const;
    expect(reportOf(ask, 'UTC')).toEqual({
      ...{ groupBy: 'status', by: 'conversion', tz: 'UTC', from: 'a', to: 'b', configId: 't' },
      ...{ 'filter.status': 'hold', 'filter.rawStatus': 'w', 'filter.campaign': 'c' },
    });
  });
});

describe('a scale', () => {
  test.each([
    [
      [3, 370],
      [0, 100, 200, 300, 400],
    ],
    [
      [1, 2],
      [0, 1, 2],
    ],
    [
      [-40.5, 10],
      [-60, -40, -20, 0, 20],
    ],
    [
      [0.004, 0.011],
      [0, 0.005, 0.01, 0.015],
    ],
    [[], [0, 1]],
  ])('of %j has the ticks %j', (values, ticks) => {
    expect(scaleOf(values)).toEqual({ least: ticks[0], most: ticks.at(-1), ticks });
  });
});

describe('names at the ends of lines', () => {
  const scale = { least: 0, most: 182, ticks: [] };
  const lines = (...ends: number[]) => ends.map((end, i) => ({ id: String(i), now: [null, end, null] }));
  const heights = (...ends: number[]) => {
    const names = namesAtEnds(lines(...ends), scale);
    return names && ends.map((end, i) => Number((182 - end + names.get(String(i))!).toFixed(6)));
  };

  test('stand at their ends where there is room, and apart where there is none', () => {
    expect(heights(180, 100, 20)).toEqual([2, 82, 162]);
    expect(heights(100, 100)).toEqual([74.5, 89.5]);
    // Those at the bottom stand upon each other, the upper line's name above.
    expect(heights(2, 0, 1)).toEqual([152, 182, 167]);
    expect(heights(182, 180, 181)).toEqual([0, 30, 15]);
    const all = heights(50, 60, 55, 52, 58)!.toSorted((a, b) => a - b);
    for (const [i, y] of all.slice(1).entries()) expect(y - all[i]!).toBeGreaterThanOrEqual(15);
  });
  test('are left to the legend where lines end apart, or nothing is drawn', () => {
    expect(
      namesAtEnds(
        [
          { id: 'a', now: [1, 2] },
          { id: 'b', now: [1, null] },
        ],
        scale,
      ),
    ).toBeNull();
    expect(namesAtEnds([{ id: 'a', now: [null] }], scale)).toBeNull();
    expect(heights(...Array.from({ length: 11 }, () => 0))).toBeNull();
  });
});
