// Whatever is sent, no route fails inside, and each answers only with what it documents.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ZodObject } from 'zod';
import { documentedRoutes, type Harness, startHarness } from './harness.ts';
import { KEY, seedClicks, seedConfig } from './seed.ts';

const RUNS = 400;

let api: Harness;
let config: string;

beforeAll(async () => {
  api = await startHarness({ temporal: { check: async () => ({ isReachable: true, workers: 1, reason: null }) } });
  const { organizationId } = api.ours;
  config = await seedConfig(api.db, organizationId, { vault: api.vault, url: 'https://127.0.0.1:1' });
  await seedClicks(api.db, { configId: config, organizationId }, [{ clicked_at: '2026-11-01T00:00:00Z' }]);
});
afterAll(() => api.end());

const nasty = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e999',
    'NaN',
    'null',
    '[]',
    '{}',
    '\u0000',
    '\ud800',
    '%',
    "';--",
    '../..',
    '🦊',
  ),
  fc.constantFrom('2026-11-01T00:00:00Z', '2026-11-02T00:00:00+14:00', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'),
  fc.constantFrom(
    '00000000-0000-0000-0000-000000000000',
    'day,campaign,subId30',
    '-revenue',
    'previous',
    'user',
    'tracker',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.date({ noInvalidDate: true }).map((at) => at.toISOString()),
);

test('of a few hundred questions made up by chance, none breaks anything', async () => {
  const routes = documentedRoutes(api.app);
  const question = fc.record({
    route: fc.constantFrom(...routes),
    knowsId: fc.boolean(),
    id: nasty,
    query: fc.array(fc.tuple(fc.nat(), nasty), { maxLength: 4 }),
    body: fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc
        .dictionary(
          fc.constantFrom(
            ...[
              'type',
              'name',
              'url',
              'settings',
              'credentials',
              'from',
              'to',
              'resources',
              'role',
              'email',
              'password',
            ],
            ...['newPassword', 'token', 'code', 'page', 'query', 'isShared', 'expiresAt', 'rememberMe'],
          ),
          fc.oneof(nasty, fc.jsonValue({ maxDepth: 2 })),
          { maxKeys: 4 },
        )
        .map((body) => JSON.stringify(body)),
      fc
        .record({
          type: fc.constant('keitaro'),
          name: nasty,
          url: fc.constant('https://127.0.0.1:1'),
          credentials: fc.constant({ apiKey: KEY }),
          settings: fc.constantFrom({}, { paths: { clicks: '/\ud800' } }),
        })
        .map((body) => JSON.stringify(body)),
      fc
        .dictionary(
          nasty,
          fc.oneof(
            fc.constantFrom('approved', 'hold', null, 'APPROVED'),
            fc.record({ status: fc.constantFrom('rejected', 'x'), reversed: fc.constantFrom(true, 'yes') }),
          ),
          { maxKeys: 4 },
        )
        .map((body) => JSON.stringify(body)),
    ),
    accept: fc.constantFrom('application/json', 'text/csv', '*/*', 'nonsense'),
  });
  await fc.assert(
    fc.asyncProperty(question, async ({ route, knowsId, id, query, body, accept }) => {
      const names = Object.keys((route.request?.query as ZodObject | undefined)?.shape ?? { q: null });
      const asked = query
        .map(([n, value]) => `${encodeURIComponent(names[n % names.length]!)}=${encode(value)}`)
        .join('&');
      const path = route.pattern.replaceAll(/:\w+/g, knowsId ? config : encode(id) || 'x');
      const method = route.method.toUpperCase();
      const answer = await api.ask(method, `${path}?${asked}`, {
        headers: { accept },
        ...(['POST', 'PATCH', 'PUT'].includes(method) ? { body } : {}),
      });
      expect(answer.status, `${method} ${path}?${asked} ${body}: ${api.logged.at(-1)}`).toBeLessThan(500);
      expect(answer.text).not.toContain(KEY);
    }),
    { numRuns: RUNS, seed: 2026 },
  );
});

/** As a browser sends it; a lone surrogate cannot be encoded and is sent as it would be. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
