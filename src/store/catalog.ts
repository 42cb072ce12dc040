// The catalog in the database: entries written only where they changed, marked gone only after a complete pass.
import { hash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { CatalogRecords, CatalogResource, Json, JsonObject, UnreadableRow } from '../core/resources.ts';
import { isDataError } from './data-error.ts';
import type { Database, Db, Tx } from './db.ts';
import type { Owner } from './page-format.ts';

type CatalogTable = 'campaign' | 'offer' | 'landing_page' | 'flow' | 'traffic_source' | 'affiliate_network';

export const CATALOG_TABLES: Record<CatalogResource, CatalogTable> = {
  campaigns: 'campaign',
  offers: 'offer',
  landing_pages: 'landing_page',
  flows: 'flow',
  traffic_sources: 'traffic_source',
  affiliate_networks: 'affiliate_network',
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** JSON columns, where a list is JSON and not an array of PostgreSQL. */
const JSON_FIELDS = new Set(['raw', 'parameters', 'landingPages', 'offers', 'filters']);

function columnValue(name: string, value: unknown): unknown {
  if (JSON_FIELDS.has(name))
    return value === null || value === undefined ? null : JSON.stringify(cleanJson(value as Json));
  return typeof value === 'string' ? clean(value) : Array.isArray(value) ? value.map((v) => clean(String(v))) : value;
}

/** PostgreSQL holds neither NUL nor half characters; a name without them is the same name. */
const clean = (value: string): string => value.replaceAll('\0', '').toWellFormed();

function cleanJson(value: Json): Json {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map(cleanJson);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), cleanJson(inner)]));
}

export interface SavedCatalog {
  written: number;
  inserted: number;
  /** Entries that the database refused, one by one. */
  unreadable: UnreadableRow[];
}

/** What a row becomes in its table, beside the tracker's own record. */
interface CatalogRow {
  columns: Record<string, unknown>;
  raw: JsonObject;
}

const ROWS_A_STATEMENT = 500;

/**
 * A row that is the same costs no write, one that was gone is back, one that the database refuses is set aside.
 * @param tx a transaction: refusals are undone under savepoints
 */
export async function saveCatalog<R extends CatalogResource>(
  tx: Tx,
  owner: Owner,
  resource: R,
  records: readonly CatalogRecords[R][],
): Promise<SavedCatalog> {
  const byId = new Map(records.map((record) => [record.externalId, record]));
  const rows = [...byId.values()]
    .sort((a, b) => (a.externalId < b.externalId ? -1 : 1))
    .map((record) => ({ columns: rowOf(owner, record), raw: record.raw }));
  let saved: SavedCatalog = { written: 0, inserted: 0, unreadable: [] };
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT)
    saved = sum(saved, await saveRows(tx, CATALOG_TABLES[resource], rows.slice(at, at + ROWS_A_STATEMENT)));
  return saved;
}

const sum = (a: SavedCatalog, b: SavedCatalog): SavedCatalog => ({
  written: a.written + b.written,
  inserted: a.inserted + b.inserted,
  unreadable: [...a.unreadable, ...b.unreadable],
});

/** Rows that the database refuses together are cut in halves until the one bad row is found. */
async function saveRows(tx: Tx, table: CatalogTable, rows: readonly CatalogRow[]): Promise<SavedCatalog> {
  await sql`savepoint catalog_rows`.execute(tx);
  try {
    const saved = await upsertRows(tx, table, rows);
    await sql`release savepoint catalog_rows`.execute(tx);
    return saved;
  } catch (error) {
    if (!isDataError(error)) throw error;
    await sql`rollback to savepoint catalog_rows`.execute(tx);
    await sql`release savepoint catalog_rows`.execute(tx);
    if (rows.length === 1) {
      const refusal = { reason: `the database refuses it: ${error.message}`, raw: JSON.stringify(rows[0]!.raw) };
      return { written: 0, inserted: 0, unreadable: [refusal] };
    }
  }
  const middle = Math.ceil(rows.length / 2);
  return sum(await saveRows(tx, table, rows.slice(0, middle)), await saveRows(tx, table, rows.slice(middle)));
}

