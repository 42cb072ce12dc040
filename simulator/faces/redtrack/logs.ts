// GET /tracks and GET /conversions: whole days of the account, no order.
import type { AnswerNotes, FaceAnswer, FaceContext } from '../face.ts';
import { jsonAnswer } from './answers.ts';
import { parseDays, parsePage } from './query.ts';
import { conversionOf, trackOf, typeOf, type Writing } from './rows.ts';
import { clicksOf, conversionsOf, newestFirst, type Selection, scattered } from './selection.ts';
import { totalOf } from './values.ts';

/** Answers a page of a log; `notes` receives what was asked and how many rows went out. */
export function answerLog(
  log: 'clicks' | 'conversions',
  query: URLSearchParams,
  { ledger, options: { redtrack: options } }: FaceContext,
  notes: AnswerNotes,
): FaceAnswer {
  const days = parseDays(query, options.timezone);
  const { offset, limit } = parsePage(query, options.maxPer);
  Object.assign(notes, { window: days.asked, offset, limit });
  const writing: Writing = { ledger, options, zone: days.zone, asOf: ledger.now() };
  const all = log === 'clicks' ? clicksOf(ledger, days, writing.asOf) : ofType(query.get('type'), days, writing);
  const selection = options.order === 'newest' ? newestFirst(all) : scattered(all);
  const numbers = selection.page(offset, limit);
  const items = numbers.map((number) => (log === 'clicks' ? trackOf(number, writing) : conversionOf(number, writing)));
  notes.rows = items.length;
  return jsonAnswer({ items: items.length > 0 ? items : null, ...totalOf(selection.total, options) }, notes);
}

function ofType(type: string | null, days: Parameters<typeof conversionsOf>[1], writing: Writing): Selection {
  const { ledger, asOf } = writing;
  const all = conversionsOf(ledger, days, asOf);
  if (type === null) return all;
  const numbers = all
    .page(0, all.total)
    .filter((id) => typeOf(id, ledger, ledger.conversions.stateAt(id, asOf)!.status) === type);
  return { total: numbers.length, page: (offset, limit) => numbers.slice(offset, offset + limit) };
}
