// The production files agree with each other and with the program: compose, .env.example, Dockerfile, commands.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

type Service = {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  ports?: string[];
  volumes?: string[];
};
type Compose = { services: Record<string, Service>; volumes: Record<string, null>; configs: Record<string, unknown> };

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const example = read('.env.example');
const documented = new Set([...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name!));

test('compose runs all parts', () => {
  expect(Object.keys(compose.services).sort()).toEqual([
    'migrate',
    'postgres',
    'server',
    'temporal',
    'temporal-namespace',
    'temporal-postgres',
    'temporal-schema',
    'temporal-ui',
    'worker',
  ]);
  expect(compose.services.postgres!.image).toBe('postgres:18');
});

test('what is waited for exists and can become true', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const [awaited, { condition }] of Object.entries(service.depends_on ?? {})) {
      const target = compose.services[awaited];
      expect(target, `${name} waits for ${awaited}`).toBeDefined();
      if (condition === 'service_healthy') expect(target!.healthcheck, awaited).toBeDefined();
    }
    for (const volume of service.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
  }
});

test('every variable that compose reads is explained in .env.example, and required ones have no default', () => {
  const used = [...read('docker-compose.yml').matchAll(/(?<!\$)\$\{([A-Z0-9_]+)(:[-?])?/g)];
  expect(used.length).toBeGreaterThan(20);
  for (const [, name, form] of used) {
    expect(documented, name).toContain(name);
    expect(form, `${name} has neither a default nor a message`).toMatch(/^:[-?]$/);
  }
});

test('commands and health checks are lists of words', () => {
  for (const [name, { command = [], healthcheck }] of Object.entries(compose.services)) {
    for (const word of [...command, ...(healthcheck?.test ?? [])]) expect(word, name).toBeTypeOf('string');
  }
});

test('no secret stands in the compose file', () => {
  const secrets = /PASSWORD|_PWD|SECRET|_KEY/;
  for (const [name, service] of Object.entries(compose.services)) {
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      if (secrets.test(variable)) expect(value, `${name}.${variable}`).toMatch(/^\$\{[A-Z_]+:\?/);
    }
  }
});

test('.env.example explains every variable that the program reads', () => {
  const known = [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name!);
  expect(known).toContain('TRACKER_ENCRYPTION_KEY');
  for (const name of known) expect(documented, name).toContain(name);
});

test('the commands of compose, the Dockerfile and package.json are known to the program', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const called = [
    ...Object.values(compose.services).flatMap(({ command }) => (command?.[1] === 'src/main.ts' ? [command[2]!] : [])),
    /^CMD \["node", "src\/main\.ts", "(\w+)"\]$/m.exec(read('Dockerfile'))![1]!,
    ...Object.values(scripts).flatMap((script) => /src\/main\.ts (\w+)/.exec(script)?.[1] ?? []),
  ];
  const usage = spawnSync(process.execPath, [join(ROOT, 'src/main.ts')], { encoding: 'utf8' });
  expect(usage.status).toBe(2);
  const offered = [...usage.stderr.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
  for (const name of called) expect(offered, name).toContain(name);
  expect(new Set(called)).toEqual(new Set(offered));
});

test('the image gets what it copies and never a secret', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) =>
    files!.split(' '),
  );
  const ignored = read('.dockerignore').split('\n');
  for (const file of copied) {
    expect(existsSync(join(ROOT, file)), file).toBe(true);
    expect(ignored).not.toContain(file);
  }
  for (const file of ['.env', '.data', '.git', 'node_modules']) expect(ignored).toContain(file);
  expect(read('Dockerfile')).toMatch(/^USER node$/m);
});

/** `docker compose`, or the same as a program of its own; the old Python one does not know inline configs. */
const client = [['docker', 'compose'], ['docker-compose']].find(([command, ...args]) => {
  const { status, stdout } = spawnSync(command!, [...args, 'version', '--short'], { encoding: 'utf8' });
  return status === 0 && !stdout.trim().replace('v', '').startsWith('1.');
});

if (client === undefined) console.info('Skipped: docker compose config (there is no docker client with compose here).');
test.skipIf(client === undefined)('docker compose itself accepts the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracker-hub-compose-'));
  const [command, ...args] = client!;
  const config = (env: string) => {
    writeFileSync(join(folder, '.env'), env);
    const file = join(ROOT, 'docker-compose.yml');
    const options = { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: folder } } as const;
    return spawnSync(command!, [...args, '--env-file', join(folder, '.env'), '-f', file, 'config', '-q'], options);
  };
  const filled = example.replaceAll(/^([A-Z_]+)=$/gm, '$1=filled');
  expect(config(filled)).toMatchObject({ status: 0, stderr: '' });
  expect(config(example).stderr).toContain('set it in .env');
  rmSync(folder, { recursive: true });
});