async function upsertRows(tx: Tx, table: CatalogTable, rows: readonly CatalogRow[]): Promise<SavedCatalog> {
  const columns = Object.keys(rows[0]!.columns);
  const updates = columns.filter((column) => !['tracker_config_id', 'organization_id', 'external_id'].includes(column));
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => sql`${row.columns[column]}`))})`);
  const result = await sql<{ is_new: boolean }>`
    insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))}) values ${sql.join(values)}
    on conflict (tracker_config_id, external_id) do update set
      ${sql.join(updates.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`))},
      updated_at = now(), gone_at = null
    where ${sql.table(table)}.row_hash <> excluded.row_hash or ${sql.table(table)}.gone_at is not null
    returning (old.external_id is null) as is_new`.execute(tx);
  return { written: result.rows.length, inserted: result.rows.filter((row) => row.is_new).length, unreadable: [] };
}

function rowOf(owner: Owner, record: CatalogRecords[CatalogResource]): Record<string, unknown> {
  const own = Object.entries(record).map(([name, value]) => [snake(name), columnValue(name, value)] as const);
  return {
    tracker_config_id: owner.configId,
    organization_id: owner.organizationId,
    ...Object.fromEntries(own),
    row_hash: hash('md5', JSON.stringify(own)),
  };
}

/**
 * After a complete pass: what it did not show is gone. A pass that showed nothing marks nothing.
 */
export async function markGone(
  db: Kysely<Database>,
  configId: string,
  resource: CatalogResource,
  seenIds: readonly string[],
): Promise<void> {
  if (seenIds.length === 0) return;
  await sql`
    update ${sql.table(CATALOG_TABLES[resource])} set gone_at = now()
    where tracker_config_id = ${configId} and gone_at is null and external_id <> all(${seenIds as string[]})`.execute(
    db,
  );
}

/**
 * After the complete list of one campaign's flows: what it did not show is gone. Archived ones have a list of their own.
 */
export async function markFlowsGone(
  db: Kysely<Database>,
  configId: string,
  campaignId: string,
  seenIds: readonly string[],
): Promise<void> {
  await sql`
    update flow set gone_at = now()
    where tracker_config_id = ${configId} and campaign_external_id = ${campaignId} and gone_at is null
      and state is distinct from 'deleted' and external_id <> all(${seenIds as string[]})`.execute(db);
}

/** After a pass over all campaigns: flows of a campaign that was not asked for went with it. */
export async function markOrphanFlowsGone(
  db: Kysely<Database>,
  configId: string,
  campaignIds: readonly string[],
): Promise<void> {
  if (campaignIds.length === 0) return;
  await sql`
    update flow set gone_at = now()
    where tracker_config_id = ${configId} and gone_at is null and state is distinct from 'deleted'
      and campaign_external_id <> all(${campaignIds as string[]})`.execute(db);
}

/**
 * The campaigns whose flows are to be asked for, one call each: those that changed or had traffic since, or all.
 * @param since null: all
 */
export async function campaignsForFlows(db: Db, configId: string, since: Date | null): Promise<string[]> {
  const rows = await sql<{ external_id: string }>`
    select c.external_id from campaign c
    where c.tracker_config_id = ${configId} and c.gone_at is null and c.state is distinct from 'deleted'
      and (${since}::timestamptz is null or c.updated_at >= ${since} or exists (
        select 1 from click k where k.organization_id = c.organization_id and k.clicked_at >= ${since}
          and k.tracker_config_id = c.tracker_config_id and k.campaign_external_id = c.external_id))
    order by c.external_id`.execute(db);
  return rows.rows.map((row) => row.external_id);
}
