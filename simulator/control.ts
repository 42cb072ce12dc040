// The control surface under /control: opens ledgers, moves clocks, lays faults, changes rows, tells the truth.
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { faultRule } from './faults/fault.ts';
import type { HostedLedger } from './hosted-ledger.ts';
import type { HostedLedgers } from './hosted-ledgers.ts';
import { conversionsAsTheyAre, type Truth, type TruthQuery, truthOf } from './ledger/truth.ts';
import { truthAds } from './ledger/truth-ads.ts';
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
  if (method === 'GET' && rest.join('/') === 'truth') return truthAt(hosted, ledger, url.searchParams);
  const action = actions[`${method} ${rest.join('/')}`];
  if (!action) throw new NotFound(`No ${method} ${url.pathname}`);
  return action(ledger, body, url.searchParams);
}

/** The exact totals, in the ledger's words or in those of a face. */
function truthAt(hosted: HostedLedgers, of: HostedLedger, search: URLSearchParams): Truth {
  const { ledger, options } = of;
  const query = truthQuery(of, search);
  const name = search.get('face');
  if (name === null) return truthOf(ledger, query);
  const product = hosted.face(name)?.product;
  if (product === undefined) throw new NotFound(`No face named ${name}`);
  const rows = product.conversions?.(ledger, query) ?? conversionsAsTheyAre(ledger, query);
  const told = Iterator.from(rows).map((row) => ({
    ...row,
    status: product.word?.(row.status, options) ?? row.status,
  }));
  return truthOf(ledger, query, told);
}

type Action = (hosted: HostedLedger, body: () => unknown, query: URLSearchParams) => unknown;

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
  'GET truth/clicks': (hosted, _, query) => lines(truthClicks(hosted.ledger, truthQuery(hosted, query))),
  'GET truth/ads': (hosted, _, query) => lines(truthAds(hosted.ledger, truthQuery(hosted, query))),
  'GET truth/conversions': (hosted, _, query) => lines(truthConversions(hosted.ledger, truthQuery(hosted, query))),
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
