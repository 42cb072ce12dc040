// The faults laid on one ledger, and which of them a request meets.
import type { FaultKind, FaultRule } from './fault.ts';

export interface FaultState {
  id: number;
  rule: FaultRule;
  /** Requests that matched so far, hit or not. */
  matched: number;
  /** Requests that were hit. */
  fired: number;
}

export class FaultRules {
  #states: { state: FaultState; pattern: RegExp | null }[] = [];
  #count = 0;

  /** Adds a rule and returns its id. Throws a SyntaxError for a pattern that is no regular expression. */
  add(rule: FaultRule): number {
    const pattern = rule.match.path === undefined ? null : new RegExp(rule.match.path);
    const id = ++this.#count;
    this.#states.push({ state: { id, rule, matched: 0, fired: 0 }, pattern });
    return id;
  }

  /** Counts the request for every rule it matches; the oldest rule that is due wins. */
  take(method: string, path: string): { id: number; fault: FaultKind } | null {
    let taken: { id: number; fault: FaultKind } | null = null;
    for (const { state, pattern } of this.#states) {
      const { match, fault } = state.rule;
      if (match.method !== undefined && match.method.toUpperCase() !== method) continue;
      if (pattern && !pattern.test(path)) continue;
      state.matched++;
      const position = state.matched - match.nth;
      const isDue = position >= 0 && (match.times === null || position < match.times);
      if (!isDue || taken) continue;
      state.fired++;
      taken = { id: state.id, fault };
    }
    return taken;
  }

  list(): FaultState[] {
    return this.#states.map(({ state }) => state);
  }

  clear(): void {
    this.#states = [];
  }
}
