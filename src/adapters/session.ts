// One account, opened for calls: the declared authentication goes on every request, the credentials go nowhere else.
import { TrackerError } from '../core/errors.ts';
import type { Json } from '../core/resources.ts';
import { isUsable, type Token, type TokenKeeper } from '../core/token.ts';
import type { Adapter, Auth, Connection } from './adapter.ts';
import { configured } from './configured.ts';
import type { Http, RecordedCall } from './http.ts';
import { LONGEST_LOGIN_MS, logIn } from './login.ts';
import type { TrackerRequest } from './sources.ts';
import { memoryKeeper } from './token-keeper.ts';

export interface Session {
  /** As the connection's settings make it. */
  adapter: Adapter;
  connection: Connection;
  /** A token joins them when there is one. */
  secrets: readonly string[];
  /** What is looked up once and then known, by what it is. */
  known: Map<string, unknown>;
  /** @throws TrackerError */
  call(request: TrackerRequest): Promise<Json>;
}

/** Told when a call is over, and how it failed if it did. */
export type CallOver = (trouble: TrackerError | null) => void;

export interface SessionOptions {
  http: Http;
  onCall(call: RecordedCall): void;
  signal?: AbortSignal;
  /** Asked before every call; it throws where the call may not be made (paused, superseded, others' turn). */
  permit?(request: TrackerRequest): Promise<CallOver>;
  /** Where the tracker wants a token; by default one that lives as long as the session. */
  tokens?: TokenKeeper;
  clock?(): Date;
}

export function openSession(declared: Adapter, connection: Connection, options: SessionOptions): Session {
  const adapter = configured(declared, connection.settings);
  const secrets = Object.values(connection.credentials).filter((value) => value !== '');
  const fixed = fixedAuth(adapter.auth, connection);
  const send: Send = async (request, headers, signal = options.signal) => {
    const over = await options.permit?.(request);
    const answer = options.http.call({
      title: adapter.title,
      method: request.method,
      url: urlOf(adapter, connection, request, fixed.parameters),
      headers: { ...fixed.headers, ...headers },
      secrets,
      secretParameters: fixed.parameters.map(([name]) => name),
      onCall: options.onCall,
      ...wordsOf(adapter),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      const { body } = await answer;
      over?.(null);
      return body;
    } catch (error) {
      over?.(error instanceof TrackerError ? error : null);
      throw error;
    }
  };
  return {
    adapter,
    connection,
    secrets,
    known: new Map(),
    call: withToken(adapter, connection, secrets, options, send),
  };
}

type Send = (request: TrackerRequest, headers: Record<string, string>, signal?: AbortSignal) => Promise<Json>;

/** Where a token is wanted: one that the tracker refuses is renewed once, and the call made once more. */
function withToken(
  { auth, title }: Adapter,
  connection: Connection,
  secrets: string[],
  options: SessionOptions,
  send: Send,
): Session['call'] {
  const source = auth.find((one) => one.style === 'token');
  if (source === undefined) return (request) => send(request, {});
  const { tokens = memoryKeeper(), clock = () => new Date(), signal } = options;
  let held: Token | null = null;
  const login = () => {
    const deadline = AbortSignal.timeout(LONGEST_LOGIN_MS);
    const until = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    return logIn(source, connection, title, (request) => send(request, {}, until), clock());
  };
  const tokenFor = async (refused: string | null): Promise<string> => {
    const now = clock();
    if (held !== null && isUsable(held, { now, refused })) return held.value;
    held = await tokens.token({ now, refused, login, signal });
    if (!secrets.includes(held.value)) secrets.push(held.value);
    return held.value;
  };
  const sendWith = (request: TrackerRequest, token: string) => send(request, { [source.name]: token });
  return async (request) => {
    const token = await tokenFor(null);
    try {
      return await sendWith(request, token);
    } catch (error) {
      if (!(error instanceof TrackerError) || error.kind !== 'auth') throw error;
    }
    return sendWith(request, await tokenFor(token));
  };
}

function fixedAuth(auths: readonly Auth[], { credentials }: Connection) {
  const headers: Record<string, string> = {};
  const parameters: [string, string][] = [];
  for (const auth of auths) {
    if (auth.style === 'token') continue;
    const value = credentials[auth.credential] ?? '';
    if (auth.style === 'header') headers[auth.name] = `${auth.prefix ?? ''}${value}`;
    else parameters.push([auth.name, value]);
  }
  return { headers, parameters };
}

function urlOf(
  adapter: Adapter,
  connection: Connection,
  request: TrackerRequest,
  parameters: readonly [string, string][],
): URL {
  const base = request.isFromRoot ? '' : adapter.url.apiPath;
  const url = new URL(`${connection.url}${base}${request.path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (typeof value === 'object') for (const one of value) url.searchParams.append(name, one);
    else url.searchParams.set(name, String(value));
  }
  for (const [name, value] of parameters) url.searchParams.set(name, value);
  return url;
}

/** How this tracker words what is no answer. */
const wordsOf = ({ refusal, errorWords, slowDownWords }: Adapter) => ({
  ...(refusal === undefined ? {} : { refusal }),
  ...(errorWords === undefined ? {} : { errorWords }),
  ...(slowDownWords === undefined ? {} : { slowDownWords }),
});
