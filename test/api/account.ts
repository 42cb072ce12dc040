// An account of a simulated tracker as a user of the API has it: one clock for both, the slices a worker would run, and sums of both sides.
import { type LedgerControl, ledgerControl, openLedger } from '../../simulator/client.ts';
import type { FaceAccess, LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import type { ConversionStatus } from '../../src/core/statuses.ts';
import { DAY_MS, MINUTE_MS } from '../../src/core/windows.ts';
import { createSessionTokens } from '../../src/store/session-tokens.ts';
import { canaryKey } from '../leaks/canary.ts';
import { sumMicros } from '../simulator/panel.ts';
import { activitiesOf, type Ground, openGround, workUntilRest } from '../sync/ground.ts';
import { type Harness, startHarness } from './harness.ts';

export interface Sums {
  clicks: number;
  cost: bigint;
  statuses: Record<ConversionStatus, number>;
  revenue: bigint;
}

export interface Account {
  api: Harness;
  ground: Ground;
  ledger: LedgerControl;
  face: FaceAccess;
  apiKey: string;
  /** When it was opened, and now, in Unix milliseconds. */
  start: number;
  now(): number;
  /** Does what is due, so much later by both clocks. */
  pass(configId: string, ms: number): Promise<void>;
  /** By the API's reports, over all that a cycle has read for certain by now; by the ledger, in what the tracker's words mean to the API. */
  hubSums(configId: string): Promise<Sums>;
  /** @param face another one of the same ledger */
  ledgerSums(configId: string, face?: string): Promise<Sums>;
  end(): Promise<void>;
}

const LEDGER: HostedOptionsInput = {
  ...{ name: 'main', days: 3, clicks: 1_200, conversions: 240, growthPerDay: 2_400, campaigns: 3, limits: false },
};

export async function openAccount(faceName: string, options: HostedOptionsInput = {}): Promise<Account> {
  const start = Math.floor(Date.now() / 1_000) * 1_000;
  let now = start;
  const clock = () => new Date(now);
  const api = await startHarness({ now: clock });
  const { db, vault } = api;
  const ground = await openGround(api.databaseUrl, { vault, tokens: createSessionTokens(db, vault), clock });
  const at = new Date(start).toISOString();
  const given = { ...LEDGER, apiKey: canaryKey(), anchorAt: at, frozenAt: at, ...options };
  const opened: LedgerAccess = await openLedger(ground.simulator, given);
  const ledger = ledgerControl(ground.simulator, opened.name);
  const face = (await ledger.faces()).find((one) => one.face === faceName)!;
  const activities = activitiesOf(ground.deps);
  const range = () => ({
    from: new Date(start - 4 * DAY_MS).toISOString(),
    to: new Date(now - 2 * MINUTE_MS).toISOString(),
  });

  async function report(configId: string, by: 'click' | 'conversion') {
    const query = new URLSearchParams({ configId, ...range(), by, groupBy: 'config' });
    const { json } = await api.ask('GET', `/api/v1/reports?${query}`);
    return json.totals[0];
  }

  return {
    ...{ api, ground, ledger, face, start, apiKey: opened.apiKey, now: () => now },
    async pass(configId, ms) {
      now += ms;
      await ledger.setClock({ freezeAt: clock().toISOString() });
      await workUntilRest(activities, configId);
    },
    async hubSums(configId) {
      const clicks = await report(configId, 'click');
      const { approved, pending, rejected, hold, revenue } = await report(configId, 'conversion');
      return {
        ...{ clicks: clicks.clicks, cost: sumMicros([clicks.cost]), revenue: sumMicros([revenue]) },
        statuses: { approved, pending, rejected, hold },
      };
    },
    async ledgerSums(configId, other = faceName) {
      const { json } = await api.ask('GET', `/api/v1/trackers/${configId}/mappings`);
      type Word = { rawStatus: string; status: ConversionStatus };
      const words = json.statuses.map(({ rawStatus, status }: Word) => [rawStatus.toLowerCase(), status] as const);
      const meanings = new Map<string, ConversionStatus>(words);
      const truth = await ledger.truth({ ...range(), face: other });
      const statuses: Sums['statuses'] = { approved: 0, pending: 0, rejected: 0, hold: 0 };
      const counted: string[] = [];
      for (const [word, { count, revenue }] of Object.entries(truth.conversions)) {
        const status = meanings.get(word.toLowerCase()) ?? 'pending';
        statuses[status] += count;
        if (status !== 'rejected') counted.push(revenue);
      }
      return { clicks: truth.clicks, cost: sumMicros([truth.cost]), statuses, revenue: sumMicros(counted) };
    },
    async end() {
      await ground.stop();
      await api.end();
    },
  };
}

/** The same credentials with another secret. */
export const withKey = ({ credentials }: FaceAccess, right: string, other: string): Record<string, string> =>
  Object.fromEntries(Object.entries(credentials).map(([field, value]) => [field, value === right ? other : value]));
