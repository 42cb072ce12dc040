// The one place that turns a tracker's trouble into what happens next: try again, leave a resource out, or ask a person.

import { HINTS } from '../adapters/trouble.ts';
import { backoffMs, LONGEST_RETRY_AFTER_MS } from '../core/backoff.ts';
import { type ErrorKind, type LastError, needsPerson, type TrackerError } from '../core/errors.ts';
import type { Resource } from '../core/resources.ts';
import { intervalOf } from '../store/plan.ts';
import { noteRunTrouble } from '../store/runs.ts';
import { markUnavailable, noteBlocked, noteRefusal, noteRetry, type SyncConfig } from '../store/sync-state.ts';
import type { Dependencies } from './dependencies.ts';

/** Refusals of one resource, three running, while others answer: this tracker does not give it. */
const REFUSALS: ReadonlySet<ErrorKind> = new Set(['refused', 'plan', 'forbidden', 'not_the_tracker']);
const REFUSALS_RUNNING = 3;

export async function settleTrouble(
  deps: Dependencies,
  config: SyncConfig,
  about: { runId: string | null; resource: string | null },
  trouble: TrackerError,
): Promise<void> {
  const error = told(deps, config, trouble);
  deps.logger.warn({ configId: config.id, kind: error.kind, resource: about.resource }, error.message);
  if (about.runId !== null) await noteRunTrouble(deps.db, about.runId, 0, error);
  if (REFUSALS.has(trouble.kind) && about.resource !== null) {
    const { refusals, othersAnswer } = await noteRefusal(deps.db, config.id, about.resource as Resource);
    if (refusals >= REFUSALS_RUNNING && othersAnswer) {
      return markUnavailable(deps.db, config.id, about.resource as Resource, error.message);
    }
    if (refusals < REFUSALS_RUNNING) return retry(deps, config, trouble, error);
  }
  const isTooLong = (trouble.details.retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS;
  if (needsPerson(trouble.kind) || isTooLong) return noteBlocked(deps.db, config, error, trouble.kind);
  return retry(deps, config, trouble, error);
}

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
