// What browsers are told: headers on every answer, one origin that may read, and a page of documentation that calls nobody.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, PUBLIC_URL, startHarness } from './harness.ts';

let api: Harness;

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

test.each(['/healthz', '/api/v1/me', '/api/v1/nothing', '/openapi.json', '/docs/scalar.js'])(
  '%s comes with headers that let nothing run, frame or guess',
  async (path) => {
    const { headers } = await api.ask('GET', path);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
  },
);

test('only the dashboard’s own origin may read', async () => {
  const ask = (origin: string, method = 'GET') =>
    api.app.request('/api/v1/me', {
      method,
      headers: { origin, 'access-control-request-method': 'PATCH', authorization: `Bearer ${api.ours.keys.owner}` },
    });
  for (const origin of ['https://evil.example', 'null', `${PUBLIC_URL}.evil.example`, PUBLIC_URL.replace('s:', ':')]) {
    for (const method of ['GET', 'OPTIONS']) {
      expect((await ask(origin, method)).headers.get('access-control-allow-origin'), origin).toBeNull();
    }
  }
  const own = await ask(PUBLIC_URL);
  expect(own.headers.get('access-control-allow-origin')).toBe(PUBLIC_URL);
  expect(own.headers.get('access-control-allow-credentials')).toBe('true');
  expect(own.headers.get('vary')?.toLowerCase()).toContain('origin');
  const preflight = await ask(PUBLIC_URL, 'OPTIONS');
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
});

test('/docs names no other host, and runs its own program only', async () => {
  const { text, headers } = await api.ask('GET', '/docs', { key: null });
  expect(text).not.toMatch(/https?:\/\//);
  const policy = headers.get('content-security-policy') ?? '';
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  expect(text).toContain(`<script nonce="${nonce}">`);
  expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe/);
  expect((await api.ask('GET', '/docs', { key: null })).headers.get('content-security-policy')).not.toBe(policy);
});

test('/docs/scalar.js is Scalar, whole, and packed where that is taken', async () => {
  const plain = await api.ask('GET', '/docs/scalar.js', { key: null });
  expect(plain.text).toContain('createApiReference');
  expect(plain.text.length).toBeGreaterThan(1_000_000);
  const packed = await api.app.request('/docs/scalar.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  const unpacked = new Response(packed.body!.pipeThrough(new DecompressionStream('gzip')));
  expect(await unpacked.text()).toBe(plain.text);
});

test('a body that is too large is refused, said or not how large it is', async () => {
  const body = JSON.stringify({ name: 'x'.repeat(1_100_000) });
  expect((await api.ask('POST', '/api/v1/views', { body })).json.code).toBe('body_too_large');
  const chunks = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(body));
      controller.close();
    },
  });
  const streamed = await api.app.request('/api/v1/views', {
    method: 'POST',
    headers: { authorization: `Bearer ${api.ours.keys.owner}`, 'content-type': 'application/json' },
    body: chunks,
    duplex: 'half',
  } as RequestInit);
  expect(streamed.status).toBe(413);
});
