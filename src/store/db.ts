// The way into PostgreSQL: one pool and one typed Kysely; the caller owns every transaction.
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type * as records from './record-tables.ts';
import type * as t from './tables.ts';

export interface Database {
  tracker_config: t.TrackerConfigTable;
  idempotency_key: t.IdempotencyKeyTable;
  tracker_resource: t.TrackerResourceTable;
  status_map: t.StatusMapTable;
  run: t.RunTable;
  sync_window: t.SyncWindowTable;
  sync_lease: t.SyncLeaseTable;
  campaign: records.CampaignTable;
  offer: records.OfferTable;
  landing_page: records.LandingPageTable;
  flow: records.FlowTable;
  traffic_source: records.TrafficSourceTable;
  affiliate_network: records.AffiliateNetworkTable;
  click: records.ClickTable;
  conversion: records.ConversionTable;
  conversion_with_status: records.ConversionWithStatusView;
  conversion_change: records.ConversionChangeTable;
  unreadable_row: records.UnreadableRowTable;
  tracker_request: t.TrackerRequestTable;
  audit_log: t.AuditLogTable;
  'auth.api_key': t.ApiKeyTable;
}

export type Db = Kysely<Database>;
export type Tx = Transaction<Database>;

const BIGINT = 20;

/** `bigint` columns are counts: numbers, and an error where one would lose digits. `numeric` stays text. */
function readBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`a count of ${text} is too large to be read exactly`);
  return value;
}

const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT && format !== 'binary'
      ? readBigint
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** What every connection to our database is opened with: times in UTC, numbers as told above. */
export function connectionOptions(databaseUrl: string): pg.ClientConfig {
  return { connectionString: databaseUrl, types, options: '-c timezone=UTC', application_name: 'tracker-hub' };
}

/**
 * @param databaseUrl a `postgres://` URL, as the database's owner
 * @param max connections at most
 */
export function createDb(databaseUrl: string, { max = 10 } = {}): Db {
  const pool = new pg.Pool({ ...connectionOptions(databaseUrl), max });
  // A connection that dies while idle (the server restarted) is dropped by the pool; the next query opens another.
  pool.on('error', () => {});
  // One that dies while lent tells it through its statement; without a listener the event alone would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
