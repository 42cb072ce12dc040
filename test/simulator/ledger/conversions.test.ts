// Conversions live: they come after their clicks, change as time goes on, and some clicks own several.
import { describe, expect, test } from 'vitest';
import { Ledger } from '../../../simulator/ledger/ledger.ts';
import { ledgerOptions } from '../../../simulator/ledger/options.ts';

const anchorAt = '2026-03-10T12:00:00Z';
const anchor = Date.parse(anchorAt) / 1000;
const ledger = new Ledger(ledgerOptions.parse({ anchorAt, frozenAt: anchorAt, clicks: 50_000, conversions: 4000 }), 0);
const ids = Array.from({ length: 4000 }, (_, id) => id);
const day = 86_400;

describe('conversions', () => {
  test('come after their clicks, as many as asked for', () => {
    expect(ledger.conversions.has(3999)).toBe(true);
    expect(ledger.conversions.has(4000)).toBe(false);
    for (const id of ids) {
      const clickSecond = ledger.order.secondOf(ledger.conversions.clickIndexOf(id));
      expect(ledger.conversions.postbackSecondOf(id)).toBeGreaterThan(clickSecond);
    }
  });

  test('one click owns several, told apart by their transaction ids', () => {
    const byClick = Map.groupBy(ids, (id) => ledger.conversions.clickIndexOf(id));
    const shared = [...byClick.values()].filter((group) => group.length > 1);
    expect(shared.length).toBeGreaterThan(100);
    for (const group of shared) {
      expect(new Set(group.map((id) => ledger.conversions.tidOf(id))).size).toBe(group.length);
      expect(ledger.conversions.ofClick(ledger.conversions.clickIndexOf(group[0]!))).toEqual(group);
    }
  });

  test('click and transaction id together name one conversion, also where clicks convert often', () => {
    const dense = new Ledger(ledgerOptions.parse({ anchorAt, frozenAt: anchorAt, clicks: 900, conversions: 700 }), 0);
    const { conversions } = dense;
    const keys = Array.from({ length: 700 }, (_, id) => `${conversions.clickIndexOf(id)} ${conversions.tidOf(id)}`);
    expect(keys.some((key) => key.endsWith(' '))).toBe(true);
    expect(new Set(keys).size).toBe(700);
  });

  test('are unknown before the postback, then move along the allowed ways', () => {
    const allowed = new Set([
      'lead→sale',
      'lead→rejected',
      'lead→trash',
      'sale→rejected',
      'rebill→rejected',
      'registration→deposit',
    ]);
    const moves = new Set<string>();
    for (const id of ids) {
      const postback = ledger.conversions.postbackSecondOf(id);
      expect(ledger.conversions.stateAt(id, postback)).toBeNull();
      let before = ledger.conversions.stateAt(id, postback + 1)!;
      expect(before.previousStatus).toBe('');
      for (let asOf = postback; asOf < postback + 45 * day; asOf += day) {
        const state = ledger.conversions.stateAt(id, asOf + 1)!;
        if (state.status === before.status) continue;
        // Two steps can lie within one day: the step in between is the one before.
        if (state.previousStatus === before.status) moves.add(`${before.status}→${state.status}`);
        before = state;
      }
    }
    expect([...moves].filter((move) => !allowed.has(move))).toEqual([]);
    expect(moves).toEqual(allowed);
  });

  test('all planned at once or day by day, they are the same', () => {
    const options = ledgerOptions.parse({ anchorAt, frozenAt: anchorAt, clicks: 2000, conversions: 200, days: 4 });
    const [atOnce, slowly] = [new Ledger(options, 0), new Ledger(options, 0)];
    atOnce.planUntil(anchor + 9 * day);
    for (let hours = 0; hours <= 9 * 24; hours += 5) slowly.planUntil(anchor + hours * 3600);
    const rowsOf = (some: Ledger) => {
      some.planUntil(anchor + 9 * day);
      const { first, end } = some.conversions.postbacksBetween(0, anchor + 9 * day);
      return some.conversions.inPostbackOrder(first, end);
    };
    expect(rowsOf(slowly).length).toBeGreaterThan(300);
    expect(rowsOf(slowly)).toEqual(rowsOf(atOnce));
  });
});
