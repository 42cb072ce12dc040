// The Keitaro face: the routes of Admin API v1, the key, and who is refused what.
import type { AnswerNotes, Face, FaceAnswer, FaceContext, FaceRequest } from '../face.ts';
import { htmlNotFound } from '../html-not-found.ts';
import { jsonAnswer, Refusal } from './answers.ts';
import { listingOf, listingText } from './catalog.ts';
import { parseBody } from './log-request.ts';
import { answerLog } from './logs.ts';
import type { KeitaroResource } from './options.ts';
import { answerReport } from './report.ts';

const base = '/admin_api/v1';

const denials: Record<number, string> = {
  402: 'This feature is not available in your edition',
  403: 'Access denied',
};

export const keitaro: Face = {
  name: 'keitaro',
  product: { type: 'keitaro', credentials: (apiKey) => ({ apiKey }) },
  answer(request, context) {
    const notes: AnswerNotes = { credential: credentialOf(request, context) };
    if (!request.path.startsWith(`${base}/`)) return htmlNotFound(notes);
    try {
      if (notes.credential !== 'right') throw new Refusal(401, 'Unauthorized. Please use correct Api-Key');
      return answerCall({ ...request, path: request.path.slice(base.length) }, context, notes);
    } catch (error) {
      if (error instanceof Refusal) return error.toAnswer(notes);
      throw error;
    }
  },
};

function answerCall(request: FaceRequest, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  const { method, path } = request;
  if (method === 'GET') {
    const listing = listingOf(path, context);
    if (listing) {
      refuseDenied(listing.resource, context);
      const { text, rows } = listingText(listing, request.query);
      notes.rows = rows;
      return jsonAnswer(text, notes);
    }
  }
  if (method === 'POST' && (path === '/clicks/log' || path === '/conversions/log')) {
    const log = path === '/clicks/log' ? 'clicks' : 'conversions';
    refuseDenied(log, context);
    return answerLog(log, parseBody(request.body), context, notes);
  }
  if (method === 'POST' && path === '/report/build') {
    refuseDenied('totals', context);
    return answerReport(parseBody(request.body), context, notes);
  }
  throw new Refusal(404, 'Route not found');
}

function credentialOf(request: FaceRequest, context: FaceContext): AnswerNotes['credential'] {
  const key = request.headers['api-key'];
  if (key === undefined || key === '') return 'missing';
  return key === context.apiKey ? 'right' : 'wrong';
}

function refuseDenied(resource: KeitaroResource, context: FaceContext): void {
  const status = context.options.keitaro.deny[resource];
  if (status !== undefined) throw new Refusal(status, denials[status] ?? 'Refused');
}
