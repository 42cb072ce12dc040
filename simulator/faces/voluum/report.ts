// GET /report by campaign, or by day and campaign: conversions count by their postback or their visit, as the account is set.
import { clicksOf } from '../../ledger/truth.ts';
import { dayText } from '../../zone.ts';
import type { AnswerNotes, FaceAnswer, FaceContext } from '../face.ts';
import { badRequest, jsonAnswer } from './answers.ts';
import { uuidOf } from './ids.ts';
import { postbacksBetween, postbacksOf } from './postbacks.ts';
import { envelope, parseReport } from './query.ts';
import { moneyOf } from './rows.ts';

interface Sums {
  day: string;
  campaign: number;
  visits: number;
  conversions: number;
  costMicros: number;
  revenueMicros: number;
}

export function answerReport(query: URLSearchParams, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  const { ledger, options } = context;
  const groups = query.getAll('groupBy').sort().join();
  if (groups !== 'campaign' && groups !== 'campaign,day') throw badRequest('unknown groupBy');
  const asked = parseReport(query, options.voluum, notes);
  const asOf = ledger.now();
  const sums = new Map<string, Sums>();
  for (const index of clicksOf(ledger, { from: asked.from, to: asked.to, asOf, by: 'click' })) {
    const second = ledger.order.secondOf(index);
    const campaign = ledger.campaignOf(index);
    const day = groups === 'campaign' ? '' : dayText(asked.zone.dayOf(second));
    const sum = sumIn(sums, day, campaign);
    sum.visits++;
    sum.costMicros += ledger.costMicros(index, campaign, second);
    if (options.voluum.conversionTime === 'postback') continue;
    for (const id of ledger.conversions.ofClick(index)) {
      for (const { micros } of postbacksOf(ledger, id, asOf)) addPostback(sum, micros);
    }
  }
  if (options.voluum.conversionTime === 'postback') {
    for (const { conversion, second, micros } of postbacksBetween(ledger, asked.from, asked.to, asOf)) {
      const day = groups === 'campaign' ? '' : dayText(asked.zone.dayOf(second));
      addPostback(sumIn(sums, day, ledger.campaignOf(ledger.conversions.clickIndexOf(conversion))), micros);
    }
  }
  // Without TRAFFIC the idle ones come too.
  if (groups === 'campaign' && query.get('include') !== 'TRAFFIC')
    for (const campaign of ledger.catalog.campaigns.keys()) sumIn(sums, '', campaign);
  const rows = [...sums.values()].map(({ day, campaign, visits, conversions, costMicros, revenueMicros }) => ({
    ...(day === '' ? {} : { day }),
    campaignId: uuidOf('campaign', ledger.catalog.campaigns[campaign]!.id),
    campaignName: ledger.catalog.campaigns[campaign]!.name,
    ...{ visits, conversions, revenue: moneyOf(revenueMicros), cost: moneyOf(costMicros) },
  }));
  return jsonAnswer(envelope(rows, asked, options.voluum, notes), notes);
}

function addPostback(sum: Sums, micros: number): void {
  sum.conversions++;
  sum.revenueMicros += micros;
}

function sumIn(sums: Map<string, Sums>, day: string, campaign: number): Sums {
  const key = `${day} ${campaign}`;
  const sum = sums.get(key) ?? { day, campaign, visits: 0, conversions: 0, costMicros: 0, revenueMicros: 0 };
  sums.set(key, sum);
  return sum;
}
