// The one HTTP client: a call to a tracker becomes exact JSON or a TrackerError, and every call is told to its recorder.
import { gunzipSync } from 'node:zlib';
import { createFetch } from 'ofetch';
import { type Agent, fetch as undiciFetch } from 'undici';
import { TrackerError } from '../core/errors.ts';
import type { Json } from '../core/resources.ts';
import type { Refusal } from './adapter.ts';
import { type AddressGuard, createAddressGuard } from './address-guard.ts';
import { createAgent, type Resolve, type Timeouts } from './connector.ts';
import { parseExact } from './exact-json.ts';
import { redact } from './redact.ts';
import { followed } from './redirect.ts';
import { retryAfterMs } from './retry-after.ts';
import { wordsOf } from './said.ts';
import { troubleWithAnswer, troubleWithRefusal, troubleWithSocket, troubleWithStatus } from './trouble.ts';

/** One call as it is recorded: no secret in the URL or the error. */
export interface RecordedCall {
  at: Date;
  method: string;
  url: string;
  status: number | null;
  durationMs: number;
  bytes: number;
  error: string | null;
}

export interface HttpCall {
  /** The tracker's title, for errors. */
  title: string;
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** Values that must not appear in anything written down. */
  secrets: readonly string[];
  /** Query parameters that carry a credential. */
  secretParameters: readonly string[];
  signal?: AbortSignal;
  /** What a success says that is none. */
  refusal?(body: Json): Refusal | null;
  errorWords?(body: Json): string | null;
  slowDownWords?: readonly string[];
  onCall(call: RecordedCall): void;
}

export interface Http {
  /** @throws TrackerError for all that is not the JSON of a success */
  call(call: HttpCall): Promise<{ body: Json; status: number }>;
  close(): Promise<void>;
}

export interface HttpOptions {
  allowedNetworks: readonly string[];
  timeouts?: Partial<Timeouts>;
  maxBodyBytes?: number;
  resolve?: Resolve;
}

const TIMEOUTS: Timeouts = { connectMs: 10_000, firstByteMs: 45_000, idleMs: 20_000, wholeMs: 90_000 };
/** Of an error's text: searching all of a large one for secrets would take seconds. */
const LONGEST_SAID = 64 * 1024;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export function createHttp(options: HttpOptions): Http {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const guard: AddressGuard = createAddressGuard(options.allowedNetworks);
  const agent = createAgent(guard, timeouts, options.resolve);
  const wire = createWire(agent, timeouts, options.maxBodyBytes ?? MAX_BODY_BYTES);
  return {
    call: (call) => recorded(call, (progress) => answer(call, wire, progress)),
    close: () => agent.close(),
  };
}

interface Progress {
  status: number | null;
  bytes: number;
}

interface Answer {
  status: number;
  header(name: string): string | null;
  text: string;
}

type Wire = (call: HttpCall, url: URL, progress: Progress) => Promise<Answer>;

async function recorded<T>(call: HttpCall, run: (progress: Progress) => Promise<T>): Promise<T> {
  const at = new Date();
  const started = performance.now();
  const progress: Progress = { status: null, bytes: 0 };
  const record = (error: string | null): void =>
    call.onCall({
      ...{ at, method: call.method, url: writtenDown(call), status: progress.status, bytes: progress.bytes },
      ...{ durationMs: Math.round(performance.now() - started), error },
    });
  try {
    const result = await run(progress);
    record(null);
    return result;
  } catch (error) {
    const trouble = error instanceof TrackerError ? error : troubleWithSocket(error, call.signal);
    record([trouble.message, trouble.details.said].filter(Boolean).join(': '));
    throw trouble;
  }
}

/** A URL that may be stored: credentials' parameters are hidden. */
function writtenDown(call: HttpCall): string {
  const url = new URL(call.url);
  for (const name of call.secretParameters) if (url.searchParams.has(name)) url.searchParams.set(name, 'redacted');
  return redact(url.href, call.secrets, 2_000);
}

