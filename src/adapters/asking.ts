// What every page has in common: it is asked for, its items are found, its rows are mapped or set aside.
import { UnreadableRowError } from '../core/errors.ts';
import type { Json, JsonObject, UnreadableRow } from '../core/resources.ts';
import { type Cursor, type LogPaging, limitOf } from './paging.ts';
import { isObject } from './reading.ts';
import { redact, withoutSecrets } from './redact.ts';
import { wordsOf } from './said.ts';
import type { Session } from './session.ts';
import type { MapContext, PageAsk, TrackerRequest } from './sources.ts';
import { troubleWithAnswer } from './trouble.ts';

export async function ask(
  session: Session,
  request: TrackerRequest,
  itemsOf: (body: Json) => Json[] | null,
): Promise<{ body: Json; items: Json[] }> {
  const body = await session.call(request);
  const items = itemsOf(body);
  if (items !== null) return { body, items };
  const said = wordsOf(body) ?? 'JSON of another shape';
  throw troubleWithAnswer(200, session.adapter.title, redact(said, session.secrets, 300));
}

/** What is known of the account beside its rows. */
export function contextOf({ connection }: Session, more: Partial<MapContext> = {}): MapContext {
  const { currency, timezone } = connection.settings;
  return { currency, timezone, parentId: null, day: null, idOf: () => null, ...more };
}

export function askFor(paging: LogPaging, cursor: Cursor): PageAsk {
  const { offset, page, token, limit = limitOf(paging) } = cursor;
  return { limit, offset, page, token };
}

export function mapRows<T>(
  session: Session,
  items: readonly Json[],
  map: (item: JsonObject) => T,
): { records: T[]; unreadable: UnreadableRow[] } {
  const records: T[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const item of items) {
    try {
      if (!isObject(item)) throw new UnreadableRowError('not an object');
      records.push(map(item));
    } catch (error) {
      if (!(error instanceof UnreadableRowError)) throw error;
      const kept = JSON.stringify(withoutSecrets(item));
      unreadable.push({ reason: error.message, raw: redact(kept, session.secrets, 20_000) });
    }
  }
  return { records, unreadable };
}
