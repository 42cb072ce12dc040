// A database that went through all migrations once, to be copied: a test then has its own in some 50 ms.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';

const ROOT = join(import.meta.dirname, '..', '..');
const MIGRATE = join(ROOT, 'src', 'store', 'migrate.ts');
const MIGRATIONS = join(ROOT, 'migrations');
/** Any number that all runs on one server agree on. */
const LOCK = 7_312_026;

export type Template = { database: string; problem: '' } | { database: null; problem: string };

/**
 * Makes the template on this server unless it is there for the very same migrations. A failing migration is given back
 * as a problem, so that tests that need no database still run.
 */
export async function prepareTemplate(adminUrl: string): Promise<Template> {
  const name = `template_${fingerprint()}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock($1)', [LOCK]);
    const found = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await makeTemplate(admin, adminUrl, name);
    return { database: name, problem: '' };
  } catch (error) {
    return { database: null, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    await admin.end();
  }
}

async function makeTemplate(admin: pg.Client, adminUrl: string, name: string): Promise<void> {
  const draft = `${name}_draft`;
  await admin.query(`drop database if exists ${draft} with (force)`);
  await admin.query(`create database ${draft}`);
  if (existsSync(MIGRATE)) {
    const url = new URL(adminUrl);
    url.pathname = `/${draft}`;
    const module: unknown = await import(pathToFileURL(MIGRATE).href);
    const { migrateToLatest } = module as { migrateToLatest(databaseUrl: string): Promise<unknown> };
    await migrateToLatest(url.href);
  }
  await admin.query(`alter database ${draft} rename to ${name}`);
}

/** Of everything that decides what a migrated database looks like. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const migrations = existsSync(MIGRATIONS) ? readdirSync(MIGRATIONS).sort() : [];
  const files = [MIGRATE, ...migrations.map((name) => join(MIGRATIONS, name))];
  for (const file of files.filter(existsSync)) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
