// One slice: the lease, the opened account, the calls on record; whatever happens, it ends with what is to be done next.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Adapter } from '../adapters/adapter.ts';
import { openSession, type Session } from '../adapters/session.ts';
import { settingsOf } from '../adapters/settings.ts';
import { TrackerError } from '../core/errors.ts';
import type { Step } from '../core/sync.ts';
import { isPassing } from '../store/data-error.ts';
import { acquireLease, type LeaseHolder, mayCall, releaseLease } from '../store/leases.ts';
import { nextStep } from '../store/plan.ts';
import { type RequestEntry, recordRequests } from '../store/requests.ts';
import { noteRunTrouble } from '../store/runs.ts';
import { noteAskedWait, noteTurn, readSyncConfig, type SyncConfig } from '../store/sync-state.ts';
import { VaultError } from '../store/vault.ts';
import { openCredentials } from '../store/vault-credentials.ts';
import { isKept, Superseded } from '../store/windows.ts';
import { type CallTurns, openTurns, Stopped, TurnAway } from './call-turns.ts';
import { beating, type Dependencies, type Execution } from './dependencies.ts';
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

/** So long, at most, a call that waits for its answer outlives a pause or a changed key. */
const LOOK_EVERY_MS = 2_000;
const TELL_AGAIN_MS = 1_000;

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
  const lease = keepLease(deps, holder);
  const held = { ...execution, signal: AbortSignal.any([execution.signal, lease.lost, deps.stopping]) };
  try {
    await beating(execution, () => attempt(deps, held, config, holder, work));
  } finally {
    lease.stop();
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
  let opened: { slice: Slice; turns: CallTurns } | null = null;
  let trouble: TrackerError | null = null;
  let turnedAway: TurnAway | null = null;
  try {
    opened = openSlice(deps, execution, config, holder, calls, about);
    await work(opened.slice);
  } catch (error) {
    if (error instanceof Superseded || error instanceof Stopped) return;
    if (error instanceof TurnAway) turnedAway = error;
    else trouble = asTrouble(error);
    // A call that was told to stop fails like any other; it is no trouble of the tracker's.
    if (execution.signal.aborted) trouble = null;
  } finally {
    // Asked for each time: an answer may still be on its way in.
    const asked = (): Date | null => opened?.turns.askedWait() ?? null;
    await untilHeard(execution, trouble !== null || asked() !== null, async () => {
      await recordCalls(deps, config, calls, about);
      if (trouble !== null) await settleTrouble(deps, config, about, trouble);
      if (turnedAway !== null) await noteTurn(deps.db, config, turnedAway);
      const until = asked();
      if (until !== null) await noteAskedWait(deps.db, config.id, until);
      await opened?.turns.tellSilence();
    }).finally(() => opened?.turns.close());
  }
}

/**
 * With the database away, what the tracker told us lives here alone: the next attempt would ask again too early. It is
 * told again and again, until it is heard or the activity is to end.
 */
async function untilHeard(execution: Execution, isInsistent: boolean, tell: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await tell();
    } catch (error) {
      if (!isInsistent || execution.signal.aborted || !isPassing(error)) throw error;
      await sleep(TELL_AGAIN_MS);
    }
  }
}

function openSlice(
  deps: Dependencies,
  execution: Execution,
  config: SyncConfig,
  holder: LeaseHolder,
  calls: RequestEntry[],
  about: Slice['about'],
): { slice: Slice; turns: CallTurns } {
  const adapter = deps.adapterFor(config.type);
  if (adapter === undefined) throw new TrackerError('refused', `no adapter for ${config.type}`);
  const connection = {
    url: config.url,
    credentials: openCredentials(deps.vault, config),
    settings: settingsOf(adapter, config.settings),
  };
  const turns = openTurns(deps, holder, adapter, connection, execution.signal);
  const session = openSession(adapter, connection, {
    http: deps.http,
    onCall: (call) => calls.push({ ...call, resource: about.resource }),
    signal: execution.signal,
    permit: turns.take,
    tokens: deps.tokens.keeperFor(config),
    clock: deps.clock,
  });
  const endsAt = deps.clock().getTime() + deps.sliceMs;
  const isOver = (): boolean => execution.signal.aborted || deps.clock().getTime() >= endsAt;
  return { slice: { deps, config, adapter: session.adapter, session, about, calls, isOver }, turns };
}

function asTrouble(error: unknown): TrackerError {
  if (error instanceof TrackerError) return error;
  if (error instanceof VaultError) return new TrackerError('vault', error.message);
  throw error;
}

/**
 * Calls that no page's transaction took along, above all the one that failed: on record before the next try. A config
 * that is going leaves nothing behind, be it a call that was answered after its end.
 */
async function recordCalls(
  deps: Dependencies,
  config: SyncConfig,
  calls: RequestEntry[],
  about: Slice['about'],
): Promise<void> {
  if (calls.length === 0) return;
  const owner = { organizationId: config.organization_id, configId: config.id, runId: about.runId };
  await deps.db.transaction().execute(async (tx) => {
    if (!(await isKept(tx, config.id))) return;
    await recordRequests(tx, owner, calls);
    if (about.runId !== null) await noteRunTrouble(tx, about.runId, calls.length, null);
  });
  calls.length = 0;
}

/** Renews the lease for as long as it is ours and the calls are wanted; `lost` tells when they are not. */
function keepLease(deps: Dependencies, holder: LeaseHolder): { lost: AbortSignal; stop(): void } {
  const lost = new AbortController();
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    // A look that fails is no news: the next call asks for its permit anyway.
    if (!(await mayCall(deps.db, holder).catch(() => true))) lost.abort();
    isLooking = false;
  };
  const looking = setInterval(() => void look(), LOOK_EVERY_MS);
  return { lost: lost.signal, stop: () => clearInterval(looking) };
}
