// A database of its own for a test: migrated, empty, gone afterwards, and searched for secrets before it goes.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { expectNoCanary, searchForCanary } from '../leaks/canary.ts';
import { searchDatabase } from '../leaks/places.ts';

export type FreshDatabase = {
  /** As its owner, for whatever the test starts. */
  url: string;
  /** Drops it, ending connections that are still open; fails where a test's credential stands in it outside of its seal. */
  drop(): Promise<void>;
};

/** Copies the migrated template. Costs about 50 ms; call it once per test file unless tests disturb each other. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const template = inject('templateDatabase');
  if (template === null) throw new Error(`The migrations do not run:\n${inject('templateProblem')}`);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template ${template} strategy file_copy`);
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      const search = searchForCanary();
      try {
        await searchDatabase(search, url.href, name);
      } finally {
        await administer(`drop database if exists ${name} with (force)`);
      }
      expectNoCanary(search);
    },
  };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('databaseUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
