// The whole way of a tracker through the API, which each goes by naming itself: tested, connected, backfilled, kept current, equal to its ledger.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { canaryKey } from '../leaks/canary.ts';
import { STILL } from '../sync/ground.ts';
import { type Account, openAccount, type Sums, withKey } from './account.ts';

export interface Journey {
  /** The simulator's face. */
  face: Exclude<keyof HostedOptionsInput, keyof typeof STILL>;
  /** How the ledger's face behaves. */
  options?: HostedOptionsInput;
  /** What a wrong key is told as. */
  wrongKey: RegExp;
  /** Why clicks are not all there, where the tracker gives recent ones only: they are not compared. */
  recentClicksOnly?: boolean;
}

const CYCLE_MS = 16 * MINUTE_MS;

export function journey({ face, options = {}, wrongKey, recentClicksOnly = false }: Journey): void {
  describe(`${face}, the whole way`, () => {
    let account: Account;
    let id: string;
    beforeAll(async () => {
      account = await openAccount(face, { ...STILL, ...options });
    });
    afterAll(() => account.end());

    const path = () => `/api/v1/trackers/${id}`;
    const body = (credentials = account.face.credentials) => {
      const { type, url, settings } = account.face;
      return { type, url, credentials, settings: { ...settings, callsPerMinute: 0 } };
    };
    const tryIt = async (credentials?: Record<string, string>) =>
      (await account.api.ask('POST', '/api/v1/trackers/test', { body: body(credentials) })).json;
    const compared = ({ clicks, cost, ...sums }: Sums) => (recentClicksOnly ? sums : { ...sums, clicks, cost });

    /** What the API reports is what the ledger knows, to the cent. */
    async function expectEqualSums(): Promise<Sums> {
      const [ours, theirs] = await Promise.all([account.hubSums(id), account.ledgerSums(id)]);
      expect(compared(ours)).toEqual(compared(theirs));
      expect((await account.api.ask('GET', path())).json).toMatchObject({ state: 'synced', lastError: null });
      return ours;
    }

    test('a test with the right key finds every resource', async () => {
      const result = await tryIt();
      expect(result).toMatchObject({ ok: true, message: 'Key accepted.' });
      expect(result.checks.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
    });

    test('a test with a wrong key is refused in the tracker’s words', async () => {
      const result = await tryIt(withKey(account.face, account.apiKey, canaryKey()));
      expect(result).toMatchObject({ ok: false, error: { kind: 'auth', message: expect.stringMatching(wrongKey) } });
    });

    test('a test names the resource that this key may not read', async () => {
      await account.ledger.change({ [face]: { deny: { conversions: 403 } } });
      const result = await tryIt();
      await account.ledger.change({ [face]: { deny: {} } });
      expect(result).toMatchObject({ ok: true, message: 'Key accepted. Not readable: conversions.' });
    });

    test('connected, it is backfilled: every sum is the ledger’s', async () => {
      const { settings, ...given } = body();
      const wanted = { ...settings, backfillDays: 5, syncIntervalMinutes: 15 };
      const asked = { ...given, name: 'Mine', settings: wanted };
      const { status, json } = await account.api.ask('POST', '/api/v1/trackers', { body: asked });
      expect([status, json.state]).toEqual([201, 'pending']);
      id = json.id;
      await account.pass(id, 0);
      const { clicks, statuses } = await expectEqualSums();
      expect(clicks).toBeGreaterThan(recentClicksOnly ? 100 : 1_000);
      expect(statuses.approved).toBeGreaterThan(20);
    });

    test('what comes in is there after the next cycle', async () => {
      const before = await account.hubSums(id);
      await account.pass(id, CYCLE_MS);
      const after = await expectEqualSums();
      expect(after.clicks).toBeGreaterThan(before.clicks);
    });

    test('a status that changes late is there too, with its money', async () => {
      const { ledger, now } = account;
      const ids: number[] = [];
      for await (const sold of ledger.truthConversions({ to: new Date(now() - 6 * HOUR_MS).toISOString() }))
        if (sold.status === 'sale' && Number(sold.revenue) > 0) ids.push(sold.id);
      const before = await account.ledgerSums(id);
      const at = new Date(now() - 10 * MINUTE_MS).toISOString();
      await ledger.overlay({ kind: 'setConversions', ids: ids.slice(-4), status: 'rejected', at });
      const changed = await account.ledgerSums(id);
      expect(changed.revenue).toBeLessThan(before.revenue);
      expect((await account.hubSums(id)).revenue).toBe(before.revenue);
      await account.pass(id, 25 * HOUR_MS);
      await expectEqualSums();
    });
  });
}
