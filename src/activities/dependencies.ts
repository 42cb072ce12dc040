// What the activities are made with; a test passes its own where the worker passes the real ones.
import type { Logger } from 'pino';
import type { Adapter } from '../adapters/adapter.ts';
import type { Http } from '../adapters/http.ts';
import type { Db } from '../store/db.ts';
import type { LoaderConnections } from '../store/loader-connection.ts';
import type { SessionTokens } from '../store/session-tokens.ts';
import type { Vault } from '../store/vault.ts';

export interface Dependencies {
  db: Db;
  loaders: LoaderConnections;
  vault: Vault;
  tokens: SessionTokens;
  http: Http;
  adapterFor(type: string): Adapter | undefined;
  clock(): Date;
  /** The time by which workers share a tracker's patience; null for the database's. */
  sharedClock(): Date | null;
  /** A number in [0, 1), for jitter. */
  random(): number;
  logger: Logger;
  /** A slice stops between two pages after this. */
  sliceMs: number;
  /** So many quick cycles run at a time; more become ordinary ones, which any worker may do. */
  quickAtOnce: number;
  /** Search attributes that the Temporal namespace has. */
  searchAttributes: readonly string[];
  /** Starts a config's workflow where it is missing, and makes it look again where it rests. */
  nudge(configId: string): Promise<void>;
  /** The start alone: a workflow that is there is not told. */
  startMissing(configId: string): Promise<void>;
  /** Ends every call: the process is to stop. */
  stopping: AbortSignal;
  retention: { clickDays: number | null; requestDays: number };
}

/** What Temporal gives an activity: the order to stop, and the sign of life. */
export interface Execution {
  signal: AbortSignal;
  heartbeat(): void;
}

const HEARTBEAT_EVERY_MS = 1_000;

/** Beats for as long as `work` takes: it says that the process lives, not how far it is. */
export async function beating<T>(execution: Execution, work: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => execution.heartbeat(), HEARTBEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
