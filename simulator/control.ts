// The control surface under /control: opens ledgers, moves clocks, lays faults, changes rows, tells the truth.
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { faultRule } from './faults/fault.ts';
import type { HostedLedger } from './hosted-ledger.ts';
import type { HostedLedgers } from './hosted-ledgers.ts';
import type { Ledger } from './ledger/ledger.ts';
import { type TruthQuery, truthOf } from './ledger/truth.ts';
import { truthClicks, truthConversions } from './ledger/truth-rows.ts';
import { hostedOptions, hostedSettings } from './options.ts';
import { overlayCommand } from './overlays.ts';

const instant = z.iso.datetime({ offset: true });

const clockCommand = z.union([
  z.strictObject({ freezeAt: instant }),
  z.strictObject({ offsetMs: z.int() }),
  z.strictObject({ advanceMs: z.int() }),
  z.strictObject({ runFromReal: z.literal(true) }),
]);

const overlayRequest = z.strictObject({
  overlay: overlayCommand,
  afterRequests: z.int().min(0).default(0).describe('wait until the faces have served so many more requests'),
});

const truthRequest = z.strictObject({
  from: instant.optional(),
  to: instant.optional(),
  asOf: instant.optional(),
  by: z.enum(['postback', 'click']).default('postback'),
  face: z.string().optional().describe('tells statuses in the words of one face'),
});

class NotFound extends Error {}

/** Answers one control request: JSON, or NDJSON for the row lists. Errors are 400 and 404 with `{"error"}`. */
export async function answerControl(
  hosted: HostedLedgers,
  method: string,
  url: URL,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  try {
    const answer = route(hosted, method, url, body);
    if (answer instanceof Readable) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      await pipeline(answer, response);
    } else {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }
  } catch (error) {
    const status = statusOf(error);
    if (status === null || response.headersSent) throw error;
    const message = error instanceof Error ? error.message : String(error);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: message }));
  }
}

function statusOf(error: unknown): number | null {
  if (error instanceof NotFound) return 404;
  const isCallers = error instanceof z.ZodError || error instanceof RangeError || error instanceof SyntaxError;
  return isCallers ? 400 : null;
}

function route(hosted: HostedLedgers, method: string, url: URL, bytes: Buffer): unknown {
  const [, , collection, name, ...rest] = url.pathname.split('/');
  if (collection !== 'ledgers') throw new NotFound(`No control path ${url.pathname}`);
  const body = () => JSON.parse(bytes.length === 0 ? '{}' : bytes.toString('utf8')) as unknown;
  if (name === undefined) {
    if (method === 'POST') return hosted.open(hostedOptions.parse(body()));
    if (method === 'GET') return hosted.all().map((ledger) => hosted.accessTo(ledger));
    throw new NotFound(`No ${method} on ledgers`);
  }
  const ledger = hosted.find(name);
  if (!ledger) throw new NotFound(`No ledger named ${name}`);
  if (rest.length === 0) {
    if (method === 'GET') return { ...hosted.accessTo(ledger), options: ledger.options };
    if (method === 'DELETE') return { closed: hosted.close(name) };
  }
  if (method === 'GET' && rest.join('/') === 'faces') return hosted.facesOf(ledger);
  const words = wordsOf(hosted, ledger, url.searchParams.get('face'));
  const truth = truths[`${method} ${rest.join('/')}`];
  if (truth) return truth(ledger.ledger, truthQuery(ledger, url.searchParams), words);
  const action = actions[`${method} ${rest.join('/')}`];
  if (!action) throw new NotFound(`No ${method} ${url.pathname}`);
  return action(ledger, body);
}

/** A status of the ledger in a face's words. */
function wordsOf(hosted: HostedLedgers, ledger: HostedLedger, name: string | null): Words {
  if (name === null) return (status) => status;
  const face = hosted.face(name);
  if (face === null) throw new NotFound(`No face named ${name}`);
  return (status) => face.product.word?.(status, ledger.options) ?? status;
}

type Words = (status: string) => string;

const truths: Record<string, (ledger: Ledger, query: TruthQuery, words: Words) => unknown> = {
  'GET truth': truthOf,
  'GET truth/clicks': (ledger, query) => lines(truthClicks(ledger, query)),
  'GET truth/conversions': (ledger, query, words) => lines(truthConversions(ledger, query, words)),
};

type Action = (hosted: HostedLedger, body: () => unknown) => unknown;

const actions: Record<string, Action> = {
  'PATCH settings': (hosted, body) => {
    hosted.change(hostedSettings.parse(body()));
    return { apiKey: hosted.apiKey, options: hosted.options };
  },
  'GET clock': (hosted) => hosted.ledger.clock.state(),
  'POST clock': (hosted, body) => {
    hosted.ledger.clock.apply(clockCommand.parse(body()));
    return hosted.ledger.clock.state();
  },
  'POST overlays': (hosted, body) => {
    const { overlay, afterRequests } = overlayRequest.parse(body());
    return { result: hosted.overlay(overlay, afterRequests) };
  },
  'GET faults': (hosted) => hosted.faults.list(),
  'POST faults': (hosted, body) => ({ id: hosted.faults.add(faultRule.parse(body())) }),
  'DELETE faults': (hosted) => {
    hosted.faults.clear();
    return {};
  },
  'GET requests': (hosted) => hosted.requests.entries,
  'DELETE requests': (hosted) => {
    hosted.requests.clear();
    return {};
  },
};

/** Without `from` the range begins with the ledger, without `to` it ends at `asOf`, which is the ledger's now. */
function truthQuery({ ledger }: HostedLedger, search: URLSearchParams): TruthQuery {
  const query = truthRequest.parse(Object.fromEntries(search));
  const second = (iso: string | undefined, fallback: number) =>
    iso === undefined ? fallback : Math.ceil(Date.parse(iso) / 1000);
  const asOf = second(query.asOf, ledger.now());
  return { from: second(query.from, ledger.timeline.startSecond), to: second(query.to, asOf), asOf, by: query.by };
}

function lines(rows: Iterable<unknown>): Readable {
  const text = function* () {
    let chunk = '';
    for (const row of rows) {
      chunk += `${JSON.stringify(row)}\n`;
      if (chunk.length < 65_536) continue;
      yield chunk;
      chunk = '';
    }
    yield chunk;
  };
  return Readable.from(text(), { objectMode: false });
}
