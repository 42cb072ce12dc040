// Dedicated connections for loading: each has its session's staging tables, and a typed view of the very same client.
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { connectionOptions, createPool, type Database, type Db } from './db.ts';

/** One client, seen as Kysely for statements and as itself for COPY. */
export interface LoaderConnection {
  db: Db;
  client: pg.PoolClient;
}

export interface LoaderConnections {
  /** Lends a connection for as long as `work` runs; one that failed is not lent again. */
  use<T>(work: (connection: LoaderConnection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

// A pooler that switches servers between transactions would lose these: they belong to the session.
const STAGING = `
  create temp table staged_clicks (like click) on commit delete rows;
  create temp table staged_conversions (like conversion) on commit delete rows;
  alter table staged_clicks alter column id drop not null;
  alter table staged_conversions alter column id drop not null,
    alter column first_seen_at drop not null, alter column updated_at drop not null`;

/**
 * Neither a staging table nor a partition that was filled a moment ago has statistics: left to itself the plan may read
 * all of a partition for each page, or even for each row. Whatever is done here finds its rows by key.
 */
const BY_INDEX = ['hashjoin', 'mergejoin', 'seqscan', 'bitmapscan', 'material']
  .map((way) => `set enable_${way} = off`)
  .join('; ');

/** @param max slices that may load at one time */
export function createLoaderConnections(databaseUrl: string, { max = 8 } = {}): LoaderConnections {
  const pool = createPool({ ...connectionOptions(databaseUrl), max, application_name: 'tracker-hub loader' });
  const prepared = new WeakMap<pg.PoolClient, Db>();
  return {
    async use(work) {
      const client = await pool.connect();
      let failure: Error | undefined;
      try {
        if (!prepared.has(client)) {
          await client.query(`${STAGING}; ${BY_INDEX}`);
          prepared.set(client, new Kysely<Database>({ dialect: new PostgresDialect({ pool: oneClient(client) }) }));
        }
        return await work({ db: prepared.get(client)!, client });
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        throw error;
      } finally {
        client.release(failure);
      }
    },
    close: () => pool.end(),
  };
}

/** A pool of the one client: Kysely asks for a connection and gives it back, and it stays ours. */
function oneClient(client: pg.PoolClient): PostgresPool {
  const lent = { query: client.query.bind(client), release: () => {} };
  return { connect: async () => lent as PostgresPoolClient, end: async () => {}, options: {} };
}
