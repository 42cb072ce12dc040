// The command line: what it refuses, in which words, and that the parts for production do what they say.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, inject, test } from 'vitest';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  const result = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

test.each([[[]], [['serve']], [['constructor']]])('%j is answered with the usage and exit code 2', (args) => {
  const { status, output } = run(args);
  expect(status).toBe(2);
  for (const command of ['start', 'demo', 'server', 'worker', 'migrate']) expect(output).toMatch(`\n  ${command} `);
});

test.each([
  ['server', ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TRACKER_ENCRYPTION_KEY', 'AUTH_SECRET']],
  ['worker', ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TRACKER_ENCRYPTION_KEY']],
  ['migrate', ['DATABASE_URL']],
])('%s names everything that it misses, without a stack', (command, names) => {
  const { status, output } = run([command]);
  expect(status).toBe(1);
  for (const name of names) expect(output).toContain(`- ${name} is missing`);
  expect(output).not.toContain('    at ');
});

test('start beside an external database demands the keys, and touches nothing before', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tracker-hub-main-'));
  const { status, output } = run(['start'], { DATABASE_URL: 'postgres://u:canary@h/d', DATA_DIR: dataDir });
  expect(status).toBe(1);
  expect(output).toContain('TRACKER_ENCRYPTION_KEY is missing');
  expect(output).toContain('AUTH_SECRET is missing');
  expect(output).not.toContain('canary');
  expect(readdirSync(dataDir)).toEqual([]);
  rmSync(dataDir, { recursive: true });
});

test('wrong values stop every command before anything else, all in one message', () => {
  for (const command of ['start', 'server', 'worker', 'migrate']) {
    const { status, output } = run([command], { PORT: 'canary', LOG_LEVEL: 'canary', DATABASE_URL: 'canary' });
    expect(status).toBe(1);
    for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL']) expect(output, command).toContain(`- ${name} must`);
    expect(output).not.toContain('canary');
  }
});

test('migrate says in one line that the database is away', () => {
  const { status, output } = run(['migrate'], { DATABASE_URL: 'postgres://u:canary@localhost:1/d' });
  expect(status).toBe(1);
  expect(output).toMatch(/^The database could not be migrated: .*ECONNREFUSED.*\n$/);
  expect(output).not.toContain('    at ');
  expect(output).not.toContain('canary');
});

test('migrate brings an empty database to the newest schema, and finds nothing to do after that', async () => {
  const name = `migrate_${process.pid}`;
  const admin = new pg.Client({ connectionString: inject('databaseUrl') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  try {
    const url = new URL(inject('databaseUrl'));
    url.pathname = `/${name}`;
    expect(run(['migrate'], { DATABASE_URL: url.href })).toMatchObject({
      status: 0,
      output: expect.stringContaining('Applied: '),
    });
    expect(run(['migrate'], { DATABASE_URL: url.href })).toEqual({
      status: 0,
      output: 'The database is up to date.\n',
    });
  } finally {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
});