async function answer(call: HttpCall, wire: Wire, progress: Progress): Promise<{ body: Json; status: number }> {
  let url = call.url;
  for (let hop = 0; ; hop++) {
    const { status, header, text } = await wire(call, url, progress);
    const said = (): string => redact(words(call, text).slice(0, LONGEST_SAID), call.secrets, 300);
    const location = header('location');
    if (status >= 300 && status < 400 && location !== null) {
      url = followed(call.method, url, location, hop);
      continue;
    }
    if (status < 200 || status >= 300) {
      const isPage = status === 404 && looksLikeHtml(text);
      const isLimit = asksToSlowDown(call, text);
      const waitMs = retryAfterMs(isLimit ? 429 : status, header, new Date());
      if (isLimit) throw troubleWithRefusal(status, 'rate_limited', said(), waitMs);
      throw troubleWithStatus(status, call.title, isPage ? 'a web page' : said(), waitMs);
    }
    const askedMs = (): number | null => retryAfterMs(429, header, new Date());
    const body = parsed(call, status, text, () => troubleWithRefusal(status, 'rate_limited', said(), askedMs()));
    const refusal = call.refusal?.(body) ?? null;
    if (refusal === null) return { body, status };
    const ownWords = redact(refusal.said.slice(0, LONGEST_SAID), call.secrets, 300);
    throw troubleWithRefusal(status, refusal.kind, ownWords, refusal.kind === 'rate_limited' ? askedMs() : null);
  }
}

/** @param slowDown the trouble where the tracker asks for that in other words than JSON */
function parsed(call: HttpCall, status: number, text: string, slowDown: () => TrackerError): Json {
  try {
    return parseExact(text);
  } catch {
    if (asksToSlowDown(call, text)) throw slowDown();
    throw troubleWithAnswer(
      status,
      call.title,
      looksLikeHtml(text) ? 'a web page' : text === '' ? 'nothing' : 'cut-off or broken JSON',
    );
  }
}

const looksLikeHtml = (text: string): boolean => /^\s*</.test(text);

const asksToSlowDown = ({ slowDownWords = [] }: HttpCall, text: string): boolean => {
  const start = text.slice(0, LONGEST_SAID);
  return slowDownWords.some((word) => start.includes(word));
};

/** The tracker's own words out of an error answer. */
function words({ errorWords }: HttpCall, text: string): string {
  if (looksLikeHtml(text)) return 'a web page';
  try {
    const body = JSON.parse(text);
    return errorWords?.(body) ?? wordsOf(body) ?? text.trim();
  } catch {
    return text.trim();
  }
}

function createWire(agent: Agent, timeouts: Timeouts, maxBodyBytes: number): Wire {
  // Node's own fetch refuses the dispatcher of a newer undici, so undici's fetch goes beneath. The two sets of types
  // (Node carries a copy) describe the same objects.
  const fetch = createFetch({
    fetch: ((input: string, init: object) =>
      undiciFetch(input, { ...init, dispatcher: agent })) as unknown as typeof globalThis.fetch,
  });
  return async (call, url, progress) => {
    const deadline = AbortSignal.timeout(timeouts.wholeMs);
    const response = await fetch.raw(url.href, {
      method: call.method,
      headers: {
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: call.body }),
      signal: call.signal === undefined ? deadline : AbortSignal.any([call.signal, deadline]),
      redirect: 'manual',
      retry: 0,
      ignoreResponseError: true,
      responseType: 'stream',
    });
    progress.status = response.status;
    const text = await readBody(response._data ?? response.body, maxBodyBytes, progress);
    return { status: response.status, header: (name) => response.headers.get(name), text };
  };
}

/** The cap counts what comes out of decompression, so that a small answer cannot become a large one. */
async function readBody(
  body: ReadableStream<Uint8Array> | null | undefined,
  maxBytes: number,
  progress: Progress,
): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    progress.bytes += chunk.byteLength;
    if (progress.bytes > maxBytes)
      throw new TrackerError('bad_answer', `more than ${Math.round(maxBytes / 1024 / 1024)} MB in one answer`);
    chunks.push(chunk);
  }
  return decode(unpacked(Buffer.concat(chunks), maxBytes));
}

/** Some servers pack an answer and forget to say so. */
function unpacked(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch {
    throw new TrackerError('bad_answer', 'a packed answer that cannot be unpacked');
  }
}

/** Broken UTF-8 becomes U+FFFD rather than an unreadable page: numbers and ids are ASCII and do not change. */
const decode = (bytes: Buffer): string => new TextDecoder('utf-8').decode(bytes);
