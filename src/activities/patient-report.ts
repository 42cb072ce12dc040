// A report with more pages than the tracker answers in a minute: it goes on where it was turned away, and not from its start.
import type { TrackerRequest } from '../adapters/adapter.ts';
import { withoutSecrets } from '../adapters/redact.ts';
import type { Session } from '../adapters/session.ts';
import type { Json } from '../core/resources.ts';
import { MINUTE_MS } from '../core/windows.ts';
import { dropAnswers, keepAnswers, readAnswers } from '../store/report-answers.ts';
import { TurnAway } from './call-turns.ts';
import type { Slice } from './slice.ts';

/** An answer that is older is asked for again: both sides of a day go on growing. */
const LONGEST_KEPT_MS = 30 * MINUTE_MS;

/** What `work` asks is not asked twice, also where it is begun anew after a wait for its turn. */
export async function patiently<T>(slice: Slice, work: (session: Session) => Promise<T>): Promise<T> {
  const { deps, config, session } = slice;
  const now = deps.clock();
  const found = await readAnswers(deps.db, config.id);
  const isOfUse = found !== null && now.getTime() - found.since.getTime() < LONGEST_KEPT_MS;
  const kept = isOfUse ? found : { since: now, answers: new Map<string, Json>() };
  const call = async (request: TrackerRequest): Promise<Json> => {
    const asked = JSON.stringify([request.path, request.query ?? null, request.body ?? null]);
    const known = kept.answers.get(asked);
    if (known !== undefined) return known;
    const body = await session.call(request);
    kept.answers.set(asked, withoutSecrets(body));
    return body;
  };
  try {
    const result = await work({ ...session, call });
    if (found !== null) await dropAnswers(deps.db, config.id);
    return result;
  } catch (error) {
    if (error instanceof TurnAway && kept.answers.size > 0) await keepAnswers(deps.db, config.id, kept);
    throw error;
  }
}
