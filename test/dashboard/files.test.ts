// The built files: small enough to start with, kept by browsers for ever, and from no other host.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DashboardFile } from '../../src/api/deps.ts';
import { ensureDashboard } from '../../src/local/dashboard-build.ts';
import { readDashboard } from '../../src/local/dashboard-files.ts';
import { type Harness, startHarness } from '../api/harness.ts';

const MOST_BYTES = 250_000;

/** Before a path without a host, in an error of React's, as an example in a form, the name of a vocabulary. */
const NEVER_CALLED = ['localhost', 'react.dev', 'tracker.example.com', 'www.w3.org'];

let files: ReadonlyMap<string, DashboardFile>;
let api: Harness;
beforeAll(async () => {
  files = readDashboard((await ensureDashboard())!)!;
  api = await startHarness({ dashboard: files });
});
afterAll(() => api.end());

const get = (path: string, headers: Record<string, string> = {}) => api.app.request(path, { headers });
const names = (pattern: RegExp): string[] => [...files.keys()].filter((name) => pattern.test(name));

/** What a page loads before it shows itself: the entry and the page's own part, with all that they import at once. */
function scriptsOf(start: readonly string[]): Set<string> {
  const found = new Set<string>();
  const add = (name: string): void => {
    const file = files.get(name);
    if (file === undefined || found.has(name)) return;
    found.add(name);
    const text = file.plain.toString();
    for (const [, next] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) add(`/assets/${next}`);
  };
  for (const name of start) add(name);
  return found;
}

test('JavaScript for the list of trackers is below 250 kB, compressed', () => {
  const page = files.get('/index.html')!.plain.toString();
  const entries = [...page.matchAll(/(?:src|href)="(\/assets\/[\w.-]+\.js)"/g)].map(([, name]) => name!);
  const scripts = scriptsOf([...entries, ...names(/\/TrackersPage-.*\.js$/)]);
  expect(scripts.size).toBeGreaterThan(2);
  const bytes = [...scripts].reduce((sum, name) => sum + files.get(name)!.gzipped!.length, 0);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

test('the page is asked for afresh each time, runs our own scripts alone, and is the answer to every page', async () => {
  const page = await get('/');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const policy = page.headers.get('content-security-policy')!.split('; ');
  expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "connect-src 'self'"]));
  expect(await (await get('/trackers/01989f5e-7c00-7000-8000-000000000001')).text()).toBe(await page.text());
});

test('hashed files are kept for ever, and come compressed to who can read that', async () => {
  const [script = ''] = names(/\.js$/);
  const plain = await get(script);
  expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(plain.headers.get('content-encoding')).toBeNull();
  const zipped = await get(script, { 'accept-encoding': 'gzip, br' });
  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  expect((await zipped.arrayBuffer()).byteLength).toBeLessThan((await plain.arrayBuffer()).byteLength);
});

test.each(['/api/v1/nothing', '/api', '/assets/gone.js', '/docs/nothing', '/favicon.ico'])(
  '%s is no page of the dashboard',
  async (path) => {
    const answer = await get(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  },
);

test('the API and its documentation stay theirs', async () => {
  expect((await get('/healthz')).headers.get('content-type')).toContain('json');
  expect(await (await get('/docs')).text()).toContain('scalar.js');
  expect((await api.app.request('/trackers', { method: 'POST' })).status).toBe(404);
});

test('nothing names another host that it could call', () => {
  const styles = names(/\.(css|html)$/).map((name) => files.get(name)!.plain.toString());
  expect(styles.length).toBeGreaterThan(1);
  expect(styles.join('\n')).not.toMatch(/(?:src|href|url|@import)[\s=("']*(?:https?:)?\/\//i);
  const scripts = names(/\.js$/).map((name) => files.get(name)!.plain.toString());
  expect(scripts.length).toBeGreaterThan(5);
  // A host that begins with what is put in is one that somebody typed: a tracker's.
  const named = scripts.flatMap((text) =>
    [...text.matchAll(/["'`(](?:https?|wss?):\/\/([^\s"'`)/?#$][^\s"'`)/?#]*)/gi)].map(([, host]) => host!),
  );
  expect([...new Set(named)].sort()).toEqual(NEVER_CALLED);
});
