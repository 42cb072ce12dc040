// GET /report/conversions and GET /report/live/visits/{campaign}: all postbacks of whole hours, and the latest visits alone.
import type { Ledger } from '../../ledger/ledger.ts';
import type { AnswerNotes, FaceAnswer, FaceContext } from '../face.ts';
import { badRequest, jsonAnswer, Refusal } from './answers.ts';
import { numberOf } from './ids.ts';
import { type Postback, postbacksBetween } from './postbacks.ts';
import { envelope, number, parseReport, zoneNamed } from './query.ts';
import { conversionRow, liveVisit, withColumns } from './rows.ts';

export function answerConversions(query: URLSearchParams, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  const { ledger } = context;
  const options = context.options.voluum;
  const { from, to, zone, limit, offset } = parseReport(query, options, notes);
  const columns = query.getAll('columns');
  if (columns.length > 0 && !options.knowsNamedColumns) throw badRequest('unknown column');
  const asOf = ledger.now();
  const postbacks = inOrder(postbacksBetween(ledger, from, to, asOf), query);
  const writing = { zone, asOf, offerCurrency: options.offerCurrency };
  const page = postbacks.slice(offset, offset + limit).map((postback) => {
    const row = withColumns(conversionRow(ledger, postback, writing), columns);
    if (row === null) throw badRequest('unknown column');
    return row;
  });
  const rows = postbacks.map((_, i) => page[i - offset] ?? {});
  return jsonAnswer(envelope(rows, { limit, offset }, options, notes), notes);
}

/** Without `sort` the order means nothing. */
function inOrder(postbacks: Postback[], query: URLSearchParams): Postback[] {
  const sort = query.get('sort');
  if (sort === null) return scattered(postbacks);
  if (sort !== 'postbackTimestamp') throw badRequest(`unknown column: ${sort}`);
  return query.get('direction') === 'ASC' ? postbacks : postbacks.toReversed();
}

function scattered(postbacks: Postback[]): Postback[] {
  const step = 7;
  return Array.from({ length: step }, (_, first) => postbacks.filter((__, i) => i % step === step - 1 - first)).flat();
}

const scannedClicks = 5_000;

export function answerLiveVisits(
  campaignId: string,
  query: URLSearchParams,
  context: FaceContext,
  notes: AnswerNotes,
): FaceAnswer {
  const { ledger } = context;
  const options = context.options.voluum;
  const asked = number(query, 'limit', 100);
  if (asked > options.maxLiveLimit) throw badRequest('limit is too high');
  const zone = zoneNamed(query.get('tz') ?? options.timezone);
  const wanted = numberOf('campaign', campaignId);
  const campaign = ledger.catalog.campaigns.findIndex(({ id }) => id === wanted);
  if (campaign < 0) throw new Refusal(404, 'NOT_FOUND', 'no such campaign');
  const limit = Math.min(asked, options.liveVisits);
  const asOf = ledger.now();
  const rows = latestOf(ledger, campaign, limit, asOf).map((index) => liveVisit(ledger.click(index, asOf), zone));
  return jsonAnswer(envelope(rows, { limit, offset: 0 }, { ...options, total: 'number' }, notes), notes);
}

/** The latest first. */
function latestOf(ledger: Ledger, campaign: number, limit: number, asOf: number): number[] {
  const found: number[] = [];
  for (let end = ledger.order.count(0, asOf); end > 0 && found.length < limit; end -= scannedClicks) {
    const start = Math.max(0, end - scannedClicks);
    const part = ledger.order.slice(0, asOf, start, end - start).reverse();
    found.push(...part.filter((index) => ledger.campaignOf(index) === campaign));
  }
  return found.slice(0, limit);
}
