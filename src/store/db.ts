// The way into PostgreSQL: one pool and one typed Kysely; the caller owns every transaction.
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type * as ads from './ad-tables.ts';
import type * as records from './record-tables.ts';
import { breakWhenSilent } from './silence.ts';
import type * as t from './tables.ts';

export interface Database {
  tracker_config: t.TrackerConfigTable;
  idempotency_key: t.IdempotencyKeyTable;
  tracker_resource: t.TrackerResourceTable;
  status_map: t.StatusMapTable;
  run: t.RunTable;
  sync_window: t.SyncWindowTable;
  sync_lease: t.SyncLeaseTable;
  call_budget: t.CallBudgetTable;
  tracker_session: t.TrackerSessionTable;
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
  ad: ads.AdTable;
  ad_spend: ads.AdSpendTable;
  sub_id_map: ads.SubIdMapTable;
  ad_campaign_map: ads.AdCampaignMapTable;
  currency_rate: ads.CurrencyRateTable;
  mapping_change: ads.MappingChangeTable;
  tracker_request: t.TrackerRequestTable;
  audit_log: t.AuditLogTable;
  saved_view: t.SavedViewTable;
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

/**
 * Times in UTC. The server lets go of what belongs to a machine that lost its power or its link: its locks would keep
 * the successor waiting for hours.
 */
const SESSION = {
  timezone: 'UTC',
  idle_in_transaction_session_timeout: '60s',
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
};

/** Also the longest wait for a connection of the pool. */
const CONNECT_MS = 30_000;

/** What every connection to our database is opened with. */
export function connectionOptions(databaseUrl: string): pg.PoolConfig {
  return {
    ...{ connectionString: databaseUrl, types, application_name: 'tracker-hub' },
    options: Object.entries(SESSION)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: CONNECT_MS,
  };
}

/** A pool whose connections may break without anybody being harmed. */
export function createPool(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(options);
  // A connection that dies while idle (the server restarted) is dropped by the pool; the next query opens another.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    // One that dies while lent tells it through its statement; without a listener the event alone would end the process.
    client.on('error', () => {});
    breakWhenSilent(client);
  });
  return pool;
}

/**
 * @param databaseUrl a `postgres://` URL, as the database's owner
 * @param max connections at most
 */
export function createDb(databaseUrl: string, { max = 10 } = {}): Db {
  const pool = createPool({ ...connectionOptions(databaseUrl), max });
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
