// The one place that turns a tracker's trouble into what happens next: try again, leave a resource out, or ask a person.

import { asBadKey, HINTS } from '../adapters/trouble.ts';
import { backoffMs, LONGEST_RETRY_AFTER_MS } from '../core/backoff.ts';
import { type ErrorKind, type LastError, needsPerson, TrackerError } from '../core/errors.ts';
import type { Evidence, Resource } from '../core/resources.ts';
import { DAY_MS } from '../core/windows.ts';
import { intervalOf } from '../store/plan.ts';
import {
  isNeverRead,
  leaveOut,
  markUnavailable,
  noteRefusal,
  type Refusals,
  standsStill,
} from '../store/resource-state.ts';
import { noteRunTrouble } from '../store/runs.ts';
import { noteBlocked, noteRetry, type SyncConfig } from '../store/sync-state.ts';
import type { Dependencies } from './dependencies.ts';

/** What a tracker may say of one resource while the others answer. */
const OF_ONE_RESOURCE: ReadonlySet<ErrorKind> = new Set([
  ...(['refused', 'plan', 'forbidden', 'not_the_tracker'] as const),
  ...(['server_error', 'timeout', 'bad_answer'] as const),
]);
/** So often running it may be a passing fault, and all of the config waits a moment. */
const PASSING_TRIES = 3;
/** A resource that has answered before may be away that long until it counts as not given. */
const AWAY_MS = DAY_MS;

/** Trouble that the others need not share; a wait that is asked for is the whole tracker's. */
export const othersMayGoOn = (error: unknown): error is TrackerError =>
  error instanceof TrackerError && OF_ONE_RESOURCE.has(error.kind) && error.details.retryAfterMs === undefined;

export async function settleTrouble(
  deps: Dependencies,
  config: SyncConfig,
  about: { runId: string | null; resource: string | null },
  trouble: TrackerError,
): Promise<void> {
  const error = told(deps, config, trouble);
  deps.logger.warn({ configId: config.id, kind: error.kind, resource: about.resource }, error.message);
  if (about.runId !== null) await noteRunTrouble(deps.db, about.runId, 0, error);
  if (about.resource !== null && OF_ONE_RESOURCE.has(trouble.kind)) {
    const now = deps.clock();
    const resource = about.resource as Resource;
    const refusals = await noteRefusal(deps.db, config.id, resource, now);
    if (refusals.count < PASSING_TRIES) return retry(deps, config, trouble, error);
    // Nothing hangs on the daily totals: where all is refused, the next cycle finds it out by itself.
    const isAlone = refusals.othersAnswer || resource === 'totals';
    if (isAlone) return settleResource(deps, config, resource, trouble, error, refusals);
  }
  const isTooLong = (trouble.details.retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS;
  if (needsPerson(trouble.kind) || isTooLong) {
    const whole = asBadKey(deps.adapterFor(config.type)?.badKeyStatuses, trouble);
    return noteBlocked(deps.db, config, told(deps, config, whole), whole.kind);
  }
  return retry(deps, config, trouble, error);
}

/** One resource alone: not given, or away for a while. */
async function settleResource(
  deps: Dependencies,
  config: SyncConfig,
  resource: Resource,
  trouble: TrackerError,
  error: LastError,
  refusals: Refusals,
): Promise<void> {
  const now = deps.clock().getTime();
  const isGone = trouble.kind === 'bad_answer' ? isContradictory : isRefused;
  if (await isGone(deps, config, resource, trouble, refusals))
    return markUnavailable(deps.db, config.id, resource, error.message);
  const waitMs = backoffMs(refusals.count, intervalOf(config.settings), deps.random());
  return leaveOut(deps.db, config.id, resource, error.message, new Date(now + waitMs));
}

type IsGone = (
  deps: Dependencies,
  config: SyncConfig,
  resource: Resource,
  trouble: TrackerError,
  refusals: Refusals,
) => Promise<boolean>;

const hasLasted = ({ clock }: Dependencies, { since }: Refusals): boolean =>
  clock().getTime() - since.getTime() >= AWAY_MS;

/** A tracker that does not answer gives what it gave before: it is away. */
const isRefused: IsGone = async (deps, _config, _resource, { kind, details }, refusals) =>
  kind !== 'timeout' && (details.status ?? 500) <= 500 && (!refusals.hasAnswered || hasLasted(deps, refusals));

/** Rows that shift contradict themselves for moments; who does so for a day, be it in one old window alone, does so for ever. */
const isContradictory: IsGone = async (deps, config, resource, _trouble, refusals) =>
  hasLasted(deps, refusals) ||
  (await standsStill(deps.db, config.id, resource, AWAY_MS)) ||
  (isAssumed(deps, config, resource) && (!refusals.hasAnswered || (await isNeverRead(deps.db, config.id, resource))));

/** A log that nobody has seen: what contradicts our assumptions need not be a fault that passes. */
const isAssumed = ({ adapterFor }: Dependencies, { type }: SyncConfig, resource: Resource): boolean => {
  const logs: Partial<Record<Resource, { evidence: Evidence }>> = adapterFor(type)?.logs ?? {};
  return logs[resource]?.evidence === 'assumed';
};

/** What the tracker asks for is obeyed to the millisecond; where it says nothing, the tries so far decide. */
async function retry(deps: Dependencies, config: SyncConfig, trouble: TrackerError, error: LastError): Promise<void> {
  const asked = trouble.details.retryAfterMs;
  const waitMs = asked ?? backoffMs(config.fruitless_tries + 1, intervalOf(config.settings), deps.random());
  const kind = asked === undefined ? 'backoff' : 'rate_limited';
  await noteRetry(deps.db, config, error, { at: new Date(deps.clock().getTime() + waitMs), kind });
}

function told(deps: Dependencies, config: SyncConfig, trouble: TrackerError): LastError {
  const title = deps.adapterFor(config.type)?.title ?? config.type;
  const { status, said, hint } = trouble.details;
  const what = status === undefined ? trouble.message : `${title} answered ${status}`;
  return {
    kind: trouble.kind,
    message: said === undefined || said === '' ? what : `${what}: ${said}`,
    hint: hint ?? HINTS[trouble.kind],
    at: deps.clock().toISOString(),
  };
}
