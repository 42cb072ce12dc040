// Loads a formatted page inside the caller's transaction: straight COPY where nothing can be there yet, else COPY, compare, upsert.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { LogResource, UnreadableRow } from '../core/resources.ts';
import { isDataError } from './data-error.ts';
import { STRAIGHT, UPSERT } from './loader-sql.ts';
import type { FormattedPage, FormattedRow, Owner } from './page-format.ts';
import { markClicks, takeTurn } from './rollup-marks.ts';

/**
 * `straight`: nothing of this window was ever written, clicks go right into their table. `staged`: compared with what is
 * there. `careful`: staged, and the rows that the database refuses are found one by one.
 */
export type Way = 'straight' | 'staged' | 'careful';

export interface Loaded {
  inserted: number;
  updated: number;
  unchanged: number;
  /** Rows that the database refused, one by one. */
  refused: UnreadableRow[];
}

const NOTHING: Loaded = { inserted: 0, updated: 0, unchanged: 0, refused: [] };
const UNIQUE_VIOLATION = '23505';

/** What the careful way can mend: rows that are there already, and rows that the database refuses. */
export const isOfSomeRow = (error: unknown): boolean =>
  isDataError(error) || (error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION);

/**
 * @param client in a transaction of the caller's; where this throws, it is over
 * @throws pg.DatabaseError for a row that cannot be loaded (see `isOfSomeRow`), except on the careful way
 */
export async function loadPage(client: pg.ClientBase, owner: Owner, page: FormattedPage, way: Way): Promise<Loaded> {
  const { resource, rows } = page;
  if (rows.length === 0) return NOTHING;
  if (way === 'careful') return loadCarefully(client, owner, resource, rows);
  if (way === 'staged' || resource !== 'clicks') return loadStaged(client, owner, resource, rows);
  await copy(client, STRAIGHT, rows);
  const externalIds = rows.map(({ externalId }) => externalId);
  await markClicks(client, owner, page.hours, externalIds);
  return { ...NOTHING, inserted: rows.length };
}

async function loadStaged(
  client: pg.ClientBase,
  owner: Owner,
  resource: LogResource,
  rows: readonly FormattedRow[],
): Promise<Loaded> {
  const { copyInto, upsert } = UPSERT[resource];
  await copy(client, copyInto, rows);
  await takeTurn(client, owner.configId);
  const { rows: counts } = await client.query(upsert, [owner.configId]);
  const { inserted, written } = counts[0] as { inserted: number; written: number };
  return { ...NOTHING, inserted, updated: written - inserted, unchanged: rows.length - written };
}

/** A page that the database refuses is cut in halves until the one bad row is found. */
async function loadCarefully(
  client: pg.ClientBase,
  owner: Owner,
  resource: LogResource,
  rows: readonly FormattedRow[],
): Promise<Loaded> {
  const attempted = await attempt(client, () => loadStaged(client, owner, resource, rows));
  if (!(attempted instanceof Error)) return attempted;
  if (rows.length === 1) {
    const reason = `the database refuses it: ${attempted.message}`;
    return { ...NOTHING, refused: [{ reason, raw: rows[0]!.line.trimEnd() }] };
  }
  const middle = Math.ceil(rows.length / 2);
  const first = await loadCarefully(client, owner, resource, rows.slice(0, middle));
  // The end of a transaction empties it without a trace; this, which the log keeps, is for halves alone.
  await client.query(`truncate staged_${resource}`);
  const second = await loadCarefully(client, owner, resource, rows.slice(middle));
  return {
    inserted: first.inserted + second.inserted,
    updated: first.updated + second.updated,
    unchanged: first.unchanged + second.unchanged,
    refused: [...first.refused, ...second.refused],
  };
}

/** Runs under a savepoint; the error, and all undone, where the database refuses a row. */
async function attempt<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T | Error> {
  await client.query('savepoint attempt');
  try {
    const result = await work();
    await client.query('release savepoint attempt');
    return result;
  } catch (error) {
    if (!isDataError(error)) throw error;
    await client.query('rollback to savepoint attempt; release savepoint attempt');
    return error as Error;
  }
}

const CHUNK_ROWS = 500;

async function copy(client: pg.ClientBase, statement: string, rows: readonly FormattedRow[]): Promise<void> {
  const target = client.query(copyFrom(statement));
  await pipeline(Readable.from(chunks(rows), { objectMode: false }), target);
}

function* chunks(rows: readonly FormattedRow[]): Generator<Buffer> {
  for (let at = 0; at < rows.length; at += CHUNK_ROWS) {
    let text = '';
    for (let i = at; i < Math.min(at + CHUNK_ROWS, rows.length); i++) text += rows[i]!.line;
    yield Buffer.from(text);
  }
}
