// What the HTTP client makes of answers: exact JSON, or one error with a kind, a reason, and how long to wait.
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { followed } from '../../src/adapters/redirect.ts';
import { answeredBy, callOnce, json, serve, testHttp } from './wire.ts';

describe('a success', () => {
  test('is its JSON, every digit of it, asked for as JSON with the given headers and body', async () => {
    let asked: { method: string | undefined; headers: object } | null = null;
    const { body, calls } = await answeredBy(
      (request, response) => {
        asked = { method: request.method, headers: request.headers };
        response.end('\ufeff{"id":9007199254740993,"cost":0.1000000000000000055}');
      },
      { method: 'POST', headers: { 'Api-Key': 'k' }, body: '{"a":1}', path: '/x?y=1' },
    );
    expect(body).toEqual({ id: '9007199254740993', cost: '0.1000000000000000055' });
    expect(asked).toMatchObject({
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'api-key': 'k',
        'content-length': '7',
      },
    });
    expect(calls).toEqual([
      expect.objectContaining({ method: 'POST', url: expect.stringMatching(/\/x\?y=1$/), status: 200, error: null }),
    ]);
  });

  const packed = gzipSync('{"rows":[1,2,3]}');
  test.each([
    ['packed and said so', packed, { 'content-encoding': 'gzip' }],
    ['packed without saying so', packed, {}],
    ['packed twice, said once', gzipSync(packed), { 'content-encoding': 'gzip' }],
  ])('%s is unpacked', async (_, bytes, headers) => {
    const { body } = await answeredBy((_request, response) => response.writeHead(200, headers).end(bytes));
    expect(body).toEqual({ rows: [1, 2, 3] });
  });

  test('with bytes that no text may have is read all the same', async () => {
    const { body } = await answeredBy((_request, response) =>
      response.end(Buffer.concat([Buffer.from('{"city":"'), Buffer.from([0xc3, 0x28]), Buffer.from('","id":7}')])),
    );
    expect(body).toEqual({ city: '\ufffd(', id: 7 });
  });
});

