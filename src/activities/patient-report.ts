// A report with more pages than the tracker answers in a minute: it goes on where it was turned away, and not from its start.

import { withoutSecrets } from '../adapters/redact.ts';
import type { TrackerRequest } from '../adapters/sources.ts';
import type { Json } from '../core/resources.ts';
import { MINUTE_MS } from '../core/windows.ts';
import { dropAnswers, keepAnswers, readAnswers } from '../store/report-answers.ts';
import { TurnAway } from './call-turns.ts';
import type { Slice } from './slice.ts';

/** Where nothing came for so long, all of it is asked for again: both sides of a day go on growing. */
const LONGEST_KEPT_MS = 30 * MINUTE_MS;

/** What `work` asks is not asked twice, also where it is begun anew after a wait for its turn. */
export async function patiently(slice: Slice, work: (slice: Slice) => Promise<void>): Promise<void> {
  const { deps, config, session } = slice;
  const now = deps.clock();
  const found = await readAnswers(deps.db, config.id);
  const isOfUse = found !== null && now.getTime() - found.since.getTime() < LONGEST_KEPT_MS;
  const answers = isOfUse ? found.answers : new Map<string, Json>();
  const call = async (request: TrackerRequest): Promise<Json> => {
    const asked = JSON.stringify([request.path, request.query ?? null, request.body ?? null]);
    const known = answers.get(asked);
    if (known !== undefined) return known;
    const body = await session.call(request);
    answers.set(asked, withoutSecrets(body));
    return body;
  };
  try {
    await work({ ...slice, session: { ...session, call } });
    if (found !== null) await dropAnswers(deps.db, config.id);
  } catch (error) {
    if (error instanceof TurnAway && answers.size > 0) await keepAnswers(deps.db, config.id, { since: now, answers });
    throw error;
  }
}
