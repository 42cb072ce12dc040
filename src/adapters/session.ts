// One account, opened for calls: the declared authentication goes on every request, the credentials go nowhere else.
import type { Json } from '../core/resources.ts';
import type { Adapter, Connection, TrackerRequest } from './adapter.ts';
import { configured } from './configured.ts';
import type { Http, RecordedCall } from './http.ts';

export interface Session {
  /** As the connection's settings make it. */
  adapter: Adapter;
  connection: Connection;
  secrets: readonly string[];
  /** What is looked up once and then known, by what it is. */
  known: Map<string, unknown>;
  /** @throws TrackerError */
  call(request: TrackerRequest): Promise<Json>;
}

export interface SessionOptions {
  http: Http;
  onCall(call: RecordedCall): void;
  signal?: AbortSignal;
  /** Asked before every call; it throws where the call may not be made (paused, superseded, deleted). */
  permit?(): Promise<void>;
}

export function openSession(declared: Adapter, connection: Connection, options: SessionOptions): Session {
  const adapter = configured(declared, connection.settings);
  const secrets = Object.values(connection.credentials).filter((value) => value !== '');
  const headers: Record<string, string> = {};
  const parameters: [string, string][] = [];
  for (const auth of adapter.auth) {
    const value = connection.credentials[auth.credential] ?? '';
    if (auth.style === 'header') headers[auth.name] = `${auth.prefix ?? ''}${value}`;
    else parameters.push([auth.name, value]);
  }
  return {
    adapter,
    connection,
    secrets,
    known: new Map(),
    async call(request) {
      await options.permit?.();
      const base = request.isFromRoot ? '' : adapter.url.apiPath;
      const url = new URL(`${connection.url}${base}${request.path}`);
      for (const [name, value] of Object.entries(request.query ?? {})) {
        for (const one of typeof value === 'object' ? value : [value]) url.searchParams.append(name, String(one));
      }
      for (const [name, value] of parameters) url.searchParams.set(name, value);
      const { body } = await options.http.call({
        title: adapter.title,
        method: request.method,
        url,
        headers,
        secrets,
        secretParameters: parameters.map(([name]) => name),
        onCall: options.onCall,
        ...(adapter.refusal === undefined ? {} : { refusal: adapter.refusal }),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      return body;
    },
  };
}
