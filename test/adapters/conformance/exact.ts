// Numbers digit for digit: amounts that no sum of floats is, and numbers that no double can hold.
import { expect } from 'vitest';
import type { Http } from '../../../src/adapters/http.ts';
import type { Json } from '../../../src/core/resources.ts';
import { readWindow } from '../reads.ts';
import { difference, NO_DIFFERENCE, plainDecimal, truthOf } from '../truth-records.ts';
import type { Checks } from './checks.ts';
import { type ReadFace, WINDOW } from './face.ts';

const AT = '2026-03-28T09:00:00Z';
const BEYOND = '9007199254740993';
const ROUNDED = String(Number(BEYOND));

/** 0.1 + 0.2 is no double, nor is any amount of sixteen digits sure to be one. */
const AMOUNTS = ['0.3', '0.000001', '1234567890.123457'];
/** The ledger counts in micros: what no double holds is put in its place on the wire. */
const SENT = '1234567890.123457';
const LONG = '123456789012.123456789012';

const rewritten = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(rewritten);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, rewritten(held ?? null)]));
  return String(value) === SENT ? LONG : value;
};

const rewriting = (http: Http): Http => ({
  ...http,
  call: async (call) => {
    const answer = await http.call(call);
    return { ...answer, body: rewritten(answer.body) };
  },
});

export function checkExact({ check }: Checks, { face, session, http, ledger, logs }: ReadFace): void {
  const { tells, fold } = face;

  check('money digit for digit', async () => {
    const conversions = AMOUNTS.map((revenue, i) => ({ at: AT, status: 'sale', revenue, tid: `exact-${i}` }));
    await ledger().overlay({ kind: 'addConversions', conversions });
    await ledger().overlay({ kind: 'addClicks', at: AT, count: 1, cost: '0.300001' });
    const { records } = await readWindow(session(), 'conversions', WINDOW);
    const truth = await truthOf(ledger(), 'conversions', WINDOW, tells, fold);
    expect(difference(records, truth, Object.keys(truth[0]!))).toEqual(NO_DIFFERENCE);
    const told = new Set(records.map(({ revenue }) => revenue !== null && plainDecimal(revenue)));
    expect(AMOUNTS.filter((amount) => !told.has(amount))).toEqual([]);
    const long = await readWindow(session(rewriting(http())), 'conversions', WINDOW);
    expect(long.records.map(({ revenue }) => revenue)).toContain(LONG);
    const clicks = await truthOf(ledger(), 'clicks', WINDOW, tells, fold);
    const read = (await readWindow(session(), 'clicks', WINDOW)).records;
    expect(difference(read, clicks, ['externalId', 'cost'])).toEqual(NO_DIFFERENCE);
  });

  check('numbers beyond 2^53 digit for digit', async () => {
    await ledger().addFault({ match: { times: null }, fault: { kind: 'largeNumbers', value: BEYOND } });
    const read = await Promise.all(logs.map((log) => readWindow(session(), log, WINDOW)));
    await ledger().clearFaults();
    const raw = JSON.stringify(read.flatMap(({ records }) => records as object[]));
    expect(raw).toContain(BEYOND);
    expect(raw).not.toContain(ROUNDED);
  });
}
