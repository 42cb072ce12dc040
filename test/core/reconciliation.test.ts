// When a check is due, when two figures are the same, and what is said of those that are not.
import { describe, expect, test } from 'vitest';
import { dueCheck, isSame, NO_FIGURES, rangeOfDay, tolerancesOf } from '../../src/core/reconciliation.ts';
import { type Evidence, judge, REASONS, type Served } from '../../src/core/reconciliation-verdicts.ts';

const at = (text: string): Date => new Date(`2026-11-${text}Z`);

describe('a check is due', () => {
  const facts = {
    freshAt: at('05T10:07:00'),
    checkedFreshAt: at('05T10:07:00'),
    allCheckedFreshAt: at('05T00:07:00'),
    rereadId: null,
    shiftMs: 0,
  };
  test.each([
    ['of nothing before anything is read', { freshAt: null }, null],
    ['of all days when there was none', { checkedFreshAt: null, allCheckedFreshAt: null }, 'all'],
    ['of all days after the first cycle of a day', { freshAt: at('06T00:01:00') }, 'all'],
    ['of the latest after the first cycle of an hour', { freshAt: at('05T11:00:00') }, 'latest'],
    ['not again in the same hour', { freshAt: at('05T10:52:00') }, null],
    ['of the days of a re-read', { rereadId: 'r' }, 'reread'],
    ['of the latest before those of a re-read alone', { freshAt: at('05T11:00:00'), rereadId: 'r' }, 'latest'],
    ['of the latest when its own hour has begun', { freshAt: at('05T11:00:00'), shiftMs: 5 * 60_000 }, null],
    ['of all days when its own night has begun', { freshAt: at('06T00:01:00'), shiftMs: 120_000 }, 'latest'],
    ['not where a clock went back', { freshAt: at('05T09:00:00') }, null],
  ] as const)('%s', (_, change, due) => expect(dueCheck({ ...facts, ...change })).toBe(due));
});

test('both sides of a day begin with the history and end with what is read', () => {
  const kept = { from: at('01T15:30:00'), to: at('03T10:00:00') };
  expect(rangeOfDay('2026-11-01', kept)).toEqual({ from: at('01T15:30:00'), to: at('02T00:00:00') });
  expect(rangeOfDay('2026-11-02', kept)).toEqual({ from: at('02T00:00:00'), to: at('03T00:00:00') });
  expect(rangeOfDay('2026-11-03', kept)).toEqual({ from: at('03T00:00:00'), to: at('03T10:00:00') });
  expect(rangeOfDay('2026-11-04', kept)).toBeNull();
  expect(rangeOfDay('2026-10-31', kept)).toBeNull();
});

describe('money is the same within half a unit of the last decimal that the report tells', () => {
  test.each([
    [['12.3', '7'], '0.005'],
    [['12.345'], '0.0005'],
    [['12.3456789'], '0.0000005'],
    [['12.340000000000002', '7.10'], '0.005'],
    [[], '0.005'],
  ])('%j: %s', (costs, tolerance) => {
    expect(tolerancesOf(costs.map((cost) => ({ ...NO_FIGURES, cost }))).cost).toBe(tolerance);
  });

  test('and counts to the last one', () => {
    const tolerances = tolerancesOf([]);
    expect(isSame('clicks', { ...NO_FIGURES, clicks: '7' }, { ...NO_FIGURES, clicks: '8' }, tolerances)).toBe(false);
  });
});

