// A tracker of the AlterCPA family: 200 to everything, `status` ok or error, 200 rows at most behind an offset, Unix seconds.
import type { AnswerNotes, Face, FaceAnswer, FaceContext, FaceRequest } from '../face.ts';
import { htmlNotFound } from '../html-not-found.ts';
import { altercpaSettings } from './altercpa-settings.ts';
import type { TgOptions, TgResource } from './options.ts';
import { credentialOf, pageOf, recordText, type Span, wholeNumber } from './pages.ts';
import type { Dialect } from './records.ts';

const longestPage = 200;

/** Its own paths, and its own names for fields. */
const lists: Record<string, { resource: TgResource; names: Record<string, string> }> = {
  '/api/streams/list': { resource: 'campaigns', names: { source_id: 'src', created_at: 'created', status: 'active' } },
  '/api/offers/list': { resource: 'offers', names: { name: 'offer', payout: 'bid', network_id: 'company' } },
  '/api/sites/list': { resource: 'landing_pages', names: { url: 'site' } },
  '/api/v1/flows/list': { resource: 'flows', names: { campaign_id: 'stream' } },
  '/api/sources/list': { resource: 'traffic_sources', names: {} },
  '/api/companies/list': { resource: 'affiliate_networks', names: {} },
  '/api/v1/clicks/list': {
    resource: 'clicks',
    names: {
      ...{ created_at: 'date', campaign_id: 'stream', offer_id: 'offer', landing_id: 'site', flow_id: 'flow' },
      ...{ source_id: 'src', network_id: 'company', country: 'geo', sub1: 'utm_source', sub2: 'utm_campaign' },
      ...{ cost: 'spent', device: 'platform' },
    },
  },
  '/api/leads/list': {
    resource: 'conversions',
    names: {
      ...{ click_id: 'click', campaign_id: 'stream', payout: 'money', currency: 'cur', created_at: 'date' },
      ...{ transaction_id: 'uid' },
    },
  },
};

const words: Record<string, string> = {
  lead: 'wait',
  registration: 'hold',
  sale: 'approve',
  deposit: 'approve',
  rebill: 'approve',
  rejected: 'cancel',
};

export const altercpa: Face = {
  name: 'altercpa',
  product: {
    type: 'tg_tracker',
    credentials: (apiKey) => ({ apiKey }),
    settings: altercpaSettings,
    word: (status) => words[status] ?? status,
  },
  answer(request, context) {
    const options = context.options.altercpa;
    const notes: AnswerNotes = { credential: credentialOf(request, context) };
    if (!request.path.startsWith('/api/')) return htmlNotFound(notes);
    if (notes.credential !== 'right') return refused(notes, 'key');
    const list = Object.hasOwn(lists, request.path) ? lists[request.path]! : null;
    if (list === null) return refused(notes, 'method');
    const denied = options.deny[list.resource];
    if (denied !== undefined) return refused(notes, denied === 403 ? 'access' : 'module');
    return answerList(request, context, list, notes);
  },
};

function answerList(
  request: FaceRequest,
  context: FaceContext,
  { resource, names }: (typeof lists)[string],
  notes: AnswerNotes,
): FaceAnswer {
  const options = context.options.altercpa;
  const offset = wholeNumber(request.query.get('offset'), 0, 0);
  const limit = wholeNumber(request.query.get('limit'), 20, 1);
  if (offset === null || limit === null) return refused(notes, 'limit');
  const size = Math.min(limit, options.maxPageSize, longestPage);
  Object.assign(notes, { offset, limit: size });
  const isLog = resource === 'clicks' || resource === 'conversions';
  const span = isLog ? spanOf(request.query, options, notes) : undefined;
  if (span === null) return refused(notes, 'time');
  const { records, total } = pageOf(context, dialectOf(options), resource, { offset, limit: size }, span);
  notes.rows = records.length;
  const told = total === null ? '' : `"total":${total},`;
  return json(`{"status":"ok",${told}"data":[${records.map((fields) => recordText(fields, names)).join(',')}]}`, notes);
}

function spanOf(query: URLSearchParams, { endsInclusive }: TgOptions, notes: AnswerNotes): Span | null {
  const [from, to] = [query.get('start') ?? '', query.get('end') ?? ''];
  if (!/^\d{10}$/.test(from) || !/^\d{10}$/.test(to)) return null;
  notes.window = { from, to, timezone: 'UTC' };
  return { from: Number(from), to: Number(to) + (endsInclusive ? 1 : 0) };
}

const dialectOf = (options: TgOptions): Dialect => ({
  ...{ options, time: (second: number) => String(second), status: (word: string) => words[word] ?? word },
});

const refused = (notes: AnswerNotes, error: string): FaceAnswer => json(`{"status":"error","error":"${error}"}`, notes);

const json = (ascii: string, notes: AnswerNotes): FaceAnswer => ({
  ...{ status: 200, contentType: 'application/json; charset=utf-8', body: Buffer.from(ascii, 'latin1'), notes },
});
