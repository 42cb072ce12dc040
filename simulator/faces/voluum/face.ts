// The Voluum face: the logins, the token that every other call needs, and who is refused what.
import type { AnswerNotes, Face, FaceAnswer, FaceContext, FaceRequest } from '../face.ts';
import { htmlNotFound } from '../html-not-found.ts';
import { jsonAnswer, Refusal } from './answers.ts';
import { listed, lists } from './catalog.ts';
import { answerConversions, answerLiveVisits } from './logs.ts';
import type { VoluumResource } from './options.ts';
import { postbacksBetween } from './postbacks.ts';
import { answerReport } from './report.ts';
import { typeOf } from './rows.ts';
import { ACCESS_ID, aliveToken, type Issued, logIn, tokenOf } from './tokens.ts';

const LIVE_VISITS = '/report/live/visits/';

export const voluum: Face = {
  name: 'voluum',
  product: {
    type: 'voluum',
    credentials: (apiKey) => ({ accessId: ACCESS_ID, accessKey: apiKey }),
    // It knows types, not statuses, and tells a change of money by one row more.
    conversions: (ledger, { from, to, asOf }) =>
      postbacksBetween(ledger, from, to, asOf).map(({ conversion, second, micros }) => ({
        ...{ conversion, second, status: typeOf(ledger, conversion).name, revenueMicros: micros },
      })),
  },
  answer(request, context) {
    const notes: AnswerNotes = { credential: 'missing' };
    try {
      return answerCall(request, context, notes);
    } catch (error) {
      if (error instanceof Refusal) return error.toAnswer(notes);
      throw error;
    }
  },
};

function answerCall(request: FaceRequest, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  const { method, path, query } = request;
  if (path === '/auth/session' || path === '/auth/access/session') return answerAuth(request, context, notes);
  const resource = resourceOf(path);
  if (resource === null || method !== 'GET') return htmlNotFound(notes);
  const token = aliveToken(request, context);
  notes.credential = token !== null ? 'right' : tokenOf(request) === '' ? 'missing' : 'wrong';
  if (token === null) throw new Refusal(401, 'UNAUTHORIZED');
  refuseDenied(resource, token, context);
  if (path === '/report') return answerReport(query, context, notes);
  if (path === '/report/conversions') return answerConversions(query, context, notes);
  if (path.startsWith(LIVE_VISITS)) return answerLiveVisits(path.slice(LIVE_VISITS.length), query, context, notes);
  const { items, body } = listed(lists[path]!, query, context);
  notes.rows = items.length;
  return jsonAnswer(body, notes);
}

function answerAuth(request: FaceRequest, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  const { method, path } = request;
  const { emailLogin } = context.options.voluum;
  if (method === 'GET' && path === '/auth/session') {
    const alive = aliveToken(request, context) !== null;
    notes.credential = alive ? 'right' : 'wrong';
    return jsonAnswer({ alive, timeToExpire: alive ? 1 : 0 }, notes);
  }
  if (method !== 'POST') return htmlNotFound(notes);
  if (path === '/auth/session' && emailLogin !== 'session')
    throw emailLogin === 'access' ? new Refusal(404, 'NOT_FOUND') : new Refusal(405, 'METHOD_NOT_ALLOWED');
  notes.credential = 'wrong';
  const { token, expiresAtMs } = logIn(path, request, context);
  notes.credential = 'right';
  return jsonAnswer({ token, expirationTimestamp: new Date(expiresAtMs).toISOString(), inaugural: false }, notes);
}

function resourceOf(path: string): VoluumResource | null {
  if (path === '/report') return 'totals';
  if (path === '/report/conversions') return 'conversions';
  if (path.startsWith(LIVE_VISITS)) return 'clicks';
  return Object.hasOwn(lists, path) ? lists[path]!.resource : null;
}

function refuseDenied(resource: VoluumResource, { by }: Issued, { options }: FaceContext): void {
  const { deny, closedToAccessKeys } = options.voluum;
  const status = deny[resource];
  if (status !== undefined) throw new Refusal(status, 'FORBIDDEN', 'access denied');
  if (by === 'accessKey' && closedToAccessKeys.includes(resource))
    throw new Refusal(403, 'FORBIDDEN', 'not for access keys');
}
