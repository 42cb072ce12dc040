// Every fault arrives on the wire as named, hits the requests it was laid on, and no others.
import { request as httpRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FaultKindInput } from '../../../simulator/faults/fault.ts';
import { startPanel } from '../control-panel.ts';
import type { LogPage } from '../panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel();
});
afterAll(() => fake.stop());
afterEach(() => fake.control.clearFaults());

const ask = (offset = 0, signal?: AbortSignal) =>
  fetch(`${fake.access.url}/admin_api/v1/clicks/log`, {
    method: 'POST',
    redirect: 'manual',
    signal,
    headers: { 'api-key': fake.access.apiKey },
    body: JSON.stringify({
      range: { from: '2026-03-05', to: '2026-03-05' },
      columns: ['sub_id', 'city'],
      limit: 50,
      offset,
    }),
  });
const lay = (fault: FaultKindInput) => fake.control.addFault({ match: { path: 'clicks/log' }, fault });
const truth = async (offset = 0) => (await (await ask(offset)).json()) as LogPage;
const lastRequest = async () => (await fake.control.requests()).at(-1)!;

test('a rule hits the nth matching request and as many as it says, by method and path', async () => {
  await fake.control.addFault({
    match: { method: 'POST', path: '^/keitaro/admin_api/v1/clicks', nth: 2, times: 2 },
    fault: { kind: 'status', status: 502 },
  });
  const statuses: number[] = [];
  for (let count = 0; count < 5; count++) {
    expect((await fake.panel.get('/offers')).status).toBe(200);
    expect((await fake.panel.post('/conversions/log', {})).status).toBe(406);
    statuses.push((await ask()).status);
  }
  expect(statuses).toEqual([200, 502, 502, 200, 200]);
  expect(await fake.control.faults()).toMatchObject([{ matched: 5, fired: 2 }]);
  await fake.control.clearFaults();
  expect(await fake.control.faults()).toEqual([]);
});

test('a rule without end hits every request, and the first of two rules wins', async () => {
  await fake.control.addFault({ match: { times: null }, fault: { kind: 'status', status: 401 } });
  await fake.control.addFault({ match: { times: null }, fault: { kind: 'status', status: 403 } });
  for (let count = 0; count < 3; count++) expect((await ask()).status).toBe(401);
});

test.each([['7'], ['Wed, 21 Oct 2037 07:28:00 GMT'], ['-5'], ['604800'], [undefined]])(
  '429 with Retry-After %s',
  async (value) => {
    await lay({ kind: 'status', status: 429, headers: value === undefined ? {} : { 'Retry-After': value } });
    const answer = await ask();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, value ?? null]);
    expect(await lastRequest()).toMatchObject({
      status: 429,
      fault: 'status',
      rows: null,
      offset: 0,
      credential: 'right',
    });
  },
);

test('a firewall’s 403 in HTML', async () => {
  await lay({ kind: 'status', status: 403, body: '<html>blocked</html>', contentType: 'text/html' });
  const answer = await ask();
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    403,
    'text/html',
    '<html>blocked</html>',
  ]);
});

test('a redirect to another host', async () => {
  await lay({ kind: 'redirect', to: 'http://elsewhere.example/admin_api/v1/clicks/log', status: 307 });
  const answer = await ask();
  expect([answer.status, answer.headers.get('location')]).toEqual([
    307,
    'http://elsewhere.example/admin_api/v1/clicks/log',
  ]);
});

test('200 with a login page, and with nothing', async () => {
  await lay({ kind: 'html' });
  const page = await ask();
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  expect(await page.text()).toContain('<form');
  await lay({ kind: 'emptyBody' });
  const empty = await ask();
  expect([empty.status, await empty.text()]).toEqual([200, '']);
});

test('half of the JSON', async () => {
  const whole = await (await ask()).text();
  await lay({ kind: 'halfJson' });
  const half = await (await ask()).text();
  expect(half).toBe(whole.slice(0, Math.floor(whole.length / 2)));
});

test('bytes that are no UTF-8, inside a text value', async () => {
  await lay({ kind: 'invalidUtf8' });
  const bytes = await (await ask()).arrayBuffer();
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
  const lenient = JSON.parse(new TextDecoder().decode(bytes)) as LogPage;
  expect(lenient.rows).toHaveLength(50);
});

test('a gzip bomb is small on the wire and large after it', async () => {
  await lay({ kind: 'gzipBomb', megabytes: 20 });
  const wire = await rawBody();
  expect(wire.encoding).toBe('gzip');
  expect(wire.body.length).toBeLessThan(100_000);
  expect(gunzipSync(wire.body).length).toBeGreaterThan(20 * 1024 * 1024);
});

