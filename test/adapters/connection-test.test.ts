// The connection test of a panel that answers: every resource checked and counted, too few rights told by resource.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LedgerControl, ledgerControl } from '../../simulator/client.ts';
import type { HostedSettingsInput } from '../../simulator/options.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { expectFailure, tried } from './tried.ts';

describe('a panel that answers', () => {
  const anchorAt = '2026-03-10T12:00:00Z';
  const now = new Date(anchorAt);
  let simulator: Simulator;
  let panel: LedgerControl;
  beforeAll(async () => {
    simulator = await startSimulator({
      ledgers: [{ anchorAt, frozenAt: anchorAt, days: 2, clicks: 4_000, conversions: 400 }],
    });
    panel = ledgerControl(simulator.address, simulator.ledgers[0]!.name);
  });
  afterAll(() => simulator.stop());

  const checked = async (settings: HostedSettingsInput['keitaro'] = {}) => {
    await panel.change({
      keitaro: { deny: {}, total: 'number', campaignsHonourLimit: true, build: 'classic', ...settings },
    });
    const { url, apiKey } = simulator.ledgers[0]!;
    const { result, calls } = await tried(url, { apiKey, now });
    if (!result.ok) throw new Error(result.error.message);
    return { ...result, calls, by: Object.fromEntries(result.checks.map((check) => [check.resource, check])) };
  };

  test('every resource is checked with its count', async () => {
    const lastHour = await panel.truth({ from: '2026-03-10T10:58:00Z', to: '2026-03-10T11:58:00Z' });
    for (const campaignsHonourLimit of [true, false]) {
      const { message, checks, by, latencyMs, calls } = await checked({ campaignsHonourLimit });
      expect(message).toBe('Key accepted.');
      expect(latencyMs).toBeGreaterThanOrEqual(0);
      expect(checks.map(({ resource }) => resource)).toEqual([
        ...Object.keys(keitaro.catalog),
        'clicks',
        'conversions',
        'totals',
      ]);
      expect(checks.every(({ ok }) => ok)).toBe(true);
      expect(by.campaigns).toEqual({ resource: 'campaigns', ok: true, count: 11, message: 'campaigns readable' });
      expect(by.clicks!.count).toBe(lastHour.clicks);
      expect(by.conversions!.count).toBe(
        Object.values(lastHour.conversions).reduce((sum, { count }) => sum + count, 0),
      );
      expect(by.totals!.count).toBeGreaterThan(0);
      expect(calls.filter(({ error }) => error !== null)).toEqual([]);
    }
  });

  test('a count that nobody tells is not made up', async () => {
    const { by } = await checked({ total: 'missing' });
    expect(by.clicks).toMatchObject({ ok: true, count: null });
  });

  test('a key with too few rights is told by resource, and the others are read', async () => {
    const { message, by } = await checked({ deny: { landing_pages: 403, clicks: 402, totals: 403 } });
    expect(message).toBe('Key accepted. Not readable: landing pages, click log, daily totals.');
    expect(by.landing_pages).toEqual({
      resource: 'landing_pages',
      ok: false,
      count: null,
      message: '403 (Access denied)',
    });
    expect(by.clicks).toMatchObject({ ok: false, message: '402 (This feature is not available in your edition)' });
    expect([by.campaigns!.ok, by.flows!.ok, by.conversions!.ok]).toEqual([true, true, true]);
  });

  test('a newer generation passes, too: what it refuses is asked in its own words', async () => {
    const { checks } = await checked({ build: 'v11', v11Columns: 'confirmed', reportWords: 'dimensions' });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  test('a wrong key is one verdict, after one call', async () => {
    const outcome = await tried(simulator.ledgers[0]!.url);
    expectFailure(outcome, 'auth', '401 (Unauthorized', 401);
  });
});
