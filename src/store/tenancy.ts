// Every transaction of the API runs as a role that owns nothing and sees one organisation: row-level security does the rest.
import { type AccessMode, type IsolationLevel, sql } from 'kysely';
import type { Db, Tx } from './db.ts';

export interface TenantTransaction {
  isolation?: IsolationLevel;
  access?: AccessMode;
  /** Begins anew where another transaction was in the way; for work that touches the database alone. */
  retries?: boolean;
}

/** A statement of the API that takes longer is given up (SQLSTATE 57014): the pool must not fill with slow ones. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** A connection whose program hangs in the middle of a transaction is taken back. */
const IDLE_TIMEOUT_MS = 60_000;
/** It could not be told in which order two came, or each waited for the other: nothing was written. */
const IN_THE_WAY = new Set(['40001', '40P01']);
const MOST_ATTEMPTS = 5;

/**
 * Runs `work` in a transaction as `hub_api` of one organisation.
 * @param organizationId a uuid; rows of any other organisation do not exist for `work`
 */
export async function withOrganization<T>(
  db: Db,
  organizationId: string,
  work: (tx: Tx) => Promise<T>,
  { retries = false, ...how }: TenantTransaction = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runAs(db, organizationId, work, how);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!retries || !IN_THE_WAY.has(code) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

function runAs<T>(
  db: Db,
  organizationId: string,
  work: (tx: Tx) => Promise<T>,
  { isolation, access }: Omit<TenantTransaction, 'retries'>,
): Promise<T> {
  let transaction = db.transaction();
  if (isolation !== undefined) transaction = transaction.setIsolationLevel(isolation);
  if (access !== undefined) transaction = transaction.setAccessMode(access);
  return transaction.execute(async (tx) => {
    // The same as SET LOCAL ROLE, in one round trip with the rest.
    await sql`select set_config('role', 'hub_api', true), set_config('app.organization', ${organizationId}, true),
      set_config('statement_timeout', ${String(STATEMENT_TIMEOUT_MS)}, true),
      set_config('idle_in_transaction_session_timeout', ${String(IDLE_TIMEOUT_MS)}, true)`.execute(tx);
    return work(tx);
  });
}

/**
 * Uploads of an organisation, and changes of what leads clicks to ads, take turns until the end of the transaction:
 * the triggers that mark days of spend (migration 0023) take the same lock, and a lock taken first is waited for in one order.
 */
export async function takeTurn(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${organizationId}::uuid::text, 21))`.execute(tx);
}

/** One snapshot for several reads that must agree with each other. */
export const ONE_SNAPSHOT: TenantTransaction = { isolation: 'repeatable read', access: 'read only' };
