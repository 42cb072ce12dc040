// The dashboard's files as browsers get them: the page afresh each time, what it names for ever.
import type { Context } from 'hono';
import type { ApiEnv, DashboardFile } from './deps.ts';

/** Styles are also set by scripts as they run; scripts and fonts come from here alone, and nothing goes elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const PAGE = '/index.html';
/** What is never a page of the dashboard, whether it exists or not. */
const OTHERS = /^\/(api|docs|openapi\.json|metrics|healthz|readyz|assets)(\/|$)/;

/** Null where the address is no page and no file of the dashboard. */
export function answerDashboard(c: Context<ApiEnv>, files: ReadonlyMap<string, DashboardFile> | null): Response | null {
  const { method, path } = c.req;
  if (files === null || (method !== 'GET' && method !== 'HEAD')) return null;
  const named = path === PAGE ? undefined : files.get(path);
  const isPage = !OTHERS.test(path) && !/\.\w+$/.test(path);
  const file = named ?? (isPage || path === PAGE ? files.get(PAGE) : undefined);
  if (file === undefined) return null;
  const headers = new Headers({ 'content-type': file.type, vary: 'accept-encoding' });
  headers.set('cache-control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (named === undefined) headers.set('content-security-policy', POLICY);
  const isGzipped = file.gzipped !== null && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
  if (isGzipped) headers.set('content-encoding', 'gzip');
  const body = isGzipped ? file.gzipped : file.plain;
  return new Response(method === 'HEAD' ? null : new Uint8Array(body!), { status: 200, headers });
}
