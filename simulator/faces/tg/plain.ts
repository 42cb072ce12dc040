// The plain contract of a TG Tracker: pages from 1, times in ISO 8601, statuses of HTTP that mean what they say.
import { jsonText } from '../../json-text.ts';
import type { AnswerNotes, Face, FaceAnswer, FaceContext, FaceRequest } from '../face.ts';
import { htmlNotFound } from '../html-not-found.ts';
import type { TgOptions, TgResource } from './options.ts';
import { credentialOf, type Page, pageOf, recordText, type Span, wholeNumber } from './pages.ts';
import type { Dialect } from './records.ts';

const base = '/api/v1';

const paths: Record<string, TgResource> = {
  '/campaigns': 'campaigns',
  '/offers': 'offers',
  '/landings': 'landing_pages',
  '/flows': 'flows',
  '/sources': 'traffic_sources',
  '/networks': 'affiliate_networks',
  '/clicks': 'clicks',
  '/conversions': 'conversions',
};

const words: Record<string, string> = {
  lead: 'wait',
  registration: 'hold',
  sale: 'approved',
  deposit: 'approved',
  rebill: 'approved',
  rejected: 'declined',
};

const longestPage = 1_000;

export const tgTracker: Face = {
  name: 'tg_tracker',
  product: { type: 'tg_tracker', credentials: (apiKey) => ({ apiKey }), word: (status) => words[status] ?? status },
  answer(request, context) {
    const options = context.options.tg_tracker;
    const notes: AnswerNotes = { credential: credentialOf(request, context) };
    const path = request.path.startsWith(`${base}/`) ? request.path.slice(base.length) : null;
    if (path === null) return htmlNotFound(notes);
    if (notes.credential !== 'right') return refused(notes, options.badKeyStatus, 'error', 'Wrong API key');
    const resource = Object.hasOwn(paths, path) ? paths[path]! : null;
    if (resource === null || request.method !== 'GET') return refused(notes, 404, 'message', 'No such method');
    const denied = options.deny[resource];
    if (denied !== undefined) return refused(notes, denied, 'message', `${resource} are not part of this tracker`);
    return answerList(request, context, resource, notes);
  },
};

function answerList(request: FaceRequest, context: FaceContext, resource: TgResource, notes: AnswerNotes): FaceAnswer {
  const options = context.options.tg_tracker;
  const page = wholeNumber(request.query.get('page'), 1, 1);
  const limit = wholeNumber(request.query.get('per_page'), 50, 1);
  if (page === null || limit === null) return refused(notes, 400, 'error', 'page and per_page count from 1');
  const size = Math.min(limit, options.maxPageSize, longestPage);
  Object.assign(notes, { offset: (page - 1) * size, limit: size });
  const isLog = resource === 'clicks' || resource === 'conversions';
  const span = isLog ? spanOf(request.query, options, notes) : undefined;
  if (span === null) return refused(notes, 400, 'error', 'from and to are times in ISO 8601');
  const found = pageOf(context, dialectOf(options), resource, { offset: (page - 1) * size, limit: size }, span);
  notes.rows = found.records.length;
  return json(bodyText(options, found), notes);
}

function spanOf(query: URLSearchParams, { endsInclusive }: TgOptions, notes: AnswerNotes): Span | null {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
  if (!iso.test(from) || !iso.test(to)) return null;
  notes.window = { from, to, timezone: to.endsWith('Z') ? 'UTC' : to.slice(-6) };
  return { from: Date.parse(from) / 1_000, to: Date.parse(to) / 1_000 + (endsInclusive ? 1 : 0) };
}

function dialectOf(options: TgOptions): Dialect {
  const iso = (second: number) => new Date(second * 1_000).toISOString().replace('.000', '');
  const time = {
    iso: (second: number) => `"${iso(second)}"`,
    unix: (second: number) => String(second),
    wall: (second: number) => `"${iso(second).replace('T', ' ').replace('Z', '')}"`,
  }[options.times];
  return { options, time, status: (word) => words[word] ?? word };
}

function bodyText({ lists }: TgOptions, { records, total }: Page): string {
  const items = `[${records.map((fields) => recordText(fields)).join(',')}]`;
  if (lists === 'array') return items;
  if (lists === 'items') return `{"items":${items}${total === null ? '' : `,"total":${total}`}}`;
  return `{"data":${items},"meta":{${total === null ? '' : `"total":${total}`}}}`;
}

const refused = (notes: AnswerNotes, status: number, field: 'error' | 'message', said: string): FaceAnswer =>
  json(`{${status === 200 ? '"status":"error",' : ''}"${field}":${jsonText(said)}}`, notes, status);

const json = (ascii: string, notes: AnswerNotes, status = 200): FaceAnswer => ({
  ...{ status, contentType: 'application/json', body: Buffer.from(ascii, 'latin1'), notes },
});
