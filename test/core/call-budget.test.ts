// The shared budget: places and rates, whoever asks in which order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Ask,
  askForSilence,
  type BudgetState,
  endCall,
  giveBack,
  NO_BUDGET,
  PLACE,
  type Rate,
  takeTurn,
} from '../../src/core/call-budget.ts';

const T0 = Date.parse('2026-11-01T00:00:00Z');
const RATE: Rate = { name: 'all', calls: 3, perMs: 60_000 };

const asking = (connection: string, now: number, more: Partial<Ask> = {}): Ask => ({
  ...{ connection, now, concurrent: 2, rates: [], before: {} },
  ...more,
});

function taken(state: BudgetState, ask: Ask): BudgetState {
  const turn = takeTurn(state, ask);
  if (!turn.may) throw new Error(`no turn: ${turn.waitsFor}`);
  return turn.state;
}

describe('places', () => {
  const full = taken(taken(NO_BUDGET, asking('a', T0)), asking('b', T0));

  test('as many as declared; a place given back is another one’s', () => {
    expect(takeTurn(full, asking('c', T0 + 1))).toEqual({ may: false, waitsFor: PLACE, until: null });
    expect(takeTurn(giveBack(full, 'a'), asking('c', T0 + 1))).toMatchObject({ may: true, isNew: true });
  });

  test('kept from call to call without a change, until it is nearly over', () => {
    expect(takeTurn(full, asking('a', T0 + 1_000))).toMatchObject({ may: true, isNew: false });
    expect(takeTurn(full, asking('a', T0 + 60_000))).toMatchObject({ may: true, isNew: true });
  });

  test('whoever keeps one lets those go first who have come meanwhile', () => {
    expect(takeTurn(full, asking('a', T0 + 1_000, { before: { [PLACE]: 1 } }))).toMatchObject({ may: false });
  });

  test('of a process that died, free after the longest call', () => {
    expect(takeTurn(full, asking('c', T0 + 99_000))).toMatchObject({ may: false });
    expect(takeTurn(full, asking('c', T0 + 100_000))).toMatchObject({ may: true });
  });
});

describe('rates', () => {
  const rated = (connection: string, now: number, more: Partial<Ask> = {}): Ask =>
    asking(connection, now, { concurrent: 9, rates: [RATE], ...more });
  const called = (state: BudgetState, at: number): BudgetState =>
    endCall(taken(state, rated('a', at)), 'a', [RATE], at + 500);
  const spent = [0, 1_000, 2_000].reduce((state, after) => called(state, T0 + after), NO_BUDGET);

  test('a burst as large as the rate, then not before its first call is a whole time old, counted from its end', () => {
    expect(takeTurn(spent, rated('b', T0 + 3_000))).toEqual({ may: false, waitsFor: 'all', until: T0 + 60_500 });
    expect(takeTurn(spent, rated('b', T0 + 60_500))).toMatchObject({ may: true });
  });

  test('who waits for longer goes first, and each is told when it is worth coming back', () => {
    const until = (before: number) => takeTurn(spent, rated('b', T0 + 3_000, { before: { all: before } }));
    expect(until(1)).toMatchObject({ may: false, until: T0 + 61_500 });
    expect(until(2)).toMatchObject({ may: false, until: T0 + 62_500 });
  });

  test('a connection with a smaller rate of its own forgets nothing that a larger one counts', () => {
    const small: Rate = { ...RATE, calls: 1 };
    const at = T0 + 61_000;
    const state = taken(called(called(NO_BUDGET, T0 + 20_000), T0 + 30_000), rated('slow', T0 + 40_000));
    expect(endCall(state, 'slow', [small], at).ended.all).toEqual([T0 + 20_500, T0 + 30_500, at]);
    expect(endCall(state, 'slow', [small], at + 20_000).ended.all).toEqual([T0 + 30_500, at + 20_000]);
  });

  test('another kind of call does not count', () => {
    expect(takeTurn(spent, asking('b', T0 + 3_000))).toMatchObject({ may: true });
  });

  test('a call whose end nobody told counts as the longest', () => {
    const lost = taken(called(called(NO_BUDGET, T0), T0 + 1_000), rated('dead', T0 + 2_000));
    expect(takeTurn(lost, rated('b', T0 + 101_000))).toMatchObject({ may: true });
    const later = taken(taken(lost, rated('b', T0 + 110_000)), rated('c', T0 + 110_000));
    expect(takeTurn(later, rated('d', T0 + 110_001))).toMatchObject({ may: false });
  });

  test('no stretch of time as long as the rate’s holds more calls, whatever comes when', () => {
    const steps = fc.array(
      fc.record({ who: fc.constantFrom('a', 'b', 'c'), after: fc.nat(30_000), takes: fc.nat(9_000) }),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(steps, (asks) => {
        let state = NO_BUDGET;
        let now = T0;
        const seen: number[] = [];
        for (const { who, after, takes } of asks) {
          now += after;
          const turn = takeTurn(state, rated(who, now));
          if (!turn.may) continue;
          // The tracker sees it at some time before its end.
          seen.push(now + takes / 2);
          state = endCall(turn.state, who, [RATE], now + takes);
          now += takes;
        }
        seen.sort((one, other) => one - other);
        for (let i = RATE.calls; i < seen.length; i++)
          expect(seen[i]! - seen[i - RATE.calls]!).toBeGreaterThanOrEqual(RATE.perMs);
      }),
    );
  });
});

test('silence that was asked for binds everybody, and is never shortened', () => {
  const silent = askForSilence(askForSilence(NO_BUDGET, T0 + 60_000), T0 + 5_000);
  expect(takeTurn(silent, asking('b', T0 + 59_999))).toMatchObject({ may: false, until: T0 + 60_000 });
  expect(takeTurn(silent, asking('b', T0 + 60_000))).toMatchObject({ may: true });
});
