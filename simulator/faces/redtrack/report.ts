// GET /report grouped by day and campaign: conversions are booked on their click's day, declined ones not at all.
import { clicksOf } from '../../ledger/truth.ts';
import { dayText } from '../../zone.ts';
import type { AnswerNotes, FaceAnswer, FaceContext } from '../face.ts';
import { jsonAnswer, Refusal } from './answers.ts';
import { idText } from './ids.ts';
import { parseDays, parsePage } from './query.ts';
import { isCounted, moneyOf } from './values.ts';

const longestPage = 1_000;

interface Sums {
  day: string;
  campaign: number;
  clicks: number;
  conversions: number;
  costMicros: number;
  revenueMicros: number;
}

export function answerReport(query: URLSearchParams, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  const { ledger } = context;
  const options = context.options.redtrack;
  if (query.get('group') !== 'date,campaign') throw new Refusal(400, 'unknown group');
  const days = parseDays(query, query.get('timezone') ?? options.timezone);
  const { offset, limit } = parsePage(query, longestPage);
  Object.assign(notes, { window: days.asked, offset, limit });
  const asOf = ledger.now();
  const groups = new Map<string, Sums>();
  for (const index of clicksOf(ledger, { from: days.from, to: days.to, asOf, by: 'click' })) {
    const second = ledger.order.secondOf(index);
    const campaign = ledger.campaignOf(index);
    const day = dayText(days.zone.dayOf(second));
    const sums = sumsIn(groups, day, campaign);
    sums.clicks++;
    sums.costMicros += ledger.costMicros(index, campaign, second);
    for (const id of ledger.conversions.ofClick(index)) {
      const state = ledger.conversions.stateAt(id, asOf);
      if (state === null || !isCounted(state)) continue;
      sums.conversions++;
      sums.revenueMicros += state.revenueMicros;
    }
  }
  const rows = [...groups.values()].map(({ day, campaign, clicks, conversions, costMicros, revenueMicros }) => ({
    date: day,
    campaign: ledger.catalog.campaigns[campaign]!.name,
    campaign_id: idText('campaign', ledger.catalog.campaigns[campaign]!.id),
    clicks,
    // Those of the default type; all of them are in the totals.
    conversions: Math.floor(conversions / 2),
    revenue: moneyOf(Math.floor(revenueMicros / 2), options),
    total_conversions: conversions,
    total_revenue: moneyOf(revenueMicros, options),
    cost: moneyOf(costMicros, options),
    profit: moneyOf(revenueMicros - costMicros, options),
  }));
  const page = rows.slice(offset, offset + limit);
  notes.rows = page.length;
  const items = page.length > 0 ? page : null;
  if (query.get('total') !== 'true') return jsonAnswer(items, notes);
  return jsonAnswer({ items, total: { clicks: rows.reduce((sum, { clicks }) => sum + clicks, 0) } }, notes);
}

function sumsIn(groups: Map<string, Sums>, day: string, campaign: number): Sums {
  const key = `${day} ${campaign}`;
  let sums = groups.get(key);
  if (sums === undefined) {
    sums = { day, campaign, clicks: 0, conversions: 0, costMicros: 0, revenueMicros: 0 };
    groups.set(key, sums);
  }
  return sums;
}
