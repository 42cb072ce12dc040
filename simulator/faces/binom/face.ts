// The Binom face: the routes below /public/api/v1, the key in its header, and who is refused what.
import type { AnswerNotes, Face, FaceAnswer, FaceContext, FaceRequest } from '../face.ts';
import { htmlNotFound } from '../html-not-found.ts';
import { jsonAnswer, Refusal } from './answers.ts';
import { campaignDetail, conversionFilters, lightList, panelTable, totalsRow } from './catalog.ts';
import { foldedBetween } from './folded.ts';
import { answerLog } from './logs.ts';
import type { BinomResource } from './options.ts';
import { numberIn, presetOf } from './query.ts';
import { answerReport } from './report.ts';
import { statusWord } from './values.ts';

const base = '/public/api/v1';
const usualLimit = 100;

export const binomV2: Face = {
  name: 'binom_v2',
  product: {
    type: 'binom_v2',
    credentials: (apiKey) => ({ apiKey }),
    word: statusWord,
    conversions: (ledger, { from, to, asOf }) =>
      foldedBetween(ledger, from, to, asOf, Number.POSITIVE_INFINITY).map(
        ({ clickIndex, second, status, payoutMicros }) => ({
          ...{ conversion: ledger.conversions.ofClick(clickIndex)[0]!, second, status, revenueMicros: payoutMicros },
        }),
      ),
  },
  answer(request, context) {
    const notes: AnswerNotes = { credential: credentialOf(request, context) };
    if (!request.path.startsWith(`${base}/`)) return htmlNotFound(notes);
    try {
      if (notes.credential !== 'right')
        throw new Refusal(401, 'Full authentication is required to access this resource.', 'Unauthorized');
      if (request.method !== 'GET') throw new Refusal(405, `No route found for "${request.method}"`, 'Not allowed');
      return answerCall(request.path.slice(base.length), request, context, notes);
    } catch (error) {
      if (error instanceof Refusal) return error.toAnswer(notes);
      throw error;
    }
  },
};

function answerCall(path: string, { query }: FaceRequest, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  if (path === '/user/role') return jsonAnswer({ id: 2, role: 'admin' }, notes);
  if (path === '/clicklog') {
    refuseDenied('clicks', context);
    return answerLog('clicks', query, context, notes);
  }
  if (path === '/conversions') {
    refuseDenied('conversions', context);
    return answerLog('conversions', query, context, notes);
  }
  if (path === '/conversions/filters')
    return jsonAnswer(conversionFilters(context.ledger.catalog, context.options.binom_v2), notes);
  if (path === '/report/campaign') {
    refuseDenied('totals', context);
    return answerReport(query, context, notes);
  }
  return answerCatalog(path, query, context, notes);
}

function answerCatalog(path: string, query: URLSearchParams, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  const list = lightList(path, context);
  if (list !== null) {
    refuseDenied(list.resource, context);
    if (query.get('name') === '')
      throw new Refusal(400, 'Name: Expected a value to contain between 1 and 1000 characters. Got: ""');
    const isWhole = path === '/offer/alternative/all' || context.options.binom_v2.ignoresPaging;
    return jsonAnswer(isWhole ? list.items : pageOf(list.items, query, notes), notes);
  }
  const table = panelTable(path, context);
  if (table !== null) {
    refuseDenied(table.resource, context);
    presetOf(query);
    return jsonAnswer([...pageOf(table.items, query, notes), totalsRow(table.items.length)], notes);
  }
  const id = /^\/campaign\/(\d+)$/.exec(path)?.[1];
  const campaign = context.ledger.catalog.campaigns.find((one) => String(one.id) === id);
  if (campaign === undefined) throw new Refusal(404, `No route found for "GET ${base}${path}"`, 'Not found');
  refuseDenied('flows', context);
  return jsonAnswer(campaignDetail(campaign, context.options.binom_v2), notes);
}

function pageOf(items: object[], query: URLSearchParams, notes: AnswerNotes): object[] {
  const [offset, limit] = [numberIn(query, 'offset', 0, 0), numberIn(query, 'limit', usualLimit, 1)];
  const page = items.slice(offset, offset + limit);
  Object.assign(notes, { offset, limit, rows: page.length });
  return page;
}

/** Names of headers ignore case; a Bearer key is none. */
function credentialOf({ headers }: FaceRequest, { apiKey }: FaceContext): AnswerNotes['credential'] {
  const given = headers['api-key'];
  if (given === undefined || given === '') return 'missing';
  return given === apiKey ? 'right' : 'wrong';
}

function refuseDenied(resource: BinomResource, { options }: FaceContext): void {
  const status = options.binom_v2.deny[resource];
  if (status !== undefined) throw new Refusal(status, `Access to ${resource} is denied`, 'Access denied');
}