describe('200 that is no success', () => {
  const slowDown = {
    slowDownWords: ['TOO_MANY_CALLS'],
    refusal: () => ({ kind: 'rate_limited', said: 'slow down' }) as const,
  };

  test.each([
    ['in JSON', '{"success":false}', 'slow down'],
    ['in other words', 'TOO_MANY_CALLS of key secret-0123456789', 'TOO_MANY_CALLS of key [redacted]'],
  ])('asking to slow down %s: for as long as its headers say, and no secret in its words', async (_, text, said) => {
    const { error, calls } = await answeredBy(
      (_request, response) => response.writeHead(200, { 'retry-after': '120' }).end(text),
      { ...slowDown, secrets: ['secret-0123456789'] },
    );
    expect(error).toMatchObject({ kind: 'rate_limited', details: { retryAfterMs: 120_000, said } });
    expect(JSON.stringify(calls)).not.toContain('secret-0123456789');
  });

  test.each([
    ['a web page', '<!DOCTYPE html><title>Sign in</title>', 'a web page'],
    ['a web page after blanks', '\n\n  <html>', 'a web page'],
    ['nothing', '', 'nothing'],
    ['JSON that is cut off', '{"rows":[{"a":1},{"a"', 'cut-off or broken JSON'],
    ['words', 'OK', 'cut-off or broken JSON'],
  ])('%s is not the tracker', async (_, text, said) => {
    const { error, calls } = await answeredBy((_request, response) => response.end(text));
    expect(error).toMatchObject({ kind: 'not_the_tracker', message: 'not Keitaro', details: { status: 200, said } });
    expect(error?.details.hint).not.toBe('');
    expect(calls).toMatchObject([{ status: 200, error: `not Keitaro: ${said}` }]);
  });

  test.each([
    ['garbage that calls itself gzip by its first bytes', Buffer.from([0x1f, 0x8b, 1, 2, 3]), {}],
    ['a packed answer that is cut off', gzipSync('{"a":1}').subarray(0, 12), {}],
  ])('%s is a bad answer', async (_, bytes, headers) => {
    const { error } = await answeredBy((_request, response) => response.writeHead(200, headers).end(bytes));
    expect(error).toMatchObject({ kind: 'bad_answer' });
  });

  test('an answer shorter than it says is a broken connection', async () => {
    const { error, calls } = await answeredBy((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"rows":[', () => response.socket?.destroy());
    });
    expect(error).toMatchObject({ kind: 'network' });
    expect(calls).toMatchObject([{ status: 200, bytes: 9 }]);
  });
});

describe('the cap on an answer counts what comes out of it', () => {
  const MB = 1024 * 1024;
  const options = { maxBodyBytes: MB };
  const large = gzipSync(Buffer.alloc(20 * MB, 0x20));
  test.each([
    ['said to be packed', large, { 'content-encoding': 'gzip' }],
    ['packed without saying so', large, {}],
    ['as it is', Buffer.alloc(2 * MB, 0x20), {}],
  ])('%s', async (_, bytes, headers) => {
    expect(large.length).toBeLessThan(MB / 10);
    const { error, calls } = await answeredBy((_request, response) => response.writeHead(200, headers).end(bytes), {
      options,
    });
    expect(error).toMatchObject({ kind: 'bad_answer' });
    expect(calls[0]!.bytes).toBeLessThan(2 * MB);
  });

  test('an answer of just the cap is read', async () => {
    const { body } = await answeredBy((_request, response) => response.end(`[${' '.repeat(MB - 2)}]`), { options });
    expect(body).toEqual([]);
  });
});

describe('a refusal', () => {
  test.each([
    [400, 'refused', '400'],
    [401, 'auth', '401'],
    [402, 'plan', '402'],
    [403, 'forbidden', '403'],
    [404, 'not_the_tracker', 'not Keitaro'],
    [406, 'refused', '406'],
    [408, 'server_error', '408'],
    [425, 'server_error', '425'],
    [429, 'rate_limited', '429'],
    [500, 'server_error', '500'],
    [502, 'server_error', '502'],
    [503, 'server_error', '503'],
    [504, 'server_error', '504'],
  ])('%i is %s and is never asked again', async (status, kind, message) => {
    let asked = 0;
    const { error, calls } = await answeredBy((_request, response) => {
      asked++;
      json(response, { error: 'No way' }, status);
    });
    expect(error).toMatchObject({ kind, message, details: { status, said: 'No way' } });
    expect(error?.details.hint).toBeTruthy();
    expect(asked).toBe(1);
    expect(calls).toMatchObject([{ status, error: `${message}: No way` }]);
  });

  test.each([
    ['error', { error: 'Wrong range' }, 'Wrong range'],
    ['message', { message: 'Wrong range' }, 'Wrong range'],
    [
      'fields',
      { 'range.from': ['This value should not be blank.'] },
      '{"range.from":["This value should not be blank."]}',
    ],
  ])('is told in the tracker’s own words: %s', async (_, body, said) => {
    const { error } = await answeredBy((_request, response) => json(response, body, 406));
    expect(error?.details.said).toBe(said);
  });

  test.each([403, 404, 500])('%i with a web page says so, and no more of it', async (status) => {
    const { error } = await answeredBy((_request, response) =>
      response.writeHead(status).end('<html>secret-ish</html>'),
    );
    expect(error?.details).toMatchObject({ status, said: 'a web page' });
  });

  test('of a megabyte is cut', async () => {
    const { error } = await answeredBy((_request, response) => json(response, { error: 'x'.repeat(1e6) }, 500));
    expect(error?.details.said).toHaveLength(301);
  });
});

describe('a redirect', () => {
  test('on the same host is followed for GET, with the key', async () => {
    const keys: unknown[] = [];
    const { body, calls } = await answeredBy(
      (request, response) => {
        keys.push(request.headers['api-key']);
        if (request.url === '/') return response.writeHead(302, { location: '/en/' }).end();
        json(response, { at: request.url });
      },
      { headers: { 'Api-Key': 'k' } },
    );
    expect(body).toEqual({ at: '/en/' });
    expect(keys).toEqual(['k', 'k']);
    expect(calls).toMatchObject([{ status: 200 }]);
  });

  test('to another host is refused, and that host hears nothing', async () => {
    let heard = 0;
    const other = await serve((_request, response) => {
      heard++;
      json(response, {});
    });
    for (const status of [301, 302, 303, 307, 308]) {
      for (const location of [`${other.url}/`, `//127.0.0.1:${other.port}/`, 'http://169.254.169.254/latest/']) {
        const { error } = await answeredBy((_request, response) => response.writeHead(status, { location }).end());
        expect(error).toMatchObject({ kind: 'url', message: 'redirect to another host' });
      }
    }
    await other.stop();
    expect(heard).toBe(0);
  });

  test.each([
    ['to plain http', 'http', 'https'],
    ['to another scheme', 'ftp', 'http'],
  ])('%s is refused on the same host, too', (_, scheme, from) => {
    const at = new URL(`${from}://panel.example/a`);
    expect(() => followed('GET', at, `${scheme}://panel.example/a`, 0)).toThrow('redirect to another host');
    expect(followed('GET', at, '/b', 0).href).toBe(`${from}://panel.example/b`);
  });

  test('of a POST is refused: it would lose its body', async () => {
    const asked: unknown[] = [];
    const { error } = await answeredBy(
      (request, response) => {
        asked.push(request.url);
        if (request.url === '/') response.writeHead(302, { location: '/x' }).end();
        else json(response, {});
      },
      { method: 'POST', body: '{}' },
    );
    expect(error).toMatchObject({ kind: 'url', message: 'redirect' });
    expect(asked).toEqual(['/']);
  });

  test('to itself ends', async () => {
    let asked = 0;
    const { error } = await answeredBy((_request, response) => {
      asked++;
      response.writeHead(302, { location: '/' }).end();
    });
    expect(error).toMatchObject({ kind: 'url' });
    expect(asked).toBe(4);
  });
});

describe('a call that is called off', () => {
  test('ends at once, while it waits and while it reads, and says so', async () => {
    for (const begin of ['', '{"rows":[']) {
      const controller = new AbortController();
      const server = await serve((_request, response) => {
        if (begin !== '') response.writeHead(200).write(begin);
        setTimeout(() => controller.abort(), 20);
      });
      const http = testHttp({ timeouts: { connectMs: 60_000, firstByteMs: 60_000, idleMs: 60_000, wholeMs: 60_000 } });
      const { error, calls } = await callOnce(http, server.url, { signal: controller.signal });
      expect(error).toMatchObject({ kind: 'network', message: 'called off' });
      expect(calls).toMatchObject([{ error: 'called off' }]);
      await server.stop();
      await http.close();
    }
  });

  test('before it began asks nothing', async () => {
    let asked = 0;
    const { error } = await answeredBy(() => asked++, { signal: AbortSignal.abort() });
    expect([error?.message, asked]).toEqual(['called off', 0]);
  });
});
