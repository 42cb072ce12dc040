// Every kind of trouble provoked on a real socket, and told by the connection test as promised.
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { afterAll, describe, expect, test } from 'vitest';
import { DEADLINE_MS } from '../../src/adapters/test-connection.ts';
import { HINTS } from '../../src/adapters/trouble.ts';
import { expectFailure, tried } from './tried.ts';
import { closedPort, json, listen, serve, serveSockets, type TestServer } from './wire.ts';

describe('no answer', () => {
  const stops: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const stop of stops) await stop();
  });
  const sockets = async (...given: Parameters<typeof serveSockets>): Promise<TestServer> => {
    const server = await serveSockets(...given);
    stops.push(server.stop);
    return server;
  };

  test('a closed port', async () => {
    expectFailure(await tried(`http://127.0.0.1:${await closedPort()}`), 'connection_refused', 'ECONNREFUSED');
  });

  test('an unknown host', async () => {
    expectFailure(await tried('https://no-such-panel.invalid'), 'dns', 'ENOTFOUND');
  });

  test('a certificate that nobody vouches for', async () => {
    const pem = (name: string): Buffer => readFileSync(new URL(`../data/tls/self-signed-${name}.pem`, import.meta.url));
    const server = createTlsServer({ key: pem('key'), cert: pem('certificate') }, (_request, response) =>
      json(response, []),
    );
    const { url, stop } = await listen(server, 'https', () => server.closeAllConnections());
    stops.push(stop);
    expectFailure(await tried(url), 'tls', 'TLS (DEPTH_ZERO_SELF_SIGNED_CERT)');
  });

  test('https asked of plain http', async () => {
    const { port, stop } = await serve((_request, response) => json(response, []));
    stops.push(stop);
    expectFailure(await tried(`https://127.0.0.1:${port}`), 'tls', 'TLS');
  });

  test('silence before the answer', async () => {
    const { url } = await sockets(() => {});
    expectFailure(await tried(url, { options: { timeouts: { firstByteMs: 50 } } }), 'timeout', 'timeout');
  });

  test('a connection that breaks before the answer', async () => {
    const { url } = await sockets((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expectFailure(await tried(url), 'network', 'ECONNRESET');
  });

  test('a connection that ends before the answer', async () => {
    const { url } = await sockets((socket) => socket.once('data', () => socket.end()));
    expectFailure(await tried(url), 'network', 'ECONNRESET');
  });

  test('something that does not speak HTTP', async () => {
    const { url } = await sockets((socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')));
    expectFailure(await tried(url), 'network', '');
  });

  test('a connection that breaks within the answer', async () => {
    const { url } = await sockets((socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n[{', () =>
          setTimeout(() => socket.resetAndDestroy(), 20),
        ),
      ),
    );
    expectFailure(await tried(url), 'network', 'ECONNRESET');
  });
});

describe('whatever the tracker does, an answer within the deadline', () => {
  test('is the declared one of less than 15 seconds, with time left to tell it', () => {
    expect(DEADLINE_MS).toBeLessThanOrEqual(14_500);
  });

  // The client's own time-outs are far beyond the test's: the deadline alone ends these.
  const patient = { timeouts: { connectMs: 600_000, firstByteMs: 600_000, idleMs: 600_000, wholeMs: 600_000 } };

  test('silence within the answer', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200).write('[{"id":1');
    });
    expectFailure(await tried(server.url, { deadlineMs: 200, options: patient }), 'timeout', 'timeout');
    await server.stop();
  });

  test('an answer in drops', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200).write('[');
      const drops = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drops));
    });
    expectFailure(await tried(server.url, { deadlineMs: 200, options: patient }), 'timeout', 'timeout');
    await server.stop();
  });

  test('a name that is never resolved', async () => {
    const options = {
      ...patient,
      timeouts: { ...patient.timeouts, connectMs: 300 },
      resolve: () => new Promise<never>(() => {}),
    };
    expectFailure(await tried('https://panel.test', { deadlineMs: 100, options }), 'timeout', 'timeout');
  });

  test('a key that is accepted and resources that are silent: each check says so', async () => {
    const server = await serve((request, response) => {
      if (request.url?.includes('limit=1&')) json(response, [{ id: 1 }]);
    });
    const { result } = await tried(server.url, { deadlineMs: 1_500, options: patient });
    if (!result.ok) throw new Error('the key was not accepted');
    expect(result.checks.filter(({ ok }) => ok)).toEqual([
      { resource: 'flows', ok: true, count: 0, message: 'nothing to ask for yet' },
    ]);
    expect(new Set(result.checks.filter(({ ok }) => !ok).map(({ message }) => message))).toEqual(new Set(['timeout']));
    await server.stop();
  });
});

describe('an answer that is none of Keitaro', () => {
  const PAGE = '<!DOCTYPE html><html><title>404</title></html>';
  test.each<[string, number, string, string, string]>([
    ['a web page', 200, PAGE, 'not_the_tracker', 'not Keitaro (a web page)'],
    ['a web page with 404', 404, PAGE, 'not_the_tracker', 'not Keitaro (a web page)'],
    ['JSON with 404', 404, '{"error":"Route not found"}', 'not_the_tracker', 'not Keitaro (Route not found)'],
    ['nothing', 200, '', 'not_the_tracker', 'not Keitaro (nothing)'],
    ['half of a list', 200, '[{"id":1},{"i', 'not_the_tracker', 'not Keitaro (cut-off or broken JSON)'],
    ['JSON of another shape', 200, '{"data":[]}', 'not_the_tracker', 'not Keitaro (JSON of another shape)'],
    ['a list of other things', 200, '[1,2,3]', 'not_the_tracker', 'not Keitaro (JSON of another shape)'],
    [
      'an error that calls itself success',
      200,
      '{"error":"No license"}',
      'not_the_tracker',
      'not Keitaro (No license)',
    ],
    ['a refused key', 401, '{"error":"Unauthorized"}', 'auth', '401 (Unauthorized)'],
    ['a lower edition', 402, '{"error":"Not in your edition"}', 'plan', '402 (Not in your edition)'],
    ['a key without rights', 403, '{"error":"Access denied"}', 'forbidden', '403 (Access denied)'],
    ['a firewall', 403, PAGE, 'forbidden', '403 (a web page)'],
    ['too many calls', 429, '{}', 'rate_limited', '429'],
    ['a failure', 500, '{"error":"Oops"}', 'server_error', '500 (Oops)'],
    ['a failure of what stands in front', 502, PAGE, 'server_error', '502 (a web page)'],
    ['a refusal', 400, '{"error":"Bad request"}', 'refused', '400 (Bad request)'],
  ])('%s, %i', async (_, status, body, kind, message) => {
    const server = await serve((_request, response) => response.writeHead(status).end(body));
    const outcome = await tried(server.url);
    expectFailure(outcome, kind, message, status);
    expect(outcome.result).toMatchObject({ error: { message: expect.stringMatching(/[^ ]$/) } });
    await server.stop();
  });

  test('a redirect elsewhere', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(301, { location: 'https://elsewhere.test/' }).end(),
    );
    const { result, calls } = await tried(server.url);
    expect(result).toMatchObject({
      ok: false,
      error: { kind: 'url', message: 'Connection test failed: redirect to another host', hint: HINTS.url },
    });
    expect(calls).toMatchObject([{ status: 301 }]);
    await server.stop();
  });

  test.each(['http://10.0.0.1', 'https://192.168.0.1', 'https://[fd00::1]', 'http://169.254.169.254'])(
    'an address that is not allowed: %s',
    async (url) => expectFailure(await tried(url), 'url', 'address not allowed'),
  );
});
