// GET /report/campaign grouped by campaign: clicks of a time, and what they came to, whatever the status.

import { decimalOf } from '../../ledger/money.ts';
import { clicksOf } from '../../ledger/truth.ts';
import type { AnswerNotes, FaceAnswer, FaceContext } from '../face.ts';
import { jsonAnswer, Refusal } from './answers.ts';
import { foldedOf } from './folded.ts';
import { numberIn, parseSpan } from './query.ts';
import { seenById } from './seen.ts';
import { idOf } from './values.ts';

interface Sums {
  clicks: number;
  leads: number;
  costMicros: number;
  revenueMicros: number;
}

export function answerReport(query: URLSearchParams, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  const { ledger } = context;
  const options = context.options.binom_v2;
  const asked = query.getAll('ids[]').map(Number);
  if (asked.length === 0) throw new Refusal(400, 'Ids: Expected a non-empty value. Got: array');
  const groupings = query.getAll('groupings[]').join(',');
  if (groupings !== 'campaign') throw new Refusal(400, `Groupings: unknown grouping "${groupings}"`);
  const { from, to } = parseSpan(query, { ...options, endsInclusive: true }, notes);
  const [offset, limit] = [numberIn(query, 'offset', 0, 0), numberIn(query, 'limit', 100, 1)];
  const asOf = ledger.now();
  const seen = seenById(ledger.catalog, options);
  const ids = new Set(asked.filter((id) => seen.has(id)));
  const sums = new Map<number, Sums>();
  for (const index of clicksOf(ledger, { from, to, asOf, by: 'click' })) {
    const position = ledger.campaignOf(index);
    if (!ids.has(ledger.catalog.campaigns[position]!.id)) continue;
    const sum = sums.get(position) ?? { clicks: 0, leads: 0, costMicros: 0, revenueMicros: 0 };
    const folded = foldedOf(ledger, index, asOf);
    sums.set(position, {
      clicks: sum.clicks + 1,
      leads: sum.leads + (folded === null ? 0 : 1),
      costMicros: sum.costMicros + ledger.costMicros(index, position, ledger.order.secondOf(index)),
      revenueMicros: sum.revenueMicros + (folded?.payoutMicros ?? 0),
    });
  }
  const report = [...sums].sort(([, a], [, b]) => b.clicks - a.clicks).slice(offset, offset + limit);
  Object.assign(notes, { offset, limit, rows: report.length });
  const figures = ({ clicks, leads, costMicros, revenueMicros }: Sums) => ({
    ...{ clicks: String(clicks), leads: String(leads), cost: decimalOf(costMicros), revenue: decimalOf(revenueMicros) },
  });
  const rows = report.map(([position, sum]) => {
    const { id, name } = seen.get(ledger.catalog.campaigns[position]!.id)!;
    return { level: '1', entity_id: idOf(id, options), name, ...figures(sum) };
  });
  return jsonAnswer({ report: rows, totals: { total_count: sums.size } }, notes);
}
