// Formats a page of log records for COPY: fields in the order of the columns, a hash that tells a changed row from an unchanged one.
import xxhash from 'xxhash-wasm';
import { UnreadableRowError } from '../core/errors.ts';
import type {
  ClickRecord,
  ConversionRecord,
  LogRecords,
  LogResource,
  Route,
  UnreadableRow,
} from '../core/resources.ts';
import { HOUR_MS } from '../core/windows.ts';
import {
  flagField,
  jsonField,
  NULL_FIELD,
  optionalJsonField,
  optionalTimeField,
  textField,
  timeField,
} from './copy.ts';

const ROUTE_COLUMNS = [
  ...['campaign_external_id', 'offer_external_id', 'landing_page_external_id', 'flow_external_id'],
  ...['traffic_source_external_id', 'affiliate_network_external_id'],
];

/** Columns that a record fills; `tracker_config_id`, `organization_id` and `row_hash` come before them. */
export const RECORD_COLUMNS: Record<LogResource, readonly string[]> = {
  clicks: [
    ...['external_id', 'clicked_at', ...ROUTE_COLUMNS, 'cost', 'revenue', 'currency', 'country', 'region', 'city'],
    ...[
      'device_type',
      'os',
      'browser',
      'ip',
      'is_bot',
      'is_unique',
      'landing_clicked',
      'referrer',
      'sub_ids',
      'is_derived',
    ],
  ],
  conversions: [
    ...['external_id', 'click_external_id', 'transaction_id', 'converted_at', 'clicked_at', 'raw_status', 'type'],
    ...['is_reversal', 'revenue', 'payout', 'currency', ...ROUTE_COLUMNS, 'country', 'sub_ids', 'raw'],
  ],
};
export const OWNER_COLUMNS = ['tracker_config_id', 'organization_id', 'row_hash'] as const;

/** xxHash, 64 bits in a uuid's lower half: a third of MD5's time, and a changed row looks unchanged once in 2^64. */
const { h64ToString } = await xxhash();
const ROW_HASH_START = '0'.repeat(16);

export interface FormattedRow {
  externalId: string;
  line: string;
}

/** Rows sorted by key, each key once (the last one counts), and those that the database could not hold. */
export interface FormattedPage {
  resource: LogResource;
  rows: FormattedRow[];
  unreadable: UnreadableRow[];
  /** The hours of its clicks, numbered from 1970 on. */
  hours: ReadonlySet<number>;
}

export interface Owner {
  configId: string;
  organizationId: string;
}

/** A page that is formatted piece by piece. */
export interface PageFormat<R extends LogResource> {
  add(records: readonly LogRecords[R][]): void;
  end(): FormattedPage;
}

export function beginPage<R extends LogResource>(resource: R, owner: Owner): PageFormat<R> {
  const fields = FIELDS[resource] as (record: LogRecords[R]) => string;
  const start = `${owner.configId}\t${owner.organizationId}\t`;
  const byKey = new Map<string, string>();
  const unreadable: UnreadableRow[] = [];
  const hours = new Set<number>();
  return {
    add(records) {
      for (const record of records) {
        try {
          const line = fields(record);
          if (resource === 'clicks') hours.add(Math.floor(record.clickedAt!.getTime() / HOUR_MS));
          byKey.set(record.externalId, `${start}${ROW_HASH_START}${h64ToString(line)}\t${line}\n`);
        } catch (error) {
          if (!(error instanceof UnreadableRowError)) throw error;
          unreadable.push({ reason: error.message, raw: JSON.stringify(record).replaceAll('\\u0000', '') });
        }
      }
    },
    end() {
      const rows = Array.from(byKey, ([externalId, line]) => ({ externalId, line }));
      // In one order everywhere, so that two loads never wait for each other in a circle.
      rows.sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
      return { resource, rows, unreadable, hours };
    },
  };
}

/** An index holds keys of some 2,700 bytes; no tracker's own ids come near to this. */
const LONGEST_KEY_BYTES = 1_000;
const BYTES_A_UNIT = 3;

/** @throws UnreadableRowError for an id that no index could hold, and for what no text can be */
function keyField(value: string): string {
  if (value.length * BYTES_A_UNIT > LONGEST_KEY_BYTES && Buffer.byteLength(value) > LONGEST_KEY_BYTES)
    throw new UnreadableRowError(`an id longer than ${LONGEST_KEY_BYTES} bytes`);
  return textField(value);
}

const decimalField = (value: string | null): string => value ?? NULL_FIELD;

const routeFields = (record: Route): string =>
  `${textField(record.campaignExternalId)}\t${textField(record.offerExternalId)}\t${textField(record.landingPageExternalId)}\t${textField(record.flowExternalId)}\t${textField(record.trafficSourceExternalId)}\t${textField(record.affiliateNetworkExternalId)}`;

const clickFields = (r: ClickRecord): string =>
  `${keyField(r.externalId)}\t${timeField(r.clickedAt)}\t${routeFields(r)}\t${decimalField(r.cost)}\t${decimalField(r.revenue)}\t${textField(r.currency)}\t${textField(r.country)}\t${textField(r.region)}\t${textField(r.city)}\t${textField(r.deviceType)}\t${textField(r.os)}\t${textField(r.browser)}\t${textField(r.ip)}\t${flagField(r.isBot)}\t${flagField(r.isUnique)}\t${flagField(r.landingClicked)}\t${textField(r.referrer)}\t${optionalJsonField(r.subIds)}\t${flagField(r.isDerived)}`;

const conversionFields = (r: ConversionRecord): string =>
  `${keyField(r.externalId)}\t${textField(r.clickExternalId)}\t${textField(r.transactionId)}\t${timeField(r.convertedAt)}\t${optionalTimeField(r.clickedAt)}\t${textField(r.rawStatus)}\t${textField(r.type)}\t${flagField(r.isReversal)}\t${decimalField(r.revenue)}\t${decimalField(r.payout)}\t${textField(r.currency)}\t${routeFields(r)}\t${textField(r.country)}\t${optionalJsonField(r.subIds)}\t${jsonField(r.raw)}`;

const FIELDS = { clicks: clickFields, conversions: conversionFields };
