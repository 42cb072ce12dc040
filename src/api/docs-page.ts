// GET /docs: the API for people, by Scalar, from this server alone: no other host is called.
import { randomBytes } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { html, raw } from 'hono/html';
import { createRouter } from './router.ts';
import { scalarScript } from './scalar.ts';

const page = createRoute({
  method: 'get',
  path: '/docs',
  tags: ['operations'],
  summary: 'The API for people',
  responses: { 200: { description: 'A page.', content: { 'text/html': { schema: z.string() } } } },
});

const program = createRoute({
  method: 'get',
  path: '/docs/scalar.js',
  tags: ['operations'],
  summary: 'The program of that page',
  responses: { 200: { description: 'JavaScript.', content: { 'text/javascript': { schema: z.string() } } } },
});

/** Nothing is loaded from elsewhere, and nothing is told to anybody. */
const SETTINGS = {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  metaData: { title: 'Tracker Hub: the API' },
};

export function docsPage() {
  return createRouter()
    .openapi(page, (c) => {
      const nonce = randomBytes(16).toString('base64');
      c.header('content-security-policy', policy(nonce));
      return c.html(html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>Tracker Hub: the API</title>
          </head>
          <body>
            <div id="api"></div>
            <script src="/docs/scalar.js"></script>
            <script nonce="${nonce}">Scalar.createApiReference('#api', ${raw(JSON.stringify(SETTINGS))})</script>
          </body>
        </html>`);
    })
    .openapi(program, async (c) => {
      const { plain, gzipped } = await scalarScript();
      const headers = {
        ...{ 'content-type': 'text/javascript; charset=utf-8', vary: 'accept-encoding' },
        'cache-control': 'public, max-age=86400',
      };
      if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return c.body(plain, 200, headers);
      return c.body(new Uint8Array(gzipped), 200, { ...headers, 'content-encoding': 'gzip' });
    });
}

/** Scalar sets styles on its elements by itself; scripts are its program and the one line that starts it. */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
