// One slice: the lease, the opened account, the calls on record; whatever happens, it ends with what is to be done next.
import { randomUUID } from 'node:crypto';
import type { Adapter } from '../adapters/adapter.ts';
import { openSession, type Session } from '../adapters/session.ts';
import { TrackerError } from '../core/errors.ts';
import type { Step } from '../core/sync.ts';
import { acquireLease, type LeaseHolder, mayCall, releaseLease, renewLease } from '../store/leases.ts';
import { nextStep } from '../store/plan.ts';
import { type RequestEntry, recordRequests } from '../store/requests.ts';
import { noteRunTrouble } from '../store/runs.ts';
import { readSyncConfig, type SyncConfig } from '../store/sync-state.ts';
import { VaultError } from '../store/vault.ts';
import { openCredentials } from '../store/vault-credentials.ts';
import { Superseded } from '../store/windows.ts';
import type { Dependencies, Execution } from './dependencies.ts';
import { settleTrouble } from './outcome.ts';

export interface Slice {
  deps: Dependencies;
  config: SyncConfig;
  adapter: Adapter;
  session: Session;
  /** The run that the calls from here on belong to, and what they ask for. */
  about: { runId: string | null; resource: string | null };
  /** Calls not on record yet; a page's transaction takes them along. */
  calls: RequestEntry[];
  isOver(): boolean;
}

/** The slice is to end now: paused, deleted, superseded, or told so. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

const RENEW_EVERY_MS = 5_000;
const HEARTBEAT_EVERY_MS = 1_000;

/** Runs one slice of work and answers the config's next step. Throws only for trouble of our own. */
export async function runSlice(
  deps: Dependencies,
  execution: Execution,
  configId: string,
  work: (slice: Slice) => Promise<void>,
): Promise<Step> {
  const next = (): Promise<Step> => nextStep(deps.db, configId, deps.clock());
  const config = await readSyncConfig(deps.db, configId);
  if (config === null || config.desired_state !== 'active') return next();
  const holder: LeaseHolder = {
    configId,
    organizationId: config.organization_id,
    token: randomUUID(),
    changedAt: config.updated_at,
  };
  const heldUntil = await acquireLease(deps.db, holder);
  if (heldUntil !== null) return waitFor(await next(), heldUntil);
  const alive = stayAlive(deps, execution, holder);
  try {
    await attempt(deps, execution, config, holder, work);
  } finally {
    alive.stop();
    await releaseLease(deps.db, holder);
  }
  return next();
}

/** Another attempt is at it: look again when its lease has ended. */
export function waitFor(step: Step, until: Date): Step {
  if (step.kind !== 'work') return step;
  return {
    ...step,
    kind: 'rest',
    until: until.toISOString(),
    due: null,
    details: 'Waiting for another attempt to end',
  };
}

async function attempt(
  deps: Dependencies,
  execution: Execution,
  config: SyncConfig,
  holder: LeaseHolder,
  work: (slice: Slice) => Promise<void>,
): Promise<void> {
  const calls: RequestEntry[] = [];
  const about: Slice['about'] = { runId: null, resource: null };
  let trouble: TrackerError | null = null;
  try {
    const slice = openSlice(deps, execution, config, holder, calls, about);
    await work(slice);
  } catch (error) {
    if (error instanceof Superseded || error instanceof Stopped) return;
    trouble = asTrouble(error);
    // A call that was told to stop fails like any other; it is no trouble of the tracker's.
    if (execution.signal.aborted) trouble = null;
  } finally {
    await recordCalls(deps, config, calls, about);
  }
  if (trouble !== null) await settleTrouble(deps, config, about, trouble);
}

function openSlice(
  deps: Dependencies,
  execution: Execution,
  config: SyncConfig,
  holder: LeaseHolder,
  calls: RequestEntry[],
  about: Slice['about'],
): Slice {
  const adapter = deps.adapterFor(config.type);
  if (adapter === undefined) throw new TrackerError('refused', `no adapter for ${config.type}`);
  const { currency, timezone, paths } = adapter.settings.parse(config.settings) as Session['connection']['settings'];
  const connection = {
    url: config.url,
    credentials: openCredentials(deps.vault, config),
    settings: { currency, timezone, ...(paths === undefined ? {} : { paths }) },
  };
  const permit = async (): Promise<void> => {
    if (execution.signal.aborted || !(await mayCall(deps.db, holder))) throw new Stopped('not wanted any more');
  };
  const session = openSession(adapter, connection, {
    http: deps.http,
    onCall: (call) => calls.push({ ...call, resource: about.resource }),
    signal: execution.signal,
    permit,
  });
  const endsAt = deps.clock().getTime() + deps.sliceMs;
  const isOver = (): boolean => execution.signal.aborted || deps.clock().getTime() >= endsAt;
  return { deps, config, adapter, session, about, calls, isOver };
}

function asTrouble(error: unknown): TrackerError {
  if (error instanceof TrackerError) return error;
  if (error instanceof VaultError) return new TrackerError('vault', error.message);
  throw error;
}

/** Calls that no page's transaction took along, above all the one that failed: on record before the next try. */
async function recordCalls(
  deps: Dependencies,
  config: SyncConfig,
  calls: RequestEntry[],
  about: Slice['about'],
): Promise<void> {
  if (calls.length === 0) return;
  const owner = { organizationId: config.organization_id, configId: config.id, runId: about.runId };
  await recordRequests(deps.db, owner, calls);
  if (about.runId !== null) await noteRunTrouble(deps.db, about.runId, calls.length, null);
  calls.length = 0;
}

function stayAlive(deps: Dependencies, execution: Execution, holder: LeaseHolder): { stop(): void } {
  const beat = setInterval(() => execution.heartbeat(), HEARTBEAT_EVERY_MS);
  // A renewal that fails is no news: the next call asks for its permit anyway.
  const renew = setInterval(() => void renewLease(deps.db, holder).catch(() => {}), RENEW_EVERY_MS);
  return {
    stop() {
      clearInterval(beat);
      clearInterval(renew);
    },
  };
}