describe('what differs', () => {
  const figures = (clicks: number, cost: string, conversions = 0, revenue = '0') => ({
    ...{ clicks: String(clicks), cost, conversions: String(conversions), revenue },
  });
  const evidence: Evidence = {
    ...{ tolerances: tolerancesOf([]), late: NO_FIGURES, before: null, served: null, hasCost: true },
  };
  const served = (change: Partial<Served>): Evidence => ({
    ...evidence,
    served: { clicks: { rows: 10, unreadable: 0 }, conversions: { unreadable: 0 }, ours: 12, theirs: 10, ...change },
  });
  const explained = (reason: string) => ({ state: 'explained', reason });
  const differs = { state: 'differs', reason: null };

  test('of a re-read has no reason before it', () => {
    expect(judge(figures(12, '1.2'), figures(10, '1'), evidence)).toEqual({ clicks: differs, cost: differs });
    expect(judge(figures(10, '1'), figures(10, '1.004'), evidence)).toEqual({});
  });

  test('is late where what has come in since makes it equal, and nothing else', () => {
    const late = { ...NO_FIGURES, conversions: '1', revenue: '2.5' };
    expect(judge(figures(1, '0', 3, '5'), figures(1, '0', 4, '7.5'), { ...evidence, late })).toEqual({
      conversions: explained(REASONS.late),
      revenue: explained(REASONS.late),
    });
    expect(judge(figures(1, '0', 3, '5'), figures(1, '0', 5, '7.5'), { ...evidence, late })).toEqual({
      conversions: differs,
      revenue: explained(REASONS.late),
    });
    expect(judge(figures(1, '0', 3), figures(1, '0', 4), { ...evidence, late: null })).toEqual({
      conversions: explained(REASONS.notRead),
    });
  });

  test('of a log that gives recent clicks only is explained by it, whatever a re-read has brought; conversions are not', () => {
    const recent = { ...served({}), hasRecentClicksOnly: true };
    expect(judge(figures(2, '0', 3, '5'), figures(10, '1', 4, '5'), recent)).toEqual({
      ...{ clicks: explained(REASONS.recent), cost: explained(REASONS.recent), conversions: differs },
    });
  });

  test('is gone from the log where a re-read served as many rows as the report has', () => {
    const verdicts = judge(figures(12, '1.2', 2, '9'), figures(10, '1', 1, '4'), served({}));
    expect(Object.values(verdicts)).toEqual(Array(4).fill(explained(REASONS.gone)));
    // A conversion that they have more of went with no click of ours.
    expect(judge(figures(12, '1.2', 1), figures(10, '1', 2), served({})).conversions).toEqual(differs);
  });

  test('contradicts itself where the log serves another number than the report', () => {
    const reason = 'its log gives 12 clicks, its report 10';
    const twelve = { clicks: { rows: 12, unreadable: 0 } };
    expect(judge(figures(12, '1'), figures(10, '1'), served(twelve)).clicks).toEqual({ state: 'differs', reason });
    // More rows than we hold after reading them: one was served twice, and the number says nothing.
    const thirteen = { clicks: { rows: 13, unreadable: 0 } };
    expect(judge(figures(12, '1'), figures(10, '1'), served(thirteen)).clicks).toEqual(differs);
    const unknown = { clicks: { rows: null, unreadable: 0 } };
    expect(judge(figures(12, '1'), figures(10, '1'), served(unknown)).clicks).toEqual(differs);
  });

  test('could not be read where as many rows were set aside', () => {
    const set = served({ clicks: { rows: 12, unreadable: 2 }, ours: 10, theirs: 12 });
    expect(judge(figures(10, '1'), figures(12, '1.2'), set)).toEqual({
      clicks: explained(REASONS.unreadable),
      cost: explained(REASONS.unreadable),
    });
    const tooMany = served({ clicks: { rows: 12, unreadable: 1 }, ours: 10, theirs: 12 });
    expect(judge(figures(10, '1'), figures(12, '1'), tooMany).clicks).toEqual(differs);
    const conversions = served({ conversions: { unreadable: 1 } });
    expect(judge(figures(1, '0', 1, '5'), figures(1, '0', 2, '8'), conversions)).toEqual({
      conversions: explained(REASONS.unreadable),
      revenue: explained(REASONS.unreadable),
    });
  });

  test('keeps its reason while the difference is the same, on whatever level', () => {
    const before = { ours: figures(12, '1'), theirs: figures(10, '1'), verdicts: { clicks: explained(REASONS.gone) } };
    const kept = { ...evidence, before } as Evidence;
    expect(judge(figures(22, '1'), figures(20, '1'), kept).clicks).toEqual(explained(REASONS.gone));
    expect(judge(figures(22, '1'), figures(19, '1'), kept).clicks).toEqual(differs);
    const late = { ours: figures(1, '0', 1), theirs: figures(1, '0', 2), verdicts: { conversions: explained('x') } };
    const wasLate = { ...late, verdicts: { conversions: explained(REASONS.late) } };
    expect(judge(figures(1, '0', 1), figures(1, '0', 2), { ...evidence, before: late } as Evidence)).toEqual({
      conversions: explained('x'),
    });
    expect(judge(figures(1, '0', 1), figures(1, '0', 2), { ...evidence, before: wasLate } as Evidence)).toEqual({
      conversions: differs,
    });
  });

  test('in money alone is told in another currency where ours names another than is set', () => {
    const euros = { ...evidence, account: 'USD', currencies: { cost: 'EUR', revenue: 'USD' } };
    const reason = 'another currency: amounts in EUR, where USD is set';
    expect(judge(figures(10, '9'), figures(10, '11'), euros)).toEqual({ cost: { state: 'differs', reason } });
    expect(judge(figures(10, '9'), figures(10, '9'), euros)).toEqual({});
    // Clicks that are missing are reason enough; and what is told in dollars is no matter of currencies.
    expect(judge(figures(9, '9', 1, '5'), figures(10, '11', 1, '6'), euros)).toEqual({
      ...{ clicks: differs, cost: differs, revenue: differs },
    });
    // It is said anew each time: once the right currency is set, it is no reason any more.
    const before = {
      ours: figures(10, '9'),
      theirs: figures(10, '11'),
      verdicts: { cost: { state: 'differs', reason } },
    };
    expect(judge(figures(10, '9'), figures(10, '11'), { ...evidence, before } as Evidence)).toEqual({ cost: differs });
  });

  test('is no wonder where the log tells no cost at all', () => {
    expect(judge(figures(10, '0'), figures(10, '5'), { ...evidence, hasCost: false })).toEqual({
      cost: explained(REASONS.noCost),
    });
    expect(judge(figures(0, '0'), figures(0, '5'), { ...evidence, hasCost: false })).toEqual({ cost: differs });
  });
});
