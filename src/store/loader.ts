// Loads a formatted page inside the caller's transaction: straight COPY where nothing can be there yet, else COPY, compare, upsert.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { UnreadableRow } from '../core/resources.ts';
import { isDataError } from './data-error.ts';
import { STRAIGHT, UPSERT } from './loader-sql.ts';
import type { FormattedPage, FormattedRow, Owner } from './page-format.ts';

export interface Loaded {
  inserted: number;
  updated: number;
  unchanged: number;
  /** Rows that the database refused, one by one. */
  unreadable: UnreadableRow[];
  /** False where the straight path was not taken to its end: a row was there already, or was refused. */
  wasFresh: boolean;
}

const NOTHING: Loaded = { inserted: 0, updated: 0, unchanged: 0, unreadable: [], wasFresh: true };

/**
 * @param client in a transaction of the caller's
 * @param isFresh nothing of this window was ever written: rows go straight into the table
 */
export async function loadPage(
  client: pg.ClientBase,
  owner: Owner,
  page: FormattedPage,
  isFresh: boolean,
): Promise<Loaded> {
  if (page.rows.length === 0) return { ...NOTHING, wasFresh: isFresh };
  if (isFresh && page.resource === 'clicks') {
    const isLoaded = await attempt(client, () => copy(client, STRAIGHT, page.rows), isOfSomeRow);
    if (isLoaded !== null) return { ...NOTHING, inserted: page.rows.length };
  }
  return { ...(await loadStaged(client, owner, page, page.rows)), wasFresh: false };
}

const UNIQUE_VIOLATION = '23505';
/** What the staged path can mend: rows that are there already, and rows that the database refuses. */
const isOfSomeRow = (error: unknown): boolean =>
  isDataError(error) || (error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION);

/** The staged path; a page that the database refuses is cut in halves until the one bad row is found. */
async function loadStaged(
  client: pg.ClientBase,
  owner: Owner,
  page: FormattedPage,
  rows: readonly FormattedRow[],
): Promise<Loaded> {
  const { copyInto, upsert } = UPSERT[page.resource];
  const refusals: string[] = [];
  const loaded = await attempt(
    client,
    async () => {
      await copy(client, copyInto, rows);
      const { rows: counts } = await client.query(upsert, [owner.configId]);
      const { inserted, written } = counts[0] as { inserted: number; written: number };
      return { ...NOTHING, inserted, updated: written - inserted, unchanged: rows.length - written };
    },
    isDataError,
    refusals,
  );
  if (loaded !== null) return loaded;
  if (rows.length === 1) {
    return {
      ...NOTHING,
      unreadable: [{ reason: `the database refuses it: ${refusals[0]}`, raw: rows[0]!.line.trimEnd() }],
    };
  }
  const middle = Math.ceil(rows.length / 2);
  const first = await loadStaged(client, owner, page, rows.slice(0, middle));
  // The end of a transaction empties it without a trace; this, which the log keeps, is for halves alone.
  await client.query(`truncate staged_${page.resource}`);
  const second = await loadStaged(client, owner, page, rows.slice(middle));
  return {
    inserted: first.inserted + second.inserted,
    updated: first.updated + second.updated,
    unchanged: first.unchanged + second.unchanged,
    unreadable: [...first.unreadable, ...second.unreadable],
    wasFresh: false,
  };
}

/** Runs under a savepoint; null, and all undone, where it fails as expected. */
async function attempt<T>(
  client: pg.ClientBase,
  work: () => Promise<T>,
  isExpected: (error: unknown) => boolean,
  refusals: string[] = [],
): Promise<T | null> {
  await client.query('savepoint attempt');
  try {
    const result = await work();
    await client.query('release savepoint attempt');
    return result;
  } catch (error) {
    if (!isExpected(error)) throw error;
    refusals.push((error as Error).message);
    await client.query('rollback to savepoint attempt; release savepoint attempt');
    return null;
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
