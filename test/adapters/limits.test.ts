// Which connections share a budget, and which rates a call counts for.
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/adapters/adapter.ts';
import { adapters } from '../../src/adapters/index.ts';
import { budgetKeys, ratesOf } from '../../src/adapters/limits.ts';

const { keitaro, redtrack, voluum } = adapters;
const SETTINGS = { currency: 'USD', timezone: 'UTC' };
const connection = (url: string, credentials: Connection['credentials'], more: object = {}): Connection => ({
  ...{ url, credentials },
  settings: { ...SETTINGS, ...more },
});

describe('a budget is shared', () => {
  const one = connection('https://a.example', { apiKey: 'one' });

  test('by all connections to one self-hosted address, whatever their key; not by another address or tracker', () => {
    const { budget } = budgetKeys(keitaro, one);
    expect(budgetKeys(keitaro, connection('https://a.example', { apiKey: 'two' })).budget).toBe(budget);
    expect(budgetKeys(keitaro, connection('https://a.example/b', { apiKey: 'one' })).budget).not.toBe(budget);
    expect(budgetKeys(adapters.tg_tracker, one).budget).not.toBe(budget);
  });

  test('by the connections of one account of a hosted tracker, and the outage by all of them', () => {
    const keys = budgetKeys(redtrack, one);
    const other = budgetKeys(redtrack, connection('https://a.example', { apiKey: 'two' }));
    expect(other.budget).not.toBe(keys.budget);
    expect(other.outage).toBe(keys.outage);
    expect(budgetKeys(redtrack, one)).toEqual(keys);
  });

  test('by who logs in with one name, whatever the password is', () => {
    const named = (email: string, password: string) =>
      budgetKeys(voluum, connection('https://a.example', { email, password })).budget;
    expect(named('a@example.com', 'one')).toBe(named('a@example.com', 'two'));
    expect(named('b@example.com', 'one')).not.toBe(named('a@example.com', 'one'));
    const byKey = budgetKeys(voluum, connection('https://a.example', { accessId: 'x', accessKey: 'y' })).budget;
    expect(byKey).not.toBe(named('', ''));
  });

  test('under a name that tells no credential', () => {
    const { budget, outage } = budgetKeys(redtrack, connection('https://a.example', { apiKey: 'canary-key' }));
    for (const key of [budget, outage]) expect(key).toMatch(/^[\w-]{22}$/);
  });
});

describe('a call counts for', () => {
  const rates = (adapter: Parameters<typeof ratesOf>[0], path: string, callsPerMinute?: number) =>
    ratesOf(adapter, connection('https://a.example', {}, callsPerMinute === undefined ? {} : { callsPerMinute }), {
      path,
    });
  const minute = (name: string, calls: number) => ({ name: `${name} 60000`, calls, perMs: 60_000 });

  test('the rate of its path, each path by itself, or for none', () => {
    expect(rates(redtrack, '/tracks')).toEqual([minute('/tracks', 10)]);
    expect(rates(redtrack, '/report')).toEqual([minute('/report', 10)]);
    expect(rates(redtrack, '/campaigns')).toEqual([]);
    expect(rates(keitaro, '/clicks/log')).toEqual([]);
  });

  test('all rates of a tracker that has several', () => {
    expect(rates(voluum, '/report').map(({ name }) => name)).toEqual(['all 1000', 'all 60000']);
  });

  test('the connection’s own rate in place of those, of all calls where none is declared, and none with 0', () => {
    expect(rates(redtrack, '/tracks', 20)).toEqual([minute('/tracks', 20)]);
    expect(rates(redtrack, '/campaigns', 20)).toEqual([]);
    expect(rates(keitaro, '/clicks/log', 30)).toEqual([minute('all', 30)]);
    expect(rates(voluum, '/report', 90)).toEqual([minute('all', 90)]);
    expect(rates(redtrack, '/tracks', 0)).toEqual([]);
  });
});
