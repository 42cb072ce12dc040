// The API over a database of its own: two organisations, a key for every role, and answers checked against the document.
import { sql } from 'kysely';
import { expect } from 'vitest';
import { createHttp } from '../../src/adapters/http.ts';
import { adapters } from '../../src/adapters/index.ts';
import { createApp } from '../../src/api/app.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { makeApiKey, saveApiKey } from '../../src/store/api-keys.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import { ensureRequestPartitions } from '../../src/store/requests.ts';
import { ROLES, type Role } from '../../src/store/sign-in-roles.ts';
import { createVault, type Vault } from '../../src/store/vault.ts';
import { expectNoCanary, searchForCanary } from '../leaks/canary.ts';
import { freshDatabase } from '../setup/database.ts';

export interface Tenant {
  organizationId: string;
  keys: Record<Role, string>;
}

export interface Asked {
  key?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

export interface Harness {
  db: Db;
  vault: Vault;
  databaseUrl: string;
  app: ReturnType<typeof createApp>;
  ours: Tenant;
  theirs: Tenant;
  /** Configs that were woken, in order. */
  woken: string[];
  /** What the API wrote to its log. */
  logged: string[];
  /** Whether Temporal answers. */
  temporal: { isAway: boolean };
  /** As the owner of `ours` unless another key is given; fails where the answer breaks its documented schema. */
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
  end(): Promise<void>;
}

const PAUSE_WAIT_MS = 400;
export const PUBLIC_URL = 'https://hub.example.com';

export async function startHarness(
  overrides: Partial<ApiDeps> = {},
  config: Partial<ApiDeps['config']> = {},
): Promise<Harness> {
  const database = await freshDatabase();
  const db = createDb(database.url, { max: 16 });
  await ensureRequestPartitions(db, new Date());
  const vault = createVault([{ id: 'test', key: Buffer.alloc(32, 7) }]);
  const http = createHttp({ allowedNetworks: ['127.0.0.0/8'] });
  const search = searchForCanary();
  const woken: string[] = [];
  const logged: string[] = [];
  const temporal = { isAway: false };
  const stopping = new AbortController();
  const log = (fields: object, message: string) => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
  };
  const app = createApp({
    ...{ db, vault, http, adapters },
    wake: async (configId) => {
      woken.push(configId);
      return !temporal.isAway;
    },
    temporal: {
      check: async () => ({ isReachable: !temporal.isAway, workers: temporal.isAway ? null : 1, reason: null }),
    },
    mail: null,
    dashboard: null,
    stopping: stopping.signal,
    now: () => new Date(),
    logger: { error: log, warn: log, info: log },
    config: {
      version: 'test',
      publicUrl: () => PUBLIC_URL,
      authSecret: 'a secret of the tests, long enough to pass',
      temporalUiUrl: 'http://temporal.example',
      temporalNamespace: 'default',
      trustedProxies: [],
      pauseWaitMs: PAUSE_WAIT_MS,
      eventsEveryMs: 50,
      heartbeatMs: 200,
      requestsPerMinute: { signed: 1_000_000, unsigned: 1_000_000 },
      ...config,
    },
    ...overrides,
  });
  const ours = await makeTenant(db, 'ours');
  const theirs = await makeTenant(db, 'theirs');
  return {
    ...{ db, vault, app, ours, theirs, woken, logged, temporal, databaseUrl: database.url },
    ask: async (method, path, asked = {}) => {
      const answer = await send(app, method, path, { key: ours.keys.owner, ...asked });
      await search.text(`the answer to ${method} ${path}`, answer.text);
      expectDocumented(app, method, path, answer);
      return answer;
    },
    end: async () => {
      stopping.abort();
      await http.close();
      await db.destroy();
      await search.text('the log of the API', logged.join('\n'));
      await database.drop();
      expectNoCanary(search);
    },
  };
}

async function makeTenant(db: Db, name: string): Promise<Tenant> {
  const { rows } = await sql<{ id: string }>`insert into auth."organization" ("name", "slug", "createdAt")
    values (${name}, ${name}, now()) returning "id"`.execute(db);
  const organizationId = rows[0]!.id;
  const keys = await Promise.all(
    ROLES.map(async (role): Promise<[Role, string]> => {
      const key = makeApiKey();
      await saveApiKey(db, key, { organizationId, userId: null, name: `${name} ${role}`, role, expiresAt: null });
      return [role, key];
    }),
  );
  return { organizationId, keys: Object.fromEntries(keys) as Record<Role, string> };
}

async function send(app: Harness['app'], method: string, path: string, { key, body, headers }: Asked): Promise<Answer> {
  const response = await app.request(path, {
    method,
    headers: {
      ...(key == null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await textOf(response);
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
}

/** Of a stream that does not end by itself, what comes first. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get('content-type') !== 'text/event-stream') return response.text();
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value);
}

/** The documented routes as patterns of the router: `GET /api/v1/trackers/:configId`. */
export function documentedRoutes(app: Harness['app']) {
  return app.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route'
      ? [{ ...definition.route, pattern: definition.route.path.replaceAll(/\{(\w+)\}/g, ':$1') }]
      : [],
  );
}

function expectDocumented(app: Harness['app'], method: string, path: string, answer: Answer): void {
  const bare = path.split('?')[0]!;
  const matching = documentedRoutes(app).filter(
    (one) =>
      one.method === method.toLowerCase() && new RegExp(`^${one.pattern.replaceAll(/:\w+/g, '[^/]+')}$`).test(bare),
  );
  const route = matching.find(({ pattern }) => pattern === bare) ?? matching[0];
  if (route === undefined) return;
  const response = route.responses[answer.status];
  expect(response, `${method} ${route.pattern} does not document ${answer.status}: ${answer.text}`).toBeDefined();
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const content = response !== undefined && 'content' in response ? response.content : undefined;
  const media = content?.[type];
  const schema = media !== undefined && 'schema' in media ? media.schema : undefined;
  expect(schema, `${method} ${route.pattern} ${answer.status} does not document ${type}`).toBeDefined();
  if (answer.json === null || schema === undefined || !('safeParse' in schema)) return;
  const parsed = schema.safeParse(answer.json);
  expect(parsed.error, `${method} ${path}: ${answer.text.slice(0, 500)}`).toBeUndefined();
  // Fields that the schema does not know are gone from what it gives back.
  expect(parsed.data).toEqual(answer.json);
}
