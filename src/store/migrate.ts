// Brings a database to the newest schema: the numbered files of migrations/, each once, all in one transaction.
import { readdir } from 'node:fs/promises';
import { Kysely, PostgresDialect } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import pg from 'pg';
import { connectionOptions } from './db.ts';

const FOLDER = new URL('../../migrations/', import.meta.url);
const NUMBERED = /^\d{4}-[a-z0-9-]+\.ts$/;

/**
 * Applies what is missing. Two processes may start at once: one waits for the other and then finds nothing to do.
 * @param databaseUrl a `postgres://` URL, as the database's owner
 * @param provider where the migrations come from; ours by default
 * @returns the names applied now, in order
 * @throws Error that names the migration that failed; the database is then as it was before
 */
export async function migrateToLatest(
  databaseUrl: string,
  provider: MigrationProvider = { getMigrations: readMigrations },
): Promise<{ applied: string[] }> {
  // A pool of its own: the lock belongs to a session, and one connection more must be free beside it.
  const pool = new pg.Pool({ ...connectionOptions(databaseUrl), max: 2 });
  pool.on('error', () => {});
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest();
    if (error !== undefined) {
      const failed = results.find(({ status }) => status === 'Error');
      const what =
        failed === undefined ? 'The database could not be migrated' : `Migration ${failed.migrationName} failed`;
      throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    return { applied: results.map(({ migrationName }) => migrationName) };
  } finally {
    await db.destroy();
  }
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(FOLDER)).filter((name) => NUMBERED.test(name)).sort();
  const modules = files.map(async (name): Promise<[string, Migration]> => {
    const migration = (await import(new URL(name, FOLDER).href)) as Migration;
    return [name.slice(0, -'.ts'.length), { up: migration.up }];
  });
  return Object.fromEntries(await Promise.all(modules));
}
