// The RedTrack face: the routes, the key in the query, the limits, and who is refused what.
import type { AnswerNotes, Face, FaceAnswer, FaceContext, FaceRequest } from '../face.ts';
import { htmlNotFound } from '../html-not-found.ts';
import { jsonAnswer, Refusal } from './answers.ts';
import { listingOf } from './catalog.ts';
import { countCall } from './limits.ts';
import { answerLog } from './logs.ts';
import type { RedtrackResource } from './options.ts';
import { parsePage } from './query.ts';
import { answerReport } from './report.ts';
import { statusWord } from './values.ts';

const longestList = 500;

type Limited = (query: URLSearchParams, context: FaceContext, notes: AnswerNotes) => FaceAnswer;

/** The paths that are limited, each for itself. */
const limited: Record<string, { resource: RedtrackResource; answer: Limited }> = {
  '/tracks': { resource: 'clicks', answer: (...asked) => answerLog('clicks', ...asked) },
  '/conversions': { resource: 'conversions', answer: (...asked) => answerLog('conversions', ...asked) },
  '/report': { resource: 'totals', answer: answerReport },
};

const lists = new Set(['/campaigns', '/offers', '/landings', '/streams', '/sources', '/networks']);

export const redtrack: Face = {
  name: 'redtrack',
  product: {
    type: 'redtrack',
    credentials: (apiKey) => ({ apiKey }),
    word: (status, options) => statusWord(status, options.redtrack),
  },
  answer(request, context) {
    const notes: AnswerNotes = { credential: credentialOf(request, context) };
    const { path } = request;
    if (request.method !== 'GET' || !(lists.has(path) || Object.hasOwn(limited, path))) return htmlNotFound(notes);
    try {
      if (notes.credential === 'missing') throw new Refusal(401, 'api_key is required');
      if (notes.credential === 'wrong') throw new Refusal(401, 'invalid api_key');
      return answerCall(request, context, notes);
    } catch (error) {
      if (error instanceof Refusal) return error.toAnswer(notes);
      throw error;
    }
  },
};

function answerCall({ path, query }: FaceRequest, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  const call = limited[path];
  if (call !== undefined) {
    const headers = countCall(path, context);
    refuseDenied(call.resource, context);
    return { ...call.answer(query, context, notes), headers };
  }
  const listing = listingOf(path, query, context)!;
  refuseDenied(listing.resource, context);
  const { offset, limit } = parsePage(query, longestList);
  const page = listing.items.slice(offset, offset + limit);
  Object.assign(notes, { offset, limit, rows: page.length });
  const items = page.length > 0 ? page : null;
  return jsonAnswer(listing.isCounted ? { items, total: listing.items.length } : items, notes);
}

/** The parameter alone counts: a key in a header is as good as none. */
function credentialOf({ query }: FaceRequest, { apiKey }: FaceContext): AnswerNotes['credential'] {
  const key = query.get('api_key') ?? '';
  if (key === '') return 'missing';
  return key === apiKey ? 'right' : 'wrong';
}

function refuseDenied(resource: RedtrackResource, context: FaceContext): void {
  const status = context.options.redtrack.deny[resource];
  if (status !== undefined) throw new Refusal(status, 'access denied');
}
