// The account of one run: a small ledger behind one face, connected, with a clock of its own and pages that are short.
import { randomUUID } from 'node:crypto';
import { type LedgerControl, ledgerControl, openLedger } from '../../simulator/client.ts';
import type { Dependencies } from '../../src/activities/dependencies.ts';
import type { Activities } from '../../src/activities/index.ts';
import type { Adapter } from '../../src/adapters/adapter.ts';
import { createHttp, type Http } from '../../src/adapters/http.ts';
import { slotAt } from '../../src/core/slots.ts';
import { MINUTE_MS } from '../../src/core/windows.ts';
import type { Chance } from '../crash/seed.ts';
import { canaryKey } from '../leaks/canary.ts';
import { activitiesOf, connectTracker, type Ground, STILL } from '../sync/ground.ts';
import type { Laid, Plan } from './draw.ts';
import { withSmallPages } from './small-pages.ts';
import { type RunTime, runTime } from './time.ts';

export const INTERVAL_MS = MINUTE_MS;
const LEDGER = { days: 3, clicks: 450, conversions: 100, campaigns: 3, growthPerDay: 2_000 };
const SETTINGS = { backfillDays: 2, syncIntervalMinutes: 1 };
/** Short enough to be waited for two hundred times, long enough for a busy machine. */
const PATIENCE = { firstByteMs: 1_500, idleMs: 1_500, wholeMs: 8_000 };
const LARGEST_ANSWER = 8 * 1024 * 1024;

export interface Account {
  ground: Ground;
  face: string;
  plan: Plan;
  time: RunTime;
  http: Http;
  ledger: LedgerControl;
  adapter: Adapter;
  configId: string;
  credentials: Record<string, string>;
  activities: Activities;
  /** What was laid, by the simulator's ids. */
  faults: Map<number, Laid>;
}

export async function openAccount(ground: Ground, face: string, plan: Plan, chance: Chance): Promise<Account> {
  const at = plan.startsAt.toISOString();
  const opened = await openLedger(ground.simulator, {
    ...{ name: `f-${randomUUID().slice(0, 8)}`, apiKey: canaryKey(), seed: plan.seed, limits: false },
    ...{ ...LEDGER, ...STILL, anchorAt: at, frozenAt: at },
  });
  const ledger = ledgerControl(ground.simulator, opened.name);
  const found = (await ledger.faces()).find((one) => one.face === face)!;
  const adapter = withSmallPages(ground.deps.adapterFor(found.type)!);
  const { credentials } = found;
  const access = { ...opened, ...found };
  const settings = { ...found.settings, ...SETTINGS };
  const configId = await connectTracker(ground.db, ground.vault, ground.organizationId, access, settings, adapter);
  // The offset of a config's slots comes from its id, which no seed decides.
  const startsAt = new Date(slotAt(configId, plan.startsAt, INTERVAL_MS).getTime() + plan.sinceSlotMs);
  await ledger.setClock({ freezeAt: startsAt.toISOString() });
  const time = runTime(startsAt);
  const http = createHttp({ allowedNetworks: ['127.0.0.0/8'], timeouts: PATIENCE, maxBodyBytes: LARGEST_ANSWER });
  const deps: Dependencies = {
    ...ground.deps,
    ...{ http, clock: time.now, sharedClock: time.running },
    ...{ adapterFor: () => adapter, random: () => chance.int(0, 999) / 1_000 },
  };
  const activities = activitiesOf(deps);
  return { ground, face, plan, time, http, ledger, adapter, configId, credentials, activities, faults: new Map() };
}

export async function closeAccount({ ledger, http }: Account): Promise<void> {
  await ledger.close();
  await http.close();
}

/** @param logPaths a pattern of the paths of its logs */
export async function lay(account: Account, logPaths: string, faults: readonly Laid[]): Promise<void> {
  for (const laid of faults) {
    const match = { nth: laid.nth, times: laid.times, ...(laid.isOfLogs ? { path: logPaths } : {}) };
    const { id } = await account.ledger.addFault({ match, fault: laid.fault });
    account.faults.set(id, laid);
  }
}
