// GET /report grouped by campaign: visits of a time, and what they came to; what is nothing is left out.
import { clicksOf } from '../../ledger/truth.ts';
import type { AnswerNotes, FaceAnswer, FaceContext } from '../face.ts';
import { Refusal, success } from './answers.ts';
import { numberIn, parseSpan } from './query.ts';
import { idText, isCounted, isPaid, moneyOf } from './values.ts';

const usualRows = 100;

interface Sums {
  visits: number;
  conversions: number;
  costMicros: number;
  revenueMicros: number;
}

export function answerReport(
  query: URLSearchParams,
  { ledger, options: all }: FaceContext,
  notes: AnswerNotes,
): FaceAnswer {
  const options = all.bemob;
  const groupBy = query.get('groupBy') ?? '';
  if (groupBy !== options.groupBy) throw new Refusal(400, `groupBy: unknown value ${groupBy}`);
  const { from, to } = parseSpan(query, true, notes);
  const limit = numberIn(query, 'limit', usualRows, 1);
  const asOf = ledger.now();
  const sums = new Map<number, Sums>();
  for (const index of clicksOf(ledger, { from, to, asOf, by: 'click' })) {
    const campaign = ledger.campaignOf(index);
    const sum = sums.get(campaign) ?? { visits: 0, conversions: 0, costMicros: 0, revenueMicros: 0 };
    sum.visits++;
    sum.costMicros += ledger.costMicros(index, campaign, ledger.order.secondOf(index));
    for (const id of ledger.conversions.ofClick(index)) {
      const state = ledger.conversions.stateAt(id, asOf);
      if (state === null) continue;
      if (isCounted(state)) sum.conversions++;
      if (isPaid(state)) sum.revenueMicros += state.revenueMicros;
    }
    sums.set(campaign, sum);
  }
  const columns = new Set(query.getAll('columns'));
  const rows = [...sums].slice(0, limit).map(([position, { visits, conversions, costMicros, revenueMicros }]) => {
    const fields = {
      'reports-campaignId': idText('campaign', ledger.catalog.campaigns[position]!.id),
      ...{ 'reports-visits': visits, 'reports-conversions': conversions },
      ...{ 'reports-revenue': moneyOf(revenueMicros, options), 'reports-cost': moneyOf(costMicros, options) },
    };
    return Object.fromEntries(
      Object.entries(fields).filter(([name, value]) => columns.has(name) && Number(value) !== 0),
    );
  });
  Object.assign(notes, { limit, rows: rows.length });
  return success({ data: rows }, notes);
}
