// The BeMob face: the routes below /v1, two keys in two headers, and refusals that come with a 200.
import type { AnswerNotes, Face, FaceAnswer, FaceContext, FaceRequest } from '../face.ts';
import { htmlNotFound } from '../html-not-found.ts';
import { Refusal, success } from './answers.ts';
import { listOf } from './catalog.ts';
import { answerLog } from './logs.ts';
import { ACCESS_KEY, type BemobResource } from './options.ts';
import { numberIn } from './query.ts';
import { answerReport } from './report.ts';
import { statusWord } from './values.ts';

const base = '/v1';
const usualEntries = 100;

export const bemob: Face = {
  name: 'bemob',
  product: {
    type: 'bemob',
    credentials: (apiKey) => ({ accessKey: ACCESS_KEY, secretKey: apiKey }),
    word: statusWord,
  },
  answer(request, context) {
    const notes: AnswerNotes = { credential: credentialOf(request, context) };
    if (!request.path.startsWith(`${base}/`)) return htmlNotFound(notes);
    try {
      const { badKeyStatus, isLocked } = context.options.bemob;
      if (notes.credential !== 'right') throw new Refusal(badKeyStatus, 'Invalid access key');
      if (isLocked) throw new Refusal(200, 'Your events limit is exceeded. Please upgrade your plan.');
      if (request.method !== 'GET') throw new Refusal(405, 'Method Not Allowed');
      return answerCall(request.path.slice(base.length), request, context, notes);
    } catch (error) {
      if (error instanceof Refusal) return error.toAnswer(notes);
      throw error;
    }
  },
};

function answerCall(path: string, { query }: FaceRequest, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  switch (path) {
    case '/report':
      refuseDenied('totals', context);
      return answerReport(query, context, notes);
    case '/report/live-visits':
      refuseDenied('clicks', context);
      return answerLog('clicks', query, context, notes);
    case '/report/live-conversions':
      refuseDenied('conversions', context);
      return answerLog('conversions', query, context, notes);
  }
  const list = listOf(path, context);
  if (list === null) throw new Refusal(404, `Cannot GET ${base}${path}`);
  refuseDenied(list.resource, context);
  const limit = numberIn(query, 'limit', usualEntries, 1);
  const items = list.items.slice(0, limit);
  Object.assign(notes, { limit, rows: items.length });
  return success(items, notes);
}

/** Both keys, and each of its own kind. */
function credentialOf({ headers }: FaceRequest, { apiKey, options }: FaceContext): AnswerNotes['credential'] {
  const [access, secret] = [headers['x-access-key'] ?? '', headers['x-secret-key'] ?? ''];
  if (access === '' || secret === '') return 'missing';
  return access === options.bemob.accessKey && secret === apiKey ? 'right' : 'wrong';
}

function refuseDenied(resource: BemobResource, { options }: FaceContext): void {
  const status = options.bemob.deny[resource];
  if (status !== undefined) throw new Refusal(status, `No such report: ${resource}`);
}