test('a huge page', async () => {
  await lay({ kind: 'hugePage', megabytes: 8 });
  const text = await (await ask()).text();
  expect(text.length).toBeGreaterThan(8 * 1024 * 1024);
  expect(JSON.parse(text)).toMatchObject({ rows: [] });
});

test('a slow drip brings the whole answer in pieces', async () => {
  const whole = await truth();
  await lay({ kind: 'slowDrip', bytes: 512, everyMs: 1 });
  const response = await ask();
  let pieces = 0;
  let text = '';
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    pieces++;
    text += piece;
  }
  expect(pieces).toBeGreaterThan(1);
  expect(JSON.parse(text)).toEqual(whole);
});

test.each([
  { kind: 'hugePage', megabytes: 200 },
  { kind: 'gzipBomb', megabytes: 200 },
  { kind: 'slowDrip', bytes: 16, everyMs: 1 },
] as const)('a caller may leave in the middle of a $kind', async (fault) => {
  await lay(fault);
  const leaving = new AbortController();
  const response = await ask(0, leaving.signal);
  await response.body!.getReader().read();
  leaving.abort();
  await expect.poll(async () => (await lastRequest()).endedAt).not.toBeNull();
  expect((await ask()).status).toBe(200);
});

test('a delay changes nothing but the time', async () => {
  const whole = await truth();
  await lay({ kind: 'delay', ms: 20 });
  expect(await truth()).toEqual(whole);
  expect(await lastRequest()).toMatchObject({ fault: 'delay', status: 200, rows: 50 });
});

test('silence before the headers lasts until the caller leaves', async () => {
  await lay({ kind: 'hangBeforeHeaders' });
  const leaving = new AbortController();
  const pending = ask(0, leaving.signal);
  pending.catch(() => undefined);
  await expect.poll(async () => (await lastRequest()).fault).toBe('hangBeforeHeaders');
  expect(await lastRequest()).toMatchObject({ status: null, endedAt: null, inFlight: 1 });
  leaving.abort();
  await expect(pending).rejects.toThrow();
  await expect.poll(async () => (await lastRequest()).endedAt).not.toBeNull();
});

test('silence in the middle of the body lasts until the caller leaves', async () => {
  await lay({ kind: 'hangInBody' });
  const leaving = new AbortController();
  const response = await ask(0, leaving.signal);
  const reader = response.body!.getReader();
  const first = await reader.read();
  expect(first.value!.length).toBeGreaterThan(0);
  expect(first.value!.length).toBeLessThan(Number(response.headers.get('content-length')));
  const rest = reader.read();
  leaving.abort();
  await expect(rest).rejects.toThrow();
});

test('the connection is reset before the headers or within the body', async () => {
  await lay({ kind: 'reset' });
  await expect(ask()).rejects.toThrow();
  await lay({ kind: 'reset', afterBytes: 100 });
  const response = await ask();
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
  expect((await ask()).status).toBe(200);
});

test('the previous page once more', async () => {
  const [first, second] = [await truth(0), await truth(50)];
  expect(first).not.toEqual(second);
  await truth(0);
  await lay({ kind: 'duplicatedPage' });
  expect(await truth(50)).toEqual(first);
  expect(await truth(50)).toEqual(second);
});

test('a page backwards', async () => {
  const { rows, total } = await truth();
  await lay({ kind: 'reorderedPage' });
  expect(await truth()).toMatchObject({ rows: rows.toReversed(), total });
});

test('a total that lies, everything else true', async () => {
  const whole = await truth();
  await lay({ kind: 'wrongTotal', factor: 3 });
  expect(await truth()).toEqual({ ...whole, total: Number(whole.total) * 3 });
});

test('numbers that no double can hold, beside the true values', async () => {
  const whole = await (await ask()).text();
  await lay({ kind: 'largeNumbers' });
  const text = await (await ask()).text();
  expect(text.split('"beyond":9007199254740993,')).toHaveLength(52);
  expect(text.replaceAll('"beyond":9007199254740993,', '')).toBe(whole);
});

test('a pattern that is no pattern is refused', async () => {
  await expect(fake.control.addFault({ match: { path: '(' }, fault: { kind: 'html' } })).rejects.toThrow(/400/);
});

/** The bytes as they come over the wire, before anything unpacks them. */
function rawBody(): Promise<{ encoding: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${fake.access.url}/admin_api/v1/clicks/log`,
      { method: 'POST', headers: { 'api-key': fake.access.apiKey } },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
        resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) });
      },
    );
    request.on('error', reject).end('{}');
  });
}
