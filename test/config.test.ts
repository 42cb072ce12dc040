// The environment: defaults, every problem in one message, and no value ever in it.
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig, requireFor } from '../src/config.ts';

const key = randomBytes(32);

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  test('an empty environment gives the defaults, and null for what the embedded mode fills in', () => {
    expect(loadConfig({ DATABASE_URL: '', TEMPORAL_ADDRESS: ' ' })).toEqual({
      port: 3000,
      publicUrl: 'http://localhost:3000',
      dataDir: '.data',
      databaseUrl: null,
      temporal: { address: null, namespace: 'default', apiKey: null, tls: null, cli: null, uiUrl: null },
      encryptionKeys: null,
      authSecret: null,
      admin: { email: 'admin@localhost', password: null, apiKey: null },
      allowedNetworks: [],
      smtpUrl: null,
      mailFrom: null,
      trustedProxies: [],
      clickRetentionDays: null,
      requestLogRetentionDays: 30,
      logLevel: 'info',
    });
  });

  test('nothing in it can be changed', () => {
    const config = loadConfig({ TRACKER_ENCRYPTION_KEY: key.toString('hex') });
    expect(() => Object.assign(config.temporal, { namespace: 'other' })).toThrow(TypeError);
    expect(() => Object.assign(config.encryptionKeys![0]!, { id: '2' })).toThrow(TypeError);
  });

  test('every wrong value is named in one message, none is shown', () => {
    const wrong = {
      PORT: '99999',
      PUBLIC_URL: 'ftp://canary',
      DATABASE_URL: 'mysql://root:canary@host/db',
      TEMPORAL_ADDRESS: 'http://canary',
      TEMPORAL_TLS_CERT: '/canary.pem',
      TEMPORAL_UI_URL: 'canary',
      TRACKER_ENCRYPTION_KEY: 'canary',
      AUTH_SECRET: 'canary',
      ADMIN_EMAIL: 'canary',
      ADMIN_PASSWORD: 'canary',
      ADMIN_API_KEY: 'canary',
      TRACKER_ALLOWED_NETWORKS: '10.0.0.0/8, canary',
      SMTP_URL: 'canary',
      TRUSTED_PROXIES: '10.0.0.300/8',
      CLICK_RETENTION_DAYS: '0',
      REQUEST_LOG_RETENTION_DAYS: '1.5',
      LOG_LEVEL: 'canary',
    };
    const problems = problemsOf(wrong);
    for (const name of Object.keys(wrong)) expect(problems.filter((line) => line.startsWith(name))).toHaveLength(1);
    expect(problems).toHaveLength(Object.keys(wrong).length);
    expect(new ConfigError(problems).message).not.toContain('canary');
  });

  test('mail has a sender', () => {
    const SMTP_URL = 'smtp://mail.example:587';
    expect(problemsOf({ SMTP_URL })).toEqual([expect.stringMatching(/^MAIL_FROM/)]);
    expect(problemsOf({ SMTP_URL, MAIL_FROM: 'hub@example.com' })).toEqual([]);
  });

  test.each(['0', '1', '65535'])('port %s is accepted', (port) => expect(problemsOf({ PORT: port })).toEqual([]));
  test.each(['-1', '65536', 'http', '1.5'])('port %s is refused', (port) => {
    expect(problemsOf({ PORT: port })).toHaveLength(1);
  });

  test('port 0 leaves the public address open', () => {
    expect(loadConfig({ PORT: '0' }).publicUrl).toBeNull();
    expect(loadConfig({ PORT: '0', PUBLIC_URL: 'https://hub.example/' }).publicUrl).toBe('https://hub.example');
  });

  test.each(['temporal:7233', '127.0.0.1:7233', '[::1]:7233', 'ns.acct.tmprl.cloud:7233'])('%s is a Temporal', (at) => {
    expect(loadConfig({ TEMPORAL_ADDRESS: at }).temporal.address).toBe(at);
  });
});

describe('TRACKER_ENCRYPTION_KEY', () => {
  const keysOf = (value: string) => loadConfig({ TRACKER_ENCRYPTION_KEY: value }).encryptionKeys;

  test.each(['hex', 'base64', 'base64url'] as const)('a single key in %s gets the id 1', (encoding) => {
    expect(keysOf(key.toString(encoding))).toEqual([{ id: '1', key }]);
  });

  test('several keys keep their ids and their order, newest first', () => {
    const older = randomBytes(32);
    expect(keysOf(`2026-11:${key.toString('base64')}, old:${older.toString('hex')}`)).toEqual([
      { id: '2026-11', key },
      { id: 'old', key: older },
    ]);
  });

  test.each([
    ['31 bytes', randomBytes(31).toString('base64')],
    ['33 bytes', randomBytes(33).toString('base64')],
    ['63 hex digits', key.toString('hex').slice(1)],
    ['an empty entry', `a:${key.toString('hex')},`],
    ['an id with a space', `a b:${key.toString('hex')}`],
    ['one id twice', `a:${key.toString('hex')},a:${key.toString('hex')}`],
    ['two keys without ids', `${key.toString('hex')},${key.toString('hex')}`],
    ['a third part', `a:${key.toString('hex')}:b`],
  ])('%s is refused', (_, value) => {
    expect(problemsOf({ TRACKER_ENCRYPTION_KEY: value })).toHaveLength(1);
  });
});

describe('requireFor', () => {
  const problems = (program: 'server' | 'worker' | 'migrate') => {
    try {
      const config = loadConfig({});
      if (program === 'server') requireFor(program, config);
      else if (program === 'worker') requireFor(program, config);
      else requireFor(program, config);
    } catch (error) {
      return (error as ConfigError).problems;
    }
  };

  test('each program names all that it misses at once', () => {
    const worker = ['DATABASE_URL is missing', 'TEMPORAL_ADDRESS is missing', 'TRACKER_ENCRYPTION_KEY is missing'];
    expect(problems('worker')).toEqual(worker);
    expect(problems('server')).toEqual([...worker, 'AUTH_SECRET is missing']);
    expect(problems('migrate')).toEqual(['DATABASE_URL is missing']);
  });
});
