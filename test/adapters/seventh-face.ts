// The seventh tracker as the simulator plays it: a face like the others, made of what they are made of.
import type { AnswerNotes, Face, FaceAnswer } from '../../simulator/faces/face.ts';
import { htmlNotFound } from '../../simulator/faces/html-not-found.ts';
import { tgOptions } from '../../simulator/faces/tg/options.ts';
import { pageOf, recordText, wholeNumber } from '../../simulator/faces/tg/pages.ts';
import type { Dialect } from '../../simulator/faces/tg/records.ts';

const RESOURCES = [
  ...['campaigns', 'offers', 'landing_pages', 'flows', 'traffic_sources', 'affiliate_networks'],
  ...['clicks', 'conversions'],
] as const;

const WORDS: Record<string, string> = {
  ...{ lead: 'Open', registration: 'Frozen', sale: 'Won', deposit: 'Won', rebill: 'Won', rejected: 'Lost' },
};

const word = (status: string): string => WORDS[status] ?? status;

const dialect: Dialect = {
  options: tgOptions.parse({ total: 'missing' }),
  time: (second) => `"${new Date(second * 1_000).toISOString()}"`,
  status: word,
};

export const seventhFace: Face = {
  name: 'seventh',
  product: { type: 'seventh', credentials: (apiKey) => ({ secretKey: apiKey }), word },
  answer(request, context) {
    const key = request.headers['x-seventh-key'];
    const notes: AnswerNotes = {
      credential: key === undefined ? 'missing' : key === context.apiKey ? 'right' : 'wrong',
    };
    const resource = RESOURCES.find((name) => new RegExp(`^/v2/(things|search)/${name}$`).test(request.path));
    if (resource === undefined) return htmlNotFound(notes);
    if (notes.credential !== 'right') return json({ error: 'who are you?' }, notes, 401);
    const asked = request.method === 'POST' ? JSON.parse(request.body.toString()) : Object.fromEntries(request.query);
    const limit = Math.min(Number(asked.size), 100);
    const offset = wholeNumber(asked.after ?? null, 0, 0) ?? 0;
    const seconds = (iso: string) => Date.parse(iso) / 1_000;
    const span = asked.from === undefined ? undefined : { from: seconds(asked.from), to: seconds(asked.to) };
    if (span !== undefined) notes.window = { from: asked.from, to: asked.to, timezone: 'UTC' };
    const { records } = pageOf(context, dialect, resource, { offset, limit }, span);
    Object.assign(notes, { offset, limit, rows: records.length });
    const next = records.length < limit ? null : String(offset + limit);
    const body = `{"rows":[${records.map((fields) => recordText(fields)).join(',')}],"next":${JSON.stringify(next)}}`;
    return { status: 200, contentType: 'application/json', body: Buffer.from(body, 'latin1'), notes };
  },
};

const json = (body: object, notes: AnswerNotes, status: number): FaceAnswer => ({
  ...{ status, contentType: 'application/json', body: Buffer.from(JSON.stringify(body)), notes },
});
