// Sends an answer, or what a fault makes of it.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { constants, createGzip } from 'node:zlib';
import type { FaceAnswer } from '../faces/face.ts';
import type { FaultKind } from './fault.ts';
import { withInvalidUtf8, withNumbers, withRows, withTotal } from './spoiled-bodies.ts';

/** Faults whose answers still carry rows that can be read. */
export const kindsWithRows: ReadonlySet<FaultKind['kind']> = new Set([
  'duplicatedPage',
  'reorderedPage',
  'emptyPage',
  'shortPage',
  'wrongTotal',
  'largeNumbers',
  'slowDrip',
  'delay',
]);

const megabyte = 1024 * 1024;
const loginPage =
  '<!DOCTYPE html><html><head><title>Sign in</title></head><body><form action="/login"><input name="password"></form></body></html>\n';

export interface Delivery {
  answer: FaceAnswer;
  /** The previous answer to the same call, or null. */
  previous: () => FaceAnswer | null;
  fault: FaultKind | null;
  response: ServerResponse;
  /** Told once, when the status is known. */
  onStatus: (status: number) => void;
}

/** Sends the answer through its fault. Resolves when nothing more will be sent, also where the answer stays open. */
export async function deliver({ answer, previous, fault, response, onStatus }: Delivery): Promise<void> {
  const begin = (status: number, headers: Record<string, string>) => {
    onStatus(status);
    response.writeHead(status, headers);
  };
  const sendWhole = (body: Buffer) => {
    begin(answer.status, { ...headersOf(answer), 'content-length': String(body.length) });
    response.end(body);
  };
  switch (fault?.kind) {
    case undefined:
      return sendWhole(answer.body);
    case 'status':
      begin(fault.status, { 'content-type': fault.contentType, ...fault.headers });
      response.end(fault.body);
      return;
    case 'redirect':
      begin(fault.status, { location: fault.to, 'content-type': 'text/html' });
      response.end();
      return;
    case 'html':
      begin(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(loginPage);
      return;
    case 'emptyBody':
      begin(200, { 'content-type': answer.contentType, 'content-length': '0' });
      response.end();
      return;
    case 'halfJson':
      return sendWhole(answer.body.subarray(0, Math.floor(answer.body.length / 2)));
    case 'invalidUtf8':
      return sendWhole(withInvalidUtf8(answer.body));
    case 'duplicatedPage':
      return sendWhole((previous() ?? answer).body);
    case 'reorderedPage':
      return sendWhole(withRows(answer.body, (rows) => rows.toReversed()));
    case 'emptyPage':
      return sendWhole(withRows(answer.body, () => []));
    case 'shortPage':
      return sendWhole(withRows(answer.body, (rows) => rows.slice(0, -1)));
    case 'wrongTotal':
      return sendWhole(withTotal(answer.body, fault.factor));
    case 'largeNumbers':
      return sendWhole(withNumbers(answer.body, fault.value));
    case 'gzipBomb':
      begin(200, { 'content-type': answer.contentType, 'content-encoding': 'gzip' });
      return sendGzipBomb(response, fault.megabytes);
    case 'hugePage':
      begin(200, { 'content-type': answer.contentType });
      return sendHugePage(response, fault.megabytes);
    case 'slowDrip':
      begin(answer.status, headersOf(answer));
      return drip(response, answer.body, fault.bytes, fault.everyMs);
    case 'hangBeforeHeaders':
      return;
    case 'hangInBody':
      begin(answer.status, { ...headersOf(answer), 'content-length': String(answer.body.length) });
      response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)));
      return;
    case 'reset':
      return reset(response, answer, fault.afterBytes, begin);
    case 'delay':
      await pause(response, fault.ms);
      if (!response.destroyed) sendWhole(answer.body);
      return;
  }
}

function headersOf(answer: FaceAnswer): Record<string, string> {
  return { 'content-type': answer.contentType, ...answer.headers };
}

/** Waits, but not longer than the connection lives. */
function pause(response: ServerResponse, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      response.off('close', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    response.once('close', end);
  });
}

async function drip(response: ServerResponse, body: Buffer, bytes: number, everyMs: number): Promise<void> {
  for (let offset = 0; offset < body.length && !response.destroyed; offset += bytes) {
    response.write(body.subarray(offset, offset + bytes));
    await pause(response, everyMs);
  }
  if (!response.destroyed) response.end();
}

/** Waits until more can be written or the connection is gone, and leaves no listener behind for the next chunk. */
async function drained(sink: NodeJS.EventEmitter, response: ServerResponse): Promise<void> {
  const waited = new AbortController();
  const waits = [once(sink, 'drain', { signal: waited.signal }), once(response, 'close', { signal: waited.signal })];
  try {
    await Promise.race(waits);
  } finally {
    waited.abort();
    await Promise.allSettled(waits);
  }
}

async function sendGzipBomb(response: ServerResponse, megabytes: number): Promise<void> {
  const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
  gzip.pipe(response);
  const spaces = Buffer.alloc(megabyte, 0x20);
  for (let sent = 0; sent < megabytes && !response.destroyed; sent++) {
    if (!gzip.write(spaces)) await drained(gzip, response);
  }
  if (response.destroyed) gzip.destroy();
  else gzip.end('{"rows":[],"total":0}');
}

async function sendHugePage(response: ServerResponse, megabytes: number): Promise<void> {
  const text = Buffer.alloc(megabyte, 0x61);
  response.write('{"rows":[],"total":0,"meta":"');
  for (let sent = 0; sent < megabytes && !response.destroyed; sent++) {
    if (!response.write(text)) await drained(response, response);
  }
  if (!response.destroyed) response.end('"}');
}

async function reset(
  response: ServerResponse,
  answer: FaceAnswer,
  afterBytes: number,
  begin: (status: number, headers: Record<string, string>) => void,
): Promise<void> {
  if (afterBytes > 0) {
    begin(answer.status, { ...headersOf(answer), 'content-length': String(answer.body.length) });
    await new Promise<void>((resolve) => {
      response.write(answer.body.subarray(0, Math.min(afterBytes, answer.body.length - 1)), () => resolve());
    });
  }
  response.socket?.resetAndDestroy();
}
