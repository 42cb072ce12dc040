// Servers that answer as a test tells them, and one call of the HTTP client at them: real sockets, nothing in between.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { Timeouts } from '../../src/adapters/connector.ts';
import { createHttp, type Http, type HttpCall, type HttpOptions, type RecordedCall } from '../../src/adapters/http.ts';
import { TrackerError } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/resources.ts';

export const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Longer than any answer takes on a busy machine; a test that waits for one of them makes it short. */
export const PATIENT: Timeouts = { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000, wholeMs: 20_000 };

export interface TestServer {
  url: string;
  port: number;
  stop(): Promise<void>;
}

/** An HTTP server on 127.0.0.1; stopped, it lets go of hanging connections too. */
export async function serve(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener);
  return listen(server, 'http', () => server.closeAllConnections());
}

/** A TCP server that does with each socket what it is told. */
export async function serveSockets(onSocket: (socket: Socket) => void): Promise<TestServer> {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    onSocket(socket);
  });
  return listen(server, 'http', () => {
    for (const socket of open) socket.destroy();
  });
}

export async function listen(server: Server, scheme: 'http' | 'https', letGo: () => void): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      letGo();
    });
  return { url: `${scheme}://127.0.0.1:${port}`, port, stop };
}

/** A port at which nothing listens. */
export async function closedPort(): Promise<number> {
  const { port, stop } = await serveSockets(() => {});
  await stop();
  return port;
}

export const json = (response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** What came of one call, and what its recorder was told. */
export interface Outcome {
  body: Json | undefined;
  error: TrackerError | null;
  calls: RecordedCall[];
}

/** Makes one call; an error that is not the client's own fails the test. */
export async function callOnce(http: Http, url: string, more: Partial<HttpCall> = {}): Promise<Outcome> {
  const calls: RecordedCall[] = [];
  const call: HttpCall = {
    ...{ title: 'Keitaro', method: 'GET', url: new URL(url), headers: {}, secrets: [], secretParameters: [] },
    onCall: (made) => calls.push(made),
    ...more,
  };
  try {
    return { body: (await http.call(call)).body, error: null, calls };
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    return { body: undefined, error, calls };
  }
}

/** The client as a test needs it: loopback is open, and no time-out is met but by a test's own. */
export function testHttp(options: Partial<HttpOptions> = {}): Http {
  return createHttp({ allowedNetworks: LOOPBACK, ...options, timeouts: { ...PATIENT, ...options.timeouts } });
}

/** Serves while a test runs, for one call's outcome. */
export async function answeredBy(
  listener: RequestListener,
  more: Partial<HttpCall> & { path?: string; options?: Partial<HttpOptions> } = {},
): Promise<Outcome> {
  const { path = '/', options, ...call } = more;
  const server = await serve(listener);
  const http = testHttp(options);
  try {
    return await callOnce(http, `${server.url}${path}`, call);
  } finally {
    await server.stop();
    await http.close();
  }
}
