// The environment, read once into one frozen Config; only the programs' roots read it.
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

export type EncryptionKey = { readonly id: string /** 32 bytes. */; readonly key: Buffer };

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const absent = { error: 'is missing' };
const port = z.coerce.number({ error: 'must be a port, 0 to 65535' }).int('must be a whole number');
const days = z.coerce
  .number({ error: 'must be a number of days' })
  .int('must be whole days')
  .min(1, 'must be at least 1');
const text = z.string(absent);

const SHAPE = z.object({
  PORT: port.min(0, 'must be a port, 0 to 65535').max(65_535, 'must be a port, 0 to 65535').default(3000),
  PUBLIC_URL: text.refine(isHttpUrl, 'must be an http:// or https:// address').optional(),
  DATA_DIR: text.default('.data'),
  DATABASE_URL: text.refine(isPostgresUrl, 'must look like postgres://user:password@host:5432/database').optional(),
  TEMPORAL_ADDRESS: text.regex(/^[^\s/:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i, 'must look like host:7233').optional(),
  TEMPORAL_NAMESPACE: text.default('default'),
  TEMPORAL_API_KEY: text.optional(),
  TEMPORAL_TLS_CA: text.optional(),
  TEMPORAL_TLS_CERT: text.optional(),
  TEMPORAL_TLS_KEY: text.optional(),
  TEMPORAL_CLI: text.optional(),
  TEMPORAL_UI_URL: text.refine(isHttpUrl, 'must be an http:// or https:// address').optional(),
  TRACKER_ENCRYPTION_KEY: text.transform(parseEncryptionKeys).optional(),
  AUTH_SECRET: text.min(32, 'must have at least 32 characters').optional(),
  ADMIN_EMAIL: text.regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address').default('admin@localhost'),
  ADMIN_PASSWORD: text.min(8, 'must have at least 8 characters').optional(),
  ADMIN_API_KEY: text.min(16, 'must have at least 16 characters').optional(),
  TRACKER_ALLOWED_NETWORKS: text.transform(parseNetworks).default([]),
  SMTP_URL: text
    .refine((value) => /^smtps?:\/\/\S+$/.test(value), 'must look like smtp://user:password@host:587')
    .optional(),
  MAIL_FROM: text.optional(),
  TRUSTED_PROXIES: text.transform(parseNetworks).default([]),
  CLICK_RETENTION_DAYS: days.optional(),
  REQUEST_LOG_RETENTION_DAYS: days.default(30),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

/** Every value that was not given and has no default is null. */
export type Config = {
  /** 0 takes a free port. */
  readonly port: number;
  /** Without a trailing slash. Null only for port 0: the address is known when it listens. */
  readonly publicUrl: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly temporal: {
    /** `host:port`. */
    readonly address: string | null;
    readonly namespace: string;
    readonly apiKey: string | null;
    /** Paths of PEM files. */
    readonly tls: { readonly ca: string | null; readonly cert: string | null; readonly key: string | null } | null;
    readonly cli: string | null;
    readonly uiUrl: string | null;
  };
  /** Newest first: the first one seals, all of them open. */
  readonly encryptionKeys: readonly EncryptionKey[] | null;
  readonly authSecret: string | null;
  readonly admin: { readonly email: string; readonly password: string | null; readonly apiKey: string | null };
  /** CIDRs. */
  readonly allowedNetworks: readonly string[];
  readonly smtpUrl: string | null;
  readonly mailFrom: string | null;
  /** CIDRs. */
  readonly trustedProxies: readonly string[];
  /** Null keeps clicks for ever. */
  readonly clickRetentionDays: number | null;
  readonly requestLogRetentionDays: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
};

/** What a program cannot work without; after `requireFor` the types say that it is there. */
export type WorkerConfig = Config & {
  readonly databaseUrl: string;
  readonly temporal: { readonly address: string };
  readonly encryptionKeys: readonly EncryptionKey[];
};
export type ServerConfig = WorkerConfig & { readonly authSecret: string };
export type MigrateConfig = Config & { readonly databaseUrl: string };

/** Everything that is wrong with the environment, one line each; never holds a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The environment is not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the environment; an empty variable counts as not given.
 * @throws ConfigError that names every wrong value
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = SHAPE.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  if ((given.TEMPORAL_TLS_CERT === undefined) !== (given.TEMPORAL_TLS_KEY === undefined)) {
    problems.push('TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY belong together');
  }
  if (parsed.success && given.SMTP_URL !== undefined && given.MAIL_FROM === undefined) {
    problems.push('MAIL_FROM is missing: SMTP_URL needs a sender');
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(toConfig(parsed.data));
}

const NEEDS = {
  migrate: { DATABASE_URL: (c: Config) => c.databaseUrl },
  worker: {
    DATABASE_URL: (c: Config) => c.databaseUrl,
    TEMPORAL_ADDRESS: (c: Config) => c.temporal.address,
    TRACKER_ENCRYPTION_KEY: (c: Config) => c.encryptionKeys,
  },
  server: {
    DATABASE_URL: (c: Config) => c.databaseUrl,
    TEMPORAL_ADDRESS: (c: Config) => c.temporal.address,
    TRACKER_ENCRYPTION_KEY: (c: Config) => c.encryptionKeys,
    AUTH_SECRET: (c: Config) => c.authSecret,
  },
  /** Generated keys beside a database that lives elsewhere would be lost with the machine. */
  startWithDatabase: {
    TRACKER_ENCRYPTION_KEY: (c: Config) => c.encryptionKeys,
    AUTH_SECRET: (c: Config) => c.authSecret,
  },
} satisfies Record<string, Record<string, (config: Config) => unknown>>;

/**
 * Demands what a program cannot work without.
 * @throws ConfigError that names every missing variable
 */
export function requireFor(program: 'server', config: Config): asserts config is ServerConfig;
export function requireFor(program: 'worker', config: Config): asserts config is WorkerConfig;
export function requireFor(program: 'migrate', config: Config): asserts config is MigrateConfig;
export function requireFor(program: 'startWithDatabase', config: Config): asserts config is Config;
export function requireFor(program: keyof typeof NEEDS, config: Config): void {
  const needs: [string, (config: Config) => unknown][] = Object.entries(NEEDS[program]);
  const missing = needs.filter(([, read]) => read(config) === null).map(([name]) => `${name} is missing`);
  if (missing.length > 0) throw new ConfigError(missing);
}

function toConfig(env: z.output<typeof SHAPE>): Config {
  const tls = {
    ca: env.TEMPORAL_TLS_CA ?? null,
    cert: env.TEMPORAL_TLS_CERT ?? null,
    key: env.TEMPORAL_TLS_KEY ?? null,
  };
  const ownUrl = env.PORT === 0 ? null : `http://localhost:${env.PORT}`;
  return {
    port: env.PORT,
    publicUrl: (env.PUBLIC_URL ?? ownUrl)?.replace(/\/+$/, '') ?? null,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL ?? null,
    temporal: {
      address: env.TEMPORAL_ADDRESS ?? null,
      namespace: env.TEMPORAL_NAMESPACE,
      apiKey: env.TEMPORAL_API_KEY ?? null,
      tls: tls.ca === null && tls.cert === null ? null : tls,
      cli: env.TEMPORAL_CLI ?? null,
      uiUrl: env.TEMPORAL_UI_URL?.replace(/\/+$/, '') ?? null,
    },
    encryptionKeys: env.TRACKER_ENCRYPTION_KEY ?? null,
    authSecret: env.AUTH_SECRET ?? null,
    admin: { email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD ?? null, apiKey: env.ADMIN_API_KEY ?? null },
    allowedNetworks: env.TRACKER_ALLOWED_NETWORKS,
    smtpUrl: env.SMTP_URL ?? null,
    mailFrom: env.MAIL_FROM ?? null,
    trustedProxies: env.TRUSTED_PROXIES,
    clickRetentionDays: env.CLICK_RETENTION_DAYS ?? null,
    requestLogRetentionDays: env.REQUEST_LOG_RETENTION_DAYS,
    logLevel: env.LOG_LEVEL,
  };
}

function isHttpUrl(value: string): boolean {
  return /^https?:\/\//.test(value) && URL.canParse(value);
}

function isPostgresUrl(value: string): boolean {
  return /^postgres(ql)?:\/\//.test(value) && URL.canParse(value);
}

/** One key, which gets the id 1, or several `id:key`, newest first; a key is 32 bytes in base64 or hex. */
function parseEncryptionKeys(value: string, context: z.RefinementCtx<string>): EncryptionKey[] {
  const keys = value.split(',').map((entry) => {
    const colon = entry.indexOf(':');
    const id = colon === -1 ? '1' : entry.slice(0, colon).trim();
    return { id, key: decodeKey(entry.slice(colon + 1).trim()) };
  });
  const isWellFormed = keys.every(({ id, key }) => /^[\w-]{1,32}$/.test(id) && key !== null);
  if (!isWellFormed)
    context.addIssue('must be 32 bytes in base64 or hex, or several of them as id:key,id:key (newest first)');
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) context.addIssue('names the same key id twice');
  return keys.flatMap(({ id, key }) => (key === null ? [] : [{ id, key }]));
}

function decodeKey(value: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(value)) return Buffer.from(value, 'hex');
  // 32 bytes are 43 characters of base64 (either alphabet) and one of padding, which some tools leave out.
  return /^[\w+/-]{43}=?$/.test(value) ? Buffer.from(value, 'base64') : null;
}

function parseNetworks(value: string, context: z.RefinementCtx<string>): string[] {
  const networks = value
    .split(',')
    .map((network) => network.trim())
    .filter((network) => network !== '');
  if (!networks.every((network) => ipaddr.isValidCIDR(network))) {
    context.addIssue('must be networks like 10.0.0.0/8,fd00::/8');
  }
  return networks;
}

function deepFreeze<T>(value: T): T {
  // The bytes of a key cannot be frozen; nobody writes to them.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
