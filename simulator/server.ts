// The simulator as an HTTP server: every ledger under its own path, each product's face below it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerControl } from './control.ts';
import { bemob } from './faces/bemob/face.ts';
import { binomV2 } from './faces/binom/face.ts';
import type { Face, FaceAnswer, FaceRequest } from './faces/face.ts';
import { htmlNotFound } from './faces/html-not-found.ts';
import { keitaro } from './faces/keitaro/face.ts';
import { redtrack } from './faces/redtrack/face.ts';
import { altercpa } from './faces/tg/altercpa.ts';
import { tgTracker } from './faces/tg/plain.ts';
import { deliver, kindsWithRows } from './faults/deliver.ts';
import type { HostedLedger } from './hosted-ledger.ts';
import { HostedLedgers, type LedgerAccess } from './hosted-ledgers.ts';
import { type HostedOptionsInput, hostedOptions } from './options.ts';

const maxBodyBytes = 4 * 1024 * 1024;

/** The products the simulator can pretend to be. */
const products = [keitaro, redtrack, tgTracker, altercpa, binomV2, bemob];
const faces: Record<string, Face> = Object.fromEntries(products.map((face) => [face.name, face]));

export interface Simulator {
  /** e.g. http://127.0.0.1:4711 */
  address: string;
  ledgers: LedgerAccess[];
  /** Ends every connection, also hanging ones. */
  stop(): Promise<void>;
}

export interface SimulatorOptions {
  /** 0 for any free one. */
  port?: number;
  ledgers?: HostedOptionsInput[];
}

/** Starts a simulator on 127.0.0.1. Throws a ZodError for wrong options and the socket's error for a taken port. */
export async function startSimulator({ port = 0, ledgers = [] }: SimulatorOptions = {}): Promise<Simulator> {
  const hosted = new HostedLedgers();
  const server = createServer((request, response) => {
    serve(hosted, request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return response.destroy();
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: message }));
    });
  });
  server.keepAliveTimeout = 60_000;
  await listen(server, port);
  hosted.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const opened = ledgers.map((options) => hosted.open(hostedOptions.parse(options)));
  return {
    address: hosted.address,
    ledgers: opened,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function serve(hosted: HostedLedgers, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const body = await readBody(request);
  if (url.pathname === '/control' || url.pathname.startsWith('/control/')) {
    return answerControl(hosted, request.method ?? 'GET', url, body, response);
  }
  const [, name = '', faceName = '', ...rest] = url.pathname.split('/');
  const ledger = hosted.find(name);
  if (!ledger) {
    const answer = htmlNotFound({ credential: 'missing' });
    response.writeHead(answer.status, { 'content-type': answer.contentType }).end(answer.body);
    return;
  }
  const faceRequest: FaceRequest = {
    method: request.method ?? 'GET',
    path: `/${rest.join('/')}`,
    query: url.searchParams,
    headers: request.headers,
    body,
  };
  await serveLedger(ledger, faceName, faceRequest, response);
}

async function serveLedger(
  hosted: HostedLedger,
  faceName: string,
  request: FaceRequest,
  response: ServerResponse,
): Promise<void> {
  const path = `/${faceName}${request.path}`;
  const entry = hosted.requests.begin(request.method, path);
  response.once('close', () => hosted.requests.end(entry));
  // A caller who leaves in the middle of an answer is what some faults are for.
  response.on('error', () => undefined);
  const fault = hosted.faults.take(request.method, path);
  entry.fault = fault?.kind ?? null;
  const face = Object.hasOwn(faces, faceName) ? faces[faceName] : undefined;
  const answer: FaceAnswer = face ? face.answer(request, hosted) : htmlNotFound({ credential: 'missing' });
  hosted.requests.note(entry, answer.notes);
  if (fault && !kindsWithRows.has(fault.kind)) entry.rows = null;
  hosted.afterRequest();
  const before = hosted.previousRequests.get(path);
  hosted.previousRequests.set(path, request);
  await deliver({
    answer,
    previous: () => (face && before ? face.answer(before, hosted) : null),
    fault,
    response,
    onStatus: (status) => {
      entry.status = status;
    },
  });
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new RangeError('Request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
